# SPDX-License-Identifier: LGPL-2.1-or-later
"""maildiag guide: no daemon, no network; and the place of a setting beside the fault that it has."""

import json
import os
import socketserver
import tempfile
import threading
import unittest

from client import SOURCE, assert_refused, call

GUIDES = os.path.join(SOURCE, "client", "guides")
BROKEN = os.path.join(SOURCE, "tests", "client", "reports", "broken.json")

# The apps that a person is likely to have, and under which names one may ask for them.
NAMES = ("outlook-ios", "outlook-android", "outlook-classic", "outlook", "apple-mail-ios", "iphone", "apple-mail-macos",
         "gmail", "samsung-email", "thunderbird", "thunderbird-android", "k9-mail", "evolution", "kmail", "geary",
         "windows-mail", "claws-mail", "msmtp", "mbsync", "mpop", "mutt", "neomutt")
TOPICS = ("protocols", "ports", "security", "login", "leave-on-server")


def guide(*words, **options):
    return call("guide", *words, **options)


class Guides(unittest.TestCase):
    def test_overview(self):
        done = guide()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for word in ("IMAP", "POP3", "SMTP", *TOPICS):
            self.assertIn(word, done.stdout)
        for name in os.listdir(GUIDES):
            if name.endswith(".conf"):
                self.assertIn(name.removesuffix(".conf"), done.stdout)

    def test_topics(self):
        for topic, pieces in (("ports", ("993", "143", "995", "110", "465", "587", "Port 25")),
                              ("security", ("SSL/TLS", "STARTTLS")), ("protocols", ("IMAP", "POP3", "SMTP")),
                              ("leave-on-server", ("POP3", "backup")), ("login", ("App password",))):
            text = guide(topic).stdout
            for piece in pieces:
                self.assertIn(piece, text)

    def test_every_name(self):
        for name in NAMES:
            with self.subTest(name):
                done = guide(name)
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertNotIn("{", done.stdout)

    def test_the_path_of_outlook_for_ios(self):
        text = " ".join(guide("outlook-ios", "--setting", "smtp.security=starttls").stdout.split())
        self.assertIn("1. Open Home icon > Settings > Accounts > your account > Edit Login Information > "
                      "Outgoing Mail Server Settings.", text)
        self.assertIn("Security: set it to STARTTLS. (unverified)", text)

    def test_what_no_source_shows_is_marked(self):
        self.assertIn("(unverified)", guide("outlook-new").stdout)
        self.assertNotIn("(unverified)", guide("thunderbird").stdout)

    def test_json(self):
        document = json.loads(guide("gmail-android", "--json").stdout)
        security = [row for row in document["settings"] if row["setting"] == "out.security"][0]
        self.assertEqual(security["values"], {"tls": "SSL/TLS", "starttls": "STARTTLS", "none": "None"})
        self.assertEqual(security["status"], "sourced")
        self.assertTrue(security["source"])
        names = {entry["id"] for entry in json.loads(guide("--json").stdout)}
        self.assertEqual(names, {name.removesuffix(".conf") for name in os.listdir(GUIDES) if name.endswith(".conf")})

    def test_steps_as_json(self):
        document = json.loads(guide("thunderbird", "--json", "--setting", "imap.port=993").stdout)
        self.assertEqual(document["steps"], ["Open Menu > Account Settings > your account > Server Settings.",
                                             "Port: set it to 993.", "Save, and try again."])
        self.assertEqual(document["status"], "sourced")

    def test_both_sides(self):
        text = guide("thunderbird", "--setting", "port").stdout
        self.assertIn("Server Settings", text)
        self.assertIn("Outgoing Server", text)

    def test_from_report(self):
        text = guide("gmail", "--from-report", BROKEN).stdout
        self.assertIn("Security type: set it to SSL/TLS.", text)

    def test_wrong(self):
        for words, status, *pieces in (
                (("outlok-ios",), 66, "outlok-ios", "outlook-ios"),
                (("frobnicate",), 66, "frobnicate", "maildiag guide"),
                (("../../../etc/passwd",), 66, "no guide"),
                (("mutt", "x"), 64, "'x'", "too many"),
                (("--setting", "port"), 64, "which app"),
                (("ports", "--setting", "port"), 64, "ports", "--setting"),
                (("ports", "--json"), 64, "ports", "--json"),
                (("mutt", "--setting", "prt"), 64, "'prt'", "nearest: port"),
                (("mutt", "--setting", "zzzzzzzz"), 64, "'zzzzzzzz'", "leave-on-server"),
                (("mutt", "--setting", "smtp.prt=1"), 64, "'smtp.prt=1'", "port"),
                (("mutt", "--setting", "port=1"), 64, "'port=1'", "imap.port"),
                (("mutt", "--setting", "ftp.port=1"), 64, "'ftp.port=1'", "imap, pop3 or smtp"),
                (("mutt", "--setting", "smtp.port=0"), 64, "smtp.port=0", "1 to 65535"),
                (("mutt", "--setting", "smtp.port="), 64, "smtp.port=", "missing"),
                (("mutt", "--setting", "smtp.security=ssl"), 64, "smtp.security=ssl", "starttls"),
                (("mutt", "--setting", "smtp.host=a b"), 64, "a b", "spaces"),
                (("mutt", "--setting", "imap.protocol=jmap"), 64, "jmap", "imap and pop3"),
                (("mutt", *("--setting", "port") * 17), 64, "16"),
                (("mutt", *("--setting", "port") * 9), 64, "16"),
                (("mutt", "--from-report", "/nonexistent/file"), 66, "/nonexistent/file", "No such file"),
                (("mutt", "--from-report", "/tmp"), 66, "/tmp", "directory"),
                (("mutt", "--from-report", "/dev/null"), 66, "/dev/null", "line"),
                (("mutt", "--from-report", BROKEN, "--setting", "port"), 64, "--from-report", "--setting"),
                (("mutt", "--imap", "x"), 64, "--imap", "guide"),
                (("mutt", "--private"), 64, "--private", "guide")):
            with self.subTest(words):
                assert_refused(self, guide(*words), status, *pieces)

    def test_a_password_is_not_repeated(self):
        done = guide("mutt", "--setting", "smtp.password=hunter2-marker")
        assert_refused(self, done, 64, "password")
        self.assertNotIn("hunter2", done.stderr)

    def test_reports_that_are_none(self):
        for text, piece in (("[]", "no report"), ("{", "line 1"), ('{"schema": "maildiag-reports/1"}', "several accounts"),
                            ('{"schema": "maildiag-report/2"}', "no report")):
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                file.write(text)
                file.flush()
                with self.subTest(text):
                    assert_refused(self, guide("mutt", "--from-report", file.name), 66, file.name, piece)

    def test_a_report_without_proposals(self):
        with tempfile.NamedTemporaryFile("w") as file:
            file.write('{"schema": "maildiag-report/1", "findings": []}')
            file.flush()
            assert_refused(self, guide("mutt", "--from-report", file.name), 2, "no change")

    def test_a_guide_that_is_wrong_is_named(self):
        with tempfile.TemporaryDirectory() as directory:
            with open(os.path.join(directory, "bad.conf"), "w", encoding="utf-8") as file:
                file.write("[app]\nname = x\nnonsense\n")
            with open(os.path.join(directory, "good.conf"), "w", encoding="utf-8") as file:
                file.write("[app]\nname = Good\nplatform = x\nprotocols = imap\n[in.host]\nnote = somewhere\n")
            done = guide("good", env={"MAILDIAG_GUIDEDIR": directory})
            self.assertEqual(done.returncode, 0)
            self.assertIn("Good, x", done.stdout)
            self.assertIn("bad.conf, line 3", done.stderr)

    def test_no_directory(self):
        assert_refused(self, guide(env={"MAILDIAG_GUIDEDIR": "/nonexistent/guides"}), 66, "/nonexistent", "No such file")


