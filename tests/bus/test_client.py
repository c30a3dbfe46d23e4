# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client's verbs about accounts that a daemon knows, with a daemon on a bus."""

import json
import os
import signal
import subprocess

import dbus
import jsonschema

import buskit
from buskit import CLIENT, GUARD

WORK = '[account]\nname = Work mail\naddress = anna@example.org\n[fake]\nhost = ok.test\nsecurity = tls\n'
HOME = '[account]\naddress = home@example.net\n[fake]\nhost = broken.test\n'


def validator():
    with open(buskit.SCHEMA) as file:
        report = json.load(file)
    with open(buskit.STATUS_SCHEMA) as file:
        status = json.load(file)
    resolver = jsonschema.RefResolver(status['$id'], status, store={report['$id']: report})
    return jsonschema.Draft202012Validator(status, resolver=resolver)


class Client(buskit.BusTest):

    accounts = {'work': WORK, 'home': HOME}

    def environment(self):
        return self.bus.environment(LC_ALL='C.UTF-8', COLUMNS='200')

    def call(self, *words):
        return subprocess.run([CLIENT, '--session', *words], env=self.environment(), capture_output=True, text=True,
                              timeout=GUARD, stdin=subprocess.DEVNULL)

    def ok(self, *words, status=0):
        done = self.call(*words)
        self.assertEqual((done.returncode, done.stderr), (status, ''), done)
        return done.stdout

    def unfolded(self, *words, status=0):
        return ' '.join(self.ok(*words, status=status).split())

    def refused(self, words, status, *pieces):
        done = self.call(*words)
        self.assertEqual((done.returncode, done.stdout), (status, ''), done)
        self.assertEqual(len(done.stderr.splitlines()), 1, done)
        for piece in pieces:
            self.assertIn(piece, done.stderr)

    def status(self):
        """The document of maildiag status --json, whatever it says."""
        done = self.call('status', '--json')
        document = json.loads(done.stdout)
        self.assertEqual([error.message for error in validator().iter_errors(document)], [])
        self.assertEqual(done.returncode, {'ok': 0, 'error': 1, 'unknown': 2}[document['status']])
        return document

    def test_list(self):
        lines = self.ok('list').splitlines()
        self.assertEqual([line.split()[0] for line in lines], ['home', 'work'])
        self.assertIn('Work mail', lines[1])
        self.assertEqual([account['id'] for account in json.loads(self.ok('list', '--json'))], ['home', 'work'])

    def test_show(self):
        text = self.unfolded('show', 'work', 'home')
        for piece in ('Work mail', 'anna@example.org', 'ok.test', self.daemon.account_file('work') + ':5: host', 'assumed',
                      'home@example.net', 'without a login'):
            self.assertIn(piece, text)
        self.assertEqual(json.loads(self.ok('show', 'work', '--json'))['address'], 'anna@example.org')
        self.refused(('show', 'work\n'), 64, 'control character')
        self.refused(('show', 'other'), 66, "no account 'other'")

    def test_check_and_status(self):
        """One after the other: the second says what the first found."""
        self.assertIn('Receiving', self.ok('check', 'work'))
        document = self.status()
        self.assertEqual({account['id']: account['status'] for account in document['accounts']}['work'], 'ok')

        text = self.unfolded('check', 'home', status=1)
        self.assertIn('broken.test is broken in two', text)
        text = self.unfolded('status', status=1)
        self.assertIn('Accounts: 2; broken: 1', text)
        self.assertIn('broken.test is broken in two', text)
        document = self.status()
        home = document['accounts'][0]
        self.assertEqual((home['status'], home['findings'][0]['code'], home['receive']['verdict'],
                          home['receive']['cause']), ('error', 'fake.broken', 'broken', 'fake.broken'))
        self.assertEqual((document['status'], document['accounts-broken'], document['accounts-total']), ('error', 1, 2))

    def test_check_of_several(self):
        for words in ((), ('work', 'home')):
            document = json.loads(self.ok('check', *words, '--json', status=1))
            self.assertEqual(sorted(report['account']['id'] for report in document['reports']), ['home', 'work'])
            self.assertEqual((document['schema'], document['verdict']), ('maildiag-reports/1', 'error'))
        self.refused(('check', 'work', 'other'), 66, "no account 'other'")
        self.refused(('check', 'work', '--user', 'x'), 64, "'username'", 'has itself')
        self.refused(('check', 'work', '--security', 'tls', '--timeout', '0'), 64, 'timeout')

    def test_check_of_more_than_a_call_takes(self):
        for number in range(70):
            self.daemon.write_account('many%02d' % number, WORK)
        try:
            self.ok('reload')
            document = json.loads(self.ok('check', '--json', status=1))
            self.assertEqual(len({report['account']['id'] for report in document['reports']}), 72)
            self.assertEqual(document['verdict'], 'error')
        finally:
            for number in range(70):
                os.unlink(self.daemon.account_file('many%02d' % number))
            self.ok('reload')

    def test_what_several_share(self):
        for name in 'abc':
            self.daemon.write_account('shared-' + name, '[account]\naddress = %s@x.test\n[fake]\nhost = blocked.%s.test\n' %
                                      (name, name))
        try:
            self.ok('reload')
            document = json.loads(self.ok('check', 'shared-a', 'shared-b', 'shared-c', '--json', status=1))
            self.assertEqual(document['findings'][0]['accounts'], [0, 1, 2])
            self.assertIn(document['findings'][0]['code'], [finding.get('cause')
                                                            for finding in document['reports'][0]['findings']])
        finally:
            for name in 'abc':
                os.unlink(self.daemon.account_file('shared-' + name))
            self.ok('reload')

    def test_reload(self):
        self.daemon.write_account('home', HOME + 'password = x\n')
        try:
            self.refused(('reload',), 1, 'home.conf:5:', "'password'")
            self.assertEqual(self.status()['faults'][0]['line'], 5)
            self.assertIn('home.conf:5:', self.call('status').stdout)
        finally:
            self.daemon.write_account('home', HOME)
        self.assertEqual(self.ok('reload'), '')

    def test_mute(self):
        def muted():
            return {account['id']: account['muted-until-usec'] for account in self.status()['accounts']}
        self.ok('mute', 'work', '--for', '8h')
        at_first = muted()
        self.assertGreater(at_first['work'], 0)
        self.assertEqual(at_first['home'], 0)
        self.assertIn('Muted', self.ok('show', 'work'))
        self.ok('mute')
        self.assertGreater(muted()['home'], at_first['work'])
        self.ok('mute', '--off')
        self.assertEqual(set(muted().values()), {0})
        self.refused(('mute', 'other'), 66, "no account 'other'")

    # ---- following ----

    def watch(self, *words):
        process = subprocess.Popen([CLIENT, '--session', 'watch', *words], env=self.environment(), text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.stdout.close)
        self.addCleanup(buskit.end, process)
        return process

    def test_watch(self):
        process = self.watch()
        self.assertIn('Watching', process.stdout.readline())
        self.daemon.write_account('fresh', HOME)
        self.manager().Reload()
        self.assertIn('fresh: a new account', process.stdout.readline())
        self.manager().CheckAccount('fresh', dbus.Dictionary(signature='sv'), timeout=GUARD)
        self.assertIn('fresh: broken, was not known', process.stdout.readline())
        os.unlink(self.daemon.account_file('fresh'))
        self.manager().Reload()
        self.assertIn('fresh: no longer there', process.stdout.readline())
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(GUARD), -signal.SIGINT)

    def test_watch_json(self):
        process = self.watch('--json')
        found, line = [], {'id': 'fresh', 'old': None, 'new': 'unknown'}
        # There is no line before the first signal, which may be that of a removal: until it listens.
        while line not in found:
            self.daemon.write_account('fresh', HOME)
            self.manager().Reload()
            os.unlink(self.daemon.account_file('fresh'))
            self.manager().Reload()
            os.set_blocking(process.stdout.fileno(), False)
            found += [json.loads(text) for text in process.stdout.readlines() if text.endswith('\n')]

    # ---- no daemon ----

    def test_nobody_there(self):
        bus = buskit.Bus()
        try:
            for verb in (('list',), ('status',), ('watch',), ('reload',), ('mute',), ('show', 'x'), ('check', 'x')):
                done = subprocess.run([CLIENT, '--session', *verb], env=bus.environment(LC_ALL='C.UTF-8'),
                                      capture_output=True, text=True, timeout=GUARD, stdin=subprocess.DEVNULL)
                with self.subTest(verb):
                    self.assertEqual(done.returncode, 69, done)
                    self.assertIn('no daemon answers', done.stderr)
        finally:
            bus.stop()

    def test_private(self):
        done = subprocess.run([CLIENT, '--private', '--config-dir', self.daemon.config, 'list', '--json'],
                              env=dict(self.environment(), MAILDIAG_LIBEXECDIR=os.path.dirname(buskit.MAILDIAGD),
                                       MAILDIAG_PLUGINDIR=buskit.PLUGINS),
                              capture_output=True, text=True, timeout=GUARD)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual([account['id'] for account in json.loads(done.stdout)], ['home', 'work'])


if __name__ == '__main__':
    buskit.main()
