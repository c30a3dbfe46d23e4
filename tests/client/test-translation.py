# SPDX-License-Identifier: LGPL-2.1-or-later
"""Translations: the list of files with texts is complete, so are the texts, and what a person reads is translated.

The translation of the tests is a made-up one: every text stands in brackets.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from client import SOURCE, call

sys.path.insert(0, os.path.join(SOURCE, "tests", "servers", "demohost"))

import tour                                                     # noqa: E402
from accounts import ACCOUNTS, LISTENERS                        # noqa: E402
from host import Host                                           # noqa: E402

FOLDERS = ("client", "daemon", "plugins")
LANGUAGE = "xx"
KEYWORDS = os.environ["MAILDIAG_XGETTEXT"].split()
CATALOGUE_KEYS = ("title", "meaning", "remedy", "apart")
PASTED = ("535 5.7.8 Error: authentication failed", "0x800CCC0E", "wrong version number")


def listed():
    with open(os.path.join(SOURCE, "client", "po", "POTFILES"), encoding="utf-8") as file:
        return [line.strip() for line in file if line.strip() and not line.startswith("#")]


def template(folder):
    """All texts, as xgettext finds them."""
    path = os.path.join(folder, "maildiag.pot")
    subprocess.run(["xgettext", *KEYWORDS, "--no-wrap", "-o", path, *listed()], cwd=SOURCE, check=True)
    return path


def unquoted(lines):
    return "".join(json.loads(line) for line in lines)


def entries(path):
    """(id, plural or None) of a template without wrapped lines."""
    with open(path, encoding="utf-8") as file:
        blocks = file.read().split("\n\n")
    for block in blocks[1:]:
        found = {}
        for line in block.splitlines():
            if match := re.match(r'(msgid|msgid_plural|msgstr\S*) (".*")$', line):
                key = match[1]
                found[key] = [match[2]]
            elif line.startswith('"'):
                found[key].append(line)
        if "msgid" in found:
            yield unquoted(found["msgid"]), unquoted(found["msgid_plural"]) if "msgid_plural" in found else None


def bracketed(text):
    body = text.rstrip("\n")
    return json.dumps(f"⟦{body}⟧" + text[len(body):], ensure_ascii=False)


def translation(folder):
    """A folder with the made-up translation, and the texts that it has."""
    texts = list(entries(template(folder)))
    lines = ['msgid ""', 'msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=1; plural=0;\\n"']
    for text, plural in texts:
        lines += ["", f"msgid {json.dumps(text, ensure_ascii=False)}"]
        if plural:
            lines += [f"msgid_plural {json.dumps(plural, ensure_ascii=False)}", f"msgstr[0] {bracketed(plural)}"]
        else:
            lines += [f"msgstr {bracketed(text)}"]
    source = pathlib.Path(folder, "xx.po")
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    target = pathlib.Path(folder, LANGUAGE, "LC_MESSAGES")
    target.mkdir(parents=True)
    subprocess.run(["msgfmt", "--check-format", "-o", str(target / "maildiag.mo"), str(source)], check=True)
    return {text for text, _ in texts}


class Translation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.texts = translation(folder.name)
        cls.environment = {"LANGUAGE": LANGUAGE, "MAILDIAG_LOCALEDIR": folder.name, "COLUMNS": "10000"}

    def read(self, *words, env=None):
        return call("--private", *words, env=self.environment if env is None else env)

    def test_every_file_with_texts_is_listed(self):
        marked = set()
        for folder in FOLDERS:
            for path in pathlib.Path(SOURCE, folder).rglob("*.c"):
                if re.search(r"\b(N?_|ngettext)\(", path.read_text(encoding="utf-8")):
                    marked.add(str(path.relative_to(SOURCE)))
        self.assertEqual(listed(), sorted(listed()))
        self.assertLessEqual(marked, set(listed()), "these are missing in client/po/POTFILES")
        for path in listed():
            self.assertTrue(os.path.exists(os.path.join(SOURCE, path)), path)

    def test_every_text_of_the_catalogues_can_be_translated(self):
        codes = self.read("explain", "--list").stdout.split()
        self.assertGreater(len(codes), 150)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda code: json.loads(self.read("explain", "--json", code).stdout), codes))
        lacking = [entry["code"] for entry in found for key in CATALOGUE_KEYS
                   if key in entry and entry[key] not in self.texts]
        self.assertEqual(lacking, [])

    def assert_translated(self, line):
        """Its text is, not only what stands in front of it."""
        self.assertRegex(line, "^⟦[^⟧]*⟧ *⟦")

    def test_explained_finding(self):
        lines = self.read("explain", "cert.wrong-host").stdout.splitlines()
        self.assertRegex(lines[1], "^⟦.*⟧$")
        for head in ("Meaning", "To do", "Severity", "Who"):
            self.assert_translated(next(line for line in lines if line.startswith(f"⟦{head}⟧")))

    def test_explained_text(self):
        for text in PASTED:
            with self.subTest(text):
                lines = self.read("explain", text).stdout.splitlines()
                self.assertRegex(lines[0], "^⟦.*⟧$")
                for head in ("Meaning", "To do", "To tell", "Who"):
                    self.assert_translated(next(line for line in lines if line.startswith(f"⟦{head}⟧")))

    def test_report(self):
        """The demonstration accounts: both verdicts, what to do, and each finding, its values filled in."""
        host = Host(LISTENERS, ACCOUNTS)
        host.start()
        self.addCleanup(host.stop)
        for account in ACCOUNTS:
            with self.subTest(account.address):
                words = tour.arguments(host, account)
                text = self.read(*words).stdout
                top, *findings = text.split("\n\n")
                self.assertRegex(" ".join(top.split()), "^⟦Receiving mail .*⟧ ⟦Sending mail .*⟧ ⟦To do⟧ *.*⟦")
                self.assertNotRegex(text, r"\{[a-z-]+\}|\?⟧")
                for line in (line.strip() for finding in findings for line in finding.splitlines()):
                    if re.match("⟦(Error|Warning|Why|Who)⟧", line):
                        self.assert_translated(line)
                self.assertNotIn("⟦", self.read(*words, env={}).stdout)

    def test_document_stays_english(self):
        host = Host(LISTENERS, ACCOUNTS)
        host.start()
        self.addCleanup(host.stop)
        report = json.loads(self.read(*tour.arguments(host, ACCOUNTS[1]), "--json").stdout)
        self.assertNotIn("⟦", json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    unittest.main()