class Clear(socketserver.StreamRequestHandler):
    """A server that begins in clear text."""

    def handle(self):
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
        for line in self.rfile:
            if line.split()[1:2] == [b"LOGOUT"]:
                return
            self.wfile.write(b"* BAD what\r\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Who leaves in the middle is a client that saw enough."""


class WithADiagnosis(unittest.TestCase):
    """The app says TLS, and the server begins in clear text."""

    def setUp(self):
        self.server = Server(("127.0.0.1", 0), Clear)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        port = self.server.server_address[1]
        self.words = ("--private", "test", "imap", f"127.0.0.1:{port}", "--security", "tls", "--timeout", "2")

    def tearDown(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def test_the_app_is_known(self):
        text = " ".join(call(*self.words, "--client", "thunderbird").stdout.split())
        self.assertIn("In the app 1. Open Menu > Account Settings > your account > Server Settings > Security Settings. "
                      "2. ", text)
        self.assertIn("Connection security", text)

    def test_the_app_is_not_known(self):
        text = " ".join(call(*self.words).stdout.split())
        self.assertIn("In the app maildiag guide APP --setting imap.security", text)

    def test_no_such_app(self):
        assert_refused(self, call(*self.words, "--client", "thunderbrd"), 66, "thunderbrd", "thunderbird")


if __name__ == "__main__":
    unittest.main()
