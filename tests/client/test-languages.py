# SPDX-License-Identifier: LGPL-2.1-or-later
"""The languages of client/po/LINGUAS: every text is there and says with its placeholders what the English one says; and what
a person reads in Vietnamese is Vietnamese, in a locale that every Debian has."""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unicodedata
import unittest

from client import CLIENT, SOURCE, assert_refused, call

sys.path.insert(0, os.path.join(SOURCE, "tests", "servers", "demohost"))

import tour                                                     # noqa: E402
from accounts import ACCOUNTS, LISTENERS                        # noqa: E402
from host import Host                                           # noqa: E402

PO = pathlib.Path(SOURCE, "client", "po")
KEYWORDS = os.environ["MAILDIAG_XGETTEXT"].split()
LANGUAGES = [line.strip() for line in (PO / "LINGUAS").read_text(encoding="utf-8").splitlines()
             if line.strip() and not line.startswith("#")]
FORMAT = re.compile(r"%(?:(\d+)\$)?[-+#0]*\d*(?:\.\d+)?(?:hh|h|ll|l|z|j)?[diouxXeEfgGcs%]")

# Words that are the same in Vietnamese: names, protocols, what is typed.
SAME = re.compile(r"^(%|language of the guides|\(|\[|--|IMAP|POP3|SMTP|SSL|OAuth2|STARTTLS|settings: |test: '%s': %s)")


def template(folder):
    files = [line.strip() for line in (PO / "POTFILES").read_text(encoding="utf-8").splitlines()
             if line.strip() and not line.startswith("#")]
    path = os.path.join(folder, "maildiag.pot")
    subprocess.run(["xgettext", *KEYWORDS, "--no-wrap", "-o", path, *files], cwd=SOURCE, check=True)
    return path


def entries(language):
    """(id, text) of a translation, the plural of an id beside its first text."""
    done = subprocess.run(["msgcat", "--no-wrap", str(PO / f"{language}.po")], check=True, capture_output=True,
                          encoding="utf-8")
    for block in done.stdout.split("\n\n")[1:]:
        found = {}
        for line in block.splitlines():
            if match := re.match(r'(msgid|msgid_plural|msgstr\S*) (".*")$', line):
                key = match[1]
                found[key] = json.loads(match[2])
            elif line.startswith('"'):
                found[key] += json.loads(line)
        for key, text in found.items():
            if key.startswith("msgstr"):
                yield found["msgid"], text, "fuzzy" in block.split("msgid")[0]


def formats(text):
    """What is filled in, in the order of the arguments."""
    found = [match for match in FORMAT.finditer(text) if match[0][-1] != "%"]
    return sorted((int(match[1] or index), match[0][-1]) for index, match in enumerate(found, 1))


