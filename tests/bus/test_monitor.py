# SPDX-License-Identifier: LGPL-2.1-or-later
"""Accounts that are checked by themselves: when, what is told, and what outlives the daemon.

The daemon's times are divided by a thousand: half an hour is two seconds.
"""

import base64
import glob
import os
import subprocess

import dbus
import dbus.service

import buskit
from buskit import ACCOUNT, GUARD, MANAGER, NAME, PATH
from test_account_objects import Heard
from test_logins import REFUSED, Server

SCALE = '--time-scale=1000'
OFTEN = '[monitor]\ninterval = 30min\n'
NEVER = '[monitor]\ninterval = none\n'
NM = 'org.freedesktop.NetworkManager'
LOGIND = 'org.freedesktop.login1'


def fake(host):
    return '[account]\n[fake]\nhost = %s\nsecurity = tls\n' % host


def imap(port, more=''):
    return ('[account]\naddress = anna@example.org\n%s[imap]\nhost = 127.0.0.1\nport = %d\nsecurity = none\n'
            'allow-cleartext-login = yes\n' % (more, port))


class MonitorTest(buskit.BusTest):
    """A daemon for each test."""

    @classmethod
    def setUpClass(cls):
        cls.bus = buskit.Bus()

    @classmethod
    def tearDownClass(cls):
        cls.bus.stop()

    def setUp(self):
        self.connection = self.bus.connect()
        self.addCleanup(self.connection.close)
        self.heard = Heard(self.connection)
        self.folder = os.path.join(self.bus.folder, self.id().rsplit('.', 1)[1])
        os.mkdir(self.folder)
        self.daemon = None

    def tearDown(self):
        if self.daemon:
            self.end()

    def begin(self, accounts, config=OFTEN, real=False, state=None, credentials=None, neighbours=True):
        environment = {'DBUS_SYSTEM_BUS_ADDRESS': self.bus.address if neighbours else 'unix:path=/nowhere'}
        if credentials:
            environment['CREDENTIALS_DIRECTORY'] = credentials
        self.daemon = buskit.Daemon(self.bus, fake=not real, accounts=accounts, config=config, options=[SCALE],
                                    state=state or os.path.join(self.folder, 'state'), environment=environment)
        self.daemon.wait_until_ready(self.connection)

    def end(self):
        self.daemon.stop()
        self.assertEqual(self.daemon.process.returncode, 0, 'maildiagd ended badly')
        self.daemon = None

    def kill(self):
        self.daemon.process.kill()
        self.daemon.process.wait()
        self.daemon.stop()
        self.daemon = None
        buskit.wait_for(lambda: not self.connection.name_has_owner(NAME), 'the end of the name')

    def of(self, id, name):
        return self.property(PATH + '/account/' + id, ACCOUNT, name)

    def wait_for_status(self, id, status):
        buskit.wait_for(lambda: self.of(id, 'Status') == status, '%s to be %s' % (id, status))

    def statuses(self, id):
        """Those that were told, one for each check."""
        return [str(changed['Status']) for changed, _ in self.heard.changes_of(PATH + '/account/' + id)
                if 'Status' in changed]

    def wait_for_checks(self, id, n):
        start = len(self.statuses(id))
        buskit.wait_for(lambda: len(self.statuses(id)) >= start + n, '%d checks of %s' % (n, id))

    def account(self, id):
        return next(account for account in self.describe()['accounts'] if account['id'] == id)


