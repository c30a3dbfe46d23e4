# SPDX-License-Identifier: LGPL-2.1-or-later
"""The host: one listening socket and thread per listener, one thread per connection, all on loopback."""

import os
import socket
import ssl
import sys
import tempfile
import threading

from authority import Authority
from imap import Imap
from pop3 import Pop3
from session import Ended, Session
from smtp import Smtp

ENGINES = {"imap": Imap, "pop3": Pop3, "smtp": Smtp}
ADDRESS = "127.0.0.1"
IDLE_SECONDS = 60


class Host:
    """Serves between start() and stop(); also a context manager."""

    def __init__(self, listeners, accounts):
        self.listeners = {listener.name: listener for listener in listeners}
        self.passwords = {account.address: account.password for account in accounts}
        self.ports = {}
        self._sockets = []
        self._threads = []
        self._directory = tempfile.TemporaryDirectory(prefix="maildiag-demo-")
        self._authority = Authority(self._directory.name)
        self.ca_file = self._authority.ca_file

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        for listener in self.listeners.values():
            server = socket.create_server((ADDRESS, 0))
            self._sockets.append(server)
            self.ports[listener.name] = server.getsockname()[1]
            thread = threading.Thread(target=self._accept, args=(server, listener, self._context(listener)),
                                      daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self):
        """Woken and joined before the sockets close: a thread still in accept() would go on with whatever socket gets
        the number of its descriptor next."""
        for server in self._sockets:
            server.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for server in self._sockets:
            server.close()
        self._directory.cleanup()

    def write_secret(self, account):
        """A file of its own for the password of an account, gone with the host."""
        path = os.path.join(self._directory.name, account.address)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            file.write(account.password + "\n")
        return path

    def _context(self, listener):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self._authority.certificate(listener.certificate or (listener.host,)))
        return context

    def _accept(self, server, listener, context):
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            connection.settimeout(IDLE_SECONDS)
            threading.Thread(target=self._serve, args=(connection, listener, context), daemon=True).start()

    def _serve(self, connection, listener, context):
        session = Session(connection, listener, context, self.passwords)
        try:
            if listener.security == "tls":
                session.start_tls()
            ENGINES[listener.protocol](session).run()
        except Ended:
            pass
        except Exception as error:      # a fault of the engine, not of the peer: say so, serve on
            print(f"demohost: {listener.name}: {error!r}", file=sys.stderr)
        finally:
            self._close(session)

    @staticmethod
    def _close(session):
        try:
            if session.secure:
                session.socket = session.socket.unwrap()
        except (OSError, ValueError):
            pass
        session.socket.close()
