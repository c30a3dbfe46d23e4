# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the journal is told: on change, with fields that programs can search for, and nothing that names a person."""

import json
import pathlib

from machine import ADDRESS, HOST, PASSWORD, SOURCE, SystemTest, wait_for

LOST, BACK = "b50e4949c43d4b228e989de57f1bdeff", "ebe01b9a9f51475bb5f1ba5ebe896b7b"
REFUSED, INVALID = "a62158439ae0431a8147203579b65cd8", "5c1e6b8f5ce145878bd3750b4d438367"


class Journal(SystemTest):
    def events(self, id):
        return self.machine.entries("MESSAGE_ID=" + id)

    def explained(self, id):
        return self.machine.run("journalctl", "--no-pager", "-b", "-x", "MESSAGE_ID=" + id).stdout

    def test_a_worker_that_is_lost(self):
        before = len(self.events(LOST)), len(self.events(BACK))
        self.machine.run("systemctl", "kill", "-s", "KILL", "maildiag-worker@*")
        wait_for(lambda: len(self.events(BACK)) > before[1], "the news of another worker")
        lost = self.events(LOST)
        self.assertEqual(len(lost), before[0] + 1)
        self.assertEqual((lost[-1]["MAILDIAG_WORKER"], lost[-1]["PRIORITY"]), ("dialogues", "4"))
        self.assertEqual(lost[-1]["_SYSTEMD_UNIT"], "maildiagd.service")
        self.assertIn("A worker of maildiagd has ended", self.explained(LOST))

    def test_a_plugin_that_is_refused(self):
        self.machine.write("/usr/lib/maildiag/plugins/rubbish.so", "rubbish")
        try:
            self.machine.run("systemctl", "restart", "maildiagd")
            event = wait_for(lambda: [e for e in self.events(REFUSED) if e["MAILDIAG_PLUGIN"] == "rubbish.so"], "the event")[0]
            self.assertIn("rubbish.so", event["MESSAGE"])
            self.assertIn("The plugin rubbish.so is refused", self.explained(REFUSED))
            # The same again is no news.
            self.machine.run("systemctl", "kill", "-s", "KILL", "maildiag-worker@*")
            wait_for(lambda: "rubbish.so" in self.machine.call("ListPlugins").stdout, "another worker")
            self.assertEqual(len([e for e in self.events(REFUSED) if e["MAILDIAG_PLUGIN"] == "rubbish.so"]), 1)
        finally:
            self.machine.run("rm", "/usr/lib/maildiag/plugins/rubbish.so")
            self.machine.run("systemctl", "restart", "maildiagd")

    def test_a_broken_configuration(self):
        self.machine.write("/etc/maildiag/maildiag.conf", "[accses]\n")
        try:
            output = self.machine.run("systemctl", "reload", "maildiagd", check=False)
            self.assertNotEqual(output.status, 0)
        finally:
            self.machine.run("rm", "/etc/maildiag/maildiag.conf")
        event = self.events(INVALID)[-1]
        self.assertEqual((event["MAILDIAG_FILE"], event["MAILDIAG_LINE"]), ("/etc/maildiag/maildiag.conf", "1"))
        self.machine.run("systemctl", "reload", "maildiagd")

    def test_levels(self):
        def level(*word):
            return self.machine.run("systemctl", "service-log-level", "maildiagd", *word).stdout.strip()
        self.assertEqual(level(), "info")
        level("debug")
        self.assertEqual(level(), "debug")
        self.machine.call("CheckServer", "ssqsa{sv}", "imap", HOST, "993", "tls", "0")
        self.assertRegex(self.machine.journal(50, "-u", "maildiagd"), "job [0-9]+ of user 0 ends: done, ok")
        level("info")
        output = self.machine.run("systemctl", "service-log-level", "maildiagd", "debug", user="alice", check=False)
        self.assertNotEqual(output.status, 0)
        self.assertEqual(level(), "info")

    def test_nothing_personal(self):
        """A check with a login that is refused, of a user, with everything that could be told of it."""
        self.machine.write("/srv/tests/wrong", "not " + PASSWORD)
        self.machine.run("maildiag", "--system", "check", ADDRESS, "--imap", f"{HOST}:993", "--smtp", "silent.example.org:465",
                         "--password-file", "/srv/tests/wrong", "--timeout", "3", check=False)
        text = json.dumps(self.machine.entries("-u", "maildiagd", "-u", "maildiag-worker@*"))
        for secret in (ADDRESS, "anna", HOST, "silent.example.org", "192.0.2.25"):
            self.assertNotIn(secret, text)

    def test_catalogues_are_installed(self):
        for name in ("maildiag.catalog", "maildiag.vi.catalog"):
            installed = self.machine.run("cat", "/usr/lib/systemd/catalog/" + name).stdout
            self.assertEqual(installed, pathlib.Path(SOURCE, "systemd", name).read_text(encoding="utf-8"))
        self.assertIn("maildiag", self.machine.run("journalctl", "--list-catalog").stdout)
