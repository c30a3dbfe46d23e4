# SPDX-License-Identifier: LGPL-2.1-or-later
"""maildiag check --accounts FILE: what the file may hold, and what is said of many accounts."""

import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

import jsonschema

from client import CLIENT, HANG, SOURCE, assert_refused, call

sys.path.insert(0, os.path.join(SOURCE, "tests", "servers", "demohost"))

from accounts import ACCOUNTS, LISTENERS                         # noqa: E402
from host import Host                                           # noqa: E402

MARKER = "s3cret-mArker-7531"
SERVICE = {"protocol": "imap", "host": "imap.example.org", "port": 993, "security": "tls"}

# What stands in the file (as JSON, or as it is), and what the line must name.
WRONG = (
    ("", "line 1", "not JSON"),
    ("[", "not JSON"),
    ('[{"services": [], "services": []}]', "not JSON", "duplicate"),
    ({}, "no list of accounts"),
    ([], "no list of accounts"),
    ("[" + "{}," * 64 + "{}]", "more than 64"),
    ([1], "account 1", "no object"),
    ([{"services": [SERVICE]}, "x"], "account 2", "no object"),
    ([{"servics": []}], "account 1", "no key 'servics'"),
    ([{"host": "x"}], "account 1", "an account has no key 'host'"),
    ([{"services": {}}], "'services'", "list of services"),
    ([{"services": ["x"]}], "account 1", "service 1", "no object"),
    ([{"services": [SERVICE, dict(SERVICE, prot="x")]}], "account 1", "service 2", "a service has no key 'prot'"),
    ([{"services": [dict(SERVICE, port="993")]}], "'port'", "number from 1 to 65535"),
    ([{"services": [dict(SERVICE, port=0)]}], "'port'", "number from 1 to 65535"),
    ([{"services": [dict(SERVICE, port=70000)]}], "'port'", "number from 1 to 65535"),
    ([{"services": [dict(SERVICE, host=5)]}], "'host'", "a text"),
    ([{"services": [dict(SERVICE, services=[])]}], "no key 'services'"),
    ([{"auth": "PLAIN"}], "'auth'", "list of texts"),
    ([{"auth": [1]}], "'auth'", "list of texts"),
    ([{"allow-cleartext-login": 1}], "'allow-cleartext-login'", "true or false"),
    ([{"password": MARKER}], "account 1", "'password' is refused", "'password-file'"),
    ([{"services": [dict(SERVICE, secret=MARKER)]}], "service 1", "'secret' is refused", "'password-file'"),
    ([{"token": MARKER}], "'token' is refused", "'oauth2-token-file'"),
    ([{"password-file": True}], "'password-file'", "path of a file"),
    # The daemon's own words.
    ([{"services": []}], "account 1: services names no service"),
    ([{"address": "anna", "services": [SERVICE]}], "account 1: address 'anna'", "no @"),
    ([{"services": [SERVICE, dict(SERVICE, host="a..b")]}], "account 1: host 'a..b'", "service 2"),
    ([{"services": [{"protocol": "gopher", "host": "x.example"}]}], "'gopher'"),
)


def schema():
    schemas = {}
    for name in ("report", "reports"):
        with open(os.path.join(SOURCE, "dbus", f"maildiag-{name}-1.schema.json"), encoding="utf-8") as file:
            schemas[name] = json.load(file)
    resolver = jsonschema.RefResolver(schemas["reports"]["$id"], schemas["reports"],
                                      store={schemas["report"]["$id"]: schemas["report"]})
    return jsonschema.Draft202012Validator(schemas["reports"], resolver=resolver)


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def write(self, content, name="accounts.json"):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(content if isinstance(content, str) else json.dumps(content))
        return path

    def check(self, content, *words, **options):
        return call("--private", "check", "--accounts", self.write(content), *words, **options)

    def test_wrong_files(self):
        for content, *pieces in WRONG:
            with self.subTest(content=content):
                done = self.check(content)
                assert_refused(self, done, 64, *pieces)
                self.assertNotIn(MARKER, done.stderr)

    def test_files_that_are_missing(self):
        assert_refused(self, call("check", "--accounts", "/nonexistent"), 66, "--accounts", "/nonexistent")
        assert_refused(self, call("check", "--accounts", self.folder.name), 66, "--accounts", "directory")
        content = [{"services": [SERVICE], "password-file": "nothing-here"}]
        assert_refused(self, self.check(content), 66, "--password-file", os.path.join(self.folder.name, "nothing-here"))
        self.write("", "empty")
        assert_refused(self, self.check([{"services": [SERVICE], "password-file": "empty"}]), 66, "empty")

    def test_large_files(self):
        assert_refused(self, self.check(" " * (1 << 20) + "[]"), 64, "1 MiB")

    def test_words_that_do_not_go_with_it(self):
        content = [{"services": [SERVICE]}]
        for words in (["anna@example.org"], ["--imap", "imap.example.org"], ["--security", "tls"]):
            assert_refused(self, self.check(content, *words), 64, "--accounts")
        assert_refused(self, self.check(content, "--imap-security", "tls"), 64, "--imap-security")
        assert_refused(self, call("test", "imap", "mail.example.org", "--accounts", "x"), 64, "--accounts")


