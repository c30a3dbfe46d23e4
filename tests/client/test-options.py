# SPDX-License-Identifier: LGPL-2.1-or-later
"""The command line: every wrong argument gives its exit status and one line that names it."""

import os
import re
import subprocess
import tempfile
import unittest

from client import CLIENT, assert_refused, call

CHECK = ("check", "anna@example.org", "--imap", "mail.example.org")
SECRET = "hunter2-marker"

# Arguments, and what the line must name.
WRONG = (
    ((), "no verb"),
    (("chek",), "chek", "check"),
    (("frobnicate",), "frobnicate", "--help"),
    (("check", "--imap", "x.example"), "mail address is missing"),
    (("check", "work", "--imap", "x.example"), "id of an account"),
    (("check", "work", "anna@example.org"), "'anna@example.org'", "too many", "or ids"),
    (("show",), "which account"),
    (("mute", "--for", "8"), "min, h or d"),
    (("mute", "--for", "0h"), "min, h or d"),
    (("mute", "--for", "8h", "--off"), "exclude each other"),
    (("list", "--config-dir", "/tmp"), "needs --private"),
    (("check", "anna", "--imap", "mail.example.org"), "'anna'", "id of an account"),
    (("check", "anna@"), "'anna@'", "after the @"),
    (("check", "anna@example.org", "--no-probe"), "--no-probe", "check"),
    (("discover",), "mail address is missing"),
    (("discover", "anna"), "'anna'", "no @"),
    (("discover", "anna@example.org", "b@example.org"), "'b@example.org'", "too many"),
    (("discover", "anna@example.org", "--imap", "mail.example.org"), "--imap", "discover"),
    (("discover", "anna@example.org", "--ask-password"), "--ask-password", "discover"),
    (("discover", "anna@example.org", "--offline=yes"), "--offline", "no value"),
    (("check", "a@example.org", "b@example.org"), "'b@example.org'", "too many"),
    (CHECK + ("extra",), "'extra'", "too many"),
    (CHECK + ("--frob",), "--frob"),
    (CHECK + ("--imapp", "x"), "--imapp", "--imap"),
    (CHECK + ("--frob=x",), "--frob"),
    (CHECK + ("-x",), "-x"),
    (CHECK + ("--imap",), "--imap", "needs a value", "HOST[:PORT]"),
    (CHECK + ("--imap", "--json"), "--imap", "needs a value"),
    (CHECK + ("--imap=",), "--imap", "empty"),
    (CHECK + ("--imap", ""), "--imap", "empty"),
    (CHECK + ("--imap", "mail:0"), "--imap", "'mail:0'", "1 to 65535"),
    (CHECK + ("--pop3", "mail:70000"), "--pop3", "'mail:70000'", "1 to 65535"),
    (CHECK + ("--smtp", "mail:smtp"), "--smtp", "'mail:smtp'", "1 to 65535"),
    (CHECK + ("--smtp", "::1"), "--smtp", "'::1'", "brackets"),
    (CHECK + ("--smtp", "[::1"), "--smtp", "'[::1'", "bracket"),
    (CHECK + ("--smtp", "smtps://mail"), "--smtp", "'smtps://mail'", "web address"),
    (CHECK + ("--smtp", "a b"), "--smtp", "'a b'", "spaces"),
    (CHECK + ("--imap", "x") * 16, "--imap", "16"),
    (CHECK + ("--security", "ssl"), "--security", "'ssl'", "tls|starttls|none|auto"),
    (CHECK + ("--smtp-security", "tls"), "--smtp-security", "--smtp"),
    (CHECK + ("--pop3-security", "tls"), "--pop3-security", "--pop3"),
    (CHECK + ("--imap-security", "TLS"), "--imap-security", "'TLS'"),
    (CHECK + ("--depth", "deep"), "--depth", "'deep'", "connect|tls|auth|full"),
    (CHECK + ("--color", "red"), "--color", "'red'", "auto|always|never"),
    (CHECK + ("--timeout", "0"), "--timeout", "'0'", "100ms"),
    (CHECK + ("--timeout", "99ms"), "--timeout", "'99ms'", "100ms"),
    (CHECK + ("--timeout", "601"), "--timeout", "'601'", "600s"),
    (CHECK + ("--timeout", "999999999999"), "--timeout", "'999999999999'"),
    (CHECK + ("--timeout", "1.5"), "--timeout", "'1.5'", "seconds"),
    (CHECK + ("--timeout", "-5"), "--timeout", "'-5'"),
    (CHECK + ("--timeout", "5h"), "--timeout", "'5h'", "seconds"),
    (CHECK + ("--timeout", "soon"), "--timeout", "'soon'", "seconds"),
    (CHECK + ("--auth", "PLAIN,,LOGIN"), "--auth", "'PLAIN,,LOGIN'", "commas"),
    (CHECK + ("--auth", ","), "--auth", "','"),
    (CHECK + ("--auth", "PLAIN LOGIN"), "--auth", "'PLAIN LOGIN'", "comma"),
    (CHECK + ("--auth", "A" * 21), "--auth", "20 characters"),
    (CHECK + ("--connect-to", "192.0.2.1:25"), "--connect-to", "port"),
    (CHECK + ("--connect-to", "a b"), "--connect-to", "'a b'"),
    (CHECK + ("--tls-name", "x:1"), "--tls-name", "port"),
    (CHECK + ("--client-cert", "/dev/null"), "--client-key", "missing"),
    (CHECK + ("--client-key", "/dev/null"), "--client-cert", "missing"),
    (CHECK + ("--plugin-dir", "/tmp"), "--plugin-dir", "--private"),
    (CHECK + ("--system", "--private"), "--private", "--system"),
    (CHECK + ("--session", "--system"), "--system", "--session"),
    (CHECK + ("--json=yes",), "--json", "no value"),
    (CHECK + ("--list",), "--list", "check"),
    (CHECK + ("--address", "a@example.org"), "--address", "check"),
    (CHECK + ("--allow-cleartext-login=1",), "--allow-cleartext-login", "no value"),
    (("test",), "protocol and server"),
    (("test", "imap"), "server is missing"),
    (("test", "IMAP", "mail"), "'IMAP'", "protocol"),
    (("test", "../x", "mail"), "'../x'", "protocol"),
    (("test", "imap", "mail:x"), "'mail:x'", "1 to 65535"),
    (("test", "imap", "mail", "--address", "anna"), "--address", "'anna'", "no @"),
    (("test", "imap", "mail", "--imap", "mail"), "--imap", "test"),
    (("test", "imap", "mail", "--password-file", "/dev/null"), "--password-file", "--user"),
    (("explain",), "code"),
    (("explain", "--list", "cert.expired"), "'cert.expired'"),
    (("explain", "a", "b"), "'b'"),
    (("explain", "x", "--imap", "x"), "--imap", "explain"),
    (("plugins", "x"), "'x'"),
    (("plugins", "--depth", "tls"), "--depth", "plugins"),
)

