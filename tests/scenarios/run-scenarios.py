#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plays scenarios, each in namespaces of its own, and prints how many of each group passed.

    run-scenarios.py [-v] [FILE | DIRECTORY]…

Without arguments all that lie beside this file.  -v prints the report of each that fails.  Needs root, and the programs
unshare, mount, ip, nft and dnsmasq.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import shutil
import subprocess
import sys

import jsonschema

import scenario as scenarios
import verdict

HERE = pathlib.Path(__file__).resolve().parent
PROGRAMS = ("unshare", "mount", "ip", "nft", "dnsmasq")
HANG_SECONDS = 240
NAMESPACES = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
SKIPPED = 77


def missing():
    found = [program for program in PROGRAMS if not shutil.which(program)]
    return (["root"] if os.geteuid() != 0 else []) + found


def files(words):
    """Those of a folder, which is a group; without words of all folders here."""
    for path in [pathlib.Path(word) for word in words] or sorted(path for path in HERE.iterdir() if path.is_dir()):
        yield from sorted(path.glob("*.toml")) if path.is_dir() else [path]


def play(scenario):
    """The outcome, or a text that says why there is none."""
    try:
        done = subprocess.run([*NAMESPACES, sys.executable, str(HERE / "play.py"), str(scenario.path)],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=HANG_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return f"did not end within {HANG_SECONDS} seconds"
    if done.returncode != 0:
        return f"the host failed with status {done.returncode}: {done.stderr.strip()}"
    return json.loads(done.stdout)


def note_produced(outcome):
    folder = os.environ.get("MAILDIAG_PRODUCED_DIR")
    if not folder:
        return
    os.makedirs(folder, exist_ok=True)
    try:
        findings = json.loads(outcome["outputs"]["document"])["findings"]
    except (ValueError, KeyError, TypeError):
        return
    with open(f"{folder}/scenarios", "a", encoding="utf-8") as file:
        file.writelines(finding["code"] + "\n" for finding in findings)


def show(scenario, found, outcome, verbose):
    print(f"FAIL {scenario.path.relative_to(scenario.path.parent.parent)}: {scenario.about.strip()}")
    for line in found:
        print(f"     {line}")
    if isinstance(outcome, str):
        return
    report = outcome["outputs"]["document" if verbose else "text"]
    print("     " + report.strip().replace("\n", "\n     ") + "\n", flush=True)


def play_all(chosen, jobs, verbose):
    with open(os.path.join(os.environ["MAILDIAG_SOURCE"], "dbus", "maildiag-report-1.schema.json"),
              encoding="utf-8") as file:
        schema = jsonschema.Draft202012Validator(json.load(file))
    table = {}
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for scenario, outcome in zip(chosen, pool.map(play, chosen)):
            found = [outcome] if isinstance(outcome, str) else verdict.differences(scenario, outcome, schema)
            if found:
                show(scenario, found, outcome, verbose)
            if not isinstance(outcome, str):
                note_produced(outcome)
            passed, total = table.get(scenario.group, (0, 0))
            table[scenario.group] = (passed + (not found), total + 1)
    return table


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("-j", "--jobs", type=int, default=4)
    parser.add_argument("paths", nargs="*")
    arguments = parser.parse_args()
    if lacking := missing():
        print("skipped: scenarios need root and the programs " + ", ".join(PROGRAMS) + "; missing: " + ", ".join(lacking))
        return SKIPPED
    try:
        chosen = [scenarios.read(path) for path in files(arguments.paths)]
    except scenarios.BadScenario as error:
        return f"run-scenarios.py: {error}"
    table = play_all(chosen, arguments.jobs, arguments.verbose)
    for group, (passed, total) in sorted(table.items()):
        print(f"{group:<12} {passed:3} of {total:3} passed")
    passed, total = sum(p for p, _ in table.values()), sum(t for _, t in table.values())
    print(f"{'all':<12} {passed:3} of {total:3} passed")
    return 0 if total and passed == total else 1


if __name__ == "__main__":
    sys.exit(main())
