# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is wrong at the server, or between it and this computer: no setting of the app is to blame."""

import imaplib
import poplib
import ssl
import unittest

import diagnosis
import faulty
from diagnosis import ADDRESS, PASSWORD
from faulty import MESSAGE

SMALL_QUOTA = "plugin {\n  quota_rule = *:storage=100K\n}\n"


class Servers(faulty.Faults):
    def assert_sending_fails(self, service, *codes, login="ok"):
        report = self.check(self.smtp(service))
        self.assert_broken(report, *codes)
        self.assertEqual((report.ability("send"), report.service("smtp")["login"]), ("broken", login), report)
        return report

    def test_introduction_refused(self):
        self.assert_sending_fails("helo", "smtp.helo-rejected")

    def test_address_on_a_block_list(self):
        report = self.assert_sending_fails("blocked", "smtp.client-blocked")
        self.assertIn("bl.example", report.finding("smtp.client-blocked")["evidence"])

    def test_client_refused_at_once(self):
        report = self.assert_sending_fails("blocked-at-once", "smtp.use-submission-port", login="not-tried")
        if self.own_network:
            self.assert_proposes(report, "smtp.use-submission-port", "login", port=587)

    def test_no_login_at_the_server(self):
        self.assert_sending_fails("no-auth", "auth.not-offered", login="not-tried")

    def test_key_is_missing(self):
        self.assert_sending_fails("no-key", "tls.starttls-refused", login="not-tried")

    def test_no_starttls(self):
        self.assert_sending_fails("no-tls", "tls.starttls-missing", login="not-tried")

    def test_mailbox_full_for_sending(self):
        self.assert_sending_fails("full", "mailbox.full")

    def test_greylisting(self):
        report = self.check(self.smtp("later"))
        self.assertEqual((report.status, report.codes), (0, ["smtp.temporarily-refused"]), report)

    @unittest.skipUnless(ssl.HAS_TLSv1_1, "the OpenSSL of this machine has no TLS 1.1")
    def test_old_tls(self):
        self.assert_sending_fails("old-tls", "tls.version-too-old", login="not-tried")

    def test_authentication_gone(self):
        """Postfix keeps its connection to the authentication service, until that goes."""
        with self.running("gone"):
            self.assert_works(self.check(self.smtp("auth-gone")))
        self.assert_sending_fails("auth-gone", "server.auth-temporarily-down", login="refused")

    def test_authentication_down(self):
        for service in (self.imap("imaps", "tls", self.broken), self.pop3("pop3s", "tls", self.broken)):
            with self.subTest(service.protocol):
                report = self.check(service)
                self.assert_broken(report, "server.auth-temporarily-down")

    def test_account_shut(self):
        for service in (self.imap("imaps", "tls"), self.pop3("pop3s", "tls")):
            with self.subTest(service.protocol):
                report = self.check(service, address="shut@example.test")
                self.assert_broken(report, "auth.account-disabled")

    def test_too_many_sessions(self):
        with self.running("few", "mail_max_userip_connections = 1\n") as server:
            session = imaplib.IMAP4_SSL("127.0.0.1", server.ports["imaps"], ssl_context=self.context())
            session.login(ADDRESS, PASSWORD)
            report = self.check(self.imap("imaps", "tls", server))
            session.logout()
        self.assert_broken(report, "server.too-many-connections")

    def test_mailbox_locked_by_another_session(self):
        session = poplib.POP3_SSL("127.0.0.1", self.dovecot.ports["pop3s"], context=self.context())
        session.user(ADDRESS)
        session.pass_(PASSWORD)
        report = self.check(self.pop3("pop3s", "tls"), more=("--timeout", "60"))        # the server waits a while
        session.quit()
        self.assertEqual((report.status, report.codes), (2, ["mailbox.in-use"]), report)        # it will pass
        self.assertEqual(report.ability("receive"), "unknown", report)

    def test_mailbox_full(self):
        for kilobytes, status, code in ((100, 1, "mailbox.full"), (97, 0, "mailbox.nearly-full"), (50, 0, None)):
            with self.subTest(kilobytes), self.running(f"quota-{kilobytes}", SMALL_QUOTA) as server:
                server.put_message(ADDRESS, MESSAGE + b"x" * 1024 * kilobytes)
                report = self.check(self.imap("imaps", "tls", server))
                self.assertEqual((report.status, report.codes), (status, [code] if code else []), report)

    def test_login_in_clear(self):
        with self.running("clear", "disable_plaintext_auth = no\nssl = no\n") as server:
            report = self.check(self.imap("imap", "none", server), more=("--allow-cleartext-login",))
            self.assertEqual((report.status, report.codes), (0, ["security.cleartext"]), report)
            self.assertEqual(report.service("imap")["login"], "ok", report)
            report = self.check(self.imap("imap", "none", server))
            self.assertEqual(report.service("imap")["login"], "not-tried", report)
            report = self.check(self.imap("imap", "starttls", server))
            self.assert_broken(report, "tls.starttls-missing")


if __name__ == "__main__":
    diagnosis.main()