class Schedule(MonitorTest):

    def test_by_itself(self):
        self.begin({'good': fake('ok.test'), 'bad': fake('broken.test')})
        self.assertGreater(self.property(PATH, MANAGER, 'NextCheckUSec'), 0)
        self.wait_for_status('good', 'ok')
        self.wait_for_status('bad', 'error')
        buskit.wait_for(lambda: self.heard.of('CheckFinished'), 'the end of a round')
        # Both go on being checked.
        self.wait_for_checks('good', 2)
        self.wait_for_checks('bad', 2)
        buskit.wait_for(lambda: (PATH, 'error', 1, 2) in self.heard.of('CheckFinished'), 'the end of another')
        # What breaks was looked at twice, and told once.
        self.assertEqual(self.statuses('bad')[:3], ['unknown', 'error', 'error'])
        told = [tuple(map(str, signal[1:])) for signal in self.heard.of('AccountStatusChanged')]
        self.assertEqual(sorted(told), [(PATH + '/account/bad', 'unknown', 'error'), (PATH + '/account/good', 'unknown', 'ok')])
        self.assertEqual([event['status'] for event in self.account('bad')['history']], ['error'])
        self.assertEqual(self.daemon.said().count('account bad does not work: fake.broken'), 1)
        self.assertEqual(list(self.manager().ListJobs()), [])

    def test_switched_off_and_on(self):
        self.begin({'good': fake('ok.test')}, config=NEVER)
        self.assertEqual(self.property(PATH, MANAGER, 'NextCheckUSec'), 0)
        self.assertEqual(self.of('good', 'Status'), 'unknown')
        self.daemon.write_config(OFTEN)
        self.manager().Reload()
        self.wait_for_status('good', 'ok')
        self.daemon.write_config('[monitor]\ninterval = soon\n')
        self.assert_refused(NAME + '.Error.ConfigInvalid', ['maildiag.conf:2:', 'interval'], self.manager().Reload)
        self.wait_for_checks('good', 1)         # the old one stays

    def test_new_and_changed_accounts(self):
        self.begin({'good': fake('ok.test')})
        self.wait_for_status('good', 'ok')
        self.daemon.write_account('new', fake('ok.test'))
        self.daemon.write_account('good', fake('broken.test'))
        self.manager().Reload()
        self.wait_for_status('new', 'ok')
        self.wait_for_status('good', 'error')
        self.daemon.write_account('good', fake('ok.test'))
        self.manager().Reload()
        self.wait_for_status('good', 'ok')
        self.assertIn('account good works again', self.daemon.said())
        self.assertNotIn('ok.test', self.daemon.said())

    def test_many_and_somebody_in_between(self):
        self.begin({'many%03d' % number: fake('ok.test') for number in range(150)})
        verdict, codes = self.check('broken.test')
        self.assertEqual((verdict, codes), ('error', ['fake.broken']))
        buskit.wait_for(lambda: all(account[3] == 'ok' for account in self.manager().ListAccounts()), 'all of them')

    def test_what_several_share(self):
        self.begin({name: fake('closed.%s.x.test' % name) for name in 'abc'})
        for name in 'abc':
            self.wait_for_status(name, 'error')
        findings = self.account('a')['findings']
        self.assertEqual(findings[0]['code'], 'shared.provider-down')
        self.assertEqual(findings[1]['cause'], findings[0]['code'])
        self.assertEqual(str(self.of('a', 'Findings')[0]['code']), findings[0]['code'])

    def test_no_plugin(self):
        self.begin({'odd': '[wibble]\nhost = x.test\n', 'good': fake('ok.test')})
        self.wait_for_status('good', 'ok')
        self.assertEqual(self.of('odd', 'Status'), 'unknown')

    def test_a_worker_that_is_lost(self):
        """The next one goes on."""
        self.begin({'good': fake('ok.test')})
        self.wait_for_status('good', 'ok')
        os.kill(self.daemon.worker(), 9)
        self.wait_for_checks('good', 2)
        self.assertEqual(set(self.statuses('good')), {'ok'})


class Logins(MonitorTest):

    def credentials(self):
        folder = os.path.join(self.folder, 'credentials')
        os.mkdir(folder)
        with open(os.path.join(folder, 'work'), 'w') as file:
            file.write('secret')
        return folder

    def serve(self, answer):
        server = Server(answer)
        self.addCleanup(server.close)
        return server

    def names(self, server):
        """Who logged in; a refused login may be tried with the other form of the name, too."""
        return [base64.b64decode(command.split(' ')[-1]).split(b'\0')[1].decode() for command in server.logins]

    def test_few(self):
        """One login at first; then the rest of the schedule goes without."""
        server = self.serve('OK logged in')
        self.begin({'work': imap(server.port, 'secret = credential:work\n')}, real=True, credentials=self.credentials())
        buskit.wait_for(lambda: server.logins, 'a login')
        self.wait_for_checks('work', 3)
        self.assertEqual(len(server.logins), 1)
        self.assertGreater(self.account('work')['last-login-usec'], 0)

    def test_refused(self):
        """A second one confirms it, and then no more are made; what it found stands."""
        server = self.serve(REFUSED)
        self.begin({'work': imap(server.port, 'secret = credential:work\n')}, real=True, credentials=self.credentials())
        self.wait_for_status('work', 'error')
        self.assertEqual(self.names(server).count('anna@example.org'), 2)
        before = len(server.logins)
        self.wait_for_checks('work', 2)
        self.assertEqual(len(server.logins), before)
        self.assertIn('auth.rejected', [finding['code'] for finding in self.account('work')['findings']])
        # Somebody who has put it right asks.
        server.answer = 'OK logged in'
        self.manager().CheckAccount('work', dbus.Dictionary(signature='sv'), timeout=GUARD)
        self.assertEqual(len(server.logins), before + 1)
        self.assertNotIn('auth.rejected', [finding['code'] for finding in self.account('work')['findings']])


