#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The page that tells how to write a plugin quotes code that exists, and names what is there."""

import pathlib
import re
import unittest

HERE = pathlib.Path(__file__).resolve().parent
PLUGINS = HERE.parents[2] / "plugins"
EXAMPLES = (HERE, HERE.parent / "finders")
TEXT = (PLUGINS / "README.md").read_text(encoding="utf-8")


class Readme(unittest.TestCase):

    def test_code_is_the_plugins(self):
        for language, pattern in (("c", "*.[ch]"), ("make", "Makefile"), ("text", "dialogues/*.txt")):
            quoted = re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)
            lines = {line for folder in EXAMPLES for path in folder.glob(pattern)
                     for line in path.read_text(encoding="utf-8").splitlines()}
            self.assertTrue(quoted, language)
            for line in "".join(quoted).splitlines():
                self.assertTrue(line in lines or line == "", line)

    def test_names_are_in_the_headers(self):
        headers = "".join(path.read_text(encoding="utf-8") for path in (PLUGINS / "sdk/include/maildiag").glob("*.h"))
        names = set(re.findall(r"\b(?:md_|MD_|Md[A-Z])\w+", TEXT))
        self.assertGreater(len(names), 10)
        for name in names:
            self.assertRegex(headers, rf"\b{name}\b")

    def test_links_lead_somewhere(self):
        links = re.findall(r"\]\(([^)#]+)\)", TEXT)
        self.assertGreater(len(links), 5)
        for link in links:
            self.assertTrue((PLUGINS / link).exists(), link)


if __name__ == "__main__":
    unittest.main(verbosity=2)
