# SPDX-License-Identifier: LGPL-2.1-or-later
"""The bus is restarted under the service, and may be either of two programs."""

import json

from machine import HOST, NAME, PATH, MANAGER, SystemTest, wait_for

LINK = "/etc/systemd/system/dbus.service"


class Bus(SystemTest):
    def works(self):
        output = self.machine.call("CheckServer", "ssqsa{sv}", "imap", HOST, "993", "tls", "0", check=False)
        return output.status == 0 and json.loads(output.stdout)["data"][0] == "ok"

    def restart(self):
        before = self.machine.pid()
        self.machine.run("systemctl", "restart", "dbus.service")
        wait_for(lambda: self.machine.pid() not in (0, before), "another process")
        wait_for(self.works, "an answer")
        wait_for(lambda: self.machine.show("maildiagd.service", "ActiveState") == "active", "the service")

    def switch(self, command):
        self.machine.run("sh", "-c", f"systemctl stop dbus.socket dbus.service; {command}; systemctl daemon-reload; "
                                     "systemctl start dbus.socket dbus.service")

    def test_dbus_daemon(self):
        self.assertIn("dbus-daemon", self.machine.show("dbus.service", "ExecStart"))
        self.restart()

    def test_dbus_broker(self):
        self.switch(f"ln -s /lib/systemd/system/dbus-broker.service {LINK}")
        try:
            wait_for(self.works, "an answer on the other bus")
            self.assertIn("dbus-broker", self.machine.show("dbus.service", "ExecStart"))
            self.restart()
            self.same_rights()
            self.machine.run("systemctl", "stop", "maildiagd.service")
            self.assertTrue(self.works(), "not activated")
        finally:
            self.switch(f"rm {LINK}")
        wait_for(self.works, "an answer on the first bus")

    def same_rights(self):
        """The policy is read by another program."""
        self.machine.call("ListPlugins", user="alice")
        for interface, member in ((MANAGER, "Reload"), ("org.freedesktop.DBus.Properties", "Set"), ("org.example.Other", "X")):
            output = self.machine.run("busctl", "--system", "call", NAME, PATH, interface, member, user="alice", check=False)
            self.assertNotEqual(output.status, 0, output)
        output = self.machine.run("busctl", "--system", "call", "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                  "org.freedesktop.DBus", "RequestName", "su", NAME, "0", user="alice", check=False)
        self.assertNotEqual(output.status, 0)
