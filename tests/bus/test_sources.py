# SPDX-License-Identifier: LGPL-2.1-or-later
"""Mail clients of the user: their accounts come, change and go with the files, and what is broken costs only itself."""

import json
import os
import shutil
import signal
import subprocess
import tempfile

import dbus

import buskit
from buskit import ACCOUNT, GUARD, INVALID, MANAGER, NAME, PATH

PLUGINS = ('control.so', 'imap.so', 'pop3.so', 'smtp.so', 'thunderbird.so')

INSTALLS = '[FDC34C9F024745EB]\nDefault=abc.default-release\nLocked=1\n'
PREFS = '''// Mozilla User Preferences
user_pref("mail.account.account1.identities", "id1");
user_pref("mail.account.account1.server", "server1");
user_pref("mail.accountmanager.accounts", "account1");
user_pref("mail.identity.id1.smtpServer", "smtp1");
user_pref("mail.identity.id1.useremail", "anna@example.org");
user_pref("mail.server.server1.hostname", "imap.example.org");
user_pref("mail.server.server1.name", "Work");
user_pref("mail.server.server1.socketType", 3);
user_pref("mail.server.server1.type", "imap");
user_pref("mail.server.server1.userName", "anna");
user_pref("mail.smtpserver.smtp1.hostname", "smtp.example.org");
'''
SECOND = PREFS.replace('"account1");\nuser_pref("mail.identity', '"account1,account2");\nuser_pref("mail.identity') + '''\
user_pref("mail.account.account2.server", "server2");
user_pref("mail.server.server2.hostname", "pop.example.net");
user_pref("mail.server.server2.type", "pop3");
'''


def make_plugins(*more):
    folder = tempfile.mkdtemp(prefix='maildiag-plugins-')
    os.chmod(folder, 0o755)
    for name in PLUGINS:
        shutil.copy(os.path.join(buskit.PLUGINS, name), folder)
    for name in more:
        shutil.copy(os.path.join(buskit.FINDERS, name), folder)
    return folder


class Sources(buskit.BusTest):

    more = ()
    files = {'.thunderbird/installs.ini': INSTALLS, '.thunderbird/abc.default-release/prefs.js': PREFS}

    def setUp(self):
        self.home = tempfile.mkdtemp(prefix='maildiag-home-')
        self.plugins = make_plugins(*self.more)
        for name, text in self.files.items():
            self.put(name, text)
        self.bus = buskit.Bus()
        self.daemon = buskit.Daemon(self.bus, fake=False, plugins=self.plugins, options=['--time-scale=20'],
                                    environment={'HOME': self.home})
        self.connection = self.bus.connect()
        self.daemon.wait_until_ready(self.connection)

    def tearDown(self):
        self.connection.close()
        said = self.daemon.said()
        self.daemon.stop()
        self.bus.stop()
        shutil.rmtree(self.home)
        shutil.rmtree(self.plugins)
        self.assertEqual(self.daemon.process.returncode, 0, said)

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    # ---- files ----

    def path(self, name):
        return os.path.join(self.home, name)

    def put(self, name, text):
        """As programs write: a new file, then its name."""
        path = self.path(name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path + '.new', 'w') as file:
            file.write(text)
        os.rename(path + '.new', path)

    def prefs(self, text):
        self.put('.thunderbird/abc.default-release/prefs.js', text)

    # ---- the daemon ----

    def listed(self):
        return {str(title): (str(id), str(path)) for id, path, title, _, _ in self.manager().ListAccounts()}

    def services(self, title):
        return self.property(self.listed()[title][1], ACCOUNT, 'Services')

    def value(self, title, number, key):
        return self.services(title)[number][key]

    def faults(self):
        return [(fault['file'][len(self.home) + 1:], fault.get('line', 0), fault['text'])
                for fault in self.describe().get('faults', [])]

    def imported(self, source, **options):
        return sorted(map(str, self.manager().ImportAccounts(source, dbus.Dictionary(options, signature='sv'), timeout=GUARD)))

    def wait_for_titles(self, *titles):
        buskit.wait_for(lambda: sorted(self.listed()) == sorted(titles), 'the accounts %s' % (titles,))


