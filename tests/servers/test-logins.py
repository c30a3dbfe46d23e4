# SPDX-License-Identifier: LGPL-2.1-or-later
"""Accounts that work, with every mechanism of Dovecot and Postfix: what is found is nothing, what is told is right."""

import os
import signal

import diagnosis
import realhost
from diagnosis import ADDRESS, PASSWORD, Service

MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256")
UMLAUT_ADDRESS, UMLAUT_PASSWORD = "ulla@example.test", "Gr4nd\"fa\\ther \u00fc-%&"
MESSAGE = b"Subject: First\r\nFrom: ben@example.test\r\n\r\nHello.\r\n"


class Logins(diagnosis.RealTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = {ADDRESS: PASSWORD, UMLAUT_ADDRESS: UMLAUT_PASSWORD}
        cls.dovecot = cls.start(realhost.Dovecot(cls.folder.path / "dovecot", *cls.folder.pair("good"), users))
        cls.dovecot.put_message(ADDRESS, MESSAGE)
        cls.postfix = cls.start(realhost.Postfix(cls.folder.path / "postfix", *cls.folder.pair("good"), cls.dovecot))

    def services(self, security):
        names = {"tls": ("imaps", "pop3s", "submissions"), "starttls": ("imap", "pop3", "submission")}
        ports = {**self.dovecot.ports, **self.postfix.ports}
        return [Service(protocol, ports[name], security)
                for protocol, name in zip(("imap", "pop3", "smtp"), names[security])]

    def assert_all_works(self, report, mechanism, *codes):
        self.assert_works(report, *codes)
        self.assertEqual((report.ability("receive"), report.ability("send")), ("ok", "ok"), report)
        for service in report.document["services"]:
            self.assertEqual(service["mechanism"]["name"], mechanism, report)

    def test_mechanisms(self):
        for mechanism in MECHANISMS:
            for security in ("tls", "starttls"):
                with self.subTest(f"{mechanism}, {security}"):
                    report = self.check(*self.services(security), more=("--auth", mechanism))
                    self.assert_all_works(report, mechanism)
                    self.assertEqual(report.document["verdict"], "ok", report)

    def test_chosen_mechanism(self):
        """Left to itself it never sends the password where there is another way."""
        report = self.check(*self.services("tls"))
        self.assert_all_works(report, "SCRAM-SHA-256")
        self.assertEqual(report.service("imap")["mechanism"]["offered"], list(MECHANISMS))

    def test_letters_beyond_ascii(self):
        for mechanism in ("PLAIN", "LOGIN", "SCRAM-SHA-1", "SCRAM-SHA-256"):
            for security in ("tls", "starttls"):
                with self.subTest(f"{mechanism}, {security}"):
                    report = self.check(*self.services(security), address=UMLAUT_ADDRESS, secret=UMLAUT_PASSWORD,
                                        more=("--auth", mechanism))
                    self.assertEqual(set(report.codes), {"settings.suspicious-secret"}, report)
                    self.assert_all_works(report, mechanism, *report.codes)

    def test_ipv6(self):
        if not realhost.has_ipv6():
            self.skipTest("this machine has no IPv6")
        report = self.check(*self.services("starttls"), connect_to="::1")
        self.assert_all_works(report, "SCRAM-SHA-256")
        for service in report.document["services"]:
            self.assertEqual([(address["address"], address["outcome"]) for address in service["addresses"]],
                             [("::1", "ok")], report)

    def test_both_families(self):
        if not self.own_network or not realhost.has_ipv6():
            self.skipTest("names are resolved by the machine, or there is no IPv6")
        report = self.check(*[service._replace(host="localhost") for service in self.services("tls")], connect_to=None)
        self.assert_all_works(report, "SCRAM-SHA-256")
        for service in report.document["services"]:
            self.assertEqual({address["family"] for address in service["addresses"]}, {"ipv4", "ipv6"}, report)
            self.assertEqual([address["used"] for address in service["addresses"]].count(True), 1, report)

    def test_security_left_open(self):
        services = [service._replace(security="auto") for service in self.services("starttls")]
        report = self.check(*services)
        self.assert_works(report, *["settings.security-found"] * 3)
        self.assertEqual([service["security"] for service in report.document["services"]], ["starttls"] * 3, report)
        self.assertEqual([finding["proof"] for finding in report.document["findings"]], ["login"] * 3, report)

    def test_facts(self):
        report = self.check(*self.services("tls"))
        imap, pop3, smtp = (report.service(protocol)["facts"] for protocol in ("imap", "pop3", "smtp"))
        self.assertEqual(imap | {"server-software": "Dovecot", "idle": True, "messages": 1,
                                 "hierarchy-delimiter": ".", "folders-listed": 2,
                                 "special-folders": ["\\Sent=Sent", "\\Trash=Trash"]}, imap)
        self.assertRegex(imap["quota"][0], r"^STORAGE \d+/102400$")
        self.assertEqual((pop3["messages"], pop3["octets"]), (1, len(MESSAGE)))
        self.assertEqual((pop3["leave-on-server"], pop3["apop"]), ("yes", False))
        self.assertEqual(smtp | {"pipelining": True, "8bitmime": True, "smtputf8": True, "chunking": True, "dsn": True,
                                 "enhanced-status-codes": True, "size-limit": 10240000}, smtp)

    def test_capabilities_before_and_after(self):
        report = self.check(*self.services("starttls"))
        imap, smtp = (report.service(protocol)["capabilities"] for protocol in ("imap", "smtp"))
        self.assertIn("LOGINDISABLED", imap["before-tls"])
        self.assertNotIn("LOGINDISABLED", imap["after-tls"])
        self.assertIn("SPECIAL-USE", imap["after-login"])
        self.assertFalse([word for word in smtp["before-tls"] if word.startswith("AUTH")])
        self.assertTrue([word for word in smtp["after-tls"] if word.startswith("AUTH")])

    def test_nothing_is_changed(self):
        """No message is sent, read or removed, and each service is logged in to once."""
        before = len(self.dovecot.logins())
        self.check(*self.services("tls"))
        self.assertEqual(len(self.dovecot.logins()), before + 2)
        self.assertEqual([path.name for path in (self.dovecot.mailbox(ADDRESS) / "cur").iterdir()],
                         [realhost.MESSAGE_NAME])
        self.assertNotIn("from=<", self.postfix.log())          # no message came as far as the queue
        self.assertEqual([], [path for path in (self.postfix.folder / "queue" / "active").rglob("*") if path.is_file()])

    def test_without_a_password(self):
        report = self.check(*self.services("tls"), secret=None)
        self.assertEqual((report.status, report.codes), (0, []), report)
        self.assertEqual((report.ability("receive"), report.ability("send")), ("unknown", "unknown"), report)

    # ---- what scripts rely on, and the three lines that most people will read ----

    def head(self, *services, more=()):
        status, stdout, stderr = self.tell(*services, more=("--connect-to", diagnosis.SERVER, *more))
        self.assertEqual(stderr, "")
        return status, stdout.splitlines()[:3]

    def test_status_fine(self):
        status, lines = self.head(*self.services("tls"))
        self.assertEqual(status, 0)
        self.assertEqual(lines, ["Receiving mail works.", "Sending mail works.",
                                 "To do       Nothing: no fault was found."])

    def test_status_broken(self):
        imap, _, smtp = self.services("starttls")
        status, lines = self.head(imap._replace(security="tls"), smtp)
        self.assertEqual(status, 1)
        self.assertEqual(lines, [
            f"Receiving mail does not work: Port {imap.port} of {diagnosis.HOST} begins in clear text and not with TLS.",
            "Sending mail works.",
            "To do       Change for IMAP: security from tls to starttls (tried: the login works)."])

    def test_status_unknown(self):
        """The process that asks is killed: that says nothing about the settings."""
        with diagnosis.Held(ADDRESS, PASSWORD) as held:
            os.kill(held.probe, signal.SIGKILL)
            stdout, _ = held.finish()
        self.assertEqual(held.status, 2, stdout)
        self.assertEqual([line.split(":")[0] for line in stdout.splitlines()[:3]],
                         ["Receiving mail could not be proven", "Sending mail was not part of this check.",
                          "To do       Try again; if it stays so, report it with the name of the server."])

    def test_status_no_input(self):
        status, stdout, stderr = self.tell(*self.services("tls"), secret=None, more=("--password-file", "/nonexistent"))
        self.assertEqual((status, stdout), (66, ""))
        self.assertRegex(stderr, "^maildiag: --password-file: cannot read '/nonexistent'")


if __name__ == "__main__":
    diagnosis.main()
