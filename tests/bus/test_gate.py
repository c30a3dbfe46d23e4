# SPDX-License-Identifier: LGPL-2.1-or-later
"""The gate of a system instance: whom polkit is asked about, what its answers do, and who gives up waiting."""

import os
import shutil
import subprocess
import unittest

import buskit
from buskit import FAKE_WORKER, MAILDIAGD, NOBODY

PERSON = 1                              # a user without rights; the daemon is "nobody"

# A polkit that always answers the same, late; says what it is asked, and what is taken back.
POLKIT = '''
import sys
import dbus, dbus.service
from dbus.mainloop.glib import DBusGMainLoop
from gi.repository import GLib
DBusGMainLoop(set_as_default=True)
INTERFACE = "org.freedesktop.PolicyKit1.Authority"

class Authority(dbus.service.Object):
    @dbus.service.method(INTERFACE, in_signature="(sa{sv})sa{ss}us", out_signature="(bba{ss})", async_callbacks=("ok", "fail"))
    def CheckAuthorization(self, subject, action, details, flags, id, ok, fail):
        print("asked", action, flags, flush=True)
        if sys.argv[1] != "never":
            GLib.timeout_add(20, lambda: ok((sys.argv[1] == "yes", sys.argv[1] == "challenge", dbus.Dictionary(signature="ss"))))

    @dbus.service.method(INTERFACE, in_signature="s", out_signature="")
    def CancelCheckAuthorization(self, id):
        print("cancelled", flush=True)

bus = dbus.SystemBus()
name = dbus.service.BusName("org.freedesktop.PolicyKit1", bus)
authority = Authority(bus, "/org/freedesktop/PolicyKit1/Authority")
print("ready", flush=True)
GLib.MainLoop().run()
'''
# Checks a server; says what came of it.
CALL = '''
import sys
import dbus
from dbus.lowlevel import MethodCallMessage
bus = dbus.SystemBus()
call = MethodCallMessage("org.maildiag.Diag1", "/org/maildiag/Diag1", "org.maildiag.Diag1.Manager", sys.argv[1])
if sys.argv[1] == "CheckServer":
    call.append("fake", "ok.test", dbus.UInt16(25), "tls", dbus.Dictionary(signature="sv"), signature="ssqsa{sv}")
try:
    print(*bus.send_message_with_reply_and_block(call, 60).get_args_list()[:1])
except dbus.DBusException as error:
    print(error.get_dbus_name(), error.get_dbus_message())
'''


@unittest.skipIf(os.geteuid() != 0, 'needs other users')
class Gate(unittest.TestCase):
    def setUp(self):
        self.bus = buskit.Bus()
        self.addCleanup(self.bus.stop)
        self.environment = self.bus.environment(DBUS_SYSTEM_BUS_ADDRESS=self.bus.address)
        self.folder = self.bus.folder
        for program in (MAILDIAGD, FAKE_WORKER):        # where anybody can run them
            shutil.copy(program, self.folder)
        os.mkdir(self.folder + '/state')
        os.chown(self.folder + '/state', NOBODY, NOBODY)
        self.log = open(self.folder + '/log', 'w+')
        self.addCleanup(self.log.close)
        self.daemon = subprocess.Popen(
            [self.folder + '/maildiagd', '--system', '--worker=' + self.folder + '/fake-worker', '--plugin-dir=' + self.folder,
             '--state-dir=' + self.folder + '/state', '--config-dir=' + self.folder], env=self.environment, stderr=self.log,
            user=NOBODY, group=NOBODY, extra_groups=[])
        self.addCleanup(self.end_daemon)
        connection = self.bus.connect()
        buskit.wait_for(lambda: self.daemon.poll() is not None or connection.name_has_owner(buskit.NAME), 'the daemon')
        connection.close()

    def end_daemon(self):
        buskit.end(self.daemon)
        self.log.seek(0)
        self.assertEqual(self.daemon.returncode, 0, self.log.read())

    def start(self, program, argument, user=0):
        process = subprocess.Popen(['/usr/bin/python3', '-c', program, argument], env=self.environment, user=user,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def polkit(self, answer):
        process = self.start(POLKIT, answer)
        self.assertEqual(process.stdout.readline(), 'ready\n')
        return process

    def call(self, method='CheckServer', user=PERSON):
        return self.start(CALL, method, user).stdout.readline().strip()

    def test_yes(self):
        polkit = self.polkit('yes')
        self.assertEqual(self.call(), 'ok')
        self.assertEqual(polkit.stdout.readline(), 'asked org.maildiag.diag1.check-server 0\n')
        self.assertEqual(self.call('Reload'), '')
        self.assertEqual(polkit.stdout.readline(), 'asked org.maildiag.diag1.manage 0\n')

    def test_no(self):
        self.polkit('no')
        self.assertIn('AccessDenied', self.call())
        self.assertIn('only root may manage', self.call('Reload'))

    def test_not_without_a_proof(self):
        self.polkit('challenge')
        self.assertIn('InteractiveAuthorizationRequired', self.call())

    def test_nobody_to_ask(self):
        answer = self.call()
        self.assertIn('AccessDenied', answer)
        self.assertIn('polkit cannot be asked', answer)

    def test_whom_nobody_asks_about(self):
        polkit = self.polkit('no')
        self.assertEqual(self.call(user=0), 'ok')
        self.assertEqual(self.call(user=NOBODY), 'ok')
        self.assertNotIn('Error', self.call('ListPlugins'))
        polkit.kill()
        self.assertEqual(polkit.stdout.read(), '')

    def test_who_gives_up_waiting(self):
        """A user may have eight calls wait; those of one who leaves are taken back."""
        polkit = self.polkit('never')
        waiting = [self.start(CALL, 'CheckServer', PERSON) for _ in range(8)]
        for _ in waiting:
            self.assertIn('asked', polkit.stdout.readline())
        self.assertIn('too many calls wait', self.call())
        self.assertEqual(self.call(user=0), 'ok')
        for process in waiting:
            process.kill()
        self.assertEqual([polkit.stdout.readline() for _ in waiting], ['cancelled\n'] * 8)
        other = self.start(CALL, 'CheckServer', PERSON)
        self.assertIn('asked', polkit.stdout.readline())
        other.kill()


if __name__ == '__main__':
    buskit.main()
