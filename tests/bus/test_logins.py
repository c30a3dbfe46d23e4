# SPDX-License-Identifier: LGPL-2.1-or-later
"""Logins that are made, and those that are not: counted where they arrive, at a server that says what a test tells it.

The connections are in clear, as settings without TLS ask for, so that the server can be this simple.  That is a fault of
its own, for which alternatives are tried: they come to the same server and are no logins.
"""

import contextlib
import os
import socket
import threading

import dbus

import buskit

REFUSED = 'NO [AUTHENTICATIONFAILED] wrong'


class Server:
    """IMAP on a port of its own. `answer` is what a login gets; `logins` are the names and passwords that came."""

    def __init__(self, answer=REFUSED, starttls=None):
        self.answer = answer
        self.starttls = starttls
        self.logins = []
        self.connections = 0
        self.gate = threading.Event()
        self.gate.set()
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve_until_it_leaves, args=(connection,), daemon=True).start()

    def serve_until_it_leaves(self, connection):
        with contextlib.suppress(OSError):
            self.serve(connection)

    def serve(self, connection):
        words = 'IMAP4rev1 SASL-IR AUTH=PLAIN' + (' STARTTLS' if self.starttls else '')
        with connection, connection.makefile('rwb', buffering=0) as stream:
            stream.write(b'* OK [CAPABILITY %s] ready\r\n' % words.encode())
            for line in stream:
                tag, _, command = line.decode('latin-1').rstrip().partition(' ')
                word = command.split(' ')[0].upper()
                if word == 'CAPABILITY':
                    stream.write(b'* CAPABILITY %s\r\n' % words.encode())
                if word in ('AUTHENTICATE', 'LOGIN'):
                    self.logins.append(command)
                    self.gate.wait(buskit.GUARD)
                    text = self.answer
                elif word == 'STARTTLS':
                    text = self.starttls
                elif word == 'LOGOUT':
                    stream.write(b'* BYE bye\r\n')
                    text = 'OK bye'
                else:
                    text = 'OK done'
                stream.write(b'%s %s\r\n' % (tag.encode(), text.encode()))

    def close(self):
        self.gate.set()
        self.listener.close()


