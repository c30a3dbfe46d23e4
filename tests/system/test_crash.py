# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is killed or hangs comes back by itself, and whoever waited gets an answer."""

import json
import random
import subprocess

from machine import HOST, MANAGER, NAME, PATH, SystemTest, wait_for

CHECK = ["ssqsa{sv}", "imap", HOST, "993", "tls", "0"]
# Checks one after another until its input ends; says how many had a verdict, how many an error, and which errors.
LOAD = """
import collections, json, sys, threading
import dbus
count, running = collections.Counter(), True
def wait():
    global running
    sys.stdin.read()
    running = False
threading.Thread(target=wait, daemon=True).start()
bus = dbus.SystemBus()
while running:
    try:
        verdict, _ = bus.get_object("%s", "%s", introspect=False).CheckServer(
            "imap", "%s", dbus.UInt16(993), "tls", dbus.Dictionary({}, signature="sv"), dbus_interface="%s", timeout=60)
        count[str(verdict)] += 1
    except dbus.DBusException as error:
        count[error.get_dbus_name()] += 1
print(json.dumps(count))
""" % (NAME, PATH, HOST, MANAGER)
# What an answer may be: a verdict, or an error that says that there was none.
ANSWERS = {"ok", "unknown", "org.freedesktop.DBus.Error.Failed", "org.freedesktop.DBus.Error.NoReply",
           "org.freedesktop.DBus.Error.ServiceUnknown", "org.freedesktop.DBus.Error.NameHasNoOwner",
           "org.freedesktop.DBus.Error.Disconnected"}


class Crash(SystemTest):
    def works(self):
        output = self.machine.call("CheckServer", *CHECK, check=False)
        return output.status == 0 and json.loads(output.stdout)["data"][0] == "ok"

    def kill(self, name, which, signal="KILL"):
        """Sends a signal to one of the processes of this name, if there is one."""
        pids = self.machine.run("pgrep", "-x", name, check=False).stdout.split()
        if pids:
            self.machine.run("kill", "-" + signal, which(pids), check=False)

    def test_killed_again_and_again(self):
        """More often than the usual limit of starts."""
        for _ in range(12):
            before = self.machine.pid()
            self.machine.run("kill", "-KILL", before)
            wait_for(lambda: self.machine.pid() not in (0, before), "another process")
        wait_for(self.works, "an answer")

    def test_it_stops_answering(self):
        self.machine.drop_in("maildiagd.service", "watchdog", "[Service]\nWatchdogSec=1\n")
        self.machine.run("systemctl", "restart", "maildiagd")
        before = self.machine.pid()
        self.machine.run("kill", "-STOP", before)
        wait_for(lambda: self.machine.pid() not in (0, before), "another process")
        wait_for(self.works, "an answer")
        self.assertIn("Watchdog timeout", self.machine.journal(None, "-u", "maildiagd"))

    def test_a_worker_stops_answering(self):
        self.machine.drop_in("maildiag-worker@.service", "watchdog", "[Service]\nWatchdogSec=1\n")
        self.machine.run("systemctl", "restart", "maildiagd")
        worker = wait_for(self.machine.workers, "a worker")[0]
        pid = self.machine.pid(worker)
        self.machine.run("kill", "-STOP", pid)
        wait_for(lambda: self.machine.run("test", "-e", f"/proc/{pid}", check=False).status != 0, "its end")
        wait_for(self.works, "an answer")

    def test_everything_at_random_under_load(self):
        chance = random.Random(5)
        load = [self.machine.start("/usr/bin/python3", "-c", LOAD, stdout=subprocess.PIPE) for _ in range(3)]
        wait_for(self.works, "the first answers")
        for _ in range(30):
            # Probes have the name of their worker, and are younger.
            name, which = chance.choice([("maildiagd", lambda pids: pids[0]), ("maildiag-worker", lambda pids: pids[0]),
                                         ("maildiag-worker", lambda pids: pids[-1])])
            self.kill(name, which)
        counts = [json.loads(process.communicate()[0]) for process in load]
        wait_for(self.works, "an answer")
        for count in counts:
            self.assertGreater(count.get("ok", 0), 0, counts)
            self.assertLessEqual(set(count), ANSWERS)
        # Nothing is left over.
        wait_for(lambda: len(self.machine.run("pgrep", "-x", "maildiag-worker", check=False).stdout.split()) <= 2,
                 "the end of all probes")
        self.assertLessEqual(len(self.machine.workers()), 1)
