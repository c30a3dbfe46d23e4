# SPDX-License-Identifier: LGPL-2.1-or-later
"""A start as root, by hand or by another init: everything is given up, or nothing begins."""

from machine import NAME, SystemTest, wait_for

PROGRAM = "/usr/lib/maildiag/maildiagd"
EMPTY = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")


class ByHand(SystemTest):
    def setUp(self):
        self.machine.run("systemctl", "stop", "maildiagd.service")
        self.addCleanup(self.machine.run, "systemctl", "start", "maildiagd.service")

    def status(self, pid):
        lines = self.machine.run("cat", f"/proc/{pid}/status").stdout.splitlines()
        return dict(line.split(":\t", 1) for line in lines if ":\t" in line)

    def test_it_becomes_its_user_without_privileges(self):
        self.machine.run("mkdir", "-p", "/srv/tests/state")
        self.machine.run("chown", "maildiag", "/srv/tests/state")
        process = self.machine.start(PROGRAM, "--system", "--state-dir=/srv/tests/state")
        try:
            wait_for(lambda: self.machine.run("pgrep", "-x", "maildiagd", check=False).stdout, "the daemon")
            pid = self.machine.run("pgrep", "-x", "maildiagd").stdout.split()[0]
            wait_for(lambda: self.machine.run("busctl", "--system", "status", NAME, check=False).status == 0, "its name")
            uid, gid = (self.machine.run("id", option, "maildiag").stdout.strip() for option in ("-u", "-g"))
            for each in [pid, *self.machine.run("pgrep", "-x", "maildiag-worker").stdout.split()]:
                status = self.status(each)
                self.assertEqual((status["Uid"].split(), status["Gid"].split()), ([uid] * 4, [gid] * 4))
                self.assertLessEqual(set(status["Groups"].split()), {gid})
                self.assertEqual({name: int(status[name], 16) for name in EMPTY}, dict.fromkeys(EMPTY, 0))
                self.assertEqual(status["NoNewPrivs"], "1")
            self.assertIn('"imap"', self.machine.call("ListPlugins").stdout)
        finally:
            self.machine.run("pkill", "-x", "maildiagd", check=False)
            process.communicate()

    def test_it_refuses_where_it_has_no_user(self):
        output = self.machine.run("unshare", "-m", "sh", "-c",
                                  "grep -v ^maildiag: /etc/passwd > /run/passwd; mount --bind /run/passwd /etc/passwd; "
                                  f"{PROGRAM} --system", check=False)
        self.assertEqual(output.status, 77)
        self.assertIn('no user "maildiag"', output.stderr)

    def test_it_refuses_what_it_cannot_give_up(self):
        """Root that may not change its user."""
        output = self.machine.run("setpriv", "--bounding-set=-setuid", "--inh-caps=-setuid", PROGRAM, "--system", check=False)
        self.assertEqual(output.status, 77)
        self.assertIn("cannot change to the user", output.stderr)
