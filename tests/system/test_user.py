# SPDX-License-Identifier: LGPL-2.1-or-later
"""A user's own instance: started over his bus, with a sandbox that is really there."""

import json

from machine import ADDRESS, HOST, MANAGER, NAME, PATH, PASSWORD, SystemTest, wait_for

SERVICE = "maildiagd.service"


class User(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.uid = cls.machine.run("id", "-u", "alice").stdout.strip()
        cls.machine.run("loginctl", "enable-linger", "alice")
        wait_for(lambda: cls.machine.run("test", "-S", f"/run/user/{cls.uid}/bus", check=False).status == 0, "the user's bus")
        cls.addClassCleanup(cls.machine.run, "loginctl", "disable-linger", "alice")

    def run_as(self, *arguments, check=True):
        return self.machine.run("env", f"XDG_RUNTIME_DIR=/run/user/{self.uid}", "HOME=/home/alice",
                                f"DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/{self.uid}/bus", *arguments, user="alice",
                                check=check)

    def pid(self):
        return self.run_as("systemctl", "--user", "show", "--value", "-p", "MainPID", SERVICE).stdout.strip()

    def test_a_call_starts_it(self):
        self.run_as("systemctl", "--user", "stop", SERVICE)
        output = self.run_as("busctl", "--user", "call", NAME, PATH, MANAGER, "ListPlugins").stdout
        self.assertIn('"imap"', output)
        self.assertEqual(self.run_as("systemctl", "--user", "is-active", SERVICE).stdout.strip(), "active")
        output = self.run_as("busctl", "--user", "get-property", NAME, PATH, MANAGER, "Instance").stdout
        self.assertEqual(output.strip(), 's "user"')

    def test_a_diagnosis_with_login(self):
        self.machine.write("/home/alice/secret", PASSWORD, mode=0o644)
        output = self.run_as("maildiag", "--session", "check", ADDRESS, "--imap", f"{HOST}:993", "--imap-security", "tls",
                             "--password-file", "/home/alice/secret", "--json", check=False)
        report = json.loads(output.stdout)
        self.assertEqual([service["login"] for service in report["services"]], ["ok"], output)

    def test_the_sandbox_is_there(self):
        """Tried from within the process' own mounts, as its user."""
        self.run_as("busctl", "--user", "call", NAME, PATH, MANAGER, "ListPlugins")
        pid = self.pid()
        mounts = self.machine.run("cat", f"/proc/{pid}/mountinfo").stdout
        self.assertNotEqual(mounts, self.machine.run("cat", "/proc/1/mountinfo").stdout)
        for path, writable in (("/home/alice/file", False), ("/usr/file", False), ("/etc/file", False),
                               ("/home/alice/.config/file", False), ("/home/alice/.local/state/maildiag/file", True),
                               ("/tmp/file", True)):
            with self.subTest(path):
                output = self.machine.run("nsenter", "-t", pid, "-U", "-m", "--preserve-credentials", "touch", path,
                                          user="alice", check=False)
                self.assertEqual(output.status == 0, writable, output)
        self.assertNotEqual(self.machine.run("test", "-e", "/tmp/file", check=False).status, 0)

    def test_it_has_no_privilege(self):
        self.run_as("busctl", "--user", "call", NAME, PATH, MANAGER, "ListPlugins")
        lines = self.machine.run("cat", f"/proc/{self.pid()}/status").stdout.splitlines()
        status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(status[name], 16), 0, name)
        self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))

    def test_it_comes_back(self):
        self.run_as("busctl", "--user", "call", NAME, PATH, MANAGER, "ListPlugins")
        before = self.pid()
        self.run_as("systemctl", "--user", "kill", "-s", "KILL", SERVICE)
        wait_for(lambda: self.pid() not in ("0", before), "another process")
        self.run_as("busctl", "--user", "call", NAME, PATH, MANAGER, "ListPlugins")

    def test_reload(self):
        self.run_as("systemctl", "--user", "start", SERVICE)
        self.run_as("systemctl", "--user", "reload", SERVICE)
