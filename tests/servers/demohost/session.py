# SPDX-License-Identifier: LGPL-2.1-or-later
"""One connection: lines in, lines out, TLS when it is asked for, and who logged in."""

import base64
import binascii
import ssl
import time

LINE_MAX = 8192


class Ended(Exception):
    """The peer left, or was sent away."""


class Session:
    def __init__(self, socket, listener, context, passwords):
        self.socket = socket
        self.listener = listener
        self.context = context
        self.passwords = passwords      # user name: password
        self.secure = False
        self.user = None
        self._buffer = b""

    def start_tls(self):
        """The handshake.  What came in clear before it is dropped: it must not count as sent over TLS."""
        self._buffer = b""
        try:
            self.socket = self.context.wrap_socket(self.socket, server_side=True)
        except (OSError, ssl.SSLError) as error:
            raise Ended() from error
        self.secure = True

    def line(self):
        while b"\n" not in self._buffer:
            if len(self._buffer) > LINE_MAX:
                raise Ended()
            try:
                data = self.socket.recv(4096)
            except OSError as error:
                raise Ended() from error
            if not data:
                raise Ended()
            self._buffer += data
        line, self._buffer = self._buffer.split(b"\n", 1)
        return line.rstrip(b"\r").decode("utf-8", "replace")

    def answer(self, word, tag=""):
        """What the listener does with a command word, or with a login once its secret has come ("@login"), before the
        engine: whether that was the whole answer."""
        time.sleep(self.listener.delays.get(word, 0))
        reply = self.listener.replies.get(word)
        if reply is not None:
            if word == "@login":
                self.user = None
            self.send(*reply.replace("TAG", tag).split("\n"))
        return reply is not None

    def send(self, *lines):
        try:
            self.socket.sendall("".join(line + "\r\n" for line in lines).encode())
        except OSError as error:
            raise Ended() from error

    def may_login(self):
        """Whether a password may come now: over TLS, or where there is none to be had."""
        return self.secure or self.listener.security == "none"

    def check(self, user, password):
        if self.passwords.get(user) != password:
            return False
        self.user = user
        return True

    def sasl(self, mechanism, initial, challenge):
        """PLAIN (RFC 4616) or LOGIN; `challenge` sends one.  Whether the login succeeded."""
        if mechanism == "PLAIN":
            words = self._decode(initial or challenge("")).split("\0")
            return len(words) == 3 and self.check(words[1], words[2])
        user = self._decode(initial or challenge("Username:"))
        return self.check(user, self._decode(challenge("Password:")))

    @staticmethod
    def _decode(text):
        try:
            return base64.b64decode(text, validate=True).decode("utf-8", "replace")
        except (binascii.Error, ValueError):
            return ""

    @staticmethod
    def encode(text):
        return base64.b64encode(text.encode()).decode()
