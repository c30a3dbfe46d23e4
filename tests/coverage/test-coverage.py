#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every finding of every catalogue was produced by a test.

Runs after all others, which left the ids that they produced in $MAILDIAG_PRODUCED_DIR.
"""

import os
import pathlib
import subprocess
import sys

SKIPPED = 77


def catalogue():
    """All ids that the daemon and its plugins can give, as they say themselves."""
    done = subprocess.run([os.environ["MAILDIAG_CLIENT"], "explain", "--list", "--private"], capture_output=True,
                          check=True, text=True, timeout=60)
    return set(done.stdout.split())


def produced():
    folder = pathlib.Path(os.environ["MAILDIAG_PRODUCED_DIR"])
    return {code for path in folder.glob("*") for code in path.read_text().split()}


def main():
    known, seen = catalogue(), produced()
    missing = sorted(known - seen)
    print(f"{len(known)} findings in the catalogues, {len(known & seen)} of them produced by tests")
    for code in missing:
        print(f"no test produces {code}")
    if missing and os.geteuid() != 0:
        print("skipped: some are produced only by tests that need root")
        return SKIPPED
    return 1 if missing or not known else 0


sys.exit(main())
