#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The verdict on scenarios: every kind of difference is seen, and a scenario that went as expected has none."""

import json
import os
import pathlib
import tempfile
import unittest
import unittest.mock

import jsonschema

import covering
import scenario as scenarios
import verdict

FILE = """
about = "x"
covers = ["F01"]
[client]
command = "check anna@example.org --imap mail.example.org:143"
[expect]
status = 1
first = "port.expects-starttls"
every = ["port.expects-starttls"]
setting = "security"
changes = { security = "starttls" }
proof = "login"
alternatives = ["tcp.timeout"]
also = ["cert.expires-soon"]
absent = ["tls.", "auth.rejected"]
says = ["clear text"]
receive = "broken"
password = "tls"
output = ["Receiving"]
"""


def finding(code, severity="error", **more):
    return {"code": code, "severity": severity, "stage": "tls", "actor": "user", "message": "begins in clear text", "meaning": "",
            "hint": "", "params": {}, "confidence": "certain", "evidence": "* OK", "service": "imap", "host": "mail.example.org", "port": 143, **more}


SERVICE = {"protocol": "imap", "host": "mail.example.org", "port": 143, "security": "tls", "purpose": "receive",
           "verdict": "error", "login": "ok", "elapsed-usec": 1, "steps": [], "addresses": [], "facts": {}}
ADDRESS = {"address": "192.0.2.1", "port": 143, "family": "ipv4", "outcome": "ok", "elapsed-usec": 1, "used": False}


def report(*findings, receive="broken"):
    return {"schema": "maildiag-report/1", "generator": "x", "account": {"address": None}, "state": "done",
            "started-usec": 1, "elapsed-usec": 1, "verdict": "error", "receive": {"verdict": receive, "text": ""},
            "send": {"verdict": "none", "text": ""}, "findings": list(findings), "services": [SERVICE], "attempts": []}


FIRST = finding("port.expects-starttls", setting="security", suggested="starttls", proof="login", verified=True,
                changes=[{"setting": "security", "from": "tls", "to": "starttls"}],
                alternatives=[{"code": "tcp.timeout", "message": "x"}])
SOON = finding("cert.expires-soon", "warning")
RIGHT = report(FIRST, SOON)
TLS = [{"port": 143, "clear": [], "tls": ["raw"], "taken": 1000}]
TEXT = """Receiving mail does not work.
Sending mail was not part of this check.
To do       Nothing

Error       x
  Code        port.expects-starttls (RFC 8314)

  Warning     y
    Code        cert.expires-soon
"""


def outcome(document=RIGHT, received=TLS, **more):
    text = document if isinstance(document, str) else json.dumps(document)
    outputs = {"document": text, "errors": "", "text": TEXT, "errors with text": "", **more.pop("outputs", {})}
    return {"status": 1, "elapsed": 1, "memory": 9000, "left": [], "files": [], "received": received, "outputs": outputs, "leaked": {}, **more}


# what came of it, and a piece of the difference that must be seen; None: there is none
CASES = (
    (outcome(), None),
    (outcome(status=0), "exit status 0"),
    (outcome(left=["maildiagd"]), "processes are left: maildiagd"),
    (outcome(files=["tmp/x"]), "files are left: tmp/x"),
    (outcome(memory=40000), "a process had 40000 KiB"),
    (outcome(received=[{**TLS[0], "taken": 3000000}]), "3000000 bytes were taken"),
    (outcome(leaked={"text": ["base64"]}), "text: holds the password as base64"),
    (outcome(outputs={"text": "Receiving\x1b[31m"}), "unclean characters U+001B"),
    (outcome(outputs={"text": "Receiving\u202e"}), "unclean characters U+202E"),
    (outcome(outputs={"errors": "lost\n"}), "errors: 'lost'"),
    (outcome(outputs={"text": ""}), "the text lacks 'Receiving'"),
    (outcome(outputs={"text": TEXT.replace("To do", "Todo")}), "has no 'To do'"),
    (outcome(outputs={"text": TEXT.replace("expires-soon", "expired")}), "another run found"),
    (outcome("{"), "no document"),
    (outcome({**RIGHT, "extra": 1}), "schema: "),
    (outcome(report(SOON, FIRST)), "was expected first"),
    (outcome(report()), "found nothing"),
    (outcome(report(SOON)), "imap has no port.expects-starttls"),
    (outcome(report({**FIRST, "evidence": ""}, SOON)), "without confidence or evidence"),
    (outcome({**RIGHT, "services": [{**SERVICE, "bytes-in": 2000000}]}), "imap took 2000000 bytes"),
    (outcome({**RIGHT, "services": [{**SERVICE, "addresses": [ADDRESS] * 9}]}), "9 addresses"),
    (outcome(report({**FIRST, "proof": "connection"}, SOON)), "proof is 'connection'"),
    (outcome(report({**FIRST, "setting": "port"}, SOON)), "setting is 'port'"),
    (outcome(report({**FIRST, "changes": []}, SOON)), "proposes {}"),
    (outcome(report({**FIRST, "verified": False}, SOON)), "proposes what was not tried"),
    (outcome(report({**FIRST, "alternatives": []}, SOON)), "does not name tcp.timeout"),
    (outcome(report({**FIRST, "message": ""}, SOON)), "does not say 'clear text'"),
    (outcome(report(FIRST)), "cert.expires-soon was expected, too"),
    (outcome(report(FIRST, SOON, finding("tls.timeout"))), "tls.timeout must not appear"),
    (outcome(report(FIRST, SOON, finding("auth.rejected"))), "auth.rejected must not appear"),
    (outcome(report(FIRST, SOON, receive="ok")), "receive is ok, not broken"),
    (outcome(received=[]), "the password never came"),
    (outcome(received=[{"port": 143, "clear": ["raw"], "tls": [], "taken": 1}]), "the password came in clear at port 143"),
    (outcome(received=TLS + TLS), "2 logins for 1 services"),
)


