# SPDX-License-Identifier: LGPL-2.1-or-later
"""Who may do what: root, members of a group, users whom polkit lets, and nobody else; with polkit and without."""

import json
import re
import subprocess
import xml.etree.ElementTree

from machine import HOST, JOB, MANAGER, NAME, PATH, SOURCE, SystemTest, wait_for

SERVER = ["imap", HOST, "993", "tls", "{}"]
ACCOUNT = f"""[account]
address = anna@example.test
name = Anna's mail

[imap]
host = {HOST}
port = 993
security = tls
username = anna@example.test
"""
RULE = """polkit.addRule(function(action, subject) {
        if (action.id == "org.maildiag.diag1.%s" && subject.user == "alice")
                return polkit.Result.%s;
});
"""
# Starts a job that waits for a server, says which, and waits with it.
JOB_PROGRAM = """
import sys, dbus
bus = dbus.SystemBus()
manager = dbus.Interface(bus.get_object("org.maildiag.Diag1", "/org/maildiag/Diag1"), "org.maildiag.Diag1.Manager")
print(manager.StartCheckSettings("", [{"protocol": "imap", "host": "silent.example.org", "security": "tls"}],
                                 dbus.Dictionary(signature="sv")), flush=True)
sys.stdin.read()
"""

ACTIONS = ("check-account", "check-server", "view-details", "import-system", "manage")


def known(tree, interface):
    return {f"{interface}.{method.get('name')}" for method in tree.iterfind(f"interface[@name='{NAME}.{interface}']/method")}