class Network(MonitorTest):

    def say(self, state):
        """Has the fake worker say so."""
        self.check('network-%s.test' % state)

    def network(self):
        return str(self.property(PATH, MANAGER, 'Network'))

    def wait_for_network(self, state):
        buskit.wait_for(lambda: self.network() == state, 'the network to be ' + state)

    def test_offline_is_not_broken(self):
        self.begin({'far': fake('ok.test'), 'near': fake('ok.localhost')})
        self.assertEqual(self.network(), 'unknown')
        self.wait_for_status('far', 'ok')
        self.say('offline')
        self.wait_for_network('offline')
        self.daemon.write_account('far', fake('blocked.test'))
        self.manager().Reload()
        # What is on this computer itself needs no network.
        self.wait_for_checks('near', 1)
        checks = len(self.statuses('far'))
        self.wait_for_checks('near', 2)
        self.assertEqual(len(self.statuses('far')), checks)
        # Whoever asks gets his answer, and it is no news of the account.
        verdict, findings = self.manager().CheckAccount('far', dbus.Dictionary(signature='sv'), timeout=GUARD)
        self.assertEqual((str(verdict), str(findings[0]['code'])), ('error', 'tcp.timeout'))
        self.assertEqual(self.of('far', 'Status'), 'ok')
        self.say('online')
        self.wait_for_network('online')
        self.wait_for_status('far', 'error')
        for words in ('there is no network (offline)', 'there is a network again'):
            self.assertEqual(self.daemon.said().count(words), 1, self.daemon.said())

    def test_back_online_everything_is_checked_soon(self):
        self.begin({'good': fake('ok.test')}, config='[monitor]\ninterval = 7d\n')
        self.wait_for_status('good', 'ok')
        for turn in range(2):
            self.say('offline')
            self.wait_for_network('offline')
            checks = len(self.statuses('good'))
            self.say('online')
            buskit.wait_for(lambda: len(self.statuses('good')) > checks, 'a check')

    def test_a_worker_that_talks_nonsense(self):
        self.begin({'good': fake('ok.test')})
        self.say('nonsense')
        self.assertEqual(self.network(), 'unknown')
        self.wait_for_status('good', 'ok')

    def test_no_system_bus(self):
        self.begin({'good': fake('ok.test')}, neighbours=False)
        self.wait_for_status('good', 'ok')


class RealNetwork(MonitorTest):
    """The real worker, in a network of its own."""

    def setUp(self):
        if os.geteuid() != 0:
            self.skipTest('a network of its own needs root')
        super().setUp()

    def run_there(self, *command):
        subprocess.run(['nsenter', '-t', str(self.daemon.pid), '-n', *command], check=True)

    def wait_for_network(self, state):
        buskit.wait_for(lambda: self.property(PATH, MANAGER, 'Network') == state, 'the network to be ' + state)

    def test_links_and_routes(self):
        self.daemon = buskit.Daemon(self.bus, fake=False, wrapper=['unshare', '--net'], options=[SCALE],
                                    config='[monitor]\ninterval = 7d\n',
                                    environment={'DBUS_SYSTEM_BUS_ADDRESS': 'unix:path=/nowhere'},
                                    accounts={'far': imap(9).replace('127.0.0.1', '10.1.1.1')})
        self.daemon.wait_until_ready(self.connection)
        self.wait_for_network('offline')
        self.run_there('ip', 'link', 'set', 'lo', 'up')
        self.run_there('ip', 'addr', 'add', '10.1.1.1/32', 'dev', 'lo')
        self.wait_for_network('local')
        # That nobody answers there says nothing of a server that may be elsewhere.
        verdict, _ = self.manager().CheckAccount('far', dbus.Dictionary(signature='sv'), timeout=GUARD)
        self.assertEqual((verdict, self.of('far', 'Status')), ('error', 'unknown'))
        self.run_there('ip', 'route', 'add', 'default', 'dev', 'lo')
        self.wait_for_network('online')
        self.wait_for_status('far', 'error')
        self.run_there('ip', 'route', 'del', 'default', 'dev', 'lo')
        self.wait_for_network('local')