class Verdict(unittest.TestCase):
    def setUp(self):
        os.environ.pop("MAILDIAG_INSTRUMENTED", None)           # of any build: nothing is measured here

    def test_cases(self):
        with open(os.path.join(os.environ["MAILDIAG_SOURCE"], "dbus", "maildiag-report-1.schema.json"), encoding="utf-8") as file:
            schema = jsonschema.Draft202012Validator(json.load(file))
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory, "x.toml")
            path.write_text(FILE, encoding="utf-8")
            scenario = scenarios.read(path)
        for came, piece in CASES:
            with self.subTest(piece):
                found = verdict.differences(scenario, came, schema)
                if piece is None:
                    self.assertEqual(found, [])
                else:
                    self.assertTrue(any(piece in line for line in found), found)

    def test_never(self):
        expect = FILE.replace('password = "tls"', 'password = "never"')
        with tempfile.TemporaryDirectory() as directory:
            path = pathlib.Path(directory, "x.toml")
            path.write_text(expect, encoding="utf-8")
            found = list(verdict.check_password(scenarios.read(path), outcome(), RIGHT))
        self.assertEqual(found, ["the password came at port 143"])


class BadFiles(unittest.TestCase):
    HEAD = "about = 'x'\ncovers = []\n"
    CASES = (
        (HEAD + "[client]\ncommand = 'check a@b'\n[expect]\nstatus = 0\nfist = 'x'\n", "has no key fist"),
        (HEAD + "[client]\ncommand = 'check a@b'\n[expect]\nstatus = 1\n", "no first finding"),
        (HEAD + "[client]\ncommand = 'frob a@b'\n[expect]\nstatus = 0\n", "the command is none of"),
        (HEAD + "[client]\ncommand = 'check a@b'\n[expect]\nstatus = 0\npassword = 'maybe'\n", "'maybe' is none of"),
        (HEAD + "[[server]]\nport = 1\n[client]\ncommand = 'check a@b'\n[expect]\nstatus = 0\n", "missing"),
        (HEAD + "[names]\nserver = 'lies'\n[client]\ncommand = 'check a@b'\n[expect]\nstatus = 0\n", "'lies' is none of"),
        ("about = 'x'\n[client]\ncommand = 'check a@b'\n[expect]\nstatus = 0\n", "covers"),
        ("[client]\ncommand = 'check a@b'\n[expect]\nstatus = 0\n", "about"),
        ("about =", "Invalid value"),
    )

    def test_cases(self):
        for text, piece in self.CASES:
            with self.subTest(piece), tempfile.TemporaryDirectory() as directory:
                path = pathlib.Path(directory, "x.toml")
                path.write_text(text, encoding="utf-8")
                with self.assertRaises(scenarios.BadScenario) as caught:
                    scenarios.read(path)
                self.assertIn(piece, str(caught.exception))


class Coverage(unittest.TestCase):
    WANTED = covering.Wanted({"F01": "a fault", "F02": "another"}, ("F01",), {"A01": ("IS", "a row"), "T01": ("", "one")},
                             {"F02": "others do"})
    CASES = (
        covering.Case("scenario", "x/y", (("F01", "I"), ("A01", "I"))), covering.Case("dialogue", "z", (("A01", "S"),)),
        covering.Case("real", "r", (("F01", "IPS"),)), covering.Case("test", "t", (("T01", "IPS"),)))

    def faults(self, cases=CASES, wanted=WANTED):
        with unittest.mock.patch.object(covering, "missing_tests", lambda: ()):
            return list(covering.faults_of(cases, wanted))

    def test_all_is_covered(self):
        self.assertEqual(self.faults(), [])

    def test_each_gap_is_seen(self):
        pieces = ("no case plays F01", "no case plays A01/S", "Dovecot and Postfix do not confirm F01", "no case plays T01")
        for number, piece in enumerate(pieces):
            with self.subTest(piece):
                found = self.faults(self.CASES[:number] + self.CASES[number + 1:])
                self.assertTrue(any(piece in line for line in found), found)

    def test_a_fault_needs_a_scenario(self):
        self.assertTrue(self.faults((covering.Case("dialogue", "d", (("F01", "I"),)), *self.CASES[1:])))

    def test_exceptions(self):
        covered = (*self.CASES, covering.Case("scenario", "f", (("F02", "I"),)))
        self.assertEqual(self.faults(covered), ["F02 is an exception, and there is a case"])

    def test_unknown_id(self):
        self.assertIn("x: F99 is not wanted", self.faults((*self.CASES, covering.Case("scenario", "x", (("F99", "I"),)))))

    def test_table(self):
        text = "\n".join(covering.table(self.CASES, self.WANTED))
        for piece in ("1 of   2 covered", "rows A                     1 of   1 covered (2 of   2 with each protocol)",
                      "exception F02: others do"):
            self.assertIn(piece, text)


if __name__ == "__main__":
    unittest.main()