# Ways to put a secret on the command line; the line must not repeat it.
GIVEN_AWAY = (
    ("--password", SECRET), ("--password=" + SECRET,), ("-p", SECRET), ("-p" + SECRET,), ("--pass", SECRET),
    ("--passwd=" + SECRET,), ("--secret", SECRET), ("--token=" + SECRET,), ("--oauth2-token", SECRET),
    ("--ask-password=" + SECRET,), ("--password-fd", SECRET), ("--password-fd=" + SECRET,),
    ("--oauth2-token-fd", SECRET), ("--passwort=" + SECRET,),
)

TWO_SECRETS = (
    ("--ask-password", "--password-file", "/dev/null"),
    ("--password-fd", "0", "--password-fd", "0"),
    ("--password-fd", "0", "--oauth2-token-fd", "0"),
    ("--oauth2-token-file", "/dev/null", "--ask-password"),
)


class Wrong(unittest.TestCase):
    def test_table(self):
        for words, *pieces in WRONG:
            with self.subTest(words=words):
                assert_refused(self, call(*words), 64, *pieces)

    def test_secret_on_the_command_line(self):
        for words in GIVEN_AWAY:
            for line in (CHECK + words, words + CHECK, ("plugins",) + words, words):
                with self.subTest(words=line):
                    done = call(*line)
                    assert_refused(self, done, 64)
                    self.assertNotIn(SECRET, done.stderr)

    def test_refusal_says_what_to_use(self):
        assert_refused(self, call(*CHECK, "--password", "x"), 64, "--password:", "--password-file", "--password-fd",
                       "--ask-password")

    def test_two_secrets(self):
        for words in TWO_SECRETS:
            with self.subTest(words=words):
                assert_refused(self, call(*CHECK, *words), 64, "already")

    def test_control_characters(self):
        """In every option that takes a value, and in every word; files may have any name."""
        help_text = call("check", "--help").stdout + call("test", "--help").stdout
        names = set(re.findall(r"--([a-z0-9-]+) [A-Z]", help_text)) | {"depth", "security"}
        names -= {"accounts", "ca-file", "client-cert", "client-key", "plugin-dir"}
        self.assertGreater(len(names), 12, names)
        for name in names:
            for bad in ("a\nb", "a\rb", "\x1b[31mx", "a\x7fb", "a\x9bb", b"a\xffb".decode("latin-1")):
                for encoded in (bad.encode("latin-1"), bad.encode()):
                    if encoded == "aÿb".encode():
                        continue        # a good letter
                    with self.subTest(name=name, value=encoded):
                        assert_refused(self, call("check", "--" + name, encoded), 64, "--" + name)
        for word in ("anna\n@example.org", "anna@example.org\r", "an\x1bna@example.org"):
            assert_refused(self, call("check", word, "--imap", "x"), 64, "control character")

    def test_double_dash_ends_options(self):
        assert_refused(self, call("check", "--", "a@example.org", "--json"), 64, "'--json'", "one too many")


