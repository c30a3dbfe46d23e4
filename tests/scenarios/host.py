# SPDX-License-Identifier: LGPL-2.1-or-later
"""The servers of one scenario: the engines of the demonstration host, each with the deviations that its table asks for.

Everything that a client sends is kept, what came in clear apart from what came inside TLS.
"""

import itertools
import os
import random
import re
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
from dataclasses import replace

for folder in (("..", "servers", "demohost"), ("..", "discovery")):
    sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), *folder))

from imap import Imap                                           # noqa: E402
from pop3 import Pop3                                           # noqa: E402
from session import Ended, Session                              # noqa: E402
import webhost                                                  # noqa: E402
from smtp import Smtp                                           # noqa: E402

IDLE_SECONDS = 120
DRIP_SECONDS = 0.05
VERSIONS = {"1.0": ssl.TLSVersion.TLSv1, "1.1": ssl.TLSVersion.TLSv1_1, "1.2": ssl.TLSVersion.TLSv1_2,
            "1.3": ssl.TLSVersion.TLSv1_3}


class Tap:
    """A socket that keeps what it receives."""

    def __init__(self, sock, kept):
        self.sock = sock
        self.kept = kept

    def recv(self, size):
        data = self.sock.recv(size)
        self.kept.append(data)
        return data

    def __getattr__(self, name):
        return getattr(self.sock, name)


class Received:
    """What came on one connection, and how much the other side took of what was sent."""

    def __init__(self, server):
        self.server = server
        self.clear = []
        self.tls = []
        self.taken = 0

    def note_taken(self, sock):
        """struct tcp_info of linux/tcp.h: tcpi_bytes_acked."""
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 256)
        self.taken = struct.unpack_from("Q", info, 120)[0]


