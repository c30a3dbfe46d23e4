# SPDX-License-Identifier: LGPL-2.1-or-later
"""maildiag settings: what is exported is read by the programs that it is for, and says what the report said."""

import json
import os
import plistlib
import re
import sys
import tempfile
import unittest
import urllib.parse
import uuid
import xml.etree.ElementTree

import readers
from client import SOURCE, assert_refused, call

sys.path.insert(0, os.path.join(SOURCE, "tests", "servers", "demohost"))

import tour                                                     # noqa: E402
from accounts import ACCOUNTS, LISTENERS                        # noqa: E402
from host import Host                                           # noqa: E402

FORMS = ("text", "thunderbird", "mobileconfig", "autoconfig", "outlook", "msmtp", "mbsync", "mutt", "aerc")
BROKEN = os.path.join(SOURCE, "tests", "client", "reports", "broken.json")

# Names that break out of one quoting or another.
USERS = ("anna@example.org", "anna", 'we"ird', "back\\slash", "do$llar`id`", "a&b<c>d'e", "per%cent%20", "s p a c e",
         "ha#sh;semi", "EXAMPLE\\anna", "bücher@bücher.example", "日本", "]]>-->", "x=y,z:@/?")
ADDRESS = "anna@example.org"


def service(protocol, number, security, **other):
    return {"protocol": protocol, "host": f"{protocol}.example.org", "port": number, "security": security,
            "username": ADDRESS, "verdict": "ok", "login": "ok", "tls": {"verified": True}} | other


def report(*services, address=ADDRESS, findings=()):
    return {"schema": "maildiag-report/1", "account": {"address": address}, "findings": list(findings),
            "services": list(services)}


def both(user=ADDRESS, security="tls", **other):
    imap, smtp = ((993, 465) if security == "tls" else (143, 587))
    return report(service("imap", imap, security, username=user, **other),
                  service("smtp", smtp, security, username=user, **other))


