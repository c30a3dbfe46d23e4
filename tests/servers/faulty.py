# SPDX-License-Identifier: LGPL-2.1-or-later
"""Dovecot and Postfix with everything that can be wrong, for tests of what is found then.

In a network of its own the servers have the ports that mail apps know, so that a proposal can be one of them.
"""

import contextlib
import ssl

import diagnosis
from diagnosis import ADDRESS, PASSWORD, Service
from realhost import Dovecot, Postfix

STANDARD = {"imap": 143, "imaps": 993, "pop3": 110, "pop3s": 995, "smtp": 25, "submission": 587, "submissions": 465}
MESSAGE = b"Subject: First\r\n\r\nHello.\r\n"
OLDER_PASSWORD = "an older password"
ELSEWHERE = "anna@elsewhere.example"

# What most servers on the way to TLS offer: the password itself, but only there.
PLAIN = "auth_mechanisms = plain login\npop3_lock_session = yes\n"

# Services of one Postfix, by the fault that they have.
FAULTS = {
    "helo": ("smtpd_helo_restrictions = check_helo_access static:reject",),
    "blocked": ("smtpd_client_restrictions = check_client_access static:{554 5.7.1 Service unavailable; "
                "Client host [127.0.0.1] blocked using bl.example}",),
    "blocked-at-once": ("smtpd_delay_reject = no", "smtpd_client_restrictions = check_client_access static:reject"),
    "not-owned": ("smtpd_sender_login_maps = static:somebody.else",
                  "smtpd_sender_restrictions = reject_sender_login_mismatch"),
    "strict": ("smtpd_recipient_restrictions = permit_sasl_authenticated, reject",),
    "strict-client": ("smtpd_client_restrictions = permit_sasl_authenticated, reject",),
    "no-auth": ("smtpd_sasl_auth_enable = no",),
    "no-key": ("smtpd_tls_key_file = /nonexistent",),
    "no-tls": ("smtpd_tls_security_level = none",),
    "full": ("smtpd_recipient_restrictions = check_recipient_access static:{552 5.2.2 Mailbox is full}",),
    "later": ("smtpd_recipient_restrictions = check_recipient_access static:{450 4.2.0 Greylisted, come again}",),
    "old-tls": ("smtpd_tls_protocols = <=TLSv1.1", "smtpd_tls_mandatory_protocols = <=TLSv1.1",
                "tls_medium_cipherlist = ALL:@SECLEVEL=0"),
}


class Faults(diagnosis.RealTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = {ADDRESS: PASSWORD, "ben": PASSWORD, "shut@example.test": PASSWORD}
        fields = {"shut@example.test": "nologin=yes"}
        cls.dovecot = cls.dovecot_with("dovecot", PLAIN, users, fields)
        cls.other = cls.dovecot_with("other", PLAIN, {ADDRESS: OLDER_PASSWORD})
        cls.broken = cls.dovecot_with("broken", PLAIN + cls.failing_passdb(), {})
        cls.postfix = Postfix(cls.folder.path / "postfix", *cls.folder.pair("good"), cls.dovecot, services={
            **FAULTS, "other": (f"smtpd_sasl_path = {cls.other.folder}/auth",),
            "auth-gone": (f"smtpd_sasl_path = {cls.folder.path}/gone/auth",)})
        if cls.own_network:
            for server in (cls.dovecot, cls.postfix):
                server.ports.update({name: port for name, port in STANDARD.items() if name in server.ports})
        for server in (cls.dovecot, cls.other, cls.broken, cls.postfix):
            cls.start(server)
        cls.dovecot.put_message(ADDRESS, MESSAGE)

    @classmethod
    def dovecot_with(cls, name, settings, users, fields=None):
        return Dovecot(cls.folder.path / name, *cls.folder.pair("good"), users, settings, fields)

    @classmethod
    def failing_passdb(cls):
        """Passwords are checked by a program that cannot do it now."""
        program = cls.folder.path / "checkpassword"
        program.write_text("#!/bin/sh\nexit 111\n", encoding="ascii")
        program.chmod(0o755)
        return f"passdb {{\n  driver = checkpassword\n  args = {program}\n}}\n"

    @contextlib.contextmanager
    def running(self, name, settings="", users=None):
        """A Dovecot for one test."""
        with self.dovecot_with(name, PLAIN + settings, users or {ADDRESS: PASSWORD}) as server:
            yield server

    def imap(self, listener, security, server=None):
        return Service("imap", (server or self.dovecot).ports[listener], security)

    def pop3(self, listener, security, server=None):
        return Service("pop3", (server or self.dovecot).ports[listener], security)

    def smtp(self, service, security="starttls"):
        return Service("smtp", self.postfix.ports[service], security)

    def context(self):
        """For a client that is not the one that is tested."""
        return ssl.create_default_context(cafile=self.folder.ca_file)

    def port(self, name):
        """A port that is proposed: the one that is known for it, if that is where it is."""
        return {**self.dovecot.ports, **self.postfix.ports}[name]