class Diagnoses(Files):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(LISTENERS, ACCOUNTS)
        cls.host.start()

    @classmethod
    def tearDownClass(cls):
        cls.host.stop()

    def account(self, account):
        """As it stands in a file; its password lies beside it."""
        services = []
        for service in account.services:
            listener = self.host.listeners[service.listener]
            services.append({"protocol": listener.protocol, "host": listener.host,
                             "port": self.host.ports[listener.name], "security": service.security})
        name = account.address + ".secret"
        self.write(account.password + "\n", name)
        return {"address": account.address, "services": services, "password-file": name}

    def accounts(self):
        return [self.account(account) for account in ACCOUNTS]

    def report(self, *words):
        done = self.check(self.accounts(), "--connect-to", "127.0.0.1", "--json", *words)
        document = json.loads(done.stdout)
        self.assertEqual([error.message for error in schema().iter_errors(document)], [])
        self.assertEqual(done.stderr, "")
        return done, document

    def test_each_as_announced(self):
        """All at once as one by one; the worst decides."""
        done, document = self.report("--ca-file", self.host.ca_file)
        self.assertEqual((done.returncode, document["verdict"]), (1, "error"))
        self.assertEqual([report["account"]["address"] for report in document["reports"]],
                         [account.address for account in ACCOUNTS])
        for account, report in zip(ACCOUNTS, document["reports"]):
            codes = {finding["code"] for finding in report["findings"]}
            self.assertLessEqual(set(account.finds), codes)
            self.assertEqual(report["verdict"] == "error", account.status == 1, codes)
        self.assertEqual(document["findings"], [])
        self.assertEqual({service["login"] for service in document["reports"][0]["services"]}, {"ok"})
        self.assertNotIn(ACCOUNTS[0].password, done.stdout)

    def test_for_a_person(self):
        done = self.check(self.accounts(), "--connect-to", "127.0.0.1", "--color=never", "--ca-file", self.host.ca_file,
                          env={"COLUMNS": "200"})
        lines = done.stdout.splitlines()
        self.assertTrue(lines[0].endswith("Accounts: 3; in order: 1; with a fault: 2; not known: 0."), lines[0])
        for account in ACCOUNTS:
            self.assertEqual(sum(account.address in line and line.startswith("──") for line in lines), 1)

    def test_one_that_is_fine(self):
        done = self.check([self.account(ACCOUNTS[0])], "--connect-to", "127.0.0.1", "--ca-file", self.host.ca_file)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("Accounts: 1; in order: 1;", done.stdout)

    def test_a_path_that_is_not_relative(self):
        account = self.account(ACCOUNTS[0])
        account["password-file"] = os.path.join(self.folder.name, account["password-file"])
        done = self.check([account], "--connect-to", "127.0.0.1", "--ca-file", self.host.ca_file)
        self.assertEqual(done.returncode, 0, done)


@unittest.skipUnless(os.geteuid() == 0, "needs root for a network of its own")
class Shared(Files):
    """In a network where nothing can be reached."""

    ACCOUNTS = [{"address": f"{name}@example.org", "services": [dict(SERVICE, host=host)]}
                for name, host in (("anna", "192.0.2.1"), ("ben", "198.51.100.1"))]

    def check_apart(self, *words):
        command = ["unshare", "-n", CLIENT, "--private", "check", "--accounts", self.write(self.ACCOUNTS), *words]
        return subprocess.run(command, env=dict(os.environ, LC_ALL="C.UTF-8", COLUMNS="200"), stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=HANG, check=False, encoding="utf-8")

    def test_one_cause(self):
        done = self.check_apart("--json")
        self.assertEqual((done.returncode, done.stderr), (1, ""))
        document = json.loads(done.stdout)
        self.assertEqual([error.message for error in schema().iter_errors(document)], [])
        shared, = document["findings"]
        self.assertEqual((shared["code"], shared["accounts"], shared["params"]["accounts"]),
                         ("shared.no-connection", [0, 1], ["anna@example.org", "ben@example.org"]))
        for report in document["reports"]:
            self.assertEqual(report["findings"][0]["cause"], "shared.no-connection")

    def test_for_a_person(self):
        text = self.check_apart("--color=never").stdout
        self.assertIn("Accounts: 2; in order: 0; with a fault: 2; not known: 0.", text.splitlines()[0])
        self.assertRegex(text.splitlines()[1], r"^To do +Check the network connection")
        self.assertEqual(text.count("This computer reaches no server at all: that breaks 2 accounts"), 1)
        self.assertLess(text.index("that breaks 2 accounts"), text.index("── anna@example.org"))
        self.assertIn("Affected: anna@example.org, ben@example.org.", text)
        self.assertEqual(len(re.findall(r"Cause +what several accounts share, see above \(shared.no-connection\)", text)), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2)
