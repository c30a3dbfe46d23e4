# SPDX-License-Identifier: LGPL-2.1-or-later
"""The wall clock jumps under the daemon, years ahead and days back: it goes on, and forgets no login that it has made."""

import json
import os
import shutil

from machine import ADDRESS, HOST, NAME, PATH, JOB, PASSWORD, SystemTest

CLOCK = "/run/maildiag/clock"
LIBRARY = "/usr/lib/maildiag-test-clock.so"
FAKE = f"[Service]\nEnvironment=LD_PRELOAD={LIBRARY}\n"
DAY = 86400


class Clock(SystemTest):
    def setUp(self):
        self.machine.write("/srv/tests/secret", PASSWORD)
        self.machine.write("/srv/tests/wrong", "not " + PASSWORD)
        self.set(0)
        shutil.copy(os.environ["MAILDIAG_TEST_CLOCK"], str(self.machine.root) + LIBRARY)
        self.machine.drop_in("maildiagd.service", "clock", FAKE)
        self.machine.run("sh", "-c", "systemctl stop maildiagd; rm -rf /var/lib/maildiag/*; systemctl start maildiagd")
        self.addCleanup(self.machine.run, "sh", "-c", f"systemctl stop maildiagd; rm -rf /var/lib/maildiag/* {CLOCK}")

    def set(self, offset):
        self.machine.run("sh", "-c", f"echo '{offset}' > {CLOCK}")

    def check(self, secret):
        output = self.machine.run("maildiag", "--system", "check", ADDRESS, "--imap", f"{HOST}:993", "--imap-security", "tls",
                                  "--password-file", "/srv/tests/" + secret, "--json", check=False)
        return json.loads(output.stdout)["services"][0]["login"]

    def now(self):
        """The daemon's own idea of the time, in seconds: when a job was asked for."""
        return int(self.machine.python(f"""
            import dbus
            bus = dbus.SystemBus()
            manager = dbus.Interface(bus.get_object("{NAME}", "{PATH}"), "{NAME}.Manager")
            service = dbus.Dictionary({{"protocol": "imap", "host": "silent.example.org"}}, signature="sv")
            path = manager.StartCheckSettings("", dbus.Array([service], signature="a{{sv}}"), dbus.Dictionary(signature="sv"))
            print(int(bus.get_object("{NAME}", path).Get("{JOB}", "StartedUSec", dbus_interface=dbus.PROPERTIES_IFACE)))
            """).stdout) // 1000000

    def test_jumps(self):
        began = self.now()
        for _ in range(3):
            self.assertEqual(self.check("wrong"), "refused")
        self.assertEqual(self.check("secret"), "not-tried")
        for days in (3650, -3, 0):
            with self.subTest(days):
                self.set(days * DAY)
                self.assertAlmostEqual(self.now(), began + days * DAY, delta=3600)
                self.assertEqual(self.check("secret"), "not-tried")
        self.assertEqual(self.machine.show("maildiagd.service", "NRestarts"), "0")

    def test_a_jump_while_it_is_down(self):
        for _ in range(3):
            self.assertEqual(self.check("wrong"), "refused")
        self.machine.run("systemctl", "stop", "maildiagd")
        self.set(-3 * DAY)
        self.machine.run("systemctl", "start", "maildiagd")
        self.assertEqual(self.check("secret"), "not-tried")
