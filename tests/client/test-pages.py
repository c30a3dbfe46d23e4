# SPDX-License-Identifier: LGPL-2.1-or-later
"""Manual pages and completions: what the client has, they have; and what reads them finds no fault."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from client import call

PAGES = [pathlib.Path(path) for path in os.environ["MAILDIAG_PAGES"].split(":")]
COMPLETIONS = pathlib.Path(os.environ["MAILDIAG_COMPLETIONS"])


def output(*command, **options):
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60, check=False, **options)
    assert done.returncode == 0 and done.stderr == "", done
    return done.stdout


def verbs():
    shown = call("--help").stdout.split("\nVerbs\n")[1].split("\n\n")[0]
    return re.findall(r"^  ([a-z]+)", shown, re.MULTILINE)


def options(verb):
    return re.findall(r"^  (?:-\w, |    )--([a-z0-9-]+)", call(verb, "--help").stdout, re.MULTILINE)


class Manual(unittest.TestCase):
    @staticmethod
    def page(name):
        path = next(path for path in PAGES if path.name == name)
        return output("man", "--warnings", "-E", "UTF-8", "-l", str(path),
                      env={"PATH": os.environ["PATH"], "MANWIDTH": "400", "LC_ALL": "C.UTF-8"})

    def test_every_page_is_in_order(self):
        for path in PAGES:
            with self.subTest(path.name):
                self.assertRegex(self.page(path.name), r"NAME\n +\S+ [-−–] \S+")

    def test_every_verb_and_option_is_there(self):
        text = self.page("maildiag.1")
        for verb in verbs():
            self.assertRegex(text, rf"\n +{verb}\b")
            for option in options(verb):
                self.assertIn(f"--{option}", text)

    def test_every_finding_is_there(self):
        text = self.page("maildiag-findings.7").casefold()
        codes = [line.split()[0] for line in call("explain", "--list", "--private").stdout.splitlines() if "." in line]
        self.assertGreater(len(codes), 100)
        for code in codes:
            self.assertIn(f"\n{code}\n", text)

    def test_every_member_of_the_interface_is_there(self):
        text = self.page("org.maildiag.Diag1.5")
        source = pathlib.Path(os.environ["MAILDIAG_SOURCE"], "dbus/org.maildiag.Diag1.xml").read_text(encoding="utf-8")
        for name in re.findall(r'<(?:method|signal|property) name="(\w+)"', source):
            self.assertRegex(text, rf"\b{name}\b")


class Completion(unittest.TestCase):
    @staticmethod
    def bash(*words):
        """What bash proposes for the last word."""
        script = (f'source "{COMPLETIONS}/maildiag"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                  '_maildiag maildiag "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"; printf "%s\\n" "${COMPREPLY[@]}"')
        return output("bash", "-c", script, "bash", *words).split()

    def test_bash(self):
        self.assertEqual(self.bash("maildiag", "ch"), ["check"])
        self.assertLessEqual(set(verbs()), set(self.bash("maildiag", "")))
        for verb in verbs():
            self.assertEqual(self.bash("maildiag", verb, "--"), [f"--{option}" for option in options(verb)])
        self.assertEqual(self.bash("maildiag", "check", "--security", "st"), ["starttls"])
        self.assertEqual(self.bash("maildiag", "check", "--user", ""), [])

    def test_zsh(self):
        output("zsh", "-n", str(COMPLETIONS / "_maildiag"))

    def test_fish(self):
        def fish(line):
            found = output("fish", "--no-config", "-c", f"source {COMPLETIONS}/maildiag.fish; complete -C '{line}'",
                           env={**os.environ, "HOME": home})
            return [line.split("\t")[0] for line in found.splitlines()]

        with tempfile.TemporaryDirectory() as home:
            self.assertLessEqual(set(verbs()), set(fish("maildiag ")))
            self.assertIn("--imap", fish("maildiag check --im"))
            self.assertEqual(fish("maildiag check --security=st"), ["--security=starttls"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
