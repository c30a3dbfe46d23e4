# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets by name: credentials of the service manager reach the server through the probe, and stay out of everything else.

The connections are in clear, so that the server can see what comes; the accounts allow that by name.
"""

import base64
import json
import os
import subprocess
import sys

import dbus

import buskit
from buskit import ACCOUNT, GUARD, INVALID, MANAGER, NAME, PATH
from test_logins import Server

sys.path.insert(0, os.path.join(buskit.SOURCE, 'tests', 'servers'))

import hunt                                                     # noqa: E402

UNAVAILABLE = NAME + '.Error.SecretUnavailable'
SECRET = 'cr3dential-mArker-9042'
ACCOUNT_FILE = '''[account]
address = anna@example.org
secret = credential:{name}

[imap]
host = 127.0.0.1
port = {port}
security = none
allow-cleartext-login = yes
'''


class Credentials(buskit.BusTest):

    fake = False

    @classmethod
    def setUpClass(cls):
        cls.bus = buskit.Bus()
        cls.credentials = os.path.join(cls.bus.folder, 'credentials')
        os.mkdir(cls.credentials)
        for name in ('maildiag_work', 'plain', 'maildiag_both', 'both', '.hidden'):
            cls.write_credential(name, SECRET + ('-plain' if name == 'both' else ''))
        os.mkdir(os.path.join(cls.credentials, 'folder'))
        os.symlink('/etc/passwd', os.path.join(cls.credentials, 'link'))
        os.mkfifo(os.path.join(cls.credentials, 'pipe'))
        cls.daemon = buskit.Daemon(cls.bus, fake=False, environment={'CREDENTIALS_DIRECTORY': cls.credentials})
        cls.connection = cls.bus.connect()
        cls.daemon.wait_until_ready(cls.connection)

    @classmethod
    def write_credential(cls, name, text):
        with open(os.path.join(cls.credentials, name), 'w') as file:
            file.write(text)

    def setUp(self):
        self.server = Server('OK logged in')
        self.addCleanup(self.server.close)

    def account(self, name, id='work', **more):
        self.daemon.write_account(id, ACCOUNT_FILE.format(name=name, port=self.server.port))
        self.manager().Reload()

    def check(self, id='work', **options):
        verdict, findings = self.manager().CheckAccount(id, dbus.Dictionary(options, signature='sv'), timeout=GUARD)
        return str(verdict), {str(finding['code']): finding for finding in findings}

    def passwords(self):
        return [base64.b64decode(command.split(' ')[-1]).split(b'\0')[-1].decode() for command in self.server.logins]

    # ---- of an account ----

    def test_secret_of_the_account(self):
        for name in ('work', 'plain', 'both'):
            with self.subTest(name):
                self.account(name)
                del self.server.logins[:]
                verdict, findings = self.check()
                self.assertNotIn('policy.secret-missing', findings)
                self.assertEqual(self.passwords(), [SECRET])
                self.assertEqual(self.property(PATH + '/account/work', ACCOUNT, 'Services')[0]['secret'],
                                 'credential:' + name)

    def test_one_that_is_not_there(self):
        """The rest is checked all the same, and the report says what was not."""
        for name in ('nothing', 'folder', 'link', 'pipe'):
            with self.subTest(name):
                self.account(name)
                connections = self.server.connections
                verdict, findings = self.check()
                missing = findings['policy.secret-missing']
                self.assertEqual((str(missing['params']['credential']), str(missing['actor']), str(missing['stage'])),
                                 (name, 'administrator', 'policy'))
                self.assertIn('"%s"' % name, missing['message'])
                self.assertGreater(self.server.connections, connections)
                self.assertEqual(self.server.logins, [])

    def test_none(self):
        self.account('work')
        self.assertNotIn('policy.secret-missing', self.check(secret='none')[1])
        self.assertEqual(self.server.logins, [])

    def test_certificates_of_the_caller(self):
        """Whoever says whom to trust is not given the secret."""
        self.account('work')
        fd = os.memfd_create('ca')
        os.write(fd, b'-----BEGIN CERTIFICATE-----\n')
        self.check(**{'ca-fd': dbus.types.UnixFd(fd)})
        os.close(fd)
        self.assertEqual(self.server.logins, [])

    # ---- named by a caller ----

    def test_named_by_a_script(self):
        text = subprocess.run(
            ['busctl', '--user', '--json=short', 'call', NAME, PATH, MANAGER, 'CheckServer', 'ssqsa{sv}', 'imap', '127.0.0.1',
             str(self.server.port), 'none', '4', 'username', 's', 'ben', 'secret', 's', 'credential:work',
             'allow-cleartext-login', 'b', 'true', 'depth', 's', 'auth'],
            env=self.bus.environment(), capture_output=True, text=True, timeout=GUARD, check=True).stdout
        self.assertEqual(self.passwords(), [SECRET])
        self.assertNotIn(SECRET, text)

    def test_one_for_all_services(self):
        service = {'protocol': 'imap', 'host': '127.0.0.1', 'port': dbus.UInt16(self.server.port), 'security': 'none',
                   'allow-cleartext-login': True}
        self.manager().CheckSettings(
            'cara@example.org', dbus.Array([dbus.Dictionary(service, signature='sv'),
                                            dbus.Dictionary({**service, 'secret': 'none'}, signature='sv')],
                                           signature='a{sv}'),
            dbus.Dictionary({'secret': 'credential:plain', 'depth': 'auth'}, signature='sv'), timeout=GUARD)
        self.assertEqual(self.passwords(), [SECRET])

    def test_names_that_are_refused(self):
        self.account('work')
        for name in ('nothing', 'folder', 'link', 'pipe'):
            self.assert_refused(UNAVAILABLE, '"%s"' % name, lambda: self.check(secret='credential:' + name))
        for value in ('work', 'credential:', 'credential:../work', 'credential:.hidden', SECRET):
            with self.assertRaises(dbus.DBusException) as caught:
                self.check(secret=value)
            self.assertEqual(caught.exception.get_dbus_name(), INVALID)
            self.assertNotIn(SECRET, caught.exception.get_dbus_message())

    # ---- where it does not get ----

    def memory(self):
        """What the daemon holds."""
        with open('/proc/%d/maps' % self.daemon.pid) as maps, open('/proc/%d/mem' % self.daemon.pid, 'rb', 0) as memory:
            for line in maps:
                start, end = (int(part, 16) for part in line.split()[0].split('-'))
                # What is larger is the shadow of a sanitizer: terabytes that hold nothing of the program's.
                if line.split()[1].startswith('rw') and end - start < 1 << 30:
                    memory.seek(start)
                    try:
                        yield memory.read(end - start)
                    except OSError:
                        pass

    def test_nothing_of_it_stays(self):
        before = len(self.daemon.descriptors())
        self.account('work')
        for turn in range(3):
            self.check()
        self.assertEqual(set(self.passwords()), {SECRET})
        document = json.dumps(self.describe())
        self.assertIsNone(hunt.find(SECRET, document.encode()))
        self.assertIsNone(hunt.find(SECRET, self.daemon.said().encode()))
        self.assertLessEqual(len(self.daemon.descriptors()), before + 1)
        if os.geteuid() == 0:
            size = 0
            for part in self.memory():
                size += len(part)
                self.assertIsNone(hunt.find(SECRET, part))
            self.assertGreater(size, 100000)


if __name__ == '__main__':
    buskit.main()
