# SPDX-License-Identifier: LGPL-2.1-or-later
"""The mail host of the machine: Dovecot and Postfix on the usual ports, and a name server; says "ready" and serves until it is killed."""

import pathlib
import signal
import subprocess

import realhost

FOLDER = pathlib.Path(__file__).parent
USERS = {"anna@example.test": "Gr4nd\"fa\\ther-%&", "ben@example.test": "another secret"}


def main():
    realhost.loopbacks = lambda: ("127.0.0.1", "192.0.2.25")
    pair = [FOLDER / "certs" / f"good.{suffix}" for suffix in ("crt", "key")]
    dovecot = realhost.Dovecot(FOLDER / "dovecot", *pair, users=USERS)
    dovecot.ports = {"imap": 143, "imaps": 993, "pop3": 110, "pop3s": 995, "sieve": 4190}
    postfix = realhost.Postfix(FOLDER / "postfix", *pair, dovecot=dovecot)
    postfix.ports = {"smtp": 25, "submission": 587, "submissions": 465}
    subprocess.Popen(["/usr/sbin/dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--local=/#/", "--bind-interfaces",
                      "--listen-address=192.0.2.25", "--pid-file", "--host-record=mail.example.org,192.0.2.25",
                      "--host-record=silent.example.org,192.0.2.26", "--mx-host=example.org,mail.example.org",
                      "--srv-host=_imaps._tcp.example.org,mail.example.org,993",
                      "--srv-host=_submissions._tcp.example.org,mail.example.org,465"])
    with dovecot, postfix:
        print("ready", flush=True)
        signal.pause()


main()