class Thunderbird(Sources):

    def test_its_accounts_are_there_when_the_bus_is(self):
        self.assertEqual(list(self.listed()), ['Work'])
        account = self.listed()['Work'][1]
        self.assertEqual(str(self.property(account, ACCOUNT, 'Source')), 'thunderbird')
        self.assertEqual(str(self.property(account, ACCOUNT, 'Address')), 'anna@example.org')
        self.assertEqual(str(self.property(account, ACCOUNT, 'SourcePath')),
                         self.path('.thunderbird/abc.default-release/prefs.js'))
        document = self.describe(account, ACCOUNT)
        imap, smtp = document['services']
        origins = {(service['protocol'], origin['setting']): origin
                   for service in (imap, smtp) for origin in service['origins']}
        self.assertEqual(origins['imap', 'host'], {
            'setting': 'host', 'program': 'thunderbird', 'assumed': False, 'line': 7,
            'file': self.path('.thunderbird/abc.default-release/prefs.js'), 'key': 'mail.server.server1.hostname'})
        self.assertTrue(origins['imap', 'port']['assumed'])
        self.assertTrue(origins['smtp', 'security']['assumed'])
        self.assertEqual((imap['host'], imap['port'], imap['security'], imap['username'], imap['auth']),
                         ('imap.example.org', 993, 'tls', 'anna', ['PLAIN', 'LOGIN']))
        self.assertEqual((smtp['host'], smtp['port'], smtp['security']), ('smtp.example.org', 587, 'none'))
        sources = {str(name): (int(n), str(path)) for name, _, n, path in self.manager().ListSources()}
        self.assertEqual(sources['thunderbird'], (1, self.path('.thunderbird')))

    def test_changes_are_noticed(self):
        id = self.listed()['Work'][0]
        self.prefs(SECOND)
        self.wait_for_titles('Work', self.other())
        self.assertEqual(self.listed()['Work'][0], id)
        self.put('.thunderbird/abc.default-release/user.js', 'user_pref("mail.server.server1.port", 1993);\n')
        buskit.wait_for(lambda: self.value('Work', 0, 'port') == 1993, 'the port of user.js')
        os.unlink(self.path('.thunderbird/abc.default-release/user.js'))
        buskit.wait_for(lambda: self.value('Work', 0, 'port') == 993, 'the port of prefs.js')
        self.prefs(PREFS.replace('imap.example.org', 'imap2.example.org'))
        self.wait_for_titles('Work')
        self.assertEqual(str(self.value('Work', 0, 'host')), 'imap2.example.org')
        self.assertEqual(self.listed()['Work'][0], id)
        shutil.rmtree(self.path('.thunderbird'))
        self.wait_for_titles()
        self.put('.thunderbird/installs.ini', INSTALLS)
        self.prefs(PREFS)
        self.wait_for_titles('Work')
        self.assertEqual(self.listed()['Work'][0], id)

    def other(self):
        """An account without name and address goes by its id."""
        for id in self.imported('thunderbird'):
            if id != self.listed().get('Work', ('',))[0]:
                return id
        return ''

    def test_what_is_broken_stays_as_it_was(self):
        self.prefs(PREFS[:PREFS.index('"account1");\nuser_pref("mail.identity') + 4])
        buskit.wait_for(self.faults, 'a fault')
        self.assertEqual(self.faults(), [('.thunderbird/abc.default-release/prefs.js', 4, 'a text has no end')])
        self.assertEqual(list(self.listed()), ['Work'])
        shown = subprocess.run([buskit.CLIENT, 'status', '--session'], env=self.bus.environment(HOME=self.home),
                               capture_output=True, text=True, timeout=GUARD)
        self.assertIn('prefs.js:4: a text has no end', ' '.join(shown.stdout.split()))
        self.prefs(PREFS.replace('"Work"', '"Home"'))
        self.wait_for_titles('Home')
        self.assertEqual(self.faults(), [])

    def test_a_value_that_cannot_be_costs_its_service(self):
        self.prefs(PREFS.replace('"smtp.example.org"', '"no host at all"'))
        buskit.wait_for(self.faults, 'a fault')
        self.assertEqual(self.faults()[0][:2], ('.thunderbird/abc.default-release/prefs.js', 12))
        self.assertIn("mail.smtpserver.smtp1.hostname 'no host at all'", self.faults()[0][2])
        self.assertEqual([str(service['protocol']) for service in self.services('Work')], ['imap'])

    def test_import(self):
        id = self.listed()['Work'][0]
        self.assertEqual(self.imported('thunderbird'), [id])
        self.assertEqual(self.imported('all'), [id])
        self.assertEqual(self.imported('thunderbird', **{'dry-run': True}), [id])
        self.put('elsewhere/prefs.js', PREFS.replace('"Work"', '"Elsewhere"'))
        other = self.imported('thunderbird', **{'dry-run': True, 'path': self.path('elsewhere')})
        self.assertEqual(len(other), 1)
        self.assertNotEqual(other, [id])
        self.assertEqual(list(self.listed()), ['Work'])
        self.assertEqual(self.imported('thunderbird', path=self.path('elsewhere')), sorted([id] + other))
        self.wait_for_titles('Work', 'Elsewhere')
        self.put('elsewhere/prefs.js', PREFS.replace('"Work"', '"Moved"'))
        self.wait_for_titles('Work', 'Moved')

    def test_bad_calls(self):
        call = self.manager().ImportAccounts
        self.assert_refused(INVALID, "source", lambda: call('evolution', dbus.Dictionary({}, signature='sv')))
        for options, word in (({'colour': 'red'}, "'colour'"), ({'path': 'relative'}, "'path'"), ({'path': '/a/../b'}, "'path'"),
                              ({'path': 7}, "'path'"), ({'dry-run': 'yes'}, "'dry-run'")):
            self.assert_refused(INVALID, word, lambda: call('thunderbird', dbus.Dictionary(options, signature='sv')))
        self.assert_refused(INVALID, "'path'", lambda: call('all', dbus.Dictionary({'path': '/x'}, signature='sv')))
        self.assert_refused(INVALID, "'path'", lambda: call('maildiag', dbus.Dictionary({'path': '/x'}, signature='sv')))
        self.assertEqual(self.imported('maildiag'), [])

    def test_accounts_of_its_own_stay_beside_them(self):
        self.daemon.write_account('own', '[account]\naddress = b@example.net\n[imap]\nhost = h.example.net\n')
        self.manager().Reload()
        self.wait_for_titles('Work', 'b@example.net')
        self.prefs(PREFS.replace('"Work"', '"Home"'))
        self.wait_for_titles('Home', 'b@example.net')
        os.unlink(self.daemon.account_file('own'))
        self.manager().Reload()
        self.wait_for_titles('Home')

    def test_which_are_read(self):
        conf = os.path.join(self.daemon.config, 'maildiag.conf')
        id = self.listed()['Work'][0]
        for names, titles in (('none', []), ('evolution geary', []), ('thunderbird', ['Work']), ('all', ['Work'])):
            with open(conf, 'w') as file:
                file.write('[sources]\nmail-clients = %s\n' % names)
            self.manager().Reload()
            self.wait_for_titles(*titles)
            self.assertEqual('thunderbird' in {str(name) for name, *_ in self.manager().ListSources()}, bool(titles))
        self.assertEqual(self.listed()['Work'][0], id)

    def test_the_daemon_opens_none_of_its_files(self):
        self.put('.thunderbird/abc.default-release/logins.json', 'secret')
        self.prefs(SECOND)
        self.imported('thunderbird')
        self.assertFalse([name for name in self.daemon.descriptors() if name.startswith(self.home)])

    def test_a_worker_that_dies_costs_nothing(self):
        os.kill(self.daemon.worker(), signal.SIGKILL)
        self.prefs(PREFS.replace('"Work"', '"Home"'))
        self.wait_for_titles('Home')
        self.assertEqual(self.faults(), [])


