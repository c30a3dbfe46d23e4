# SPDX-License-Identifier: LGPL-2.1-or-later
"""Users take turns: whoever has nothing running is served at once, whatever others have queued."""

import json
import subprocess

from machine import HOST, MANAGER, NAME, PATH, SystemTest, wait_for

RULE = """polkit.addRule(function(action, subject) {
        if (action.id == "org.maildiag.diag1.check-server")
                return polkit.Result.YES;
});
"""
# Queues jobs that wait for a server that is silent, says how many were taken, and waits with them.
CROWD = """
import sys, dbus
bus = dbus.SystemBus()
manager = dbus.Interface(bus.get_object("%s", "%s", introspect=False), "%s")
service = dbus.Dictionary({"protocol": "imap", "host": "silent.example.org", "port": dbus.UInt16(993), "security": "tls"},
                          signature="sv")
taken = 0
for i in range(int(sys.argv[1])):
    try:
        manager.StartCheckSettings("", dbus.Array([service], signature="a{sv}"),
                                   dbus.Dictionary({"timeout-ms": dbus.UInt32(600000)}, signature="sv"))
        taken += 1
    except dbus.DBusException as error:
        assert error.get_dbus_name().endswith("LimitsExceeded"), error
print(taken, flush=True)
sys.stdin.read()
""" % (NAME, PATH, MANAGER)


class Turns(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine.write("/etc/polkit-1/rules.d/10-maildiag.rules", RULE)
        cls.machine.run("systemctl", "restart", "polkit")
        cls.addClassCleanup(cls.machine.run, "sh", "-c", "rm /etc/polkit-1/rules.d/*; systemctl restart polkit")

    def crowd(self, n, user):
        """Returns how many jobs were taken; they go at the end of the test."""
        process = self.machine.start("/usr/bin/python3", "-c", CROWD, n, user=user, stdout=subprocess.PIPE)
        taken = int(process.stdout.readline())
        self.addCleanup(self.disperse, process)
        return taken

    def disperse(self, process):
        process.communicate()
        wait_for(lambda: not any(self.states()), "the end of the crowd")

    def states(self):
        """How many jobs are queued, and how many run."""
        jobs = json.loads(self.machine.call("ListJobs").stdout)["data"][0]
        states = [state for _, state, _, _ in jobs]
        return states.count("queued"), states.count("running")

    def test_ten_thousand_of_root(self):
        self.assertEqual(self.crowd(10000, None), 10000)
        output = self.machine.call("CheckServer", "ssqsa{sv}", "imap", HOST, "993", "tls", "0", user="alice")
        self.assertEqual(json.loads(output.stdout)["data"][0], "ok")
        queued, running = self.states()
        self.assertEqual(running, 4)
        self.assertGreater(queued, 9000)        # some may have given up meanwhile

    def test_a_crowd_of_a_user(self):
        """Most are refused, and the rest is not in the way of another's."""
        self.assertLess(self.crowd(500, "bob"), 100)
        output = self.machine.call("CheckServer", "ssqsa{sv}", "imap", HOST, "993", "tls", "0", user="alice")
        self.assertEqual(json.loads(output.stdout)["data"][0], "ok")
        queued, running = self.states()
        self.assertEqual(running, 4)
        self.assertGreater(queued, 20)
