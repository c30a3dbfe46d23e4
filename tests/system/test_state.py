# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is remembered outlives the process; where it cannot be kept, the service goes on without."""

import json

from machine import ADDRESS, HOST, PASSWORD, SystemTest, wait_for

STATE, UNUSABLE = "/var/lib/maildiag", "11d8c4eda5f746e58cf75678eecf379c"


class State(SystemTest):
    def setUp(self):
        self.machine.write("/srv/tests/secret", PASSWORD)
        self.machine.write("/srv/tests/wrong", "not " + PASSWORD)
        self.forget()
        self.addCleanup(self.forget)

    def forget(self):
        self.machine.run("sh", "-c", f"systemctl stop maildiagd; umount -l {STATE} 2>/dev/null; rm -rf {STATE}/*; "
                                     "systemctl start maildiagd")

    def check(self, secret="secret"):
        """How the login went, and the codes."""
        output = self.machine.run("maildiag", "--system", "check", ADDRESS, "--imap", f"{HOST}:993", "--imap-security", "tls",
                                  "--password-file", "/srv/tests/" + secret, "--json", check=False)
        report = json.loads(output.stdout)
        return report["services"][0]["login"], [finding["code"] for finding in report["findings"]]

    def use_up(self):
        """Three refused logins are as many as an account may have."""
        for _ in range(3):
            self.assertEqual(self.check("wrong")[0], "refused")
        self.denied()

    def denied(self):
        login, codes = self.check()
        self.assertEqual(login, "not-tried")
        self.assertIn("policy.login-budget", codes)

    def test_a_restart_and_a_crash(self):
        self.use_up()
        self.machine.run("systemctl", "restart", "maildiagd")
        self.denied()
        before = self.machine.pid()
        self.machine.run("kill", "-KILL", before)
        wait_for(lambda: self.machine.pid() not in (0, before), "another process")
        self.denied()

    def test_rubbish(self):
        self.use_up()
        self.machine.run("systemctl", "stop", "maildiagd")
        self.machine.run("sh", "-c", f"for file in {STATE}/*; do [ ! -f $file ] || echo rubbish > $file; done")
        self.assertEqual(self.check()[0], "ok")
        self.assertEqual(self.machine.show("maildiagd.service", "NRestarts"), "0")

    def mount(self, *options):
        """Its own small disk, on which the service starts."""
        self.machine.run("sh", "-ec", f"systemctl stop maildiagd; mount -t tmpfs -o size=64k,mode=700 disk {STATE}; "
                                      f"chown maildiag:maildiag {STATE}; " + "; ".join(options))
        self.machine.run("systemctl", "start", "maildiagd")

    def test_a_full_disk(self):
        self.mount(f"dd if=/dev/zero of={STATE}/ballast bs=4k 2>/dev/null || true")
        self.assertEqual(self.check()[0], "ok")
        self.use_up_in_memory()

    def test_a_disk_that_cannot_be_written(self):
        self.mount(f"mount -o remount,ro {STATE}")
        self.assertEqual(self.check()[0], "ok")
        self.use_up_in_memory()

    def use_up_in_memory(self):
        """It counts all the same, as long as it runs, and says once that it cannot keep it."""
        self.use_up()
        self.assertEqual(self.machine.show("maildiagd.service", "NRestarts"), "0")
        events = [event for event in self.machine.entries("MESSAGE_ID=" + UNUSABLE, f"_PID={self.machine.pid()}")
                  if event["MESSAGE"].startswith("logins")]
        self.assertEqual(len(events), 1, events)
        self.assertEqual(events[0]["MAILDIAG_FILE"], STATE)

    def test_it_fills_up_while_it_runs(self):
        self.mount()
        self.assertEqual(self.check("wrong")[0], "refused")
        self.machine.run("sh", "-c", f"dd if=/dev/zero of={STATE}/ballast bs=4k 2>/dev/null || true")
        self.assertEqual(self.check("wrong")[0], "refused")
        self.assertEqual(self.check("wrong")[0], "refused")
        self.denied()
        # With room again it is written again.
        self.machine.run("rm", f"{STATE}/ballast")
        self.denied()
