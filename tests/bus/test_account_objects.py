# SPDX-License-Identifier: LGPL-2.1-or-later
"""Accounts that the daemon knows: objects, checks, reading them again, and who sees what."""

import json
import os
import subprocess

import dbus
import jsonschema

import buskit
from buskit import ACCOUNT, GUARD, INVALID, JOB, LIMITS, MANAGER, NAME, PATH

GONE = NAME + '.Error.NoSuchAccount'
BROKEN = NAME + '.Error.ConfigInvalid'
PROPERTIES = 'org.freedesktop.DBus.Properties'
MANAGED = 'org.freedesktop.DBus.ObjectManager'

WORK = '''# as people write them
[account]
name = Work mail
address = anna@example.org
username = anna

[fake]
host = ok.test
security = tls
'''
HOME = '[account]\naddress = home@example.net\n[fake]\nhost = broken.test\nport = 99\nsecurity = starttls\n'
PRIVATE = ('Address', 'DisplayName', 'Findings', 'Services', 'SourcePath', 'Summary')


class Heard:
    """Signals of the daemon to everybody."""

    def __init__(self, connection):
        self.seen = []
        connection.add_signal_receiver(self.take, bus_name=NAME, member_keyword='member', path_keyword='path',
                                       interface_keyword='interface')

    def take(self, *arguments, member=None, path=None, interface=None):
        if interface != JOB:
            self.seen.append((str(member), str(path)) + arguments)

    def of(self, member):
        return [signal[1:] for signal in self.seen if signal[0] == member]

    def changes_of(self, path):
        """Pairs of what changed and what was invalidated."""
        return [(signal[2], list(signal[3])) for signal in self.of('PropertiesChanged') if signal[0] == path]


