# SPDX-License-Identifier: LGPL-2.1-or-later
"""maildiag plugins: what each can do, in a line."""

import unittest

from client import call


class Plugins(unittest.TestCase):
    def test_what_they_do(self):
        lines = call("--private", "plugins").stdout.splitlines()
        said = {line.split()[0]: line for line in lines}
        self.assertRegex(said["imap"], r"speaks imap, [1-9]\d* findings of its own$")
        self.assertRegex(said["provider"], r"finds settings, 2 findings of its own$")


if __name__ == "__main__":
    unittest.main()