class PlayedSession(Session):
    """A session that asks the table of its server before the engine answers."""

    def __init__(self, connection, server, context, passwords, host):
        super().__init__(connection, server, context, passwords)
        self.received = Received(server)
        self.host = host
        self.in_clear = replace(server, security="none" if server.starttls_hidden else server.security,
                                mechanisms=server.mechanisms if server.mechanisms_in_clear is None
                                else server.mechanisms_in_clear)
        self.socket = Tap(connection, self.received.clear)
        self.command = ""
        self.is_reset = False
        host.received.append(self.received)

    def start_tls(self):
        plain, kept = self.socket.sock, self._buffer
        if self.listener.intolerant and self.offers_newest(plain):
            raise Ended()
        try:
            self.socket = plain
            super().start_tls()
        finally:
            self.socket = Tap(self.socket, self.received.tls if self.secure else self.received.clear)
        if self.listener.takes_injected:
            self._buffer = kept

    @staticmethod
    def offers_newest(sock):
        """Whether the hello that waits has TLS 1.3 among its versions (RFC 8446 section 4.2.1)."""
        hello = sock.recv(4096, socket.MSG_PEEK)
        at = hello.find(b"\x00\x2b")
        while at >= 0 and not (len(hello) > at + 4 and hello[at + 4] == hello[at + 3] - 1 and hello[at + 4] % 2 == 0):
            at = hello.find(b"\x00\x2b", at + 1)
        return at >= 0 and b"\x03\x04" in hello[at + 5:at + 5 + hello[at + 4]]

    def line(self):
        self.command = super().line()
        return self.command

    def may_login(self):
        return super().may_login() or self.listener.login_in_clear

    def rule(self, text):
        state = "tls" if self.secure else "clear"
        for rule in self.listener.reply:
            if rule.when in ("any", state) and re.match(rule.to, text, re.IGNORECASE) and self.host.may_use(rule):
                return rule
        return None

    def answer(self, word, tag=""):
        """As the table says: whether that was the whole answer."""
        text = word if word.startswith("@") else self.command.removeprefix(tag + " ")
        rule = self.rule(text)
        if not rule:
            return False
        if word == "@login" and rule.say is not None:
            self.user = None
        self.play(rule, tag)
        return rule.say is not None

    def play(self, rule, tag=""):
        time.sleep(rule.delay)
        if rule.challenge is not None:
            self.send(rule.challenge)
            super().line()
        if rule.say is not None and rule.say != "":
            self.send(*rule.say.rstrip("\n").replace("TAG", tag).split("\n"))
        if rule.then == "silence":
            self.swallow()
        if rule.then == "flood":
            self.flood((rule.say or "x") + "\r\n")
        if rule.then == "reset":
            self.reset()
        if rule.then == "close":
            raise Ended()
        if rule.then == "tls":
            self.start_tls()

    def reset(self):
        self.is_reset = True
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raise Ended()

    def flood(self, text):
        """The same for ever, as fast as it is taken."""
        data = (text * (1 + 16384 // len(text))).encode()
        try:
            while True:
                self.socket.sendall(data)
        except OSError as error:
            raise Ended() from error

    def flood_of_lines(self):
        self.flood(self.listener.greeting.rstrip("\n") + "\r\n")

    def flood_of_bytes(self):
        self.flood("x")

    def drip(self):
        """One byte after the other, slowly, for ever."""
        try:
            while True:
                self.socket.sendall(b"*")
                time.sleep(DRIP_SECONDS)
        except OSError as error:
            raise Ended() from error

    def babble(self):
        self.socket.sendall(random.Random(1).randbytes(65536))
        self.swallow()

    def swallow(self):
        """Reads on and never answers."""
        try:
            while self.socket.recv(4096):
                pass
        except OSError:
            pass
        raise Ended()


class Text:
    """Says what the table says, and nothing else."""

    def __init__(self, session):
        self.session = session

    def run(self):
        if self.session.listener.greeting:
            self.session.send(*self.session.listener.greeting.rstrip("\n").split("\n"))
        while True:
            line = self.session.line()
            tag, _, rest = line.partition(" ")
            rule = self.session.rule(line)
            tagged = None if rule else self.session.rule(rest)
            if rule or tagged:
                self.session.play(rule or tagged, tag if tagged else "")


def close(session):
    time.sleep(session.listener.greeting_delay)
    raise Ended()


def played(engine):
    """The engine with what the table changes in its words."""

    class Played(engine):
        @property
        def listener(self):
            """The server as it is before TLS differs in what it offers."""
            return self.session.listener if self.session.secure else self.session.in_clear

        @listener.setter
        def listener(self, _):
            pass

        def run(self):
            time.sleep(self.listener.greeting_delay)
            super().run()

    return Played


class PlayedImap(played(Imap)):
    def do_getquotaroot(self, rest):
        if not self.listener.quota:
            super().do_getquotaroot(rest)
        elif not self.needs_login():
            self.ok('* QUOTAROOT INBOX ""', '* QUOTA "" (STORAGE {} {})'.format(*self.listener.quota))


ENGINES = {"imap": lambda session: PlayedImap(session).run(), "pop3": lambda session: played(Pop3)(session).run(),
           "smtp": lambda session: played(Smtp)(session).run(), "text": lambda session: Text(session).run(),
           "silent": PlayedSession.swallow, "close": close, "reset": PlayedSession.reset,
           "deaf": None, "flood": PlayedSession.flood_of_bytes, "flood-lines": PlayedSession.flood_of_lines,
           "drip": PlayedSession.drip, "babble": PlayedSession.babble}


def answer_of(page):
    """What the web server does for a page."""
    if page.does != "answer":
        return getattr(webhost, page.does.replace("-", "_"))
    if page.location:
        return webhost.redirect(page.location, page.status if page.status != 200 else 302)
    return webhost.document(page.body, page.type, page.status)


class Host:
    def __init__(self, scenario, directory):
        self.scenario = scenario
        self.directory = directory
        self.received = []
        self.ca_file = os.path.join(directory, "ca.pem")
        users = scenario.client.users or (scenario.address,)
        self.passwords = {user: scenario.client.password for user in users}
        self.web = webhost.WebHost({(page.host, page.path): answer_of(page) for page in scenario.page})
        self._used = {}
        self._lock = threading.Lock()
        self._listeners = []
        self._phase = "now"

    def may_use(self, rule):
        with self._lock:
            self._used[id(rule)] = self._used.get(id(rule), 0) + 1
            return not rule.times or self._used[id(rule)] <= rule.times

    def start(self):
        """For now, or where the scenario has something that came earlier, for that."""
        self._make_certificates()
        contexts = [itertools.cycle(self._contexts(number, server)) for number, server in enumerate(self.scenario.server)]
        self._servers = list(zip(self.scenario.server, contexts))
        self._phase = "before" if self.scenario.client.before else "now"
        self._listen(("always", self._phase))
        for address in sorted({page.address for page in self.scenario.page}):
            self.web.listen(address, os.path.join(self.directory, f"web-{address}"))

    def go_on(self):
        """From what came earlier to now."""
        for listener, server in self._listeners:
            if server.during == "before":
                listener.shutdown(socket.SHUT_RDWR)
                listener.close()
        self._listen(("now",))

    def begin(self):
        """Another call comes: what was received is forgotten, and how often a reply was given."""
        self.received.clear()
        self.web.requests.clear()
        self._used.clear()

    def _listen(self, phases):
        for server, contexts in self._servers:
            if server.during not in phases:
                continue
            family = socket.AF_INET6 if ":" in server.address else socket.AF_INET
            listener = socket.create_server((server.address, server.port), family=family, backlog=64)
            self._listeners.append((listener, server))
            if server.protocol != "deaf":
                threading.Thread(target=self._accept, args=(listener, server, contexts), daemon=True).start()

    def _make_certificates(self):
        orders = []
        for address in sorted({page.address for page in self.scenario.page}):
            pages = [page for page in self.scenario.page if page.address == address]
            names = {name for page in pages for name in page.names or (page.host,)}
            orders.append(f"web-{address}={pages[0].certificate}:{','.join(sorted(names))}")
        for number, server in enumerate(self.scenario.server):
            orders.append(f"{number}={server.certificate}:{','.join(server.names or (server.host,))}")
            if server.then_certificate:
                orders.append(f"{number}-then={server.then_certificate}:{','.join(server.names or (server.host,))}")
            if server.default_certificate:
                orders.append(f"{number}-default=good:{server.default_certificate}")
        subprocess.run([os.environ["MAILDIAG_MAKE_CERTS"], self.directory, *orders], check=True)

    def _contexts(self, number, server):
        """Those that connections have in turn."""
        if server.security == "none":
            return [None]
        return [self._context(number, server)] + ([self._context_for(server, f"{number}-then")] if server.then_certificate else [])

    def _context(self, number, server):
        context = self._context_for(server, str(number))
        if server.default_certificate:
            default = self._context_for(server, f"{number}-default")
            default.sni_callback = lambda sock, name, _: setattr(sock, "context", context) if name else None
            return default
        return context

    def _context_for(self, server, stem):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*(os.path.join(self.directory, stem + suffix) for suffix in (".crt", ".key")))
        if server.tls:
            context.set_ciphers("ALL:@SECLEVEL=0")
            context.minimum_version = min(VERSIONS[version] for version in server.tls)
            context.maximum_version = max(VERSIONS[version] for version in server.tls)
        return context

    def _accept(self, listener, server, contexts):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:             # its time is over
                return
            connection.settimeout(IDLE_SECONDS)
            threading.Thread(target=self._serve, args=(connection, server, next(contexts)), daemon=True).start()

    def _serve(self, connection, server, context):
        session = PlayedSession(connection, server, context, self.passwords, self)
        try:
            if server.security == "tls":
                session.start_tls()
            ENGINES[server.protocol](session)
        except Ended:
            pass
        except Exception as error:      # a fault of the host, not of the client: it must not pass for a silent server
            print(f"host: {server.protocol} {server.address} {server.port}: {error!r}", file=sys.stderr)
            os._exit(70)
        finally:
            self._close(session)

    @staticmethod
    def _close(session):
        """In order: what was sent arrives, also when the client's last words were never read."""
        try:
            session.received.note_taken(session.socket)
            if session.secure:
                session.socket = session.socket.sock.unwrap()
            if not session.is_reset:
                session.socket.shutdown(socket.SHUT_WR)
                session.socket.settimeout(1)
                while session.socket.recv(4096):
                    pass
        except (OSError, ValueError):
            pass
        session.socket.close()