class NetworkManager(dbus.service.Object):
    """Stands in for it: one property."""

    def __init__(self, connection):
        super().__init__(connection, '/org/freedesktop/NetworkManager')
        self.connectivity = 4

    @dbus.service.method('org.freedesktop.DBus.Properties', in_signature='ss', out_signature='v')
    def Get(self, interface, name):
        return dbus.UInt32(self.connectivity)

    @dbus.service.signal('org.freedesktop.DBus.Properties', signature='sa{sv}as')
    def PropertiesChanged(self, interface, changed, invalidated):
        pass

    def become(self, connectivity):
        self.connectivity = connectivity
        self.PropertiesChanged(NM, {'Metered': dbus.UInt32(0), 'Connectivity': dbus.UInt32(connectivity)}, [])


class Logind(dbus.service.Object):

    def __init__(self, connection):
        super().__init__(connection, '/org/freedesktop/login1')

    @dbus.service.signal('org.freedesktop.login1.Manager', signature='b')
    def PrepareForSleep(self, begins):
        pass


class Outside(MonitorTest):
    """NetworkManager and logind, on a bus that stands in for the system's."""

    def setUp(self):
        super().setUp()
        self.others = self.bus.connect()
        self.addCleanup(self.others.close)

    def wait_for_network(self, state):
        buskit.wait_for(lambda: self.property(PATH, MANAGER, 'Network') == state, 'the network to be ' + state)

    def test_connectivity(self):
        name = dbus.service.BusName(NM, self.others)
        manager = NetworkManager(self.others)
        manager.connectivity = 2
        self.begin({'good': fake('ok.test')})
        self.wait_for_network('portal')
        self.assertEqual(self.of('good', 'Status'), 'unknown')
        for connectivity, state in ((1, 'offline'), (3, 'local'), (2, 'portal'), (4, 'online')):
            manager.become(connectivity)
            self.wait_for_network(state)
        self.wait_for_status('good', 'ok')
        manager.remove_from_connection()
        self.others.release_name(NM)
        self.wait_for_network('unknown')
        del name

    def test_it_comes_later(self):
        self.begin({'good': fake('ok.test')})
        self.assertEqual(self.property(PATH, MANAGER, 'Network'), 'unknown')
        manager = NetworkManager(self.others)
        name = dbus.service.BusName(NM, self.others)
        self.wait_for_network('online')
        manager.remove_from_connection()
        self.others.release_name(NM)
        del name

    def test_only_its_own_signals_count(self):
        """Anybody on the bus can send a signal, but not under that name."""
        self.begin({'good': fake('ok.test')})
        manager = NetworkManager(self.others)
        manager.become(1)
        self.wait_for_status('good', 'ok')
        self.assertEqual(self.property(PATH, MANAGER, 'Network'), 'unknown')
        manager.remove_from_connection()

    def test_resume(self):
        name = dbus.service.BusName(LOGIND, self.others)
        logind = Logind(self.others)
        self.begin({'good': fake('ok.test')}, config='[monitor]\ninterval = 7d\n')
        self.wait_for_status('good', 'ok')
        checks = len(self.statuses('good'))
        logind.PrepareForSleep(True)
        self.check('ok.test')
        self.assertEqual(len(self.statuses('good')), checks)
        logind.PrepareForSleep(False)
        buskit.wait_for(lambda: len(self.statuses('good')) > checks, 'a check')
        logind.remove_from_connection()
        self.others.release_name(LOGIND)
        del name


