#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is installed is enough to build a plugin: headers, library, pkg-config file."""

import re
import tempfile
import unittest

import outside

SOURCE = outside.HERE.parents[2]


class Build(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="maildiag-")
        cls.addClassCleanup(folder.cleanup)
        cls.outside = outside.Outside(folder.name)
        cls.include = cls.outside.root / "usr/include/maildiag"

    def test_every_header_stands_alone(self):
        headers = sorted(self.include.glob("*.h"))
        self.assertEqual([header.name for header in headers],
                         sorted(header.name for header in (SOURCE / "plugins/sdk/include/maildiag").iterdir()))
        for header in headers:
            with self.subTest(header.name):
                done = self.outside.compile("-fsyntax-only", "-x", "c", "-",
                                            "-include", f"maildiag/{header.name}", "-include", f"maildiag/{header.name}")
                self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_headers_are_those_of_the_source(self):
        for header in self.include.glob("*.h"):
            self.assertEqual(header.read_bytes(), (SOURCE / "plugins/sdk/include/maildiag" / header.name).read_bytes())

    def test_pkg_config(self):
        root = str(self.outside.root)
        library = next(self.outside.root.glob("**/libmaildiag-plugin.so"))
        self.assertEqual(self.outside.pkg_config("--cflags"), [f"-I{root}/usr/include"])
        self.assertEqual(self.outside.pkg_config("--libs"), [f"-L{library.parent}", "-lmaildiag-plugin"])
        plugindir, = self.outside.pkg_config("--variable=plugindir")
        self.assertTrue((self.outside.root / plugindir.removeprefix(root).lstrip("/") / "imap.so").exists(), plugindir)

    def test_a_plugin_needs_the_library_and_nothing_hidden(self):
        plugin = self.outside.build(self.outside.folder / "plugins")
        needed = re.findall(r"NEEDED.*\[(.*)\]", outside.must("readelf", "-d", plugin))
        self.assertIn("libmaildiag-plugin.so.1", needed)
        symbols = outside.must("nm", "-D", plugin)
        self.assertEqual(re.findall(r" [BDRTV] ((?!__odr_asan)\S+)", symbols), ["md_plugin_1"])
        for symbol in re.findall(r" U (md_\S+)", symbols):
            self.assertTrue(symbol.endswith("@MAILDIAG_PLUGIN_1"), symbol)

    def test_default_flags_have_no_warnings(self):
        said = outside.must("make", "-C", self.outside.sources, "clean", "sieve.so", env=self.outside.environment)
        self.assertNotIn("warning", said)

    def test_install_goes_to_the_plugin_directory(self):
        """Where the machine's pkg-config says, which knows of no other root."""
        machine = self.outside.folder / "machine"
        outside.must("make", "-C", self.outside.sources, "clean", "install", f"DESTDIR={machine}", env={
            key: value for key, value in self.outside.environment.items() if key != "PKG_CONFIG_SYSROOT_DIR"
        } | {"CFLAGS": f"-I{self.outside.root}/usr/include",
             "LDFLAGS": f"-L{next(self.outside.root.glob('**/libmaildiag-plugin.so')).parent}"})
        installed = machine / "usr/lib/maildiag/plugins/sieve.so"
        self.assertEqual(installed.stat().st_mode & 0o777, 0o644)


if __name__ == "__main__":
    unittest.main(verbosity=2)
