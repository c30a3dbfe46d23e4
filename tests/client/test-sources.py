# SPDX-License-Identifier: LGPL-2.1-or-later
"""Accounts in the configuration of other programs: maildiag reads them as those programs themselves do."""

import json
import os
import subprocess
import tempfile
import unittest

from client import HANG, call

# What stands in a file of msmtp.
MSMTP = (
    'account a\nhost h.example\n',
    'defaults\ntls on\nauth on\naccount a\nhost h.example\nfrom "a@b.example"\nuser "x y"\nport 587\n'
    'account b : a\nport 465\ntls_starttls off\n'
    'account c: a ,b\nhost "q.example"\nauth plain\n  tls_starttls   on\n',
    'account a\nhost h.example\nport 1\naccount b\nhost i.example\naccount c : a , b\ntls on\n',
    'account a\nhost h.example\ndefaults\nport 26\naccount b\nhost i.example\n',
    'account a\nhost h.example\ntls\ntls_starttls off\nauth scram-sha-256\nuser u\n',
    'account a\nhost h.example\ntls off\ntls_starttls off\nauth login\nuser u\nfrom x@y.example\n',
    'account a\nhost h.example\ntls on\ntls_host_override n.example\nauth external\nuser u\n',
    'account a b\nhost h.example\nauth\nuser a:b#c\n',
)
SAMPLE = os.path.join(os.environ["MAILDIAG_SHARED"], "data", "clients", "msmtprc.sample")

# What stands in main.cf: Postfix says how it reads it.
POSTFIX = (
    'relayhost = [h.example]:587\n',
    'relayhost =\n# between\n\n  [a.example]:26\n',
    'relay = h.${mydomain}\nmydomain=d.$(tld)\ntld = example\nrelayhost = [$relay]\n',
    'relayhost = [a.example]\nrelayhost = [b.example]:2525\n',
    'relayhost=[h.example]:465\nsmtp_tls_wrappermode =yes\nsmtp_tls_security_level= encrypt\n',
)


class Sources(unittest.TestCase):

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="maildiag-sources-")
        self.addCleanup(self.folder.cleanup)

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def accounts(self, program, path):
        """Those that maildiag finds in a file of a program."""
        others = {"msmtp": "none", "postfix": "none", program: path}
        self.write("maildiag.conf", "[sources]\n" + "".join("%s = %s\n" % other for other in others.items()))
        done = call("--private", "--config-dir", self.folder.name, "list", "--json")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return json.loads(done.stdout)

    # ---- msmtp ----

    def ask_msmtp(self, path, name):
        """The settings as msmtp prints them."""
        os.chmod(path, 0o600)
        done = subprocess.run(["msmtp", "-P", "-C", path, "-a", name], capture_output=True, text=True, timeout=HANG,
                              check=True, env=dict(os.environ, HOME=self.folder.name))
        lines = (line.split(" = ", 1) for line in done.stdout.splitlines() if " = " in line)
        return {key.strip(): value.strip() for key, value in lines}

    def compare(self, path, account):
        theirs, (service,) = self.ask_msmtp(path, account["name"]), account["services"]
        security = "none" if theirs["tls"] == "off" else "starttls" if theirs["tls_starttls"] == "on" else "tls"
        self.assertEqual((service["host"], service["port"], service["security"]),
                         (theirs["host"], int(theirs["port"]), security))
        login = theirs["auth"] not in ("none", "off")
        self.assertEqual(service.get("username"), theirs["user"] if login and theirs["user"] != "(not set)" else None)
        self.assertEqual(service.get("auth"), [theirs["auth"].upper()] if login and theirs["auth"] != "choose" else None)
        if theirs["from"] != "(not set)":
            self.assertEqual(account.get("address"), theirs["from"])
        self.assertEqual(service.get("tls-name"),
                         theirs.get("tls_host_override") if theirs.get("tls_host_override") != "(not set)" else None)

    def test_as_msmtp_reads_it(self):
        for text in MSMTP:
            path = self.write("msmtprc", text)
            accounts = self.accounts("msmtp", path)
            self.assertEqual(sorted(account["name"] for account in accounts),
                             sorted(line.split(None, 1)[1].split(":")[0].strip() for line in text.splitlines()
                                    if line.startswith("account ")))
            for account in accounts:
                with self.subTest(text, account=account["name"]):
                    self.compare(path, account)

    def test_sample(self):
        if not os.path.exists(SAMPLE):
            self.skipTest("there is no sample beside the source: 0 of 1 read")
        with open(SAMPLE, encoding="utf-8") as file:
            path = self.write("msmtprc", file.read())
        accounts = self.accounts("msmtp", path)
        self.assertEqual(sorted(account["name"] for account in accounts), ["home", "work"])
        for account in accounts:
            self.compare(path, account)
            self.assertNotIn("@", account["id"])
        work = next(account for account in accounts if account["name"] == "work")
        self.assertEqual(work["services"][0]["secret"], "command")

    # ---- Postfix ----

    def ask_postfix(self, name):
        return subprocess.run(["postconf", "-c", self.folder.name, "-x", "-h", name], capture_output=True, text=True,
                              timeout=HANG, check=True).stdout.strip()

    def test_as_postfix_reads_it(self):
        for text in POSTFIX:
            with self.subTest(text):
                account, = self.accounts("postfix", self.write("main.cf", text))
                service, = account["services"]
                relay = self.ask_postfix("relayhost")
                host, _, port = relay[1:].partition("]")
                self.assertEqual((service["host"], service["port"]), (host, int(port[1:] or 25)))
                self.assertEqual(service["security"],
                                 "tls" if self.ask_postfix("smtp_tls_wrappermode") == "yes" else "none")

    def test_no_relay(self):
        self.assertEqual(self.accounts("postfix", self.write("main.cf", "myhostname = h.example\n")), [])
        self.assertEqual(self.accounts("postfix", "/nowhere/main.cf"), [])


if __name__ == "__main__":
    unittest.main()
