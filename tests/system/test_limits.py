# SPDX-License-Identifier: LGPL-2.1-or-later
"""What users of the machine may not have checked although polkit lets them: the machine itself, and what is no mail."""

import contextlib
import json
import subprocess

from machine import HOST, MANAGER, NAME, PATH, SystemTest

RULE = """polkit.addRule(function(action, subject) {
        if (action.id == "org.maildiag.diag1.check-server")
                return polkit.Result.YES;
});
"""
# On the port of IMAP, until its input ends; then says whether anybody came.
LISTENER = """
import socket, sys
listeners = [socket.create_server((host, 143), family=family) for host, family in
             (("0.0.0.0", socket.AF_INET), ("::1", socket.AF_INET6))]
print("listens", flush=True)
sys.stdin.read()
for listener in listeners:
    listener.settimeout(0)
    try:
        listener.accept()
        print("somebody came", flush=True)
    except BlockingIOError:
        pass
"""
OWN = "192.0.2.1"                       # of the machine


class Limits(SystemTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.machine.write("/etc/polkit-1/rules.d/10-maildiag.rules", RULE)
        cls.machine.run("systemctl", "restart", "polkit")
        cls.addClassCleanup(cls.machine.run, "sh", "-c", "rm /etc/polkit-1/rules.d/*; systemctl restart polkit")

    @contextlib.contextmanager
    def nobody_comes(self):
        """Something listens on the machine, and is not connected to."""
        listener = self.machine.start("/usr/bin/python3", "-c", LISTENER, stdout=subprocess.PIPE)
        self.assertEqual(listener.stdout.readline(), "listens\n")
        try:
            yield
        finally:
            said, _ = listener.communicate()
        self.assertEqual(said, "")

    def check(self, host, port=143, user="alice", options="{}"):
        output = self.machine.run("gdbus", "call", "--system", "-d", NAME, "-o", PATH, "-m", MANAGER + ".CheckServer",
                                  "imap", host, str(port), "starttls", options, user=user, check=False)
        return output.stdout if output.status == 0 else output.stderr

    def check_many(self, hosts, user):
        """Errors of checks one after another, "" for none."""
        return json.loads(self.machine.python(f"""
            import dbus, json
            manager = dbus.Interface(dbus.SystemBus().get_object("{NAME}", "{PATH}"), "{MANAGER}")
            def check(host):
                try:
                    manager.CheckServer("imap", host, dbus.UInt16(143), "starttls", dbus.Dictionary({{}}, signature="sv"))
                except dbus.DBusException as error:
                    return error.get_dbus_message()
                return ""
            print(json.dumps([check(host) for host in {hosts!r}]))""", user=user).stdout)

    def test_the_machine_itself_is_not_connected_to(self):
        with self.nobody_comes():
            for host in ("127.0.0.1", "localhost", "::1", OWN, "0.0.0.0", "169.254.169.254"):
                with self.subTest(host):
                    text = self.check(host)
                    self.assertTrue(text.startswith("('unknown'"), text)
                    self.assertIn("policy.address-refused", text)

    def test_nor_by_another_name(self):
        with self.nobody_comes():
            self.assertIn("policy.address-refused", self.check(HOST, options="{'connect-to': <'127.0.0.1'>}"))

    def test_open_and_closed_look_the_same(self):
        with self.nobody_comes():
            opened, closed = self.check(OWN, 143), self.check(OWN, 110)
        self.assertIn("policy.address-refused", opened)
        self.assertEqual(opened.replace(" 143>", " PORT>"), closed.replace(" 110>", " PORT>"))

    def test_nothing_but_mail(self):
        for port in (22, 80, 8080, 65535):
            text = self.check(HOST, port)
            self.assertIn("AccessDenied", text)
            self.assertIn(f"port {port} of imap", text)
        self.machine.write("/etc/maildiag/maildiag.conf", "[access]\nports = 8143\n")
        self.machine.call("Reload")
        try:
            self.assertIn("tcp.refused", self.check(HOST, 8143))
        finally:
            self.machine.run("rm", "/etc/maildiag/maildiag.conf")
            self.machine.call("Reload")
        self.assertIn("AccessDenied", self.check(HOST, 8143))

    def test_a_port_that_is_left_open(self):
        self.assertIn("'ok'", self.check(HOST, 0))

    def test_no_scan(self):
        hosts = [f"host{i}.invalid" for i in range(30)]
        answers = self.check_many(hosts + hosts[:1], user="bob")
        self.assertEqual(answers[:20] + answers[30:], [""] * 21)
        for answer in answers[20:30]:
            self.assertIn("a user may have 20 servers checked in 10 minutes", answer)

    def test_root_has_no_such_limit(self):
        self.assertEqual(self.check_many([f"host{i}.invalid" for i in range(25)], user=None), [""] * 25)
        self.assertIn("tcp.refused", self.check(OWN, 8143, user=None, options="{'timeout-ms': <uint32 2000>}"))
