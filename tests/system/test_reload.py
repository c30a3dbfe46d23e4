# SPDX-License-Identifier: LGPL-2.1-or-later
"""Accounts and configuration are read again while it runs; what is broken changes nothing."""

import json

from machine import HOST, SystemTest, wait_for

ACCOUNT = "[account]\naddress = anna@example.test\n\n[imap]\nhost = {host}\nport = 993\nsecurity = tls\n"


class Reload(SystemTest):
    def setUp(self):
        self.write("office", HOST)
        self.machine.run("systemctl", "reload", "maildiagd")
        self.addCleanup(self.machine.run, "sh", "-c", "rm -f /etc/maildiag/accounts.d/* /etc/maildiag/maildiag.conf; "
                                                      "systemctl reload maildiagd")

    def write(self, id, host):
        self.machine.write(f"/etc/maildiag/accounts.d/{id}.conf", ACCOUNT.format(host=host))

    def accounts(self):
        return [account[0] for account in json.loads(self.machine.call("ListAccounts").stdout)["data"][0]]

    def host(self, id):
        return self.machine.call("Describe", path="/org/maildiag/Diag1/account/" + id,
                                 interface="org.maildiag.Diag1.Account").stdout

    def reload(self, works=True):
        before = self.machine.pid()
        output = self.machine.run("systemctl", "reload", "maildiagd", check=False)
        self.assertEqual(output.status == 0, works, output)
        self.assertEqual(self.machine.pid(), before)
        self.assertEqual(self.machine.show("maildiagd.service", "ActiveState"), "active")

    def test_what_is_new_and_what_is_gone(self):
        self.write("home", HOST)
        self.reload()
        self.assertEqual(self.accounts(), ["home", "office"])
        self.machine.run("rm", "/etc/maildiag/accounts.d/home.conf")
        self.reload()
        self.assertEqual(self.accounts(), ["office"])

    def test_a_broken_account_stays_as_it_was(self):
        self.machine.write("/etc/maildiag/accounts.d/office.conf", "[account]\nadress = anna@example.test\n")
        self.reload(works=False)
        self.assertEqual(self.accounts(), ["office"])
        self.assertIn(HOST, self.host("office"))
        self.assertIn("office.conf:2", self.machine.journal(20, "-u", "maildiagd"))
        self.write("office", "other.example.org")
        self.reload()
        self.assertIn("other.example.org", self.host("office"))

    def test_a_broken_configuration_is_not_taken(self):
        self.machine.write("/etc/maildiag/maildiag.conf", "[access]\nports = 26\nprots = 27\n")
        self.reload(works=False)
        self.assertEqual(self.accounts(), ["office"])
        # It is no obstacle at a start either.
        self.machine.run("systemctl", "restart", "maildiagd")
        self.assertEqual(self.accounts(), ["office"])

    def test_by_signal(self):
        self.write("home", HOST)
        self.machine.run("systemctl", "kill", "-s", "HUP", "maildiagd")
        wait_for(lambda: self.accounts() == ["home", "office"], "the new account")

    def test_the_status_tells(self):
        self.machine.run("systemctl", "restart", "maildiagd")
        self.assertRegex(self.machine.show("maildiagd.service", "StatusText"), "^0 of 1 accounts broken, [0-9]+ checks running$")
