# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests of the client share: how it is called, and what every refusal must look like."""

import os
import subprocess

CLIENT = os.environ["MAILDIAG_CLIENT"]
SOURCE = os.environ["MAILDIAG_SOURCE"]
HANG = 60                               # seconds; nothing here takes a tenth of it


def call(*words, env=None, **options):
    """Runs the client; texts in, texts out."""
    environment = dict(os.environ, LC_ALL="C.UTF-8", **(env or {}))
    environment.pop("NO_COLOR", None)
    return subprocess.run([CLIENT, *words], env=environment, capture_output=True, timeout=HANG, check=False,
                          stdin=options.pop("stdin", subprocess.DEVNULL), encoding="utf-8", errors="surrogateescape",
                          **options)


def assert_refused(test, done, status, *pieces):
    """It ended with that status, said one line, and the line holds the pieces."""
    lines = done.stderr.splitlines()
    test.assertEqual(done.returncode, status, done)
    test.assertEqual(done.stdout, "", done)
    test.assertEqual(len(lines), 1, done)
    test.assertTrue(lines[0].startswith("maildiag: "), lines)
    for piece in pieces:
        test.assertIn(piece, lines[0])
