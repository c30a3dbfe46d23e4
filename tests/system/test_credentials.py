# SPDX-License-Identifier: LGPL-2.1-or-later
"""Secrets of the machine's accounts come from the service manager, and stay where they belong."""

import json

from machine import ADDRESS, HOST, PASSWORD, SystemTest

ACCOUNT = f"""[account]
address = {ADDRESS}
secret = credential:office

[imap]
host = {HOST}
port = 993
security = tls
"""
RULE = """polkit.addRule(function(action, subject) {
        if (action.id == "org.maildiag.diag1.check-server")
                return polkit.Result.YES;
});
"""
PLACE = "/run/credentials/maildiagd.service"


class Credentials(SystemTest):
    def setUp(self):
        self.machine.write("/etc/maildiag/accounts.d/office.conf", ACCOUNT)
        self.addCleanup(self.machine.run, "sh", "-c", "rm -f /etc/maildiag/accounts.d/* /etc/maildiag/credentials/*; "
                                                      "systemctl restart maildiagd")

    def provide(self, secret):
        self.machine.write("/etc/maildiag/credentials/office", secret, mode=0o600)
        self.machine.run("systemctl", "restart", "maildiagd")

    def codes(self):
        verdict, findings = json.loads(self.machine.call("CheckAccount", "sa{sv}", "office", "0").stdout)["data"]
        return verdict, [finding["code"]["data"] for finding in findings]

    def test_the_right_one(self):
        self.provide(PASSWORD + "\n")
        before = self.machine.run("cat", "/srv/tests/dovecot/log").stdout.count(" Login: ")
        self.assertEqual(self.codes(), ("ok", []))
        self.assertEqual(self.machine.run("cat", "/srv/tests/dovecot/log").stdout.count(" Login: "), before + 1)

    def test_a_wrong_one(self):
        self.provide("something else")
        verdict, codes = self.codes()
        self.assertEqual(verdict, "error")
        self.assertTrue(codes[0].startswith("auth."), codes)

    def test_none(self):
        """Goes as far as it can, and says so."""
        self.machine.run("systemctl", "restart", "maildiagd")
        verdict, codes = self.codes()
        self.assertEqual(verdict, "unknown")
        self.assertIn("policy.secret-missing", codes)

    def test_nobody_else_reads_it(self):
        self.provide(PASSWORD)
        for user in ("alice", "maildiag-worker"):
            for path in (f"{PLACE}/maildiag_office", "/etc/maildiag/credentials/office"):
                self.assertNotEqual(self.machine.run("cat", path, user=user, check=False).status, 0)
        self.assertNotIn(PASSWORD, self.machine.run("sh", "-c", "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline").stdout)

    def test_it_is_not_for_a_server_of_somebody_else(self):
        self.provide(PASSWORD)
        self.machine.write("/etc/polkit-1/rules.d/10-maildiag.rules", RULE)
        self.machine.run("systemctl", "restart", "polkit")
        self.addCleanup(self.machine.run, "sh", "-c", "rm /etc/polkit-1/rules.d/*; systemctl restart polkit")
        output = self.machine.run("gdbus", "call", "--system", "-d", "org.maildiag.Diag1", "-o", "/org/maildiag/Diag1", "-m",
                                  "org.maildiag.Diag1.Manager.CheckServer", "imap", HOST, "993", "tls",
                                  "{'username': <'anna'>, 'secret': <'credential:office'>}", user="alice", check=False)
        self.assertNotEqual(output.status, 0)
        self.assertIn("only root may name credentials", output.stderr)