class Input(unittest.TestCase):
    def test_missing_files(self):
        for name in ("password-file", "oauth2-token-file", "ca-file"):
            with self.subTest(name=name):
                assert_refused(self, call(*CHECK, "--" + name, "/nonexistent/file"), 66, "--" + name,
                               "/nonexistent/file", "No such file")
        assert_refused(self, call(*CHECK, "--client-cert", "/nonexistent", "--client-key", "/dev/null"), 66,
                       "--client-cert", "/nonexistent")

    def test_directories(self):
        for name in ("password-file", "ca-file"):
            assert_refused(self, call(*CHECK, "--" + name, "/tmp"), 66, "--" + name, "/tmp", "directory")

    def test_closed_descriptor(self):
        assert_refused(self, call(*CHECK, "--password-fd", "99"), 66, "--password-fd", "99")

    def test_no_terminal_to_ask_on(self):
        assert_refused(self, call(*CHECK, "--ask-password", start_new_session=True), 66, "--ask-password", "terminal")

    def test_odd_secrets(self):
        for content, piece in ((b"", "empty"), (b"\n", "empty"), (b"x" * 16385, "16 KiB"), (b"x" * 100000, "16 KiB")):
            with tempfile.NamedTemporaryFile() as file:
                file.write(content)
                file.flush()
                with self.subTest(size=len(content)):
                    assert_refused(self, call(*CHECK, "--password-file", file.name), 66, "--password-file", piece)


class Elsewhere(unittest.TestCase):
    """No daemon, no bus, no room."""

    def test_no_bus(self):
        for instance in ("--session", "--system"):
            env = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent",
                   "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"}
            assert_refused(self, call(*CHECK, instance, env=env), 69, instance[2:] + " bus", "--private")

    def test_default_instance(self):
        env = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent", "DBUS_SYSTEM_BUS_ADDRESS": "unix:path=/nonexistent"}
        assert_refused(self, call("plugins", env=env), 69, "system" if os.geteuid() == 0 else "session", "--private")

    def test_no_daemon_to_start(self):
        assert_refused(self, call("plugins", "--private", env={"MAILDIAG_LIBEXECDIR": "/nonexistent"}), 69,
                       "/nonexistent/maildiagd", "No such file")

    def test_daemon_that_ends_at_once(self):
        with tempfile.TemporaryDirectory() as directory:
            os.symlink("/bin/true", os.path.join(directory, "maildiagd"))
            assert_refused(self, call("plugins", "--private", env={"MAILDIAG_LIBEXECDIR": directory}), 69, "ended")

    def test_full_disk(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            environment = dict(os.environ, LC_ALL="C.UTF-8")
            done = subprocess.run([CLIENT, "--help"], stdout=full, stderr=subprocess.PIPE,
                                  env=environment, check=False, encoding="utf-8")
        self.assertEqual(done.returncode, 2)
        self.assertIn("cannot write", done.stderr)


class Help(unittest.TestCase):
    def test_verbs(self):
        done = call("--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for verb in ("check", "test", "explain", "plugins"):
            self.assertIn(f"\n  {verb} ", done.stdout)
            own = call(verb, "--help")
            self.assertEqual((own.returncode, own.stderr), (0, ""))
            self.assertIn(f"Usage: maildiag {verb} ", own.stdout)
            self.assertIn("--private", own.stdout)

    def test_every_option_of_the_help_is_taken(self):
        for verb in ("check", "test", "explain", "guide", "plugins", "help"):
            for name in re.findall(r"^ .*--([a-z0-9-]+)", call(verb, "--help").stdout, re.M):
                done = call(verb, "--" + name + "=")
                self.assertNotIn("there is no option", done.stderr, name)
                self.assertNotIn("does not belong", done.stderr, name)

    def test_help_as_a_verb(self):
        self.assertEqual(call("help").stdout, call("--help").stdout)
        for verb in ("check", "guide", "help"):
            self.assertEqual(call("help", verb).stdout, call(verb, "--help").stdout)
        assert_refused(self, call("help", "frobnicate"), 64, "'frobnicate'")
        assert_refused(self, call("help", "check", "test"), 64, "'test'", "too many")

    def test_no_way_for_a_secret(self):
        for verb in ("check", "test"):
            self.assertNotRegex(call(verb, "--help").stdout, r"--(password|token|secret)[ =]")

    def test_version(self):
        for words in (("--version",), ("-V",), ("check", "--version")):
            done = call(*words)
            self.assertEqual(done.returncode, 0)
            self.assertRegex(done.stdout, r"^maildiag [0-9.]+\n$")

    def test_width(self):
        for columns in (40, 60, 100):
            longest = max(map(len, call("--help", env={"COLUMNS": str(columns)}).stdout.splitlines()))
            self.assertLessEqual(longest, columns)


if __name__ == "__main__":
    unittest.main()
