# SPDX-License-Identifier: LGPL-2.1-or-later
"""What people set wrong in their mail apps: it is found, and what is proposed instead has been tried."""

import diagnosis
import faulty
from diagnosis import ADDRESS, PASSWORD
from faulty import ELSEWHERE, OLDER_PASSWORD


class Settings(faulty.Faults):
    def test_all_is_well(self):
        report = self.check(self.imap("imap", "starttls"), self.pop3("pop3s", "tls"), self.smtp("submission"))
        self.assert_works(report)

    def test_tls_where_starttls_is(self):
        for service, listener in ((self.imap("imap", "tls"), "imaps"), (self.pop3("pop3", "tls"), "pop3s"),
                                  (self.smtp("submission", "tls"), "submissions")):
            with self.subTest(service.protocol):
                report = self.check(service)
                self.assert_broken(report, "port.expects-starttls")
                if self.own_network:
                    self.assert_proposes(report, "port.expects-starttls", "login", port=self.port(listener))
                else:
                    self.assert_proposes(report, "port.expects-starttls", "login", security="starttls")

    def test_starttls_or_nothing_where_tls_is(self):
        """All at once: each waits for a greeting that does not come."""
        for security, consequences in (("starttls", 0), ("none", 1)):
            with self.subTest(security):
                report = self.check(self.imap("imaps", security), self.pop3("pop3s", security),
                                    self.smtp("submissions", security))
                code = "port.expects-implicit-tls"
                self.assert_broken(report, *[code, *["security.cleartext"] * consequences] * 3)
                for finding in report.document["findings"]:
                    if finding["code"] == code:
                        self.assertEqual((finding["suggested"], finding["proof"]), ("tls", "login"), report)

    def test_no_security_where_login_needs_it(self):
        for service in (self.imap("imap", "none"), self.pop3("pop3", "none"), self.smtp("submission", "none")):
            for more in ((), ("--allow-cleartext-login",)):
                with self.subTest(f"{service.protocol} {more}"):
                    report = self.check(service, more=more)
                    self.assertEqual(report.codes[0], "auth.not-possible-without-tls", report)
                    self.assertEqual(report.service(service.protocol)["login"], "not-tried", report)
                    self.assert_proposes(report, "auth.not-possible-without-tls", "login", security="starttls")

    def test_other_protocol(self):
        for service, port, right in ((self.imap("imap", "starttls"), "pop3", "imap"),
                                     (self.imap("imaps", "tls"), "pop3s", "imaps"),
                                     (self.pop3("pop3", "starttls"), "imap", "pop3"),
                                     (self.pop3("pop3s", "tls"), "imaps", "pop3s"),
                                     (self.imap("imap", "starttls"), "submission", "imap"),
                                     (self.smtp("submission"), "imap", "submission"),
                                     (self.smtp("submissions", "tls"), "pop3s", "submissions")):
            with self.subTest(f"{service.protocol} at {port}"):
                report = self.check(service._replace(port=self.port(port)))
                self.assertEqual(report.codes[0], "port.other-protocol", report)
                if self.own_network:
                    self.assert_proposes(report, "port.other-protocol", "login", port=self.port(right))

    def test_whole_address_where_the_name_alone_counts(self):
        report = self.check(self.imap("imaps", "tls"), self.smtp("submissions", "tls"), address="ben@example.test")
        self.assert_broken(report, "auth.username-form", "auth.username-form")
        self.assert_proposes(report, "auth.username-form", "login", username="ben")

    def test_name_alone_where_the_whole_address_counts(self):
        report = self.check(self.imap("imaps", "tls"), more=("--user", "anna"))
        self.assert_broken(report, "auth.username-form")
        self.assert_proposes(report, "auth.username-form", "login", username=ADDRESS)

    def test_name_alone_with_security_left_open(self):
        service = self.imap("imap", "auto", self.other)
        report = self.check(service, secret=OLDER_PASSWORD, more=("--user", "anna"))
        self.assert_broken(report, "auth.username-form")
        self.assert_proposes(report, "auth.username-form", "login", username=ADDRESS)

    def test_wrong_password_with_all_left_open(self):
        """As most people call it: servers without ports.  The way that was not logged in on is no all-clear."""
        if not self.own_network:
            self.skipTest("the usual ports are the machine's own")
        status, stdout, stderr = self.tell(secret=PASSWORD + "x", more=(
            "--connect-to", diagnosis.SERVER, "--imap", diagnosis.HOST, "--smtp", diagnosis.HOST, "--json"))
        report = diagnosis.Report(status, stdout, stderr)
        self.assert_broken(report, "auth.rejected", "auth.rejected")
        self.assertEqual([(service["port"], service["login"]) for service in report.document["services"]],
                         [(993, "refused"), (465, "refused")], report)

    def test_wrong_password(self):
        report = self.check(self.imap("imaps", "tls"), self.pop3("pop3s", "tls"), self.smtp("submissions", "tls"),
                            secret=PASSWORD + "x")
        self.assert_broken(report, "auth.rejected", "auth.rejected", "auth.rejected")
        tried = [attempt["protocol"] for attempt in report.attempts if attempt["why"] == "other-username"]
        self.assertEqual(len(tried), 1, report)         # the other form of the name: one service finds out for all

    def test_space_behind_the_password(self):
        report = self.check(self.imap("imaps", "tls"), secret=PASSWORD + " ")
        self.assertEqual(set(report.codes), {"auth.rejected", "settings.suspicious-secret"}, report)

    def test_another_password_for_sending(self):
        report = self.check(self.imap("imaps", "tls"), self.smtp("other"))
        self.assert_broken(report, "auth.one-side-only", "auth.rejected")
        self.assertEqual((report.ability("receive"), report.ability("send")), ("ok", "broken"), report)
        self.assertEqual(report.finding("auth.rejected")["service"], "smtp", report)

    def test_mechanism_that_is_not_offered(self):
        report = self.check(self.imap("imaps", "tls"), self.smtp("submissions", "tls"), more=("--auth", "CRAM-MD5"))
        self.assert_broken(report, "auth.no-common-mechanism", "auth.no-common-mechanism")
        self.assert_proposes(report, "auth.no-common-mechanism", "login", auth="PLAIN")

    def test_no_login_for_sending(self):
        for service, address in (("submission", ELSEWHERE), ("strict", ADDRESS), ("strict-client", ADDRESS)):
            with self.subTest(service):
                report = self.check(self.smtp(service), address=address, secret=None, more=("--depth", "full"))
                self.assert_broken(report, "smtp.auth-required")

    def assert_between_servers(self, report, fault, proof):
        """On its own port it is known for what it is."""
        if not self.own_network:
            self.assert_broken(report, fault)
            return
        self.assert_broken(report, "smtp.use-submission-port", fault)
        self.assertEqual(report.finding(fault)["cause"], "smtp.use-submission-port", report)
        self.assert_proposes(report, "smtp.use-submission-port", proof, port=587)

    def test_server_between_servers(self):
        report = self.check(self.smtp("smtp"))
        self.assert_between_servers(report, "auth.not-offered", "login")

    def test_server_between_servers_without_a_login(self):
        report = self.check(self.smtp("smtp"), address=ELSEWHERE, secret=None, more=("--depth", "full"))
        self.assert_between_servers(report, "smtp.relay-denied", "connection")

    def test_sender_of_somebody_else(self):
        report = self.check(self.smtp("not-owned"))
        self.assert_broken(report, "smtp.sender-refused")
        self.assertEqual(report.service("smtp")["login"], "ok", report)


if __name__ == "__main__":
    diagnosis.main()