class Client(Sources):
    """maildiag sources and import; and the daemon of another computer."""

    def run_client(self, *arguments, path=None):
        environment = self.bus.environment(HOME=self.home, BUS=self.bus.address)
        if path:
            environment['PATH'] = path + ':' + environment['PATH']
        ran = subprocess.run([buskit.CLIENT, *arguments], env=environment, capture_output=True, text=True, timeout=GUARD)
        return ran.returncode, ' '.join(ran.stdout.split()), ' '.join(ran.stderr.split())

    def test_sources(self):
        for instance in (('--user', 'sources'), ('sources', '--session')):
            status, out, _ = self.run_client(*instance)
            self.assertEqual(status, 0)
            self.assertIn('thunderbird 1 ' + self.path('.thunderbird'), out)
        status, out, _ = self.run_client('sources', '--user', '--json')
        self.assertEqual([source['accounts'] for source in json.loads(out) if source['source'] == 'thunderbird'], [1])

    def test_import(self):
        id = self.listed()['Work'][0]
        for arguments in (('import',), ('import', 'thunderbird'), ('import', '--dry-run', 'thunderbird')):
            status, out, _ = self.run_client(*arguments, '--user')
            self.assertEqual(status, 0)
            self.assertIn(id, out)
            self.assertIn('Work', out)
        status, out, _ = self.run_client('import', '--user', '--json')
        self.assertEqual(json.loads(out), [id])
        self.put('elsewhere/prefs.js', PREFS.replace('"Work"', '"Elsewhere"'))
        status, out, _ = self.run_client('import', 'thunderbird', '-n', '--user', '--path', self.path('elsewhere/../elsewhere'))
        self.assertEqual((status, out.endswith('(new)')), (0, True), out)
        self.assertEqual(list(self.listed()), ['Work'])
        status, out, _ = self.run_client('import', 'thunderbird', '--user', '--path', self.path('elsewhere'))
        self.assertIn('Elsewhere', out)
        self.wait_for_titles('Work', 'Elsewhere')

    def test_what_cannot_be_imported(self):
        for arguments, wanted, word in ((('evolution',), 64, 'ListSources'), (('--path', self.home), 64, '--path'),
                                        (('thunderbird', '--path', '/nowhere/at/all'), 66, '/nowhere/at/all')):
            status, _, error = self.run_client('import', '--user', *arguments)
            self.assertEqual(status, wanted, error)
            self.assertIn(word, error)

    def make_ssh(self):
        """What SSH would do, on this computer."""
        folder = self.path('bin')
        os.mkdir(folder)
        with open(os.path.join(folder, 'ssh'), 'w') as file:
            file.write('#!/bin/sh\necho "$@" > "$HOME/ssh-arguments"\nexec systemd-stdio-bridge -p "$BUS"\n')
        os.chmod(os.path.join(folder, 'ssh'), 0o755)
        return folder

    def test_another_computer(self):
        ssh = self.make_ssh()
        status, out, error = self.run_client('list', '-H', 'anna@mail.example.org', path=ssh)
        self.assertEqual(status, 0, error)
        self.assertIn('Work', out)
        with open(self.path('ssh-arguments')) as file:
            self.assertIn('anna@mail.example.org', file.read())
        status, _, _ = self.run_client('test', 'imap', '127.0.0.1:1', '--security', 'tls', '-H', 'mail.example.org', path=ssh)
        self.assertEqual(status, 1)

    def test_what_does_not_travel(self):
        secret = self.path('secret')
        self.put('secret', 'geheim')
        common = ('check', 'a@example.org', '--imap', '127.0.0.1', '-H', 'mail.example.org')
        for option in (('--password-file', secret), ('--oauth2-token-file', secret), ('--ca-file', secret), ('--ask-password',)):
            status, _, error = self.run_client(*common, *option, path=self.make_ssh() if not os.path.exists(self.path('bin')) else
                                               self.path('bin'))
            self.assertEqual(status, 64, error)
            self.assertIn(option[0], error)
            self.assertIn('another computer', error)
            self.assertFalse(os.path.exists(self.path('ssh-arguments')))
        for arguments, word in ((('-H', 'h', '-M', 'm'), '--machine'), (('-H', 'h', '--user'), '--host'),
                                (('-M', 'm', '--private'), '--private')):
            status, _, error = self.run_client('list', *arguments)
            self.assertEqual((status, word in error), (64, True), error)

    def test_a_container_that_is_not_there(self):
        status, _, error = self.run_client('list', '-M', 'no-such-container')
        self.assertEqual(status, 69, error)
        self.assertIn('no-such-container', error)


