# SPDX-License-Identifier: LGPL-2.1-or-later
"""Whole diagnoses by the real client, daemon, worker and plugins against the demonstration host."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import jsonschema

from client import CLIENT, HANG, SOURCE, assert_refused, call
from terminal import Terminal

sys.path.insert(0, os.path.join(SOURCE, "tests", "servers", "demohost"))

import tour                                                     # noqa: E402
from accounts import ACCOUNTS, LISTENERS, Account, Listener, Service    # noqa: E402
from host import Host                                           # noqa: E402

MARKER = "s3cret-mArker-7531"
MORE_LISTENERS = (
    Listener("imap-slow", "imap", "tls", "imap.slow.example", delays={"AUTHENTICATE": 4}),
    Listener("smtp-slow", "smtp", "tls", "smtp.slow.example", delays={"AUTH": 4}),
    Listener("imap-gossip", "imap", "tls", "imap.gossip.example",
             replies={"AUTHENTICATE": f"TAG NO [AUTHENTICATIONFAILED] {MARKER} is no password of "
                      + base64.b64encode(f"\0dora@slow.example\0{MARKER}".encode()).decode()}),
)
SLOW = Account("dora@slow.example", MARKER, "slow to log in",
               (Service("imap-slow", "tls"), Service("smtp-slow", "tls")), status=0)
GOSSIP = Account("dora@slow.example", MARKER, "a server that repeats passwords", (Service("imap-gossip", "tls"),), 1)
ANNA = ACCOUNTS[0]


def hidden(text):
    """A secret in the forms in which it could slip out."""
    raw = text.encode()
    return [raw, base64.b64encode(raw)[:-2], raw.hex().encode(), base64.b64encode(b"\0dora@slow.example\0" + raw)[30:-4],
            raw[::-1]]


def processes_of_session(session):
    """The processes that a client and what it started still have."""
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                state, _, _, sid = file.read().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(sid) == session and state != "Z":
            found.append(int(name))
    return found


class Diagnosis(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(LISTENERS + MORE_LISTENERS, ACCOUNTS + (SLOW,))
        cls.host.start()
        with open(os.path.join(SOURCE, "dbus", "maildiag-report-1.schema.json"), encoding="utf-8") as file:
            cls.schema = jsonschema.Draft202012Validator(json.load(file))

    @classmethod
    def tearDownClass(cls):
        cls.host.stop()

    def words(self, account, secret=True):
        words = tour.arguments(self.host, account)
        if not secret:
            at = words.index("--password-file")
            del words[at:at + 2]
        return words

    def check(self, account, *more, **options):
        return call("--private", *self.words(account), *more, **options)

    def report(self, done):
        report = json.loads(done.stdout)
        self.assertEqual([error.message for error in self.schema.iter_errors(report)], [])
        return report

    def assert_all_gone(self, session):
        end = time.monotonic() + HANG
        while left := processes_of_session(session):
            self.assertLess(time.monotonic(), end, f"still there: {left}")
            time.sleep(0.05)


class Accounts(Diagnosis):
    def test_as_announced(self):
        for account in ACCOUNTS:
            with self.subTest(account=account.address):
                done = self.check(account, "--json")
                report = self.report(done)
                self.assertEqual((done.returncode, done.stderr), (account.status, ""), report["findings"])
                self.assertLessEqual(set(account.finds), {finding["code"] for finding in report["findings"]})
                self.assertEqual(report["account"]["address"], account.address)
                self.assertEqual(len(report["services"]), len(account.services))

    def test_first_lines_answer_the_question(self):
        done = self.check(ANNA)
        first = done.stdout.splitlines()[:3]
        self.assertEqual(first, ["Receiving mail works.", "Sending mail works.",
                                 "To do       Nothing: no fault was found."])
        done = self.check(ACCOUNTS[1], env={"COLUMNS": "300"})
        first = done.stdout.splitlines()[:6]
        self.assertTrue(first[0].startswith("Receiving mail does not work"), first)
        self.assertIn("security from", " ".join(first))

    def test_what_several_faults_ask_for_is_said_once(self):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            server = f"127.0.0.1:{silent.getsockname()[1]}"
            done = call("--private", "check", ANNA.address, "--imap", server, "--smtp", server, env={"COLUMNS": "300"})
        first = done.stdout.split("\n\n")[0].splitlines()
        self.assertEqual([line.split()[0] for line in first], ["Receiving", "Sending", "To"], first)
        self.assertEqual(done.stdout.count("\nError "), 2, done.stdout)

    def test_login_name_is_the_address(self):
        services = self.report(self.check(ANNA, "--json"))["services"]
        self.assertEqual({service["username"] for service in services}, {ANNA.address})
        self.assertEqual({service["login"] for service in services}, {"ok"})

    def test_without_a_secret_nothing_personal_is_sent(self):
        done = call("--private", *self.words(ANNA, secret=False), "--json")
        report = self.report(done)
        self.assertEqual({service["login"] for service in report["services"]}, {"not-tried"})

    def test_wrong_password(self):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"wrong\n")
            file.flush()
            done = call("--private", *self.words(ANNA, secret=False), "--password-file", file.name, "--json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("auth.rejected", {finding["code"] for finding in self.report(done)["findings"]})

    def test_logins_are_counted(self):
        """From call to call: the fourth does not try the wrong password again, unless it is told to."""
        with tempfile.TemporaryDirectory() as state, tempfile.NamedTemporaryFile() as file:
            file.write(b"wrong\n")
            file.flush()
            port = self.host.ports["imap-works"]
            words = ["--private", "test", "imap", f"imap.works.example:{port}", "--security", "tls", "--connect-to",
                     "127.0.0.1", "--ca-file", self.host.ca_file, "--user", "anna", "--password-file", file.name, "--json"]
            codes = []
            for more in ((), (), (), (), ("--ignore-login-budget",)):
                done = call(*words, *more, env={"XDG_STATE_HOME": os.path.join(state, "a", "b")})
                self.assertEqual(done.stderr, "")
                codes.append({finding["code"] for finding in self.report(done)["findings"]})
            told = {"auth.rejected", "policy.login-budget"}
            self.assertEqual([found & told for found in codes],
                             [{"auth.rejected"}] * 3 + [{"policy.login-budget"}, {"auth.rejected"}])
            folder = os.path.join(state, "a", "b", "maildiag")
            self.assertEqual((os.stat(folder).st_mode & 0o777, sorted(os.listdir(folder))), (0o700, ["logins", "memory"]))

    def test_one_server(self):
        port = self.host.ports["imap-works"]
        done = call("--private", "test", "imap", f"imap.works.example:{port}", "--security", "tls", "--connect-to",
                    "127.0.0.1", "--ca-file", self.host.ca_file, "--json")
        report = self.report(done)
        self.assertEqual([service["protocol"] for service in report["services"]], ["imap"])

    def test_depth(self):
        done = self.check(ANNA, "--depth", "connect", "--json")
        for service in self.report(done)["services"]:
            ran = {step["name"] for step in service["steps"] if step["outcome"] == "ok"}
            self.assertNotIn("login", ran)
            self.assertIn("connect", ran)

    def test_without_the_authority(self):
        words = self.words(ANNA)
        at = words.index("--ca-file")
        done = call("--private", *words[:at], *words[at + 2:], "--json")
        self.assertEqual(done.returncode, 1)
        self.assertIn("cert.unknown-issuer", {finding["code"] for finding in self.report(done)["findings"]})


class Refused(Diagnosis):
    """What only the daemon can judge comes back as one line, too."""

    def test_unknown_protocol(self):
        assert_refused(self, call("--private", "test", "gopher", "mail.example.org"), 64, "gopher")


class Secrets(Diagnosis):
    def test_password_descriptors(self):
        """A pipe serves all probes of a call, because the client copies it."""
        for close in (True, False):
            reader, writer = os.pipe()
            os.write(writer, ANNA.password.encode() + b"\n" * close)
            os.close(writer)
            done = call("--private", *self.words(ANNA, secret=False), "--password-fd", str(reader), pass_fds=[reader])
            os.close(reader)
            self.assertEqual(done.returncode, 0, done)

    def test_password_on_the_standard_input(self):
        with tempfile.TemporaryFile() as file:
            file.write(ANNA.password.encode())
            file.seek(0)
            done = call("--private", *self.words(ANNA, secret=False), "--password-fd", "0", stdin=file)
        self.assertEqual(done.returncode, 0, done)

    def test_nothing_on_a_command_line_or_in_an_environment(self):
        with subprocess.Popen([CLIENT, "--private", *self.words(SLOW)], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, start_new_session=True) as process:
            looked, end = 0, time.monotonic() + HANG
            while process.poll() is None and time.monotonic() < end:
                for pid in processes_of_session(process.pid):
                    for name in ("cmdline", "environ"):
                        try:
                            with open(f"/proc/{pid}/{name}", "rb") as file:
                                content = file.read()
                        except OSError:
                            continue
                        looked += bool(content)
                        for form in hidden(MARKER):
                            self.assertNotIn(form, content, f"{pid} {name}")
                time.sleep(0.1)
            out, err = process.communicate(timeout=HANG)
        self.assertEqual(process.returncode, 0, (out, err))
        self.assertGreater(looked, 20)
        for form in hidden(MARKER):
            self.assertNotIn(form, out + err)

    def test_a_server_that_repeats_it(self):
        for more in ((), ("--json",)):
            done = self.check(GOSSIP, *more)
            self.assertEqual(done.returncode, 1, done)
            self.assertIn("is no password of", done.stdout.replace("\n", " "))
            for form in hidden(MARKER):
                self.assertNotIn(form.decode("latin-1"), done.stdout + done.stderr)

    def test_asked_on_the_terminal(self):
        terminal = Terminal("--private", *self.words(ANNA, secret=False), "--ask-password")
        self.addCleanup(terminal.close)
        terminal.wait_for(b"Password: ")
        self.assertFalse(terminal.echoes())
        terminal.type(ANNA.password.encode() + b"\n")
        self.assertEqual(terminal.finish(), 0, terminal.shown)
        self.assertNotIn(ANNA.password.encode(), terminal.shown)
        self.assertTrue(terminal.echoes())

    def test_interrupted_at_the_question(self):
        terminal = Terminal("--private", *self.words(ANNA, secret=False), "--ask-password")
        self.addCleanup(terminal.close)
        terminal.wait_for(b"Password: ")
        terminal.type(b"half a pass")
        terminal.interrupt()
        self.assertEqual(terminal.finish(), -signal.SIGINT)
        self.assertTrue(terminal.echoes())
        self.assertNotIn(b"half", terminal.shown)

    def test_no_answer(self):
        terminal = Terminal("--private", *self.words(ANNA, secret=False), "--ask-password")
        self.addCleanup(terminal.close)
        terminal.wait_for(b"Password: ")
        terminal.type(b"\x04")
        self.assertEqual(terminal.finish(), 66)
        self.assertIn(b"the secret is empty", terminal.shown)


class Shown(Diagnosis):
    def test_progress_and_colours_on_a_terminal(self):
        terminal = Terminal("--private", *self.words(ANNA))
        self.addCleanup(terminal.close)
        self.assertEqual(terminal.finish(), 0)
        self.assertIn(b"\r\x1b[Kchecking, ", terminal.shown)
        self.assertIn("\x1b[32m✔ Receiving mail works.".encode(), terminal.shown)
        # The line of progress is taken away before the report begins.
        self.assertLess(terminal.shown.rindex(b"checking, "), terminal.shown.rindex(b"\r\x1b[K"))
        self.assertLess(terminal.shown.rindex(b"\r\x1b[K"), terminal.shown.index(b"Receiving mail"))

    def test_progress_is_one_line(self):
        terminal = Terminal("--private", *self.words(ANNA), columns=45)
        self.addCleanup(terminal.close)
        terminal.finish()
        steps = terminal.shown[:terminal.shown.index(b"Receiving")].split(b"\r\x1b[K")
        self.assertGreater(len(steps), 3)
        for step in steps:
            self.assertNotIn(b"\n", step)
            self.assertLess(len(step.decode()), 45)

    def test_nothing_of_that_in_a_pipe(self):
        done = self.check(ANNA)
        self.assertEqual(done.stderr, "")
        self.assertNotIn("\x1b", done.stdout)
        self.assertNotIn("✔", done.stdout)

    def test_no_color(self):
        terminal = Terminal("--private", *self.words(ANNA), env={"NO_COLOR": "1"})
        self.addCleanup(terminal.close)
        terminal.finish()
        self.assertNotIn(b"\x1b[3", terminal.shown)
        self.assertIn("✔ Receiving mail works.".encode(), terminal.shown)

    def test_dumb_terminal(self):
        terminal = Terminal("--private", *self.words(ANNA), env={"TERM": "dumb"})
        self.addCleanup(terminal.close)
        terminal.finish()
        self.assertNotIn(b"\x1b", terminal.shown)

    def test_chosen_colours(self):
        self.assertIn("\x1b[32m", self.check(ANNA, "--color=always").stdout)
        terminal = Terminal("--private", *self.words(ANNA), "--color=never")
        self.addCleanup(terminal.close)
        terminal.finish()
        self.assertNotIn(b"\x1b[3", terminal.shown)

    def test_report_in_a_file_progress_on_the_terminal(self):
        with tempfile.TemporaryFile() as file:
            terminal = Terminal("--private", *self.words(ANNA), "--json", stdout=file)
            self.addCleanup(terminal.close)
            self.assertEqual(terminal.finish(), 0)
            file.seek(0)
            report = json.load(file)
        self.assertEqual(report["verdict"], "ok")
        self.assertIn(b"checking, ", terminal.shown)


def name_of(pid):
    """Name of a process; None when it has ended since."""
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8") as file:
            return file.read().strip()
    except OSError:
        return None


class Endings(Diagnosis):
    def start(self):
        process = subprocess.Popen([CLIENT, "--private", *self.words(SLOW)], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, start_new_session=True)
        self.addCleanup(process.communicate)
        return process

    def wait_for_children(self, process):
        end = time.monotonic() + HANG
        while len(processes_of_session(process.pid)) < 4:       # client, daemon, worker and a probe
            self.assertLess(time.monotonic(), end)
            time.sleep(0.02)

    def test_nothing_is_left_behind(self):
        with subprocess.Popen([CLIENT, "--private", *self.words(ANNA)], stdout=subprocess.DEVNULL,
                              start_new_session=True) as process:
            self.assertEqual(process.wait(HANG), 0)
        self.assert_all_gone(process.pid)

    def test_nor_after_an_interrupt_or_a_kill(self):
        for number in (signal.SIGINT, signal.SIGKILL):
            process = self.start()
            self.wait_for_children(process)
            process.send_signal(number)
            self.assertEqual(process.wait(HANG), -number)
            self.assert_all_gone(process.pid)

    def test_daemon_killed(self):
        process = self.start()
        self.wait_for_children(process)
        for pid in processes_of_session(process.pid):
            if name_of(pid) == "maildiagd":
                os.kill(pid, signal.SIGKILL)
        out, err = process.communicate(timeout=HANG)
        self.assertEqual((process.returncode, out), (69, b""))
        self.assertIn(b"the private daemon ended", err)
        self.assert_all_gone(process.pid)


class Others(Diagnosis):
    def test_explain(self):
        codes = call("--private", "explain", "--list").stdout.split()
        self.assertEqual(codes, sorted(codes))
        self.assertIn("cert.expired", codes)
        for code in codes:
            entry = json.loads(call("--private", "explain", code, "--json").stdout)
            self.assertEqual(entry["code"], code)
            self.assertNotRegex(call("--private", "explain", code).stdout, "[{}]")

    def test_explain_unknown(self):
        assert_refused(self, call("--private", "explain", "cert.expird"), 66, "'cert.expird'", "cert.expired")
        assert_refused(self, call("--private", "explain", "qqq.zzz"), 66, "'qqq.zzz'", "--list")

    def test_plugins(self):
        plugins = json.loads(call("--private", "plugins", "--json").stdout)
        self.assertLessEqual({"imap", "pop3", "smtp"}, {plugin["name"] for plugin in plugins})
        for plugin in plugins:
            self.assertEqual((plugin["state"], plugin["error"]), ("loaded", ""))
            self.assertEqual(plugin["abi-version"], 1)
        text = call("--private", "plugins").stdout
        self.assertRegex(text, r"(?m)^imap +\S+, speaks imap, \d+ findings of its own$")

    def test_refused_plugin_is_listed_with_the_reason(self):
        with tempfile.TemporaryDirectory() as directory:
            os.chmod(directory, 0o755)
            with open(os.path.join(directory, "broken.so"), "wb") as file:
                file.write(b"this is no plugin")
            done = call("--private", "--plugin-dir", directory, "plugins")
        self.assertEqual(done.returncode, 0, done)
        self.assertRegex(done.stdout, "broken.*refused: .")

    def test_refused_directory(self):
        done = call("--private", "--plugin-dir", "/nonexistent", "plugins")
        self.assertRegex(done.stdout, "/nonexistent.*refused: .*No such file")


class Bus(Diagnosis):
    """The user's instance on a session bus of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address"], stdout=subprocess.PIPE,
                                   encoding="ascii")
        cls.env = {"DBUS_SESSION_BUS_ADDRESS": cls.bus.stdout.readline().strip()}

    @classmethod
    def tearDownClass(cls):
        cls.bus.terminate()
        cls.bus.communicate()
        super().tearDownClass()

    def start_daemon(self):
        daemon = subprocess.Popen([os.path.join(os.environ["MAILDIAG_LIBEXECDIR"], "maildiagd"), "--user"],
                                  env=dict(os.environ, **self.env), stderr=subprocess.DEVNULL)
        self.addCleanup(daemon.wait)
        self.addCleanup(daemon.terminate)
        end = time.monotonic() + HANG
        while call("--session", "plugins", env=self.env).returncode != 0:
            self.assertLess(time.monotonic(), end)
            time.sleep(0.05)
        return daemon

    def test_no_daemon(self):
        assert_refused(self, call("--session", "plugins", env=self.env), 69, "no daemon answers on the session bus",
                       "--private")

    def test_account(self):
        self.start_daemon()
        done = call("--session", *self.words(ANNA), "--json", env=self.env)
        self.assertEqual(done.returncode, 0, done)
        self.assertEqual(self.report(done)["verdict"], "ok")

    def test_daemon_that_leaves_the_bus(self):
        daemon = self.start_daemon()
        with subprocess.Popen([CLIENT, "--session", *self.words(SLOW)], env=dict(os.environ, **self.env),
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            end = time.monotonic() + HANG
            while "checking true" not in self.state():
                self.assertLess(time.monotonic(), end)
                time.sleep(0.05)
            daemon.kill()
            out, err = process.communicate(timeout=HANG)
        self.assertEqual((process.returncode, out), (69, b""))
        self.assertIn(b"no daemon answers on the session bus", err)

    def state(self):
        done = subprocess.run(["busctl", "--user", "get-property", "org.maildiag.Diag1", "/org/maildiag/Diag1",
                               "org.maildiag.Diag1.Manager", "Checking"], env=dict(os.environ, **self.env),
                              capture_output=True, encoding="utf-8", check=False)
        return done.stdout.replace("b ", "checking ")


if __name__ == "__main__":
    unittest.main()
