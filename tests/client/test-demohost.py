# SPDX-License-Identifier: LGPL-2.1-or-later
"""The demonstration host, asked by the mail libraries of Python: others must be able to believe it."""

import imaplib
import os
import poplib
import smtplib
import ssl
import sys
import unittest

from client import SOURCE

sys.path.insert(0, os.path.join(SOURCE, "tests", "servers", "demohost"))

from accounts import ACCOUNTS, LISTENERS, Account, Listener     # noqa: E402
from host import Host                                           # noqa: E402

MORE_LISTENERS = (
    Listener("imap-starttls", "imap", "starttls", "imap.works.example"),
    Listener("pop3-starttls", "pop3", "starttls", "pop.works.example"),
    Listener("smtp-tls", "smtp", "tls", "smtp.works.example"),
    Listener("imap-none", "imap", "none", "imap.works.example"),
    Listener("smtp-full", "smtp", "tls", "smtp.works.example", replies={"MAIL": "452 4.3.1 no room"}),
    Listener("imap-refuses", "imap", "tls", "imap.works.example", replies={"EXAMINE": "TAG NO [UNAVAILABLE] later"}),
)
ANNA = ACCOUNTS[0]


class DemoHost(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(LISTENERS + MORE_LISTENERS, ACCOUNTS)
        cls.host.start()
        cls.context = ssl.create_default_context(cafile=cls.host.ca_file)

    @classmethod
    def tearDownClass(cls):
        cls.host.stop()

    def port(self, name):
        return self.host.ports[name]

    def imap(self, name="imap-works"):
        """With certificate and name verified: the context is given the name, the socket the address."""
        class Named(imaplib.IMAP4_SSL):
            def _create_socket(inner, timeout):
                plain = imaplib.IMAP4._create_socket(inner, timeout)
                return self.context.wrap_socket(plain, server_hostname=self.host.listeners[name].host)
        connection = Named("127.0.0.1", self.port(name))
        self.addCleanup(connection.sock.close)
        return connection

    def test_imap(self):
        imap = self.imap()
        self.assertEqual(imap.login(ANNA.address, ANNA.password)[0], "OK")
        self.assertEqual(imap.select("INBOX", readonly=True), ("OK", [b"2"]))
        self.assertEqual(len(imap.list()[1]), 5)
        self.assertEqual(imap.namespace()[0], "OK")
        self.assertEqual(imap.getquotaroot("INBOX")[0], "OK")
        self.assertEqual(imap.logout()[0], "BYE")

    def test_imap_authenticate(self):
        imap = self.imap()
        answer = f"\0{ANNA.address}\0{ANNA.password}".encode()
        self.assertEqual(imap.authenticate("PLAIN", lambda _: answer)[0], "OK")

    def test_imap_wrong_password(self):
        imap = self.imap()
        with self.assertRaisesRegex(imaplib.IMAP4.error, "AUTHENTICATIONFAILED"):
            imap.login(ANNA.address, "wrong")

    def test_imap_needs_tls_first(self):
        imap = imaplib.IMAP4("127.0.0.1", self.port("imap-starttls"))
        self.addCleanup(imap.sock.close)
        self.assertIn("LOGINDISABLED", imap.capabilities)
        with self.assertRaisesRegex(imaplib.IMAP4.error, "PRIVACYREQUIRED"):
            imap.login(ANNA.address, ANNA.password)
        self.assertEqual(imap.starttls(ssl._create_unverified_context())[0], "OK")
        self.assertEqual(imap.login(ANNA.address, ANNA.password)[0], "OK")

    def test_imap_in_clear_and_literals(self):
        imap = imaplib.IMAP4("127.0.0.1", self.port("imap-none"))
        self.addCleanup(imap.sock.close)
        self.assertNotIn("STARTTLS", imap.capabilities)
        imap.send(b"a1 LOGIN {%d}\r\n" % len(ANNA.address))
        self.assertTrue(imap.readline().startswith(b"+ "))
        imap.send(ANNA.address.encode() + b" {%d+}\r\n" % len(ANNA.password) + ANNA.password.encode() + b"\r\n")
        self.assertTrue(imap.readline().startswith(b"a1 OK"))

    def test_pop3(self):
        pop = poplib.POP3("127.0.0.1", self.port("pop3-starttls"))
        self.addCleanup(pop.close)
        self.assertIn("STLS", pop.capa())
        pop.stls(ssl._create_unverified_context())
        pop.user(ANNA.address)
        pop.pass_(ANNA.password)
        self.assertEqual(pop.stat()[0], 2)
        self.assertEqual(pop.uidl()[1], pop.uidl()[1])
        self.assertEqual(pop.uidl(1), b"+OK 1 first-0001")
        self.assertEqual(pop.list(2)[:6], b"+OK 2 ")
        self.assertEqual(pop.top(1, 0)[1][0], b"Subject: First")
        pop.quit()

    def test_pop3_wrong_password(self):
        pop = poplib.POP3_SSL("127.0.0.1", self.port("pop3-works"), context=ssl._create_unverified_context())
        self.addCleanup(pop.close)
        pop.user(ANNA.address)
        with self.assertRaisesRegex(poplib.error_proto, "AUTH"):
            pop.pass_("wrong")

    def smtp(self, name):
        context = ssl._create_unverified_context()
        if self.host.listeners[name].security == "tls":
            smtp = smtplib.SMTP_SSL("127.0.0.1", self.port(name), context=context)
        else:
            smtp = smtplib.SMTP("127.0.0.1", self.port(name))
            smtp.starttls(context=context)
        self.addCleanup(smtp.close)
        return smtp

    def test_smtp(self):
        for name in ("smtp-works", "smtp-tls"):
            smtp = self.smtp(name)
            self.assertEqual(smtp.mail(ANNA.address)[0], 530)
            smtp.login(ANNA.address, ANNA.password)
            self.assertEqual(smtp.mail(ANNA.address)[0], 250)
            self.assertEqual(smtp.rcpt(ANNA.address)[0], 250)
            self.assertEqual(smtp.rset()[0], 250)
            self.assertEqual(smtp.rcpt(ANNA.address)[0], 503)
            self.assertEqual(smtp.docmd("DATA")[0], 550)
            smtp.quit()

    def test_smtp_wrong_password(self):
        with self.assertRaises(smtplib.SMTPAuthenticationError):
            self.smtp("smtp-works").login(ANNA.address, "wrong")

    def test_replies_of_a_listener(self):
        smtp = self.smtp("smtp-full")
        self.assertEqual(smtp.mail(ANNA.address), (452, b"4.3.1 no room"))
        imap = self.imap("imap-refuses")
        imap.login(ANNA.address, ANNA.password)
        self.assertEqual(imap.select("INBOX", readonly=True)[0], "NO")

    def test_certificate_for_another_name(self):
        with self.assertRaisesRegex(ssl.SSLCertVerificationError, "mail.name.example"):
            self.imap("imap-name")

    def test_accounts_are_what_they_say(self):
        self.assertEqual([account.status for account in ACCOUNTS], [0, 1, 1])
        for account in ACCOUNTS:
            right = all(self.host.listeners[service.listener].security == service.security
                        and not self.host.listeners[service.listener].certificate for service in account.services)
            self.assertEqual(right, account.status == 0, account.address)
            self.assertIsInstance(account, Account)


if __name__ == "__main__":
    unittest.main()
