#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The results of a test run in one table: table.py BUILD-DIRECTORY…

For each directory what its last run of meson test left in its log: passed of total for each group of scenarios, dialogues and
hostile cases, and what is covered.  A test that was not run has no lines.
"""

import json
import pathlib
import re
import sys

COUNTED = re.compile(r"^(\S+?):? +(\d+) of +(\d+)(?: passed)?$", re.MULTILINE)
SCRIPTS = re.compile(r"^(\d+) runs of (\d+) scripts, (\d+) failed$", re.MULTILINE)


def results(directory):
    """Name and output of each test of the last run."""
    path = pathlib.Path(directory, "meson-logs", "testlog.json")
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        test = json.loads(line)
        yield test["name"].rpartition(" / ")[2], test.get("stdout", "")


def lines(name, output):
    if name == "scenarios":
        yield from (f"scenarios {group:<14} {passed:>5} of {total:>5} passed" for group, passed, total in COUNTED.findall(output))
    elif name == "hostile-cases":
        yield from (f"hostile {group:<16} {passed:>5} of {total:>5} passed" for group, passed, total in COUNTED.findall(output))
    elif name.startswith("dialogues-"):
        for runs, scripts, failed in SCRIPTS.findall(output):
            group = name.removeprefix("dialogues-")
            yield f"dialogues {group:<14} {int(runs) - int(failed):>5} of {runs:>5} runs of {scripts} scripts passed"


def main():
    for directory in sys.argv[1:]:
        found = sorted(results(directory))
        shown = [line for name, output in found for line in lines(name, output)]
        if shown:
            print(f"{pathlib.Path(directory).name}:")
        for line in shown:
            print(f"  {line}")
    covered = [output for directory in sys.argv[1:] for name, output in results(directory) if name == "scenarios-coverage"]
    if covered:
        print("covered:")
        print("  " + covered[0].strip().replace("\n", "\n  "))


if __name__ == "__main__":
    main()