class Accounts(buskit.BusTest):

    accounts = {'work': WORK, 'home': HOME}

    def setUp(self):
        for id in os.listdir(os.path.join(self.daemon.config, 'accounts.d')):
            os.unlink(os.path.join(self.daemon.config, 'accounts.d', id))
        for id, text in self.accounts.items():
            self.daemon.write_account(id, text)
        self.manager().Reload()
        self.heard = Heard(self.connection)

    def tearDown(self):
        buskit.wait_for(lambda: not self.property(PATH, MANAGER, 'Checking'), 'the end of all jobs')

    def path(self, id):
        return PATH + '/account/' + id

    def of(self, id, name, connection=None):
        return self.property(self.path(id), ACCOUNT, name, connection)

    def check_account(self, id, connection=None, **options):
        verdict, findings = self.manager(connection).CheckAccount(id, dbus.Dictionary(options, signature='sv'),
                                                                  timeout=GUARD)
        return str(verdict), [str(finding['code']) for finding in findings]

    def ids(self):
        return [str(account[0]) for account in self.manager().ListAccounts()]

    # ---- what there is ----

    def test_list(self):
        home, work = self.manager().ListAccounts()
        self.assertEqual([str(home[0]), str(home[1]), str(home[2])], ['home', self.path('home'), 'home@example.net'])
        self.assertEqual([str(work[0]), str(work[2])], ['work', 'Work mail'])
        self.assertEqual(self.manager().GetAccount('work'), self.path('work'))
        self.assertEqual(self.property(PATH, MANAGER, 'AccountsTotal'), 2)
        source, = self.manager().ListSources()
        self.assertEqual((source[0], source[2], source[3]),
                         ('maildiag', 2, os.path.join(self.daemon.config, 'accounts.d')))

    def test_properties(self):
        self.assertEqual([str(self.of('work', name)) for name in ('Id', 'Source', 'DisplayName', 'Address')],
                         ['work', 'maildiag', 'Work mail', 'anna@example.org'])
        self.assertEqual(self.of('work', 'SourcePath'), self.daemon.account_file('work'))

    def test_services_and_where_they_come_from(self):
        service, = self.of('work', 'Services')
        origins = {str(origin.pop('setting')): origin for origin in service.pop('origins')}
        self.assertEqual(service, {'protocol': 'fake', 'host': 'ok.test', 'security': 'tls', 'username': 'anna',
                                   'port': 99, 'secret': 'none'})
        self.assertEqual(service['port'].variant_level, 1)
        self.assertIsInstance(service['port'], dbus.UInt16)
        self.assertEqual(origins['host'], {'program': 'maildiag', 'assumed': False, 'key': 'host', 'line': 8,
                                           'file': self.daemon.account_file('work')})
        self.assertEqual(origins['username']['line'], 5)
        self.assertEqual(origins['port'], {'program': 'maildiag', 'assumed': True})

    def test_names_that_paths_do_not_have(self):
        self.daemon.write_account('a.b-c_d', HOME)
        self.manager().Reload()
        path = str(self.manager().GetAccount('a.b-c_d'))
        self.assertEqual(path, PATH + '/account/a_2eb_2dc_5fd')
        self.assertEqual(self.property(path, ACCOUNT, 'Id'), 'a.b-c_d')

    def test_unknown(self):
        for call in (lambda: self.manager().GetAccount('other'), lambda: self.check_account('other'),
                     lambda: self.of('other', 'Status'),
                     lambda: self.manager().StartCheck(['work', 'other'], dbus.Dictionary(signature='sv'))):
            self.assert_refused(GONE, "no account 'other'", call)
        self.assert_refused(GONE, "no account ''", lambda: self.manager().GetAccount(''))
        self.assert_refused(GONE, 'no account', lambda: self.manager().GetAccount('x\n' * 10000))

    def test_describe(self):
        document = self.describe()
        home, work = document['accounts']
        self.assertEqual((work['id'], work['name'], work['address']), ('work', 'Work mail', 'anna@example.org'))
        self.assertEqual(work['status'], self.of('work', 'Status'))
        self.assertEqual(work, self.describe(self.path('work'), ACCOUNT))
        self.assertEqual(home['services'][0]['port'], 99)
        self.assertEqual(document['sources'][0]['accounts'], 2)
        self.assertEqual(document['faults'], [])

    # ---- what anybody sees ----

    def test_details_are_in_no_answer_that_was_not_asked_for(self):
        objects = self.connection.get_object(NAME, PATH, introspect=False).GetManagedObjects(dbus_interface=MANAGED)
        given = objects[self.path('work')][ACCOUNT]
        self.assertEqual(sorted(given), ['Id', 'LastCheckUSec', 'MutedUntilUSec', 'Source', 'Status', 'StatusSinceUSec'])
        all_of_it = self.connection.get_object(NAME, self.path('work'), introspect=False).GetAll(
            ACCOUNT, dbus_interface=PROPERTIES)
        self.assertEqual(all_of_it, given)

    # ---- checks ----

    def test_check_is_the_status(self):
        verdict, codes = self.check_account('home')
        self.assertEqual((verdict, codes), ('error', ['fake.broken']))
        self.assertEqual(self.of('home', 'Status'), 'error')
        finding, = self.of('home', 'Findings')
        self.assertEqual((str(finding['code']), finding['port'], str(finding['setting']) if 'setting' in finding else ''),
                         ('fake.broken', 99, ''))
        self.assertIn('broken.test', self.of('home', 'Summary'))
        self.assertGreater(self.of('home', 'LastCheckUSec'), 0)
        self.assertEqual(self.of('home', 'LastCheckUSec'), self.property(PATH, MANAGER, 'LastCheckUSec'))
        self.assertEqual((self.property(PATH, MANAGER, 'Status'), self.property(PATH, MANAGER, 'AccountsBroken')),
                         ('error', 1))

    def test_findings_are_those_of_the_check(self):
        """What is kept is told as it was told then."""
        verdict, findings = self.manager().CheckAccount('home', dbus.Dictionary(signature='sv'), timeout=GUARD)
        self.assertEqual(self.of('home', 'Findings'), findings)

    def test_check_of_the_object(self):
        object = self.connection.get_object(NAME, self.path('work'), introspect=False)
        verdict, findings = object.Check(dbus.Dictionary(signature='sv'), dbus_interface=ACCOUNT, timeout=GUARD)
        self.assertEqual((str(verdict), list(findings)), ('ok', []))
        self.assertEqual(self.of('work', 'Status'), 'ok')
        self.assertEqual(list(self.of('work', 'Findings')), [])

    def test_who_is_told(self):
        self.check_account('work')
        self.check_account('home')
        buskit.wait_for(lambda: self.heard.changes_of(self.path('work')) and self.heard.changes_of(self.path('home')),
                        'news of both')
        for path, interface, changed, invalidated in self.heard.of('PropertiesChanged'):
            self.assertFalse(set(changed) & set(PRIVATE))
        text = repr(self.heard.seen)
        for word in ('anna', 'example', '.test', 'Work mail', 'fake.broken'):
            self.assertNotIn(word, text)

    def test_status_changes_are_told_once(self):
        self.daemon.write_account('once', HOME)
        self.manager().Reload()
        for turn in range(3):
            self.check_account('once')
        buskit.wait_for(lambda: len([1 for changed, _ in self.heard.changes_of(self.path('once'))
                                     if 'Status' in changed]) == 3, 'news of three checks')
        told = [signal for signal in self.heard.of('AccountStatusChanged') if signal[1] == self.path('once')]
        self.assertEqual([tuple(map(str, signal)) for signal in told], [(PATH, self.path('once'), 'unknown', 'error')])

    def test_a_secret_of_the_caller_is_his_own_answer(self):
        read, write = os.pipe()
        os.write(write, b'x')
        os.close(write)
        self.daemon.write_account('other', HOME)
        self.manager().Reload()
        verdict, codes = self.check_account('other', **{'password-fd': dbus.types.UnixFd(read)})
        os.close(read)
        self.assertEqual(verdict, 'error')
        self.assertEqual(self.of('other', 'Status'), 'unknown')
        self.check_account('other', depth='connect')
        self.assertEqual(self.of('other', 'Status'), 'unknown')

    def test_start_check(self):
        for ids in ([], ['work', 'home']):
            path = str(self.manager().StartCheck(dbus.Array(ids, signature='s'), dbus.Dictionary(signature='sv')))
            self.assertEqual(self.wait_until_ended(path), 'done')
            results = {str(result['id']): result for result in self.job(path).GetResult()}
            self.assertEqual({id: str(result['verdict']) for id, result in results.items()},
                             {'work': 'ok', 'home': 'error'})
            document = self.describe(path, JOB)
            self.assertEqual(document['schema'], 'maildiag-reports/1')
            self.assertEqual(sorted(report['account']['id'] for report in document['reports']), ['home', 'work'])
            with open(buskit.SCHEMA) as file:
                schema = json.load(file)
            for report in document['reports']:
                jsonschema.validate(report, schema)

    def test_options_that_are_refused(self):
        for key, value, words in (('host', 'x.test', 'has itself'), ('username', 'x', 'has itself'),
                                  ('security', 'none', 'has itself'), ('connect-to', 'x.test', 'has itself'),
                                  ('allow-cleartext-login', True, 'has itself'), ('nonsense', 1, 'not known'),
                                  ('password', 'x', 'never a value'), ('timeout-ms', dbus.UInt32(1), '100')):
            with self.subTest(key):
                self.assert_refused(INVALID, [key, words], lambda: self.check_account('work', **{key: value}))
        self.assert_refused(INVALID, 'twice', lambda: self.manager().StartCheck(
            ['work', 'work'], dbus.Dictionary(signature='sv')))

    def test_not_more_than_a_job_may_have(self):
        for number in range(65):
            self.daemon.write_account('many%d' % number, WORK)
        self.manager().Reload()
        for ids in ([], ['many%d' % number for number in range(65)]):
            self.assert_refused(LIMITS, '64', lambda: self.manager().StartCheck(
                dbus.Array(ids, signature='s'), dbus.Dictionary(signature='sv')))
        path = str(self.manager().StartCheck(['many%d' % number for number in range(64)], dbus.Dictionary(signature='sv')))
        self.assertEqual(self.wait_until_ended(path), 'done')

    def test_protocol_without_plugin(self):
        self.daemon.write_account('odd', '[wibble]\nhost = x.test\n')
        self.manager().Reload()
        self.assert_refused(NAME + '.Error.NoSuchPlugin', 'wibble', lambda: self.check_account('odd'))

    # ---- reading again ----

    def test_reload(self):
        self.check_account('home')
        self.daemon.write_account('new', WORK)
        os.unlink(self.daemon.account_file('work'))
        self.daemon.write_account('home', HOME.replace('99', '98'))
        self.manager().Reload()
        self.assertEqual(self.ids(), ['home', 'new'])
        self.assertEqual(self.of('home', 'Services')[0]['port'], 98)
        self.assertEqual(self.of('home', 'Status'), 'error')
        buskit.wait_for(lambda: self.heard.of('InterfacesAdded') and self.heard.of('InterfacesRemoved'), 'the news')
        self.assertEqual([str(signal[1]) for signal in self.heard.of('InterfacesAdded')], [self.path('new')])
        self.assertEqual([str(signal[1]) for signal in self.heard.of('InterfacesRemoved')], [self.path('work')])
        self.assertFalse(set(self.heard.of('InterfacesAdded')[0][2][ACCOUNT]) & set(PRIVATE))
        buskit.wait_for(lambda: any('Services' in invalidated
                                    for changed, invalidated in self.heard.changes_of(self.path('home'))),
                        'news of the settings')

    def test_what_is_broken_stays_as_it_was(self):
        self.daemon.write_account('home', '[account]\nnmae = x\n')
        self.daemon.write_account('work', WORK.replace('ok.test', 'broken.test'))
        self.daemon.write_account('worse', 'host = x\n')
        self.assert_refused(BROKEN, [':', 'and 1 more'], self.manager().Reload)
        self.assertEqual(self.ids(), ['home', 'work'])
        self.assertEqual(self.of('home', 'Address'), 'home@example.net')
        self.assertEqual(self.of('work', 'Services')[0]['host'], 'broken.test')
        faults = {os.path.basename(fault['file']): fault for fault in self.describe()['faults']}
        self.assertEqual((faults['home.conf']['line'], faults['home.conf']['text']), (2, "key 'nmae' is not known"))
        self.daemon.write_account('home', HOME)
        os.unlink(self.daemon.account_file('worse'))
        self.manager().Reload()
        self.assertEqual(self.describe()['faults'], [])

    def test_passwords_in_files(self):
        self.daemon.write_account('home', HOME + 'password = hunter2\n')
        self.assert_refused(BROKEN, [self.daemon.account_file('home') + ':7', "'password'", 'credential:NAME'],
                            self.manager().Reload)
        self.assertNotIn('hunter2', self.daemon.said())
        self.assertNotIn('hunter2', json.dumps(self.describe()))

    def test_files_that_others_could_have_written(self):
        os.chmod(self.daemon.account_file('home'), 0o666)
        self.assert_refused(BROKEN, 'written by everybody', self.manager().Reload)
        self.assertEqual(self.ids(), ['home', 'work'])
        os.chmod(self.daemon.account_file('home'), 0o644)
        os.chmod(os.path.join(self.daemon.config, 'accounts.d'), 0o777)
        try:
            self.assert_refused(BROKEN, 'written by everybody', self.manager().Reload)
            self.assertEqual(self.ids(), ['home', 'work'])
        finally:
            os.chmod(os.path.join(self.daemon.config, 'accounts.d'), 0o755)

    def test_things_that_are_no_files(self):
        os.mkfifo(self.daemon.account_file('pipe'))
        os.mkdir(self.daemon.account_file('folder'))
        os.symlink('/nowhere', self.daemon.account_file('link'))
        try:
            self.assert_refused(BROKEN, 'regular file', self.manager().Reload)
        finally:
            for id in ('pipe', 'link'):
                os.unlink(self.daemon.account_file(id))
            os.rmdir(self.daemon.account_file('folder'))

    def test_hangup_reads_again(self):
        self.daemon.write_account('new', WORK)
        self.daemon.process.send_signal(1)
        buskit.wait_for(lambda: self.ids() == ['home', 'new', 'work'], 'the new account')

    # ---- silence ----

    def test_mute(self):
        self.manager().Mute('work', dbus.UInt64(12345))
        self.assertEqual((self.of('work', 'MutedUntilUSec'), self.of('home', 'MutedUntilUSec')), (12345, 0))
        self.manager().Mute('', dbus.UInt64(7))
        self.assertEqual((self.of('work', 'MutedUntilUSec'), self.of('home', 'MutedUntilUSec')), (7, 7))
        self.manager().Mute('', dbus.UInt64(0))
        self.assert_refused(GONE, "no account 'other'", lambda: self.manager().Mute('other', dbus.UInt64(1)))

    # ---- the same by busctl ----

    def test_busctl(self):
        def run(*words):
            result = subprocess.run(['busctl', '--user', '--json=short', *words], env=self.bus.environment(),
                                    capture_output=True, text=True, timeout=GUARD)
            self.assertEqual(result.returncode, 0, result.stderr)
            return json.loads(result.stdout)['data'] if result.stdout else None
        run('call', NAME, PATH, MANAGER, 'Reload')
        accounts, = run('call', NAME, PATH, MANAGER, 'ListAccounts')
        self.assertEqual([account[0] for account in accounts], ['home', 'work'])
        verdict, findings = run('call', NAME, PATH, MANAGER, 'CheckAccount', 'sa{sv}', 'home', '0')
        self.assertEqual((verdict, findings[0]['code']['data']), ('error', 'fake.broken'))
        self.assertEqual(run('get-property', NAME, self.path('work'), ACCOUNT, 'DisplayName'), 'Work mail')


if __name__ == '__main__':
    buskit.main()