class Logins(buskit.BusTest):

    fake = False

    def setUp(self):
        self.servers = []

    def tearDown(self):
        for server in self.servers:
            server.close()

    def serve(self, *arguments, **more):
        self.servers.append(Server(*arguments, **more))
        return self.servers[-1]

    def login(self, server, user, options=None, connection=None, **service):
        """CheckServer with a password; returns the verdict, and the findings by their code."""
        fd = os.memfd_create('secret')
        os.write(fd, b'not the right one')
        given = {'username': user, 'password-fd': dbus.types.UnixFd(fd), 'allow-cleartext-login': True, 'depth': 'auth',
                 **(options or {})}
        os.close(fd)
        verdict, findings = self.manager(connection).CheckServer(
            'imap', '127.0.0.1', dbus.UInt16(server.port), service.get('security', 'none'),
            dbus.Dictionary(given, signature='sv'), timeout=buskit.GUARD)
        return str(verdict), {str(finding['code']): finding for finding in findings}

    # ---- the budget ----

    def test_no_more_than_three_refused(self):
        server = self.serve()
        for number in range(3):
            verdict, findings = self.login(server, 'three')
            self.assertIn('auth.rejected', findings)
            self.assertNotIn('policy.login-budget', findings)
        self.assertEqual(len(server.logins), 3)
        for number in range(5):
            connections = server.connections
            verdict, findings = self.login(server, 'three')
            self.assertNotIn('auth.rejected', findings)
            budget = findings['policy.login-budget']
            self.assertEqual((budget['severity'], budget['actor'], budget['params']['reason']),
                             ('warning', 'user', 'refused'))
            self.assertIn(int(budget['params']['minutes']), (29, 30))
            self.assertGreater(server.connections, connections)         # the rest of the check is made all the same
        self.assertEqual(len(server.logins), 3)
        # Another name is another account, and case does not make one.
        self.assertIn('policy.login-budget', self.login(server, 'THREE')[1])
        self.assertIn('auth.rejected', self.login(server, 'four')[1])

    def test_one_account_at_two_services(self):
        """The host counts, not the port."""
        servers = [self.serve(), self.serve()]
        for number in range(2):
            self.login(servers[0], 'two-services')
        self.login(servers[1], 'two-services')
        for server in servers:
            self.assertIn('policy.login-budget', self.login(server, 'two-services')[1])
        self.assertEqual([len(server.logins) for server in servers], [2, 1])

    def test_many_at_once(self):
        """Ten checks at the same time, none of which knows how the others end."""
        server = self.serve()
        server.gate.clear()
        answers, errors = [], []
        fd = os.memfd_create('secret')
        os.write(fd, b'not the right one')
        for number in range(10):
            self.manager().CheckServer(
                'imap', '127.0.0.1', dbus.UInt16(server.port), 'none',
                dbus.Dictionary({'username': 'ten', 'password-fd': dbus.types.UnixFd(fd), 'depth': 'auth',
                                 'allow-cleartext-login': True}, signature='sv'),
                reply_handler=lambda verdict, findings: answers.append([str(f['code']) for f in findings]),
                error_handler=errors.append, timeout=buskit.GUARD)
        os.close(fd)
        buskit.wait_for(lambda: len(server.logins) == 3, 'three logins')
        server.gate.set()
        buskit.wait_for(lambda: len(answers) + len(errors) == 10, 'ten answers')
        self.assertEqual((len(server.logins), errors), (3, []))
        self.assertEqual(sum('auth.rejected' in codes for codes in answers), 3)
        self.assertEqual(sum('policy.login-budget' in codes for codes in answers), 7)

    def test_right_passwords_wait_for_each_other(self):
        """Six services of one account: no more than three logins at once, and none is left out."""
        server = self.serve('OK logged in')
        services = [{'protocol': 'imap', 'host': '127.0.0.1', 'port': dbus.UInt16(server.port), 'security': 'none'}] * 6
        fd = os.memfd_create('secret')
        os.write(fd, b'the right one')
        server.gate.clear()
        path = str(self.manager().StartCheckSettings(
            'six@example.org', dbus.Array([dbus.Dictionary(s, signature='sv') for s in services], signature='a{sv}'),
            dbus.Dictionary({'password-fd': dbus.types.UnixFd(fd), 'allow-cleartext-login': True, 'depth': 'auth',
                             'timeout-ms': dbus.UInt32(60000)}, signature='sv')))
        os.close(fd)
        buskit.wait_for(lambda: len(server.logins) == 3, 'three logins')
        server.gate.set()
        self.assertEqual(self.wait_until_ended(path), 'done')
        self.assertEqual(len(server.logins), 6)
        result, = self.job(path).GetResult()
        self.assertEqual(result['receive'], 'ok')
        self.assertNotIn('policy.login-budget', [finding['code'] for finding in result['findings']])
        for number in range(3):
            self.assertNotIn('policy.login-budget', self.login(server, 'six@example.org')[1])

    def test_the_server_asks_to_wait(self):
        server = self.serve('NO Too many login attempts, try again in 45 minutes')
        self.assertIn('auth.rate-limited', self.login(server, 'waits')[1])
        budget = self.login(server, 'waits')[1]['policy.login-budget']
        self.assertEqual(budget['params']['reason'], 'server')
        self.assertIn(int(budget['params']['minutes']), (44, 45))
        self.assertEqual(len(server.logins), 1)

    def test_the_server_cannot_tell(self):
        server = self.serve('NO [UNAVAILABLE] the database is away')
        self.assertIn('server.auth-temporarily-down', self.login(server, 'away')[1])
        budget = self.login(server, 'away')[1]['policy.login-budget']
        self.assertIn(int(budget['params']['minutes']), (29, 30))
        self.assertEqual(len(server.logins), 1)

    def test_whoever_insists(self):
        server = self.serve()
        for number in range(3):
            self.login(server, 'insists')
        self.assertIn('policy.login-budget', self.login(server, 'insists')[1])
        self.assertIn('auth.rejected', self.login(server, 'insists', {'ignore-login-budget': True})[1])
        self.assertIn('policy.login-budget', self.login(server, 'insists', {'ignore-login-budget': False})[1])
        self.assertEqual(len(server.logins), 4)

    def test_the_next_daemon_remembers(self):
        """Killed in the middle of its work, and started again with the same directory."""
        server = self.serve()
        bus = buskit.Bus()
        state = os.path.join(bus.folder, 'state')
        try:
            for number in range(3):
                daemon = buskit.Daemon(bus, fake=False, state=state)
                connection = bus.connect()
                daemon.wait_until_ready(connection)
                self.assertIn('auth.rejected', self.login(server, 'again', connection=connection)[1])
                daemon.process.kill()
                daemon.stop()
                connection.close()
            with open(os.path.join(state, 'logins')) as file:
                text = file.read()
            self.assertNotIn('again', text)
            self.assertNotIn('127.0.0.1', text)
            daemon = buskit.Daemon(bus, fake=False, state=state)
            connection = bus.connect()
            daemon.wait_until_ready(connection)
            self.assertIn('policy.login-budget', self.login(server, 'again', connection=connection)[1])
            self.assertEqual(len(server.logins), 3)
            connection.close()
            daemon.stop()
        finally:
            bus.stop()

    def test_a_state_directory_that_cannot_be_used(self):
        """Said once; counted in memory."""
        server = self.serve()
        bus = buskit.Bus()
        try:
            daemon = buskit.Daemon(bus, fake=False, state='/dev/null/state')
            connection = bus.connect()
            daemon.wait_until_ready(connection)
            for number in range(4):
                codes = self.login(server, 'memory', connection=connection)[1]
            self.assertIn('policy.login-budget', codes)
            self.assertEqual(len(server.logins), 3)
            self.assertEqual(daemon.said().count('logins are counted only while it runs'), 1)
            connection.close()
            daemon.stop()
        finally:
            bus.stop()

    # ---- never in clear ----

    def test_no_password_in_clear(self):
        """Neither where the settings ask for TLS, nor where they ask for none and nobody allowed it by name."""
        for options, service, more in (
                ({'allow-cleartext-login': False}, {'security': 'none'}, {}),
                ({'allow-cleartext-login': True}, {'security': 'starttls'}, {}),
                ({'allow-cleartext-login': True}, {'security': 'starttls'}, {'starttls': 'BAD no'}),
                ({'allow-cleartext-login': True}, {'security': 'tls'}, {}),
                ({'allow-cleartext-login': True}, {'security': 'auto'}, {'starttls': 'NO not now'})):
            with self.subTest(service['security'], **more):
                server = self.serve('OK logged in', **more)
                self.login(server, 'clear', {**options, 'timeout-ms': dbus.UInt32(5000)}, **service)
                self.assertGreater(server.connections, 0)
                self.assertEqual(server.logins, [])

    def test_in_clear_when_it_is_allowed_by_name(self):
        server = self.serve('OK logged in')
        self.login(server, 'clear-allowed')
        self.assertEqual(len(server.logins), 1)


if __name__ == '__main__':
    buskit.main()
