#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A plugin that was built elsewhere is loaded and explained, plays its dialogues, and leaves broken ones beside it
behind; each of those is refused in one line that says why."""

import json
import os
import pathlib
import shutil
import tempfile
import unittest

import outside

CLIENT = os.environ["MAILDIAG_CLIENT"]
RUN_DIALOGUES = os.environ["MAILDIAG_RUN_DIALOGUES"]
MACHINE = 18                            # offset of e_machine in an ELF header (elf(5))
SPARC = 2


class Loading(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="maildiag-")
        cls.addClassCleanup(folder.cleanup)
        cls.folder = pathlib.Path(folder.name)
        cls.folder.chmod(0o755)
        cls.outside = outside.Outside(cls.folder)
        cls.good = cls.outside.build(cls.folder / "plugins")

    # ---- what is called ----

    def maildiag(self, *words, plugins=None):
        done = outside.run(CLIENT, *words, "--private", "--plugin-dir", plugins or self.good.parent,
                           env=os.environ | {"LC_ALL": "C.UTF-8"})
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout

    def listed(self, plugins):
        """What the daemon says of each file or plugin."""
        return {plugin["name"]: plugin for plugin in json.loads(self.maildiag("plugins", "--json", plugins=plugins))}

    def directory(self, name):
        plugins = self.folder / name
        plugins.mkdir(mode=0o755)
        shutil.copy(self.good, plugins)
        return plugins

    def assert_refused(self, plugins, why):
        """The one file that stands in `why`, for that reason, and the good plugin works."""
        (name, reason), = why.items()
        listed = self.listed(plugins)
        self.assertEqual(set(listed), {"sieve", name})
        self.assertEqual((listed[name]["state"], listed["sieve"]["state"]), ("failed", "loaded"))
        self.assertIn(reason, listed[name]["error"])
        line, = [line for line in self.maildiag("plugins", plugins=plugins).splitlines() if name in line]
        self.assertIn("refused: ", line)

    # ---- the good one ----

    def test_is_listed(self):
        listed = self.listed(self.good.parent)["sieve"]
        self.assertEqual((listed["state"], listed["protocols"], listed["version"]), ("loaded", ["sieve"], "1.0"))
        self.assertEqual(len(listed["checks"]), 4)
        self.assertIn("1.0, speaks sieve, 4 findings of its own", self.maildiag("plugins"))

    def test_is_explained(self):
        self.assertIn("There is no room for a filter", self.maildiag("explain", "sieve.no-space"))

    def test_stands_beside_the_others(self):
        plugins, others = self.directory("all"), list(self.outside.root.glob("usr/lib/maildiag/plugins/*.so"))
        for other in others:
            shutil.copy(other, plugins)
        listed = self.listed(plugins)
        self.assertLessEqual({"imap", "pop3", "sieve", "smtp"}, set(listed))
        self.assertEqual((len(listed), {plugin["state"] for plugin in listed.values()}), (len(others) + 1, {"loaded"}))

    def test_dialogues(self):
        done = outside.run(RUN_DIALOGUES, outside.HERE / "dialogues",
                           env=os.environ | {"MAILDIAG_PLUGIN_DIR": str(self.good.parent)})
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    # ---- its neighbours ----

    def build_for(self, major, minor, plugins):
        """The plugin as it would be for another ABI: built against headers that say so."""
        include = self.folder / f"include-{major}.{minor}"
        shutil.copytree(self.outside.root / "usr/include", include)
        header = include / "maildiag/plugin.h"
        text = header.read_text(encoding="utf-8")
        for name, number in (("MAJOR", major), ("MINOR", minor)):
            old, = [line for line in text.splitlines() if line.startswith(f"#define MD_ABI_{name} ")]
            text = text.replace(old, f"#define MD_ABI_{name} {number}")
        header.write_text(text, encoding="utf-8")
        built = self.outside.build(self.folder / f"built-{major}.{minor}", f"-I{include}")
        shutil.copy(built, plugins / "other.so")

    def test_too_old_and_too_new(self):
        for major, minor, why in ((0, 9, "is too old"), (2, 0, "is too new"), (1, 7, "is too new")):
            with self.subTest(f"{major}.{minor}"):
                plugins = self.directory(f"abi-{major}.{minor}")
                self.build_for(major, minor, plugins)
                self.assert_refused(plugins, {"other.so": f"{why}: built for ABI {major}.{minor}"})

    def test_broken(self):
        plugins = self.directory("broken")
        (plugins / "other.so").write_bytes(self.good.read_bytes()[:4000])
        self.assert_refused(plugins, {"other.so": "is cut short"})

    def test_no_plugin(self):
        plugins = self.directory("none")
        shutil.copy(next(self.outside.root.glob("**/libmaildiag-plugin.so")), plugins / "other.so")
        self.assert_refused(plugins, {"other.so": "is no plugin: it has no note of maildiag"})

    def test_foreign(self):
        plugins = self.directory("foreign")
        elf = bytearray(self.good.read_bytes())
        elf[MACHINE:MACHINE + 2] = SPARC.to_bytes(2, "little")
        (plugins / "other.so").write_bytes(elf)
        self.assert_refused(plugins, {"other.so": "is built for another kind of machine"})

    def test_duplicate(self):
        plugins = self.directory("duplicate")
        shutil.copy(self.good, plugins / "the-same.so")
        self.assert_refused(plugins, {"the-same.so": "has the name \"sieve\", which sieve.so has already"})

    def test_unreadable(self):
        plugins = self.directory("unreadable")
        shutil.copy(self.good, plugins / "other.so")
        (plugins / "other.so").chmod(0)
        self.assert_refused(plugins, {"other.so": "cannot be opened: Permission denied"})

    def test_writable_by_others(self):
        plugins = self.directory("writable")
        shutil.copy(self.good, plugins / "other.so")
        (plugins / "other.so").chmod(0o664)
        self.assert_refused(plugins, {"other.so": "is writable by others"})

    def test_directory_writable_by_others(self):
        plugins = self.directory("open")
        plugins.chmod(0o777)
        listed = self.listed(plugins)
        self.assertEqual([plugin["state"] for plugin in listed.values()], ["failed"])
        self.assertIn("is writable by others", next(iter(listed.values()))["error"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
