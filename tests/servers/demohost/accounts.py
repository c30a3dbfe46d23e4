# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the demonstration host is: its listeners, its accounts, and what a diagnosis of each account must say.

Everything here is data.  A listener is one port with one behaviour; an account is a set of settings, right or wrong,
that a person's mail app might have for them.  Another host is another pair of such tables.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Listener:
    """One port: what it speaks, and how it differs from a server in good order."""
    name: str
    protocol: str                       # "imap", "pop3", "smtp"
    security: str                       # "tls": handshake first; "starttls": on command; "none": not offered
    host: str                           # the name that clients use for it
    certificate: tuple = ()             # names in its certificate; (): the host
    greeting: str = ""                  # instead of the engine's
    capabilities: tuple = ()            # instead of the engine's, the security and login words aside
    mechanisms: tuple = ("PLAIN", "LOGIN")
    replies: dict = field(default_factory=dict)     # command word: whole reply, instead of the engine's
    delays: dict = field(default_factory=dict)      # command word: seconds before it is answered


@dataclass(frozen=True)
class Service:
    """What the settings of an account say about one service."""
    listener: str
    security: str                       # as the mail app has it


@dataclass(frozen=True)
class Account:
    address: str
    password: str
    title: str                          # one line for the person who watches
    services: tuple
    status: int                         # the exit status that its diagnosis must have
    finds: tuple = ()                   # codes of findings that it must hold


LISTENERS = (
    Listener("imap-works", "imap", "tls", "imap.works.example"),
    Listener("pop3-works", "pop3", "tls", "pop.works.example"),
    Listener("smtp-works", "smtp", "starttls", "smtp.works.example"),

    Listener("imap-port", "imap", "tls", "imap.port.example"),
    Listener("smtp-port", "smtp", "starttls", "smtp.port.example"),

    Listener("imap-name", "imap", "tls", "mail.name.example", certificate=("server12.hosting.example",)),
    Listener("smtp-name", "smtp", "starttls", "mail.name.example", certificate=("server12.hosting.example",)),
)

ACCOUNTS = (
    Account("anna@works.example", "correct horse battery", "an account that works",
            (Service("imap-works", "tls"), Service("pop3-works", "tls"), Service("smtp-works", "starttls")),
            status=0),
    Account("ben@port.example", "staple of the day", "an account with the wrong security for the port",
            (Service("imap-port", "starttls"), Service("smtp-port", "tls")),
            status=1, finds=("port.expects-implicit-tls", "port.expects-starttls")),
    Account("carla@name.example", "third of three", "an account whose server has a certificate for another name",
            (Service("imap-name", "tls"), Service("smtp-name", "starttls")),
            status=1, finds=("cert.wrong-host",)),
)
