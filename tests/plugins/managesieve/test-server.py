#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The plugin that was built elsewhere against Dovecot's ManageSieve server."""

import os
import shutil
import sys
import unittest

import diagnosis
import outside
import realhost

USER = diagnosis.ADDRESS
PASSWORD = "marker-1 Zebra+Klavier"
OTHER_USER, LONG_PASSWORD = "otto@example.test", "marker-2-" * 100      # no quoted string can hold it
# Dovecot makes an address wait that failed to log in, longer each time.
NO_PENALTY = "service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0\n  }\n}\n"
SERVER_PROGRAM = "/usr/lib/dovecot/managesieve"


class Sieve(diagnosis.RealTest):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plugins = outside.Outside(cls.folder.path).build(cls.folder.path / "plugins").parent
        cls.dovecot = cls.dovecot_with("dovecot")

    @classmethod
    def dovecot_with(cls, name, kind="good", settings=""):
        server = realhost.Dovecot(cls.folder.path / name, *cls.folder.pair(kind),
                                  {USER: PASSWORD, OTHER_USER: LONG_PASSWORD}, NO_PENALTY + settings)
        cls.addClassCleanup(server.stop)
        server.start()
        realhost.wait_for_port(server.ports["sieve"], server.process)
        return server

    def diagnose(self, *more, server=None, port="sieve", security="starttls", user=USER, secret=PASSWORD):
        """`maildiag test sieve`, as a document."""
        port = (server or self.dovecot).ports[port]
        words = ["test", "sieve", f"{diagnosis.HOST}:{port}", "--security", security, "--user", user, "--json",
                 "--connect-to", diagnosis.SERVER, "--plugin-dir", str(self.plugins),
                 "--ca-file", str(self.folder.ca_file), *more]
        process = diagnosis.start_client(words, secret)
        said = diagnosis.finish_client(process, secret)
        report = diagnosis.Report(process.returncode, *said)
        diagnosis.assert_clean(secret, report="\n".join(diagnosis.texts_of(report.document)).encode())
        return report

    def steps(self, report):
        return {step["name"]: step["outcome"] for step in report.service("sieve")["steps"]}

    def test_login_without_scripts(self):
        report = self.diagnose()
        self.assert_works(report, "sieve.no-active-script")
        service = report.service("sieve")
        self.assertEqual((service["purpose"], service["mechanism"]["name"]), ("other", "SCRAM-SHA-256"))
        self.assertTrue(any(word.startswith("SIEVE=fileinto") for word in service["capabilities"]["after-tls"]))
        self.assertEqual(self.steps(report), {
            "resolve": "ok", "connect": "ok", "tls": "skipped", "greeting": "ok", "starttls": "ok",
            "capability-tls": "ok", "login": "ok", "scripts": "ok", "space": "ok", "logout": "ok"})

    def test_every_mechanism(self):
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"):
            with self.subTest(mechanism):
                report = self.diagnose("--auth", mechanism)
                self.assert_works(report, "sieve.no-active-script")
                self.assertEqual(report.service("sieve")["mechanism"]["name"], mechanism)

    def test_long_password(self):
        report = self.diagnose("--auth", "PLAIN", user=OTHER_USER, secret=LONG_PASSWORD)
        self.assert_works(report, "sieve.no-active-script")

    def test_with_an_active_script(self):
        server = self.dovecot_with("with-script")
        home = server.folder / "mail" / USER
        (home / "sieve").mkdir(parents=True)
        (home / "sieve" / "work.sieve").write_text('require "fileinto";\n', encoding="ascii")
        (home / ".dovecot.sieve").symlink_to("sieve/work.sieve")
        for path in (home, *home.rglob("*")):
            shutil.chown(path, "mail", "mail") if not path.is_symlink() else os.lchown(path, home.stat().st_uid, -1)
        self.assert_works(self.diagnose(server=server))

    def test_no_space(self):
        server = self.dovecot_with("without-space", settings="plugin {\n  sieve_max_script_size = 1K\n}\n")
        report = self.diagnose(server=server)
        self.assert_works(report, "sieve.no-space", "sieve.no-active-script")
        self.assertIn("QUOTA/MAXSIZE", report.finding("sieve.no-space")["evidence"])

    def test_wrong_password(self):
        for mechanism in ("PLAIN", "SCRAM-SHA-256"):
            with self.subTest(mechanism):
                report = self.diagnose("--auth", mechanism, secret="another Zebra")
                self.assert_broken(report, "auth.rejected")
                self.assertNotIn("scripts", self.steps(report))
                self.assertEqual(self.steps(report)["logout"], "ok")

    def test_certificate_for_another_name(self):
        report = self.diagnose(server=self.dovecot_with("wrong-host", "wrong-host"))
        self.assertIn("cert.wrong-host", report.codes)
        self.assertIn(diagnosis.OTHER_HOST, report.stdout)
        self.assertEqual(report.service("sieve")["login"], "not-tried")

    def test_certificate_of_nobody(self):
        report = self.diagnose(server=self.dovecot_with("self-signed", "self-signed"))
        self.assertIn("cert.self-signed", report.codes)
        self.assertEqual(report.service("sieve")["login"], "not-tried")

    def test_no_login_in_clear(self):
        server = self.dovecot_with("tls-only", settings="ssl = required\n")
        report = self.diagnose("--allow-cleartext-login", server=server, security="none")
        self.assertIn("auth.not-possible-without-tls", report.codes)
        self.assertEqual(report.service("sieve")["login"], "not-tried")

    def test_imap_instead(self):
        self.assertIn("port.other-protocol", self.diagnose(port="imap").codes)

    def test_implicit_tls_instead(self):
        self.assertIn("port.expects-starttls", self.diagnose(security="tls").codes)


class Protocols(unittest.TestCase):
    """Which protocols there are, the daemon says."""

    def test_without_the_plugin(self):
        process = diagnosis.start_client(["test", "sieve", diagnosis.HOST], None)
        stdout, stderr = diagnosis.finish_client(process, None)
        self.assertEqual((process.returncode, stdout), (64, ""))
        self.assertIn("'sieve'", stderr)


if __name__ == "__main__":
    if not os.path.exists(SERVER_PROGRAM):
        print("skipped: not installed: dovecot-managesieved")
        sys.exit(77)
    diagnosis.main()
