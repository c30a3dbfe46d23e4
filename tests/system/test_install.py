# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an installation leaves: units, users, directories, and processes that can do next to nothing."""

import re

from machine import SystemTest

EMPTY_SETS = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")


class Install(SystemTest):
    def exposure(self, unit):
        output = self.machine.run("systemd-analyze", "security", "--no-pager", unit).stdout
        return float(re.search(r"Overall exposure level for .*: ([0-9.]+)", output).group(1))

    def status(self, pid):
        lines = self.machine.run("cat", f"/proc/{pid}/status").stdout.splitlines()
        return dict(line.split(":\t", 1) for line in lines if ":\t" in line)

    def worker(self):
        return self.machine.workers()[0]

    def test_units_are_enabled(self):
        for unit in ("maildiagd.service", "maildiag-worker.socket", "dbus-org.maildiag.Diag1.service"):
            self.assertEqual(self.machine.run("systemctl", "is-enabled", unit).stdout.strip(),
                             "alias" if unit.startswith("dbus-") else "enabled")

    def test_units_are_in_order(self):
        output = self.machine.run("systemd-analyze", "verify", "--man=no", "maildiagd.service", "maildiag-worker.socket",
                                  "maildiag-worker@1.service")
        self.assertNotIn("maildiag", output.stderr)

    def test_exposure(self):
        self.assertLessEqual(self.exposure("maildiagd.service"), 0.3)
        self.assertLessEqual(self.exposure(self.worker()), 1.2)
        self.assertLessEqual(self.exposure("maildiag-discovery@1.service"), 1.2)

    def test_processes_have_no_privilege(self):
        self.machine.call("ListPlugins")
        for unit, user in (("maildiagd.service", "maildiag"), (self.worker(), "maildiag-worker")):
            uid = self.machine.run("id", "-u", user).stdout.strip()
            status = self.status(self.machine.pid(unit))
            self.assertEqual(status["Uid"].split(), [uid] * 4)
            self.assertEqual({name: int(status[name], 16) for name in EMPTY_SETS}, dict.fromkeys(EMPTY_SETS, 0))
            self.assertEqual((status["NoNewPrivs"], status["Seccomp"]), ("1", "2"))

    def test_they_are_small(self):
        """Daemon and worker together; that of discovery rests soon."""
        self.machine.call("ListPlugins")
        kb = [int(self.status(self.machine.pid(unit))["VmRSS"].split()[0])
              for unit in ("maildiagd.service", *self.machine.workers())]
        self.assertEqual(len(kb), 2)
        self.assertLess(sum(kb), 12 * 1024, kb)

    def test_the_daemon_has_no_network(self):
        pid = self.machine.pid()
        interfaces = self.machine.run("nsenter", "-t", pid, "-n", "ip", "-brief", "link").stdout.split("\n")
        self.assertEqual([line.split()[0] for line in interfaces if line], ["lo"])

    def test_only_the_daemon_reaches_a_worker(self):
        program = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                s.connect("/run/maildiag/worker")
            except PermissionError:
                sys.exit(0)
            sys.exit("connected")"""
        for user in ("alice", "maildiag-worker"):
            self.machine.python(program, user=user)

    def test_directories(self):
        expected = {"/etc/maildiag/credentials": "700 root root", "/etc/maildiag/accounts.d": "755 root root",
                    "/var/lib/maildiag": "700 maildiag maildiag", "/run/maildiag/worker": "600 maildiag maildiag"}
        for path, access in expected.items():
            self.assertEqual(self.machine.run("stat", "-c", "%a %U %G", path).stdout.strip(), access, path)