class Rights(SystemTest):
    def setUp(self):
        self.machine.write("/etc/maildiag/accounts.d/office.conf", ACCOUNT)
        self.machine.call("Reload")
        self.addCleanup(self.forget)

    def forget(self):
        self.machine.run("sh", "-c", "rm -f /etc/maildiag/accounts.d/* /etc/maildiag/maildiag.conf "
                                     "/etc/polkit-1/rules.d/*; systemctl unmask --runtime polkit; systemctl restart polkit")
        self.machine.call("Reload")

    def rule(self, action, result="YES"):
        self.machine.write("/etc/polkit-1/rules.d/10-maildiag.rules", RULE % (action, result))
        self.machine.run("systemctl", "restart", "polkit")

    def ask(self, member, *arguments, user, path=PATH, interface=MANAGER):
        """By a tool that repeats what an error says."""
        return self.machine.run("gdbus", "call", "--system", "-d", NAME, "-o", path, "-m", f"{interface}.{member}", *arguments,
                                user=user, check=False)

    def refused(self, output, *words):
        self.assertNotEqual(output.status, 0, output)
        for word in words:
            self.assertIn(word, output.stderr)

    def detail(self, name, user):
        return self.machine.run("busctl", "--system", "get-property", NAME, PATH + "/account/office", NAME + ".Account", name,
                                user=user, check=False)

    # ---- what needs no right ----

    def test_everybody_sees_what_is_public(self):
        for user in ("alice", None):
            self.assertIn("office", self.machine.call("ListAccounts", user=user).stdout)
            self.assertEqual(self.detail("Status", user).status, 0)

    def test_another_user_sees_no_details(self):
        text = self.machine.call("ListAccounts", user="bob").stdout + self.machine.call("Describe", user="bob").stdout
        text += self.machine.run("busctl", "--system", "call", NAME, PATH, "org.freedesktop.DBus.ObjectManager",
                                 "GetManagedObjects", user="bob").stdout
        text += self.machine.run("busctl", "--system", "call", NAME, PATH + "/account/office",
                                 "org.freedesktop.DBus.Properties", "GetAll", "s", NAME + ".Account", user="bob").stdout
        for secret in ("anna", "Anna", HOST):
            self.assertNotIn(secret, text)
        for name in ("Address", "DisplayName", "Services", "Findings", "Summary", "SourcePath"):
            self.refused(self.detail(name, "bob"))

    def test_every_member_has_its_right(self):
        """Called without arguments by a user whom nobody lets in: what needs a right is refused before anything else."""
        tree = xml.etree.ElementTree.parse(SOURCE / "dbus" / "org.maildiag.Diag1.xml")
        paths = {MANAGER: PATH, NAME + ".Account": PATH + "/account/office", JOB: PATH + "/job/1"}
        refused = set()
        for interface in tree.iter("interface"):
            for method in interface.iter("method"):
                name = interface.get("name")
                output = self.machine.run("busctl", "--system", "call", NAME, paths.get(name, PATH), name, method.get("name"),
                                          user="bob", check=False)
                if re.search("only root may|checks no servers for you|Access denied", output.stderr):
                    refused.add(name.rsplit(".", 1)[1] + "." + method.get("name"))
        self.assertEqual(refused, {"Manager." + name for name in (
            "CheckServer", "CheckSettings", "StartCheckSettings", "StartCheckAccounts", "CheckAccount", "StartCheck", "Discover",
            "StartDiscover", "ImportAccounts", "Reload")} & known(tree, "Manager") | {"Account.Check", "Account.Describe"})

    # ---- polkit ----

    def test_actions_are_known(self):
        for action in ACTIONS:
            output = self.machine.run("pkaction", "--verbose", "--action-id", "org.maildiag.diag1." + action).stdout
            self.assertIn("unix-user:maildiag", output)

    def test_nobody_is_let_in_without_a_rule(self):
        for call, words in ((["CheckServer", *SERVER], "checks no servers for you"),
                            (["CheckAccount", "office", "{}"], "have the system's accounts checked"),
                            (["Reload"], "only root may manage")):
            self.refused(self.ask(*call, user="alice"), words)

    def test_the_call_says_whether_a_person_may_be_asked(self):
        call = ["busctl", "--system", "call", NAME, PATH, MANAGER, "Reload"]
        output = self.machine.run(*call[:2], "--allow-interactive-authorization=no", *call[2:], user="alice", check=False)
        self.refused(output, "only root may manage", "has to allow")

    def test_a_rule_lets_in_for_what_it_names(self):
        self.rule("check-server")
        self.assertIn("('ok'", self.ask("CheckServer", *SERVER, user="alice").stdout)
        self.refused(self.ask("CheckServer", *SERVER, user="bob"), "checks no servers for you")
        self.refused(self.ask("Reload", user="alice"), "only root may manage")

    def test_details(self):
        self.rule("view-details")
        self.assertIn("anna@example.test", self.detail("Address", "alice").stdout)
        self.assertIn(HOST, self.machine.call("Describe", user="alice", path=PATH + "/account/office",
                                              interface=NAME + ".Account").stdout)

    def test_accounts(self):
        self.rule("check-account")
        output = self.machine.call("CheckAccount", "sa{sv}", "office", "0", user="alice")
        self.assertEqual(json.loads(output.stdout)["data"][0], "ok")

    def test_manage(self):
        self.rule("manage")
        self.machine.call("Reload", user="alice")

    def test_a_rule_that_says_no(self):
        self.rule("manage", "NO")
        self.refused(self.ask("Reload", user="alice"), "only root may manage")

    def test_without_polkit_root_alone(self):
        self.rule("check-server")
        self.machine.run("systemctl", "mask", "--runtime", "--now", "polkit")
        self.refused(self.ask("CheckServer", *SERVER, user="alice"), "checks no servers for you", "polkit cannot be asked")
        self.assertIn("('ok'", self.ask("CheckServer", *SERVER, user=None).stdout)

    def test_without_polkit_installed(self):
        service = "/usr/share/dbus-1/system-services/org.freedesktop.PolicyKit1.service"
        self.machine.run("sh", "-c", f"systemctl stop polkit; mv {service} /root/")
        try:
            self.machine.run("systemctl", "reload", "dbus")
            self.refused(self.ask("Reload", user="alice"), "only root may manage", "polkit cannot be asked")
            self.machine.call("Reload")
        finally:
            self.machine.run("sh", "-c", f"mv /root/org.freedesktop.PolicyKit1.service {service}; systemctl reload dbus")

    # ---- the administrator's word ----

    def test_a_group_may_read(self):
        self.machine.run("sh", "-c", "groupadd -f watchers; usermod -aG watchers bob")
        self.machine.write("/etc/maildiag/maildiag.conf", "[access]\nread-groups = watchers\n")
        self.machine.call("Reload")
        self.assertIn("anna@example.test", self.detail("Address", "bob").stdout)
        self.assertIn(HOST, self.machine.call("Describe", user="bob").stdout)
        self.refused(self.ask("Get", NAME + ".Account", "Address", path=PATH + "/account/office",
                              interface="org.freedesktop.DBus.Properties", user="alice"), "only root may see the details")
        self.refused(self.ask("Reload", user="bob"), "only root may manage")

    # ---- the bus ----

    def test_the_bus_lets_no_stranger_in(self):
        for interface, member in (("org.freedesktop.DBus.Properties", "Set"), ("org.example.Other", "Call")):
            output = self.machine.run("busctl", "--system", "call", NAME, PATH, interface, member, user="alice", check=False)
            self.refused(output, "Access denied" if "Access denied" in output.stderr else "rejected")
        output = self.machine.run("busctl", "--system", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                  "org.freedesktop.DBus", "RequestName", "su", NAME, "0", user="alice", check=False)
        self.assertNotEqual(output.status, 0)

    def test_jobs_are_their_owners(self):
        self.rule("check-server")
        process = self.machine.start("/usr/bin/python3", "-c", JOB_PROGRAM, user="alice", stdout=subprocess.PIPE)
        try:
            path = process.stdout.readline().strip()
            for member in ("Cancel", "GetResult", "Describe"):
                self.refused(self.ask(member, path=path, interface=JOB, user="bob"), "the job of another user")
            self.assertNotIn(path, self.machine.call("ListJobs", user="bob").stdout)
            self.assertIn(path, self.machine.call("ListJobs").stdout)
        finally:
            process.communicate()
        wait_for(lambda: "running" not in self.machine.call("ListJobs").stdout, "the end of the job")
