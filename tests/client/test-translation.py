# SPDX-License-Identifier: LGPL-2.1-or-later
"""The list of files with texts to translate is complete."""

import os
import re
import unittest

from client import SOURCE


class Translation(unittest.TestCase):
    def test_every_file_with_texts_is_listed(self):
        client = os.path.join(SOURCE, "client")
        marked = set()
        for name in os.listdir(client):
            if name.endswith(".c"):
                with open(os.path.join(client, name), encoding="utf-8") as file:
                    if re.search(r"\b(N?_|ngettext)\(", file.read()):
                        marked.add("client/" + name)
        with open(os.path.join(client, "po", "POTFILES"), encoding="utf-8") as file:
            listed = [line.strip() for line in file if line.strip() and not line.startswith("#")]
        self.assertEqual(listed, sorted(listed))
        self.assertLessEqual(marked, set(listed), "these are missing in client/po/POTFILES")
        for path in listed:
            self.assertTrue(os.path.exists(os.path.join(SOURCE, path)), path)


if __name__ == "__main__":
    unittest.main()
