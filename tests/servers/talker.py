# SPDX-License-Identifier: LGPL-2.1-or-later
"""An IMAP server that real ones are not: it keeps the password that it is sent, and gives it back or falls silent."""

import base64
import contextlib
import socket
import ssl
import threading

GREETING = b"* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] ready\r\n"


class Talker:
    """Connections with TLS.  `answer` makes the refusal of a login from the password; None: there is none."""

    def __init__(self, pair, address, answer=None):
        self.answer = answer
        self.password = None
        self.asked = threading.Event()
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*pair)
        self.listener = socket.create_server((address, 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)        # ends a wait for a client
        self.thread.join()
        self.listener.close()

    def serve(self):
        with contextlib.suppress(OSError):              # the end of the listener
            while True:
                threading.Thread(target=self.take, args=[self.listener.accept()[0]], daemon=True).start()

    def take(self, plain):
        with contextlib.suppress(OSError), self.context.wrap_socket(plain, server_side=True) as client, \
                client.makefile("rwb") as stream:
            self.talk(stream)

    def talk(self, stream):
        stream.write(GREETING)
        stream.flush()
        for line in stream:
            tag, command, *words = line.split()
            if command == b"AUTHENTICATE":
                self.password = base64.b64decode(words[-1]).split(b"\0")[-1].decode()
                self.asked.set()
                if not self.answer:
                    stream.read()               # until the client gives up
                    break
                stream.write(tag + b" NO [AUTHENTICATIONFAILED] " + self.answer(self.password) + b"\r\n")
            else:
                stream.write(tag + b" OK done\r\n")
            stream.flush()
