#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every fault and every row that is wanted has a case, or stands among the exceptions; prints the table."""

import sys

import covering


def main():
    wanted, found = covering.read_wanted(), covering.cases()
    for line in covering.table(found, wanted):
        print(line)
    wrong = list(covering.faults_of(found, wanted))
    for line in wrong:
        print(line)
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main())
