# SPDX-License-Identifier: LGPL-2.1-or-later
"""What others on the machine see of a check with a password: nothing of the password, and nothing of the check."""

import pathlib
import sys

from machine import ADDRESS, HOST, NAME, PASSWORD, SOURCE, SystemTest

sys.path.insert(0, str(SOURCE / "tests/servers"))
import hunt                             # noqa: E402

CAPTURE = "/srv/tests/capture"


class Views(SystemTest):
    def diagnose(self):
        self.machine.write("/srv/tests/secret", PASSWORD, mode=0o600)
        self.machine.run("maildiag", "--system", "check", ADDRESS, "--imap", f"{HOST}:993", "--smtp", f"{HOST}:587",
                         "--password-file", "/srv/tests/secret", check=False)

    def assert_clean(self, data, where):
        self.assertIsNone(hunt.find(PASSWORD, data), where)

    def test_a_monitor_of_root_finds_no_secret(self):
        monitor = self.machine.start("sh", "-c", f"busctl --system capture > {CAPTURE} & pid=$!; sleep 0.5; echo ready; "
                                                 "read line; kill $pid", stdout=-1)
        self.assertEqual(monitor.stdout.readline(), "ready\n")
        self.diagnose()
        monitor.communicate("done\n")
        data = pathlib.Path(str(self.machine.root) + CAPTURE).read_bytes()
        self.assertIn(b"CheckSettings", data)
        self.assertIn(ADDRESS.encode(), data)
        self.assert_clean(data, "bus")

    def test_another_user_cannot_monitor(self):
        output = self.machine.run("timeout", "5", "busctl", "--system", "monitor", NAME, user="bob", check=False)
        self.assertNotIn(output.status, (0, 124), output)

    def test_another_user_hears_no_signal(self):
        """Signals of a job go to whoever started it."""
        listener = self.machine.start("sh", "-c", f"gdbus monitor --system -d {NAME} & pid=$!; sleep 0.5; echo ready; read line; "
                                                  "sleep 0.5; kill $pid", user="bob", stdout=-1)
        while listener.stdout.readline() != "ready\n":
            pass
        self.diagnose()
        said, _ = listener.communicate("done\n")
        for word in ("/job/", "Progress", "Finished", HOST, ADDRESS):
            self.assertNotIn(word, said)

    def test_nothing_is_left_behind(self):
        self.diagnose()
        journal = self.machine.run("sh", "-c", "journalctl -b -o export").stdout
        self.assert_clean(journal.encode(), "journal")
        state = self.machine.run("sh", "-c", "cat /var/lib/maildiag/* 2>/dev/null; true").stdout
        self.assert_clean(state.encode(), "state")
        shown = self.machine.run("sh", "-c", "cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr '\\0' ' '; true")
        self.assert_clean(shown.stdout.encode(), "/proc")
        cores = self.machine.run("sh", "-c", "find /var /tmp /run /srv /home /root -xdev -name 'core*' -newer /srv/tests/secret -type f 2>/dev/null; true")
        self.assertEqual(cores.stdout, "")
