# SPDX-License-Identifier: LGPL-2.1-or-later
"""What callers ask: everything that is wrong is refused with one line that names it, and costs nothing."""

import os
import socket
import subprocess
import tempfile

import dbus

import buskit
from buskit import INVALID, NAME


# The largest message that is sent here has 10 MB, and exists in several forms; a sanitizer multiplies.
MEMORY_KILOBYTES = 2 << 20 if os.environ.get('MAILDIAG_SANITIZE', 'none') != 'none' else 256 << 10


def memory_file(content=b''):
    fd = os.memfd_create('given', os.MFD_CLOEXEC)
    os.write(fd, content)
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


class Settings(buskit.BusTest):

    def setUp(self):
        self.given = []

    def tearDown(self):
        for fd in self.given:
            os.close(fd)

    def give(self, fd):
        """A descriptor that the test closes, as a value of a message."""
        self.given.append(fd)
        return dbus.types.UnixFd(fd)

    def check_with(self, options):
        return self.check('ok.test', options)

    def check_services(self, services, options=None, address=''):
        return self.manager().CheckSettings(
            address, dbus.Array([dbus.Dictionary(service, signature='sv') for service in services], signature='a{sv}'),
            dbus.Dictionary(options or {}, signature='sv'))

    # ---- options ----

    REFUSED = [
        ({'tls-nmae': 'x'}, "option 'tls-nmae' is not known"),
        ({'': 'x'}, "option '' is not known"),
        ({'timeout-ms': 'x'}, "option 'timeout-ms' must be of type u, not s"),
        ({'timeout-ms': dbus.Int32(5000)}, "option 'timeout-ms' must be of type u, not i"),
        ({'timeout-ms': dbus.UInt64(5000)}, "option 'timeout-ms' must be of type u, not t"),
        ({'timeout-ms': dbus.UInt32(99)}, "option 'timeout-ms' must be from 100 to 600000"),
        ({'timeout-ms': dbus.UInt32(600001)}, "option 'timeout-ms' must be from 100 to 600000"),
        ({'depth': 'deep'}, "option 'depth' must be connect, tls, auth or full"),
        ({'auth': 'PLAIN'}, "option 'auth' must be of type as, not s"),
        ({'auth': dbus.Array([], signature='s')}, 'auth of fake names no mechanism'),
        ({'auth': ['PLAIN', 'LO GIN']}, "auth 'LO GIN' of fake is not the name of a SASL mechanism"),
        ({'auth': ['PLAIN'] * 17}, 'auth of fake names more than 16'),
        ({'username': ''}, 'username of fake is empty'),
        ({'username': 'anna\r\nA1 LOGOUT'}, 'holds a line break'),
        ({'username': 'anna\x1b[31m'}, 'holds a control character'),
        ({'address': 'anna'}, "address 'anna' of fake has no @"),
        ({'tls-name': 'a..b'}, "tls-name 'a..b' of fake has an empty label"),
        ({'connect-to': '127.1'}, "connect-to '127.1' of fake looks like an IPv4 address"),
        ({'allow-cleartext-login': 'yes'}, "option 'allow-cleartext-login' must be of type b, not s"),
        ({'host': 'x'}, "option 'host' belongs to a service"),
        ({'password-fd': 'secret'}, "option 'password-fd' must be of type h, not s"),
        ({'password-fd': dbus.Int32(3)}, "option 'password-fd' must be of type h, not i"),
        ({'password': 'secret'}, "pass a descriptor as 'password-fd'"),
        ({'passwd': 'secret'}, "pass a descriptor as 'password-fd'"),
        ({'secret': 'hunter2'}, "'secret' must be credential:NAME or none"),
        ({'token': 'secret'}, "pass a descriptor as 'oauth2-token-fd'"),
        ({'oauth2-token': 'secret'}, "pass a descriptor as 'oauth2-token-fd'"),
        ({'client-key': 'secret'}, "pass a descriptor as 'client-key-fd'"),
    ]

    def test_refused_options(self):
        for options, words in self.REFUSED:
            with self.subTest(str(options)):
                self.assert_refused(INVALID, words, lambda: self.check_with(options))

    def test_the_value_of_a_password_is_not_repeated(self):
        for key in ('password', 'password-fd', 'pasword'):
            with self.assertRaises(dbus.DBusException) as caught:
                self.check_with({key: 'Hunter2-marker'})
            self.assertNotIn('Hunter2', str(caught.exception))

    def test_options_that_are_fine(self):
        options = {'timeout-ms': dbus.UInt32(5000), 'depth': 'connect', 'auth': ['plain', 'SCRAM-SHA-256'],
                   'username': 'anna', 'address': 'anna@example.org', 'tls-name': 'other.example.org',
                   'connect-to': '[::1]', 'allow-cleartext-login': False}
        self.assertEqual(self.check_with(options), ('ok', []))

    def test_twice(self):
        """A dictionary of Python has each key once; busctl takes what it is told."""
        text = self.run_busctl('fake', 'ok.test', '0', 'tls', '2', 'username', 's', 'anna', 'username', 's', 'bert')
        self.assertIn("option 'username' is given twice", text)

    def run_busctl(self, *arguments):
        result = subprocess.run(['busctl', '--user', 'call', NAME, buskit.PATH, buskit.MANAGER, 'CheckServer',
                                 'ssqsa{sv}', *arguments], env=self.bus.environment(), capture_output=True, text=True,
                                timeout=buskit.GUARD)
        self.assertNotEqual(result.returncode, 0)
        return result.stderr

    # ---- arguments ----

    def test_refused_arguments(self):
        cases = [
            (dict(protocol=''), 'protocol is empty'),
            (dict(protocol='../fake'), "protocol '../fake' is not the name of a protocol"),
            (dict(security='ssl'), "argument 'security' must be tls, starttls, none or auto"),
            (dict(security=''), "argument 'security' must be"),
            (dict(host=''), 'host of fake is empty'),
            (dict(host='a b'), "host 'a b' of fake holds a space"),
            (dict(host='imaps://mail.example.org'), 'is a URL'),
            (dict(host='anna@example.org'), 'is a mail address'),
            (dict(host='mail.example.org:993'), 'a port is a setting of its own'),
            (dict(host='[mail.example.org]'), "argument 'host' has brackets"),
            (dict(host='mail.example.org\r\nX'), 'holds a line break'),
            (dict(host='mail\u202egro.elpmaxe'), 'invisible'),
            (dict(host='x' * 254), 'longer than 253'),
        ]
        for arguments, words in cases:
            with self.subTest(str(arguments)):
                full = dict(dict(protocol='fake', host='ok.test', security='tls'), **arguments)
                self.assert_refused(INVALID, words, lambda: self.check(**full))

    def test_wrong_signature(self):
        with self.assertRaises(dbus.DBusException) as caught:
            self.manager().get_dbus_method('CheckServer')('fake', 'ok.test', dbus.UInt32(0), 'tls',
                                                          dbus.Dictionary({}, signature='sv'))
        self.assertEqual(caught.exception.get_dbus_name(), INVALID)

    def test_no_plugin(self):
        self.assert_refused(NAME + '.Error.NoSuchPlugin', "no plugin for protocol 'nntp'",
                            lambda: self.check('ok.test', protocol='nntp'))
        self.assert_refused(NAME + '.Error.NoSuchPlugin', 'no plugin for protocol',
                            lambda: self.check('ok.test', protocol='old'))

    # ---- services ----

    def test_refused_services(self):
        good = {'protocol': 'fake', 'host': 'ok.test'}
        cases = [
            ([], 'services names no service'),
            ([good] * 17, 'more than 16'),
            ([{'protocol': 'fake'}], 'host of fake is missing'),
            ([{'host': 'ok.test'}], 'protocol is missing'),
            ([good, dict(good, host='a..b')], "host 'a..b' of service 2 (fake) has an empty label"),
            ([good, dict(good, port=dbus.UInt32(1))], "service 2: option 'port' must be of type q, not u"),
            ([good, dict(good, tls_name='x')], "service 2: option 'tls_name' is not known"),
            ([dict(good, password='x')], "service 1: option 'password' is refused"),
            ([dict(good, security='ssl')], "service 1: option 'security' must be tls"),
            ([dict(good, **{'timeout-ms': dbus.UInt32(1000)})], "service 1: option 'timeout-ms' belongs to the whole"),
        ]
        for services, words in cases:
            with self.subTest(words):
                self.assert_refused(INVALID, words, lambda: self.check_services(services))

    def test_bad_address(self):
        self.assert_refused(INVALID, "address 'anna' has no @",
                            lambda: self.check_services([{'protocol': 'fake', 'host': 'ok.test'}], address='anna'))

    def test_defaults_and_exceptions(self):
        """Options are defaults; the same key of a service wins."""
        verdict, findings = self.check_services(
            [{'protocol': 'fake', 'host': 'ok.test'}, {'protocol': 'fake', 'host': 'ok.test', 'username': 'bert'}],
            {'username': 'anna'})
        path = self.start(['hang.test'], {'username': 'anna'})
        buskit.wait_for(lambda: self.daemon.probes(), 'a probe')
        report = self.describe(path, buskit.JOB)
        self.assertEqual([service['username'] for service in report['services']], ['anna'])
        self.job(path).Cancel()
        self.assertNotEqual(verdict, 'error')

    # ---- descriptors ----

    def test_bad_descriptors(self):
        pair = socket.socketpair()
        pipe = os.pipe()
        folder = tempfile.mkdtemp()
        log = os.open(os.path.join(folder, 'log'), os.O_WRONLY | os.O_CREAT)
        cases = [
            (os.open('/', os.O_RDONLY | os.O_DIRECTORY), 'is a directory'),
            (os.open('/etc/passwd', os.O_PATH), 'O_PATH'),
            (log, 'writing only'),
            (os.dup(pair[0].fileno()), 'is a socket'),
            (os.open('/dev/zero', os.O_RDONLY), 'neither a file nor a pipe'),
            (os.dup(pipe[1]), 'writing only'),
        ]
        for fd, words in cases:
            for key in ('password-fd', 'oauth2-token-fd', 'ca-fd'):
                with self.subTest(words + ' ' + key):
                    options = {key: self.give(os.dup(fd)), 'username': 'anna'}
                    self.assert_refused(INVALID, [key, words], lambda: self.check_with(options))
            os.close(fd)
        for end in pair:
            end.close()
        for end in pipe:
            os.close(end)
        os.unlink(os.path.join(folder, 'log'))
        os.rmdir(folder)

    def test_secret_needs_a_name(self):
        self.assert_refused(INVALID, 'username of fake is missing',
                            lambda: self.check_with({'password-fd': self.give(memory_file(b'x'))}))

    def test_two_secrets(self):
        self.assert_refused(INVALID, 'exclude each other', lambda: self.check_with(
            {'password-fd': self.give(memory_file(b'x')), 'oauth2-token-fd': self.give(memory_file(b'x'))}))
        self.assert_refused(INVALID, 'exclude each other', lambda: self.check_with(
            {'password-fd': self.give(memory_file(b'x')), 'secret': 'credential:x'}))

    def test_certificate_without_key(self):
        self.assert_refused(INVALID, 'client-key-fd of fake is missing', lambda: self.check_with(
            {'client-cert-fd': self.give(memory_file(b'x'))}))

    def test_pipe_for_several(self):
        read, write = os.pipe()
        os.close(write)
        service = {'protocol': 'fake', 'host': 'ok.test', 'security': 'tls', 'username': 'anna'}
        fd = self.give(read)
        self.assert_refused(INVALID, 'is a pipe', lambda: self.check_services([service, service], {'password-fd': fd}))
        self.check_services([service], {'password-fd': fd})

    def test_descriptors_in_the_wrong_place(self):
        """Whatever comes along is closed again."""
        before = self.daemon.descriptors()
        for round in range(20):
            fds = dbus.Array([self.give(memory_file()) for i in range(16)], signature='h')
            self.assert_refused(INVALID, "must be of type s, not ah", lambda: self.check_with({'username': fds}))
            self.assert_refused(INVALID, 'not known', lambda: self.check_with({'gift': fds}))
        self.manager().ListPlugins()
        self.assertEqual(self.daemon.descriptors(), before)

    # ---- size and depth ----

    def test_huge_texts(self):
        huge = 'x' * (1 << 20)
        self.assert_refused(INVALID, 'longer than', lambda: self.check(huge))
        self.assert_refused(INVALID, 'longer than', lambda: self.check_with({'username': huge}))
        self.assert_refused(INVALID, 'is not known', lambda: self.check_with({huge: 'x'}))
        self.assert_refused(INVALID, 'holds too much', lambda: self.check_with({'auth': [huge] * 4}))
        self.assert_refused(INVALID, 'longer than',
                            lambda: self.check_services([{'protocol': 'fake', 'host': 'ok.test'}], address=huge))

    def test_huge_dictionaries(self):
        many = {'key-%d' % i: 'x' for i in range(100000)}
        self.assert_refused(INVALID, 'is not known', lambda: self.check_with(many))
        services = [{'protocol': 'fake', 'host': 'ok.test'}] * 10000
        self.assert_refused(INVALID, 'more than 16', lambda: self.check_services(services))

    def test_deep_values(self):
        deep = dbus.String('x', variant_level=40)
        self.assert_refused(INVALID, "must be of type s, not v", lambda: self.check_with({'username': deep}))

    @classmethod
    def tearDownClass(cls):
        """After all of that the daemon has what it had, and no more memory than it may."""
        with open('/proc/%d/status' % cls.daemon.pid) as status:
            peak = [line for line in status if line.startswith('VmHWM')][0]
        kilobytes = int(peak.split()[1])
        super().tearDownClass()
        assert kilobytes < MEMORY_KILOBYTES, peak


if __name__ == '__main__':
    buskit.main()
