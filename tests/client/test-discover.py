#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""maildiag discover, and check of an address alone: with the finders of the tests, and without a network."""

import json
import os
import re
import shutil
import tempfile
import unittest

import jsonschema

from client import SOURCE, assert_refused, call

PLUGINS, FINDERS = os.environ["MAILDIAG_PLUGINDIR"], os.environ["MAILDIAG_FINDERS"]


class Discover(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="maildiag-plugins-")
        os.chmod(cls.folder, 0o755)
        os.mkdir(os.path.join(cls.folder, "discovery"), 0o755)
        for source, target, names in ((PLUGINS, "", ("imap.so", "smtp.so")), (FINDERS, "", ("finder-table.so",)),
                                      (FINDERS + "/discovery", "discovery", ("finder-dns.so", "finder-web.so"))):
            for name in names:
                shutil.copy(os.path.join(source, name), os.path.join(cls.folder, target, name))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def discover(self, address, *options, verb="discover", env=None):
        return call(verb, address, "--private", "--plugin-dir", self.folder, *options, env=env)

    def test_page(self):
        done = self.discover("servers@example.org", "--offline")
        text = re.sub(r"\s+", " ", done.stdout)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertTrue(text.startswith("Settings for servers@example.org were found."), text)
        for piece in ("→ IMAP imap.example.org port 993, tls: not tried", "the whole address: servers@example.org",
                      "Login password, oauth2", "the tests (over https, as of 2026-03)",
                      "- SMTP smtp.provider.example port 587, starttls: not tried", "the part before the @: servers",
                      "(not secured on the way)", "But hearsay about a server outside of the domain",
                      "finder-table: answered, 2 candidates"):
            self.assertIn(piece, text)
        self.assertNotIn("finder-web", text)

    def test_all_are_asked(self):
        done = self.discover("servers@example.org", "--no-probe", env={"MAILDIAG_OFFLINE": ""})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for name in ("finder-table", "finder-dns", "finder-web"):
            self.assertIn(name + ": answered, 2 candidates", done.stdout)

    def test_document(self):
        done = self.discover("servers@example.org", "--offline", "--json")
        document = json.loads(done.stdout)
        with open(os.path.join(SOURCE, "dbus", "maildiag-report-1.schema.json"), encoding="utf-8") as file:
            jsonschema.validate(document, json.load(file))
        self.assertEqual([(candidate["host"], candidate["chosen"]) for candidate in document["discovery"]["candidates"]],
                         [("imap.example.org", True), ("smtp.provider.example", False)])

    def test_what_has_to_be_done_first(self):
        done = self.discover("provider@example.org", "--offline")
        text = re.sub(r"\s+", " ", done.stdout)
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        for piece in ("No settings for provider@example.org were found.",
                      "First A password made for the app is needed. Make a password for the app.",
                      "https://provider.example/app-passwords", "last checked 2026-02"):
            self.assertIn(piece, text)
        self.assertNotIn("javascript", text)

    def test_nothing(self):
        done = self.discover("anna@example.org", "--offline")
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        self.assertIn("autoconf.nothing-found", done.stdout)

    def test_rubbish(self):
        done = self.discover("rubbish@example.org", "--offline")
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        self.assertIn("autoconf.bad-value", done.stdout)

    def test_bad_addresses(self):
        for address, words in (("anna@example", "without a dot"), ("anna@[192.0.2.1]", "address in brackets"),
                               ("anna(x)@example.org", "")):
            with self.subTest(address):
                done = self.discover(address)
                assert_refused(self, done, 64, words)

    def test_check_of_an_address_alone(self):
        """What is found is checked; here that is nothing."""
        done = self.discover("anna@example.org", "--offline", verb="check")
        self.assertEqual((done.returncode, done.stderr), (2, ""))
        self.assertIn("autoconf.nothing-found", done.stdout)
        for options in (("--imap-security", "tls"), ("--ask-password", "--client-cert", "x")):
            done = self.discover("anna@example.org", *options, verb="check")
            assert_refused(self, done, 64)


if __name__ == "__main__":
    unittest.main(verbosity=2)