class Translations(unittest.TestCase):
    def test_there_is_one(self):
        self.assertIn("vi", LANGUAGES)
        for path in PO.glob("*.po"):
            self.assertIn(path.stem, LANGUAGES)

    def test_complete(self):
        """To list what is missing: msgmerge --no-fuzzy-matching client/po/vi.po build/…/maildiag.pot."""
        with tempfile.TemporaryDirectory() as folder:
            for language in LANGUAGES:
                done = subprocess.run(["msgcmp", str(PO / f"{language}.po"), template(folder)], capture_output=True,
                                      check=False, encoding="utf-8", env=dict(os.environ, LC_ALL="C"))
                self.assertEqual((done.returncode, done.stderr), (0, ""), language)

    def test_placeholders(self):
        for language in LANGUAGES:
            for source, text, fuzzy in entries(language):
                with self.subTest(language=language, text=source):
                    self.assertFalse(fuzzy)
                    self.assertEqual(sorted(re.findall(r"\{[a-z-]+\}", source)), sorted(re.findall(r"\{[a-z-]+\}", text)))
                    self.assertEqual(formats(source), formats(text))
                    self.assertEqual(set(re.findall(r"--[a-z][a-z0-9-]+", source)),
                                     set(re.findall(r"--[a-z][a-z0-9-]+", text)))

    def test_form(self):
        """Clean letters in composed form, and the spaces and full stops that sentences are put together with."""
        for language in LANGUAGES:
            for source, text, _ in entries(language):
                with self.subTest(language=language, text=source):
                    self.assertEqual([c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf", "Co", "Cn")], [])
                    self.assertEqual(text, unicodedata.normalize("NFC", text))
                    self.assertEqual(text != text.lstrip(), source != source.lstrip())
                    self.assertEqual(text != text.rstrip(), source != source.rstrip())
                    self.assertEqual(text.rstrip().endswith("."), source.rstrip().endswith("."))
                    self.assertEqual(text.count("\n"), source.count("\n"))

    def test_labels_are_short(self):
        """Buttons of notifications: servers cut what is longer."""
        for language in LANGUAGES:
            texts = {source: text for source, text, _ in entries(language)}
            for label in ("Details", "Recheck", "Mute"):
                self.assertLessEqual(len(texts[label]), 8, (language, label))

    def test_formats_of_c(self):
        for language in LANGUAGES:
            subprocess.run(["msgfmt", "--check-format", "-o", os.devnull, str(PO / f"{language}.po")], check=True)

    def test_nothing_was_left_in_english(self):
        """Longer texts that are the same as before, or have not one letter of their own."""
        for source, text, _ in entries("vi"):
            if len(re.sub(r"\{[a-z-]+\}", "", FORMAT.sub("", source))) > 12 and not SAME.match(source):
                with self.subTest(source):
                    self.assertNotEqual(source, text)
                    self.assertRegex(text, "[àáâãèéêìíòóôõùúýăđĩũơưạ-ỹ]")


class Vietnamese(unittest.TestCase):
    ENVIRONMENT = {"LANGUAGE": "vi", "COLUMNS": "10000"}

    def read(self, *words, **options):
        return call(*words, env=self.ENVIRONMENT | options.pop("env", {}), **options)

    def test_help(self):
        text = self.read("--help").stdout
        for piece in ("Cách dùng: maildiag", "Các lệnh", "Chẩn đoán một tài khoản thư", "Mã thoát"):
            self.assertIn(piece, text)

    def test_complaint(self):
        assert_refused(self, self.read("check", "anna@", "--imap", "x"), 64,
                       "'anna@' không phải địa chỉ thư: không có gì đứng sau @")

    def test_guide_keeps_the_labels_that_the_app_shows(self):
        text = " ".join(self.read("guide", "outlook-ios").stdout.split())
        self.assertIn("Home icon > Settings > Accounts > tài khoản của bạn > Edit Login Information > "
                      "Outgoing Mail Server Settings", text)
        for piece in ("Gửi thư", "Nhận thư", "Máy chủ", "Mật khẩu", "(chưa xác minh)"):
            self.assertIn(piece, text)

    def test_guide_shows_the_labels_of_a_translated_app(self):
        text = self.read("guide", "gmail", "--setting", "smtp.security=none").stdout
        self.assertIn("1. Mở Menu > Cài đặt > tài khoản của bạn > Cài đặt thư đi.", " ".join(text.split()))
        self.assertIn("LOẠI BẢO MẬT: đặt thành Không.", text)

    def test_topics(self):
        self.assertIn("587 với STARTTLS", self.read("guide", "ports").stdout)
        self.assertIn("Để lại bản sao", self.read("guide", "leave-on-server").stdout)

    def test_explained(self):
        lines = self.read("--private", "explain", "cert.wrong-host").stdout.splitlines()
        self.assertEqual(lines[1], "Chứng chỉ của HOST dành cho tên khác")
        self.assertTrue(any(line.startswith("Cần làm") for line in lines))

    def test_pasted_error(self):
        lines = self.read("--private", "explain", "535 5.7.8 Authentication failed").stdout.splitlines()
        self.assertEqual(lines[0], "HOST từ chối tên đăng nhập và mật khẩu")

    def test_report(self):
        host = Host(LISTENERS, ACCOUNTS)
        host.start()
        self.addCleanup(host.stop)
        lines = self.read("--private", *tour.arguments(host, ACCOUNTS[0])).stdout.splitlines()
        self.assertEqual(lines[:2], ["Nhận được thư.", "Gửi được thư."])

        broken = self.read("--private", *tour.arguments(host, ACCOUNTS[1]), "--client", "thunderbird").stdout
        broken = " ".join(broken.split())
        self.assertRegex(broken, r"^Không nhận được thư: Cổng \d+ của imap\.port\.example đòi TLS từ byte đầu tiên\. "
                                 r"Không gửi được thư: Cổng \d+ của smtp\.port\.example bắt đầu không mã hóa")
        for piece in ("Đổi cho SMTP: bảo mật từ tls thành starttls (đã thử: đăng nhập được).",
                      "Ứng dụng 1. Mở Trình đơn > Cài đặt tài khoản", "Bảo mật kết nối: đặt thành STARTTLS.",
                      "bạn, trong phần cài đặt của ứng dụng thư"):
            self.assertIn(piece, broken)

    def test_without_it_all_is_english(self):
        self.assertIn("Usage: maildiag", call("--help", env={"LANGUAGE": ""}).stdout)
        done = subprocess.run([CLIENT, "--help"], env=dict(os.environ, LC_ALL="C", LANGUAGE="vi"), capture_output=True,
                              check=True, encoding="utf-8")
        self.assertIn("Usage: maildiag", done.stdout)


if __name__ == "__main__":
    unittest.main()
