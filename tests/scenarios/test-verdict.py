#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The verdict on scenarios: every kind of difference is seen, and a scenario that went as expected has none."""

import json
import os
import pathlib
import tempfile
import unittest

import jsonschema

import scenario as scenarios
import verdict

FILE = """
about = "x"
[client]
command = "check anna@example.org --imap mail.example.org:143"
[expect]
status = 1
first = "port.expects-starttls"
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
            "hint": "", "params": {}, "service": "imap", "host": "mail.example.org", "port": 143, **more}


def report(*findings, receive="broken"):
    service = {"protocol": "imap", "host": "mail.example.org", "port": 143, "security": "tls", "purpose": "receive",
               "verdict": "error", "login": "ok", "elapsed-usec": 1, "steps": [], "addresses": [], "facts": {}}
    return {"schema": "maildiag-report/1", "generator": "x", "account": {"address": None}, "state": "done",
            "started-usec": 1, "elapsed-usec": 1, "verdict": "error", "receive": {"verdict": receive, "text": ""},
            "send": {"verdict": "none", "text": ""}, "findings": list(findings), "services": [service], "attempts": []}


FIRST = finding("port.expects-starttls", setting="security", suggested="starttls", proof="login", verified=True,
                changes=[{"setting": "security", "from": "tls", "to": "starttls"}],
                alternatives=[{"code": "tcp.timeout", "message": "x"}])
SOON = finding("cert.expires-soon", "warning")
RIGHT = report(FIRST, SOON)
TLS = [{"port": 143, "clear": [], "tls": ["raw"]}]


def outcome(document=RIGHT, received=TLS, **more):
    text = document if isinstance(document, str) else json.dumps(document)
    outputs = {"document": text, "errors": "", "text": "Receiving", "errors with text": "", **more.pop("outputs", {})}
    return {"status": 1, "elapsed": 1, "left": [], "received": received, "outputs": outputs, "leaked": {}, **more}


# what came of it, and a piece of the difference that must be seen; None: there is none
CASES = (
    (outcome(), None),
    (outcome(status=0), "exit status 0"),
    (outcome(left=["maildiagd"]), "processes are left: maildiagd"),
    (outcome(leaked={"text": ["base64"]}), "text: holds the password as base64"),
    (outcome(outputs={"text": "Receiving\x1b[31m"}), "unclean characters U+001B"),
    (outcome(outputs={"text": "Receiving\u202e"}), "unclean characters U+202E"),
    (outcome(outputs={"errors": "lost\n"}), "errors: 'lost'"),
    (outcome(outputs={"text": ""}), "the text lacks 'Receiving'"),
    (outcome("{"), "no document"),
    (outcome({**RIGHT, "extra": 1}), "schema: "),
    (outcome(report(SOON, FIRST)), "was expected first"),
    (outcome(report()), "found nothing"),
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
    (outcome(received=[{"port": 143, "clear": ["raw"], "tls": []}]), "the password came in clear at port 143"),
    (outcome(received=TLS + TLS), "2 logins for 1 services"),
)


class Verdict(unittest.TestCase):
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
    CASES = (
        ("about = 1\n[client]\ncommand = 'check a@b'\n[expect]\nstatus = 0\nfist = 'x'\n", "has no key fist"),
        ("about = 'x'\n[client]\ncommand = 'check a@b'\n[expect]\nstatus = 1\n", "no first finding"),
        ("about = 'x'\n[client]\ncommand = 'frob a@b'\n[expect]\nstatus = 0\n", "the command is none of"),
        ("about = 'x'\n[client]\ncommand = 'check a@b'\n[expect]\nstatus = 0\npassword = 'maybe'\n", "'maybe' is none of"),
        ("about = 'x'\n[[server]]\nport = 1\n[client]\ncommand = 'check a@b'\n[expect]\nstatus = 0\n", "missing"),
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


if __name__ == "__main__":
    unittest.main()
