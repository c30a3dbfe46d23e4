# SPDX-License-Identifier: LGPL-2.1-or-later
"""maildiag explain with an error that somebody pastes: no network, no server, a daemon of its own."""

import json
import unittest

from client import assert_refused, call


def explain(*words, **options):
    return call("--private", "explain", *words, **options)


def codes(*words):
    """What the error can mean, likeliest first."""
    return [entry["code"] for entry in json.loads(explain("--json", *words).stdout)]


class PastedErrors(unittest.TestCase):
    def test_likeliest_first(self):
        for text, first in (
                ("535 5.7.139 Authentication unsuccessful, basic authentication is disabled. [X.EXAMPLE]",
                 "auth.oauth-required"),
                ("535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.", "auth.rejected"),
                ("A1 NO [AUTHENTICATIONFAILED] Invalid credentials", "auth.rejected"),
                ("-ERR [AUTH] Password expired", "auth.password-expired"),
                ("0x800CCC0E", "tcp.refused"),
                ("wrong version number", "port.expects-starttls"),
                ("tlsv1 alert unknown ca", "cert.unknown-issuer"),
                ("Could not connect to mail server imap.example.org; the connection was refused.", "tcp.refused"),
                ("Đã hết thời gian kết nối tới máy chủ imap.example.org.", "tcp.timeout"),
                ("da het thoi gian ket noi toi may chu", "tcp.timeout")):
            with self.subTest(text):
                self.assertEqual(codes(text)[0], first)

    def test_several_lines(self):
        self.assertEqual(codes("550-Please turn on SMTP Authentication in your mail client.\r\n"
                               "550-host is not permitted to relay through\n550 this server without authentication."),
                         ["smtp.auth-required"])

    def test_what_looks_the_same(self):
        ids = codes("535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6")
        self.assertEqual(ids, ["auth.rejected", "auth.username-form", "auth.app-password-needed",
                               "auth.access-disabled", "auth.oauth-required"])
        text = explain("535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6").stdout
        for code in ids:
            self.assertIn(code, text)

    def test_page(self):
        text = explain("530 5.7.0 Authentication required").stdout
        self.assertIn("HOST sends mail only after a login", text.splitlines()[0])
        self.assertIn("maildiag check ADDRESS --smtp HOST --ask-password", text)
        self.assertNotIn("{", text)

    def test_nothing_to_say(self):
        for text in ("250 2.0.0 Ok: queued", "hello world", "* OK Dovecot ready."):
            with self.subTest(text):
                assert_refused(self, explain(text), 2, "nothing in this text")
                self.assertEqual(codes(text), [])

    def test_a_code_stays_a_code(self):
        self.assertIn("cert.expired", explain("cert.expired").stdout.splitlines()[0])
        assert_refused(self, explain("cert.expird"), 66, "cert.expired")

    def test_too_long(self):
        assert_refused(self, explain("x" * 5000), 64, "4096")

    def test_control_characters(self):
        assert_refused(self, explain("535 \033[31mno"), 64, "control character")


if __name__ == "__main__":
    unittest.main()