class Settings(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def export(self, document, form, *words, **options):
        path = readers.write(self.folder, "report.json", json.dumps(document))
        return call("settings", "--from-report", path, "--for", form, *words, **options)

    def text(self, document, form, *words):
        done = self.export(document, form, *words)
        self.assertEqual((done.returncode, done.stderr), (0, ""), form)
        return done.stdout


class Readers(Settings):
    def test_msmtp(self):
        for user in USERS:
            for security, port, starttls in (("tls", "465", "off"), ("starttls", "587", "on")):
                with self.subTest(user=user, security=security):
                    seen = readers.msmtp(self.folder, self.text(both(user, security), "msmtp"))
                    self.assertEqual((seen["host"], seen["port"], seen["user"]), ("smtp.example.org", port, user))
                    self.assertEqual((seen["tls"], seen["tls_starttls"], seen["tls_certcheck"]), ("on", starttls, "on"))
                    self.assertEqual((seen["auth"], seen["from"]), ("choose", ADDRESS))
                    self.assertEqual((seen["password"], seen["passwordeval"]), ("(not set)", "(not set)"))

    def test_msmtp_takes_no_pattern_for_an_address(self):
        for address in ("a*b@example.org", "a?b@example.org", "100%U@example.org"):
            document = report(service("smtp", 465, "tls"), address=address)
            seen = readers.msmtp(self.folder, self.text(document, "msmtp"))
            self.assertEqual(seen["from"], "(not set)")

    def test_msmtp_with_the_password_line(self):
        text = self.text(both(), "msmtp").replace("#passwordeval \"pass show", "passwordeval \"echo")
        self.assertEqual(readers.msmtp(self.folder, text)["passwordeval"], "echo mail/anna-example.org")

    def test_mutt(self):
        for program in ("mutt", "neomutt"):
            for user in USERS:
                for security, scheme, ports in (("tls", "s", (993, 465)), ("starttls", "", (143, 587))):
                    with self.subTest(program=program, user=user, security=security):
                        seen = readers.mutt(program, self.folder, self.text(both(user, security), "mutt"))
                        self.assertEqual(seen["imap_user"], user)
                        self.assertEqual(seen["from"], ADDRESS)
                        self.assertEqual(seen["folder"], f"imap{scheme}://imap.example.org:{ports[0]}/")
                        url = urllib.parse.urlsplit(seen["smtp_url"])
                        self.assertEqual((url.scheme, url.hostname, url.port),
                                         ("smtp" + scheme, "smtp.example.org", ports[1]))
                        self.assertEqual(urllib.parse.unquote(url.username), user)
                        self.assertIs(seen["ssl_force_tls"], True)

    def test_mutt_pop3(self):
        document = report(service("pop3", 995, "tls", username="an na"))
        self.assertEqual(readers.mutt("neomutt", self.folder, self.text(document, "mutt"))["pop_host"],
                         "pops://an%20na@pop3.example.org:995/")

    def test_mbsync(self):
        for user in USERS:
            with self.subTest(user=user):
                text = self.text(both(user), "mbsync")
                clear = re.sub("^SSLType .*$", "SSLType None\nAuthMechs LOGIN", text, flags=re.M)
                _, seen = readers.mbsync(self.folder, clear)
                self.assertEqual(seen, [("LOGIN", user)])

    def test_mbsync_security(self):
        output, seen = readers.mbsync(self.folder, self.text(both(), "mbsync"))
        self.assertEqual(seen, [("bytes", b"\x16")], output)        # a TLS record
        output, seen = readers.mbsync(self.folder, self.text(both(security="starttls"), "mbsync"))
        self.assertEqual(set(seen), {("STARTTLS", "")}, output)

    def test_aerc(self):
        for user in USERS:
            with self.subTest(user=user):
                text = self.text(both(user), "aerc")
                output, seen = readers.aerc(self.folder, text.replace("imaps://", "imap+insecure://"))
                self.assertEqual({name for _, name in seen}, {user}, output)

    def test_aerc_security(self):
        output, seen = readers.aerc(self.folder, self.text(both(), "aerc"))
        self.assertEqual(set(seen), {("bytes", b"\x16")}, output)
        text = self.text(both(security="starttls"), "aerc")
        output, seen = readers.aerc(self.folder, text)
        self.assertEqual(set(seen), {("STARTTLS", "")}, output)
        self.assertIn("outgoing = smtp://", text)
        self.assertIn("\nsmtp-starttls = true\n", text)

    def test_mobileconfig(self):
        for user in USERS:
            with self.subTest(user=user):
                profile = plistlib.loads(self.text(both(user), "mobileconfig").encode())
                self.assertEqual((profile["PayloadType"], profile["PayloadVersion"]), ("Configuration", 1))
                mail = profile["PayloadContent"][0]
                self.assertEqual(mail["PayloadType"], "com.apple.mail.managed")
                self.assertEqual((mail["EmailAddress"], mail["EmailAccountType"]), (ADDRESS, "EmailTypeIMAP"))
                for side, host, port in (("Incoming", "imap.example.org", 993), ("Outgoing", "smtp.example.org", 465)):
                    self.assertEqual(mail[side + "MailServerHostName"], host)
                    self.assertEqual(mail[side + "MailServerPortNumber"], port)
                    self.assertEqual(mail[side + "MailServerUsername"], user)
                    self.assertIs(mail[side + "MailServerUseSSL"], True)
                    self.assertEqual(mail[side + "MailServerAuthentication"], "EmailAuthPassword")
                self.assertIs(mail["OutgoingPasswordSameAsIncomingPassword"], True)
                uuids = {uuid.UUID(mail["PayloadUUID"]), uuid.UUID(profile["PayloadUUID"])}
                self.assertEqual({value.version for value in uuids}, {4})
                self.assertEqual(len(uuids), 2)
                self.assertNotIn("Password", " ".join(key for key in mail if key.endswith("Password")
                                                      and not key.startswith("OutgoingPasswordSame")))

    def test_mobileconfig_names(self):
        """The identifier tells accounts apart, and is made of harmless characters."""
        names = set()
        for local in ("a.b", "a_b", "a-b", "A.b", "a+b", "a/b", "ä"):
            document = both() | {"account": {"address": local + "@example.org"}}
            name = plistlib.loads(self.text(document, "mobileconfig").encode())["PayloadIdentifier"]
            self.assertRegex(name, r"^[A-Za-z0-9.-]+$")
            names.add(name)
        self.assertEqual(len(names), 7)

    def assert_autoconfig(self, text):
        path = readers.write(self.folder, "config-v1.1.xml", text)
        done = readers.run("xmllint", "--noout", "--relaxng", os.path.join(SOURCE, "tests/client/autoconfig.rng"), path)
        self.assertEqual(done.returncode, 0, done.stderr)
        return xml.etree.ElementTree.fromstring(text)

    def test_autoconfig(self):
        for user, written in ((ADDRESS, "%EMAILADDRESS%"), ("anna", "%EMAILLOCALPART%"), ("u-anna", "u-%EMAILLOCALPART%"),
                              ("example.org\\anna", "%EMAILDOMAIN%\\%EMAILLOCALPART%"), ("anna&<x>", "%EMAILLOCALPART%&<x>"),
                              ("anna%example.org", "%EMAILLOCALPART%%%EMAILDOMAIN%")):
            with self.subTest(user=user):
                root = self.assert_autoconfig(self.text(both(user), "autoconfig"))
                self.assertEqual({element.text for element in root.iter("username")}, {written})
                self.assertEqual([element.text for element in root.iter("socketType")], ["SSL", "SSL"])
                self.assertEqual([element.text for element in root.iter("port")], ["993", "465"])

    def test_autoconfig_of_all_services(self):
        document = report(service("smtp", 587, "starttls"), service("pop3", 995, "tls"), service("imap", 143, "starttls"),
                          service("imap", 993, "tls"), address="anna@bücher.example")
        document["services"] = [entry | {"username": "anna@bücher.example"} for entry in document["services"]]
        root = self.assert_autoconfig(self.text(document, "autoconfig"))
        servers = [(element.get("type"), element.find("port").text, element.find("socketType").text)
                   for element in root.iter() if element.get("type")]
        self.assertEqual(servers, [("imap", "143", "STARTTLS"), ("imap", "993", "SSL"), ("pop3", "995", "SSL"),
                                   ("smtp", "587", "STARTTLS")])
        self.assertEqual(root.find("emailProvider/domain").text, "xn--bcher-kva.example")

    def test_autoconfig_is_for_everybody(self):
        for user in ("somebody-else", "annabel", "johanna", "example.org"):
            done = self.export(both(user), "autoconfig")
            assert_refused(self, done, 2, "autoconfig", "all addresses of a domain")

    def test_thunderbird(self):
        for user in USERS:
            with self.subTest(user=user):
                text = self.text(both(user, "starttls"), "thunderbird")
                values = {}
                for line in text.splitlines():
                    if not line.startswith("//"):
                        name, value = re.fullmatch(r'user_pref\("([a-zA-Z0-9._]+)", (.*)\);', line).groups()
                        values[name] = json.loads(value)
                self.assertEqual(values["mail.server.server1.userName"], user)
                self.assertEqual(values["mail.smtpserver.smtp1.username"], user)
                self.assertEqual((values["mail.server.server1.socketType"], values["mail.smtpserver.smtp1.try_ssl"]), (2, 2))
                self.assertEqual(values["mail.server.server1.authMethod"], 3)
                self.assertEqual(values["mail.server.server1.hostname"], "imap.example.org")

    def test_thunderbird_knows_the_names(self):
        """Those of a profile that Thunderbird itself wrote, where such a collection lies beside the source."""
        sample = os.path.join(os.environ["MAILDIAG_SHARED"], "data", "clients", "thunderbird153-prefs.js")
        if not os.path.exists(sample):
            self.skipTest(f"no {sample}")
        with open(sample, encoding="utf-8") as file:
            known = set(re.findall(r'user_pref\("([^"]+)"', file.read()))
        ours = set(re.findall(r'user_pref\("([^"]+)"', self.text(both(), "thunderbird")))
        self.assertLessEqual({re.sub("1", "N", name) for name in ours} - {re.sub("[12]", "N", name) for name in known},
                             {"mail.accountmanager.defaultaccount", "mail.server.serverN.authMethod",
                              "mail.server.serverN.login_at_startup", "mail.server.serverN.check_new_mail"})

    def test_outlook_and_other_apps(self):
        text = " ".join(self.text(both(), "outlook").split())
        for piece in ("Incoming mail server: set it to imap.example.org.", "Outgoing server (SMTP): set it to 465.",
                      "Control Panel > Mail"):
            self.assertIn(piece, text)
        self.assertIn("Edit Login Information", self.text(both(), "outlook-ios"))

    def test_text(self):
        text = self.text(both("an na"), "text")
        for piece in ("imap.example.org", "993", "smtp.example.org", "465", "SSL/TLS", "an na", "the login works"):
            self.assertIn(piece, text)

    def test_json(self):
        done = self.export(both(), "text", "--json")
        self.assertEqual(json.loads(done.stdout)["services"][1],
                         {"protocol": "smtp", "host": "smtp.example.org", "port": 465, "security": "tls",
                          "username": ADDRESS, "auth": "password", "proof": "login"})

    def test_oauth2(self):
        document = both(mechanism={"name": "XOAUTH2", "offered": ["XOAUTH2"]})
        self.assertEqual(readers.msmtp(self.folder, self.text(document, "msmtp"))["auth"], "OAUTHBEARER")
        self.assertIn("AuthMechs XOAUTH2", self.text(document, "mbsync"))
        self.assertIn("source = imaps+oauthbearer://", self.text(document, "aerc"))
        self.assertIn("imap_oauth_refresh_command", self.text(document, "mutt"))
        self.assertIn('authMethod", 10', self.text(document, "thunderbird"))
        self.assertIn("<authentication>OAuth2<", self.text(document, "autoconfig"))
        assert_refused(self, self.export(document, "mobileconfig"), 2, "mobileconfig", "OAuth2")
        document = both(security="starttls", mechanism={"name": "XOAUTH2", "offered": ["XOAUTH2"]})
        assert_refused(self, self.export(document, "aerc"), 2, "aerc", "STARTTLS")

    def test_no_secret_stands_anywhere(self):
        """What looks like one in a report is not passed on."""
        document = both() | {"password": "hunter2-marker"}
        for form in FORMS:
            self.assertNotIn("hunter2", self.text(document, form))

    def test_every_head_names_the_proof(self):
        for form in set(FORMS) - {"text", "outlook"}:
            text = self.text(both(login="not-tried"), form)
            self.assertIn("no login was made", text)
            self.assertIn("it holds no password", text)


class Proof(Settings):
    """Only what was proved is written."""
    REFUSED = {"code": "auth.rejected", "severity": "error", "service": "smtp", "host": "smtp.example.org", "port": 465}

    def broken(self, *findings, **other):
        return report(service("imap", 993, "tls"), service("smtp", 465, "tls", verdict="error", login="refused", **other),
                      findings=findings)

    def test_unproved_is_refused(self):
        for form in set(FORMS) - {"mbsync"}:
            with self.subTest(form):
                assert_refused(self, self.export(self.broken(self.REFUSED), form), 1, "smtp.example.org", "auth.rejected",
                               "--unverified")

    def test_what_the_form_does_not_hold_does_not_matter(self):
        self.text(self.broken(self.REFUSED), "mbsync")

    def test_unverified_is_marked(self):
        for form in FORMS:
            if form != "mbsync":
                text = self.text(self.broken(self.REFUSED), form, "--unverified")
                self.assertIn("NOT VERIFIED", text)
                self.assertIn("auth.rejected", text)

    def test_a_proposal_that_was_tried_is_taken(self):
        proposal = self.REFUSED | {"code": "port.expects-starttls", "verified": True, "proof": "login", "changes": [
            {"setting": "security", "to": "starttls"}, {"setting": "port", "to": "587"},
            {"setting": "host", "to": "mail.example.net"}, {"setting": "username", "to": "anna"}]}
        seen = readers.msmtp(self.folder, self.text(self.broken(proposal), "msmtp"))
        self.assertEqual((seen["host"], seen["port"], seen["tls_starttls"], seen["user"]),
                         ("mail.example.net", "587", "on", "anna"))

    def test_a_proposal_that_was_not_tried_is_not(self):
        proposal = self.REFUSED | {"changes": [{"setting": "port", "to": "587"}]}
        assert_refused(self, self.export(self.broken(proposal), "msmtp"), 1, "port 465")

    def test_clear_text_is_never_exported(self):
        document = report(service("imap", 993, "tls"), service("smtp", 25, "none", tls={}))
        for words in ((), ("--unverified",)):
            assert_refused(self, self.export(document, "msmtp", *words), 2, "clear text", "smtp.example.org")
        self.assertNotIn("smtp.example.org", self.text(document, "text"))

    def test_an_unverified_certificate_proves_nothing(self):
        document = report(service("smtp", 465, "tls", tls={"verified": False}))
        assert_refused(self, self.export(document, "msmtp"), 2, "not verified")

    def test_what_a_form_needs(self):
        imap, smtp = report(service("imap", 993, "tls")), report(service("smtp", 465, "tls"))
        for document, form in ((imap, "msmtp"), (smtp, "mbsync"), (imap, "mobileconfig"), (smtp, "thunderbird"),
                               (smtp, "autoconfig"), (imap, "aerc"), (report(), "text"), (report(), "mutt")):
            assert_refused(self, self.export(document, form), 2, form)

    def test_hostile_reports(self):
        for other, piece in (({"host": "evil\nPort 25"}, "network"), ({"host": "a b"}, "network"), ({"host": ""}, "network"),
                             ({"host": "x" * 300}, "network"), ({"port": 0}, "port"), ({"port": 70000}, "port"),
                             ({"username": "a\nb"}, "control"), ({"username": "a\x1b[1m"}, "control"),
                             ({"username": "x" * 600}, "too long"), ({"host": "a;rm -rf"}, "network")):
            with self.subTest(other):
                done = self.export(report(service("smtp", 465, "tls", **other)), "msmtp")
                assert_refused(self, done, 2, "settings", piece)
        for document in ({"services": 1}, {"services": [1, None, {}]}, {"services": [{"protocol": "smtp"}]}):
            done = self.export(report() | document, "text", "--unverified")
            self.assertEqual((done.returncode, done.stdout), (2, ""), document)

    def test_wrong(self):
        path = readers.write(self.folder, "report.json", json.dumps(both()))
        server = ("--smtp", "smtp.example.org")
        for words, status, *pieces in (
                ((), 64, "mail address is missing"),
                (("anna", *server), 64, "'anna'", "no @"),
                (server, 64, "mail address is missing"),
                (("anna@example.org", *server, "--for", "msmpt"), 64, "'msmpt'", "nearest: msmtp"),
                (("anna@example.org", *server, "--for", "zzzzzzzz"), 64, "'zzzzzzzz'", "mobileconfig"),
                (("anna@example.org", *server, "--tls-name", "x"), 64, "--tls-name", "settings"),
                (("anna@example.org", *server, "--imap-security", "tls"), 64, "--imap-security"),
                (("anna@example.org", *server, "--no-probe"), 64, "--no-probe"),
                (("--from-report", path, *server), 64, "--from-report", "servers"),
                (("ben@example.org", "--from-report", path), 64, "anna@example.org", "ben@example.org"),
                (("--from-report", "/nonexistent/file"), 66, "/nonexistent/file"),
                (("--from-report", path, "extra@example.org", "x"), 64, "'x'", "too many")):
            with self.subTest(words):
                assert_refused(self, call("settings", *words), status, *pieces)

    def test_the_form_before_the_verb(self):
        """mute has a --for, too."""
        path = readers.write(self.folder, "report.json", json.dumps(both()))
        done = call("--for", "msmtp", "--from-report", path, "settings")
        self.assertEqual(done.stdout, call("settings", "--from-report", path, "--for", "msmtp").stdout)
        self.assertIn("account anna-example.org", done.stdout)

    def test_a_report_without_an_address(self):
        document = both() | {"account": {"address": None}}
        assert_refused(self, self.export(document, "text"), 64, "address is missing")
        self.assertIn("anna@example.org", self.text(document, "text", "anna@example.org"))


class Found(unittest.TestCase):
    """From the table of providers, which needs no network."""

    def settings(self, *words):
        return call("--private", "settings", "anna@gmail.com", "--offline", "--no-probe", *words)

    def test_not_tried_is_not_written(self):
        assert_refused(self, self.settings("--for", "text"), 2, "imap.gmail.com", "not verified", "--unverified")

    def test_not_tried_is_marked(self):
        text = " ".join(self.settings("--for", "text", "--unverified").stdout.split())
        for piece in ("imap.gmail.com", "smtp.gmail.com", "NOT VERIFIED: it was not tried", "OAuth2", "A password made for the app is needed.",
                      "https://support.google.com/"):
            self.assertIn(piece, text)

    def test_comments_say_what_comes_first(self):
        self.assertRegex(self.settings("--for", "msmtp", "--unverified").stdout, "(?m)^# A password made for the app is needed.*https://")

    def test_nothing_is_known(self):
        done = call("--private", "settings", "anna@nobody-knows.invalid", "--offline", "--no-probe", "--for", "text")
        assert_refused(self, done, 2, "no server was found for anna@nobody-knows.invalid", "--imap")


class WithADaemon(unittest.TestCase):
    """The demonstration accounts: the servers are tried, and what worked is written."""

    @classmethod
    def setUpClass(cls):
        cls.host = Host(LISTENERS, ACCOUNTS)
        cls.host.start()
        cls.addClassCleanup(cls.host.stop)

    def settings(self, account, form, *words):
        _, address, *rest = tour.arguments(self.host, account)
        return call("--private", "settings", address, *rest, "--for", form, *words)

    def test_an_account_that_works(self):
        done = self.settings(ACCOUNTS[0], "msmtp")
        self.assertEqual(done.returncode, 0, done)
        with tempfile.TemporaryDirectory() as folder:
            seen = readers.msmtp(folder, done.stdout)
        self.assertEqual((seen["host"], seen["tls_starttls"], seen["user"]),
                         ("smtp.works.example", "on", "anna@works.example"))
        self.assertIn("the login works", done.stdout)
        self.assertNotIn(ACCOUNTS[0].password, done.stdout)

    def test_wrong_security_is_exported_right(self):
        document = json.loads(self.settings(ACCOUNTS[1], "text", "--json").stdout)
        self.assertEqual([(entry["protocol"], entry["security"], entry["proof"]) for entry in document["services"]],
                         [("imap", "tls", "login"), ("smtp", "starttls", "login")])


if __name__ == "__main__":
    unittest.main()
