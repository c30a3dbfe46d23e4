# SPDX-License-Identifier: LGPL-2.1-or-later
"""The mail host that is asked: Dovecot and Postfix on the ports that mail apps know, near on one address of loopback and far on
another, in a network that only this process and its children see."""

import collections
import ctypes
import fcntl
import os
import pathlib
import socket
import struct
import subprocess
import sys

import realhost

NEAR, FAR = "127.0.0.1", "127.0.0.3"
NAME = "mail.example.org"
USER, PASSWORD = "you@example.test", "correct horse battery"

Endpoint = collections.namedtuple("Endpoint", "protocol port security")
ENDPOINTS = [Endpoint("imap", 143, "starttls"), Endpoint("imap", 993, "tls"), Endpoint("pop3", 110, "starttls"),
             Endpoint("pop3", 995, "tls"), Endpoint("smtp", 587, "starttls"), Endpoint("smtp", 465, "tls")]
RELAY = Endpoint("smtp", 25, "starttls")        # between servers: no login

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, IFF_UP, IFF_RUNNING = 0x8914, 0x1, 0x40


def enter_network():
    """A network of our own, in which every port is free."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network of its own for the benchmark")
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP | IFF_RUNNING))


class MailHost:
    """Certificates, servers, the proxy that makes them far."""

    def __init__(self, folder, certificate, round_trip):
        self.folder, self.round_trip = pathlib.Path(folder), round_trip
        self.ca = self.folder / "certs" / "ca.pem"
        self.secret = self.folder / "secret"
        self.proxy = None
        pair = [self.folder / "certs" / f"{certificate}.{suffix}" for suffix in ("crt", "key")]
        self.dovecot = realhost.Dovecot(self.folder / "dovecot", *pair, users={USER: PASSWORD})
        # Transactions without a message use up what a queue manager gives out, and would be slowed down.
        self.postfix = realhost.Postfix(self.folder / "postfix", *pair, dovecot=self.dovecot, settings="in_flow_delay = 0")
        self.dovecot.ports = {"imap": 143, "imaps": 993, "pop3": 110, "pop3s": 995, "sieve": 4190}
        self.postfix.ports = {"smtp": 25, "submission": 587, "submissions": 465}

    def start_proxy(self):
        pairs = [f"{FAR}:{endpoint.port}:{endpoint.port}" for endpoint in ENDPOINTS + [RELAY]]
        delay = pathlib.Path(__file__).with_name("delay.py")
        self.proxy = subprocess.Popen([sys.executable, str(delay), str(self.round_trip)] + pairs, stdout=subprocess.PIPE)
        if self.proxy.stdout.readline() != b"ready\n":
            raise RuntimeError("the delaying proxy did not start")

    def __enter__(self):
        (self.folder / "certs").mkdir()
        (self.folder / "state").mkdir(mode=0o700)
        os.environ["XDG_STATE_HOME"] = str(self.folder / "state")       # where maildiag counts its logins
        subprocess.run([os.environ["MAKE_CERTS"], str(self.ca.parent)], check=True)
        self.secret.write_text(PASSWORD + "\n")
        self.dovecot.start()
        self.postfix.start()
        self.start_proxy()
        return self

    def __exit__(self, *_):
        if self.proxy:
            self.proxy.kill()
            self.proxy.wait()
        self.postfix.stop()
        self.dovecot.stop()