class State(MonitorTest):

    def setUp(self):
        super().setUp()
        self.state = os.path.join(self.folder, 'state')

    def first_life(self):
        self.begin({'good': fake('ok.test'), 'bad': fake('broken.test')}, state=self.state)
        self.wait_for_status('good', 'ok')
        self.wait_for_status('bad', 'error')
        self.manager().Mute('bad', dbus.UInt64(7777777))
        before = {account['id']: account for account in self.describe()['accounts']}
        self.kill()
        return before

    def second_life(self, **more):
        """In which nothing is checked by itself."""
        self.begin({'good': fake('ok.test'), 'bad': fake('broken.test')}, config=NEVER, state=self.state, **more)
        return {account['id']: account for account in self.describe()['accounts']}

    def files(self):
        return glob.glob(os.path.join(self.state, 'accounts', '*'))

    def test_survives_a_crash(self):
        before, after = self.first_life(), self.second_life()
        for id in ('good', 'bad'):
            for key in ('status', 'status-since-usec', 'muted-until-usec', 'summary', 'receive', 'findings', 'history'):
                self.assertEqual(after[id].get(key), before[id].get(key), (id, key))
        self.assertGreaterEqual(after['bad']['last-check-usec'], before['bad']['last-check-usec'])
        self.assertEqual(self.of('bad', 'MutedUntilUSec'), 7777777)
        self.assertEqual(str(self.of('bad', 'Findings')[0]['code']), 'fake.broken')

    def test_nobody_else_reads_it(self):
        self.first_life()
        self.assertEqual(len(self.files()), 2)
        for path in self.files() + [os.path.join(self.state, 'accounts')]:
            self.assertEqual(os.stat(path).st_mode & 0o077, 0, path)

    def test_damage(self):
        self.first_life()
        for turn, damage in enumerate((b'', b'\0' * 100, b'maildiag-account 1 x\n{}\n', os.urandom(1000), b'x' * 100000)):
            for path in self.files():
                with open(path, 'wb') as file:
                    file.write(damage)
            after = self.second_life()
            with self.subTest(turn):
                self.assertEqual({account['status'] for account in after.values()}, {'unknown'})
                self.assertEqual(self.daemon.said().count('begins anew'), 2, self.daemon.said())
                self.manager().CheckAccount('good', dbus.Dictionary(signature='sv'), timeout=GUARD)
                self.assertEqual(self.of('good', 'Status'), 'ok')
            self.kill()

    def test_things_that_are_no_files(self):
        self.first_life()
        for path in self.files():
            os.unlink(path)
            os.mkfifo(path)
        self.assertEqual({account['status'] for account in self.second_life().values()}, {'unknown'})

    def test_an_account_that_goes(self):
        self.first_life()
        self.second_life()
        os.unlink(self.daemon.account_file('bad'))
        self.manager().Reload()
        self.assertEqual(len(self.files()), 1)
        self.daemon.write_account('bad', fake('broken.test'))
        self.manager().Reload()
        self.assertEqual(self.of('bad', 'Status'), 'unknown')

    def test_no_directory(self):
        with open(self.state, 'w'):
            pass
        self.begin({'good': fake('ok.test')}, state=self.state)
        self.wait_for_status('good', 'ok')
        self.assertIn('known only while it runs', self.daemon.said())

    def test_full_disk(self):
        if os.geteuid() != 0:
            self.skipTest('mounting a small disk needs root')
        os.mkdir(self.state)
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=16k,mode=0700', 'tmpfs', self.state], check=True)
        try:
            self.begin({'good': fake('ok.test'), 'bad': fake('broken.test')}, state=self.state)
            with open(os.path.join(self.state, 'filler'), 'wb', 0) as file:
                try:
                    while True:
                        file.write(b'x' * 512)
                except OSError:
                    pass
            self.wait_for_status('good', 'ok')
            self.wait_for_status('bad', 'error')
            self.wait_for_checks('good', 1)
            self.assertEqual(self.daemon.said().count('known only while it runs'), 1, self.daemon.said())
            os.unlink(os.path.join(self.state, 'filler'))
            self.wait_for_checks('good', 1)
            self.wait_for_checks('bad', 1)
            self.kill()
            after = self.second_life()
            self.assertEqual((after['good']['status'], after['bad']['status']), ('ok', 'error'))
            self.end()
        finally:
            subprocess.run(['umount', '-l', self.state], check=True)


if __name__ == '__main__':
    buskit.main()