class Reader(Sources):
    """A plugin that is brought from outside, and does what it is told."""

    more = ('reader.so',)
    files = {'.reader/order': 'one imap.example.org\n'}

    def ids(self):
        return [str(id) for id, *_ in self.manager().ListAccounts()]

    def test_a_plugin_from_outside(self):
        self.assertEqual(len(self.ids()), 1)
        self.assertEqual({str(name) for name, *_ in self.manager().ListSources()}, {'maildiag', 'reader', 'thunderbird'})
        self.assertEqual(self.imported('reader'), self.ids())
        self.assertEqual(self.imported('thunderbird'), [])

    def test_one_that_fails_leaves_what_was_known(self):
        ids = self.ids()
        for order, word in (('crash', 'crashed'), ('fail', 'failed')):
            self.put('.reader/order', order + '\n')
            self.assertEqual(self.imported('reader'), [])
            self.assertEqual(self.ids(), ids)
            fault = self.describe()['faults'][0]
            self.assertEqual(fault['file'], self.home)
            self.assertIn('accounts of reader: the plugin ' + word, fault['text'])
            self.put('.reader/order', 'one imap.example.org\n')
            self.assertEqual(self.imported('reader'), ids)
            self.assertNotIn('faults', {key: value for key, value in self.describe().items() if value})

    def test_many_accounts(self):
        self.put('.reader/order', 'many\n')
        self.assertEqual(len(self.imported('reader')), 256)
        self.assertEqual(len(self.ids()), 256)


class Nothing(Sources):
    """A home without a mail client, until there is one."""

    files = {}

    def test_the_first_start_of_a_mail_client(self):
        self.assertEqual({str(name): int(n) for name, _, n, _ in self.manager().ListSources()},
                         {'maildiag': 0, 'thunderbird': 0})
        self.assertEqual(self.listed(), {})
        root = '.var/app/org.mozilla.Thunderbird/.thunderbird/'
        self.put(root + 'installs.ini', INSTALLS)
        self.put(root + 'abc.default-release/prefs.js', PREFS)
        self.wait_for_titles('Work')


if __name__ == '__main__':
    buskit.main()
