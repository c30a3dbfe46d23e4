# SPDX-License-Identifier: LGPL-2.1-or-later
"""The service is started by whoever asks it, and answers."""

import json

from machine import ADDRESS, HOST, NAME, PASSWORD, SystemTest


class Activation(SystemTest):
    def test_a_call_starts_it(self):
        self.machine.run("systemctl", "stop", "maildiagd.service")
        plugins = json.loads(self.machine.call("ListPlugins").stdout)["data"][0]
        states = {name: state for name, _, _, state in plugins}
        self.assertLessEqual({"imap", "pop3", "smtp", "provider", "srv", "autoconfig", "autodiscover"}, set(states))
        self.assertEqual(set(states.values()), {"loaded"}, states)
        self.assertEqual(self.machine.show("maildiagd.service", "ActiveState"), "active")

    def test_a_disabled_one_says_so_at_once(self):
        self.machine.run("systemctl", "disable", "--now", "maildiagd.service")
        try:
            output = self.machine.call("ListPlugins", check=False)
        finally:
            self.machine.run("systemctl", "enable", "--now", "maildiagd.service")
        self.assertNotEqual(output.status, 0)
        self.assertIn(f"dbus-{NAME}.service not found", output.stderr)

    def test_the_worker_goes_with_it(self):
        self.machine.call("ListPlugins")
        self.assertEqual(len(self.machine.workers()), 1)
        self.machine.run("systemctl", "stop", "maildiagd.service")
        self.assertEqual(self.machine.workers(), [])

    def test_discovery(self):
        """By the other worker, which only then is there."""
        output = self.machine.run("maildiag", "--system", "discover", "anna@example.org", "--json", check=False)
        found = [(candidate["protocol"], candidate["host"], candidate["port"])
                 for candidate in json.loads(output.stdout)["discovery"]["candidates"]]
        self.assertIn(("imap", HOST, 993), found)
        self.assertIn(("smtp", HOST, 465), found)

    def test_a_diagnosis_with_login(self):
        self.machine.write("/srv/tests/secret", PASSWORD)
        output = self.machine.run("maildiag", "--system", "check", ADDRESS, "--imap", f"{HOST}:993",
                                  "--smtp", f"{HOST}:465", "--password-file", "/srv/tests/secret", "--json")
        report = json.loads(output.stdout)
        self.assertEqual((report["receive"]["verdict"], report["send"]["verdict"]), ("ok", "ok"), report["findings"])
        self.assertEqual([service["login"] for service in report["services"]], ["ok", "ok"])
