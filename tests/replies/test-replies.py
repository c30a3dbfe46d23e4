#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What replies and error texts mean, measured.

heldout.tsv holds replies and errors in other words, languages, hosts and queue ids than any rule names; it always runs.
When it was written, rules that had not seen it had 171 of its first 191 lines right, 76 of the next 88, and 43 of the 52
after them (36 of 38 replies of servers); they were widened for the rest, so that a new judgement of them needs new lines,
measured once before they are added.

Collections of real replies are read where $MAILDIAG_SHARED has them: replies/observed.jsonl, replies/codes.tsv and
guides/client_error_texts.tsv.  Each has words of its own for causes, which causes.py turns into findings.

Right is a text whose first finding is one of those.  Forbidden is the finding about a wrong password, at any place,
for a reply that does not speak about it.
"""

import csv
import json
import os
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.dirname(__file__))
from causes import APP_TEXTS, CODES, OBSERVED
from samples import samples

TOOL = sys.argv.pop(1)
HERE = pathlib.Path(__file__).parent
SHARED = pathlib.Path(os.environ.get("MAILDIAG_SHARED", "/nonexistent")) / "data"
ABOUT_PASSWORD = "auth.rejected"
NOTHING = "-"


class Case:
    """A text, where it came from, and the findings of which one has to come first."""

    def __init__(self, text, right, protocol="-", stage="-"):
        self.text, self.right, self.protocol, self.stage = text, set(right.split()), protocol, stage
        self.ids = []

    @property
    def is_right(self):
        return self.ids[0] in self.right

    @property
    def is_forbidden(self):
        return ABOUT_PASSWORD in self.ids and ABOUT_PASSWORD not in self.right


def explain(cases):
    """Fills in what the daemon's rules say about each."""
    lines = ["\t".join((case.protocol, case.stage, case.text.replace("\n", "\\n").replace("\t", " ")))
             for case in cases]
    done = subprocess.run([TOOL], input="\n".join(lines) + "\n", capture_output=True, check=True, timeout=100,
                          encoding="utf-8")
    for case, line in zip(cases, done.stdout.splitlines(), strict=True):
        case.ids = line.split()


def note_produced(cases):
    """For the coverage of the catalogue: the ids that came first where they should."""
    folder = os.environ.get("MAILDIAG_PRODUCED_DIR")
    if folder:
        os.makedirs(folder, exist_ok=True)
        ids = {case.ids[0] for case in cases if case.is_right} - {NOTHING}
        pathlib.Path(folder, "unit-replies-measured").write_text("".join(f"{i}\n" for i in sorted(ids)))


def rows(path):
    with open(path, encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


# ---- the collections ----

STAGES = {"greeting": "greeting", "ehlo": "command", "starttls": "starttls", "auth": "auth", "mail": "mail",
          "rcpt": "rcpt", "data": "data", "append": "mailbox", "select": "mailbox"}
SPOKEN = ("smtp", "imap", "pop3")


def observed():
    for line in (SHARED / "replies" / "observed.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spoken = row["protocol"] in SPOKEN
        yield Case(row["reply"], OBSERVED[row["cause"]], row["protocol"] if spoken else "-",
                   STAGES.get(row["stage"], "-") if spoken else "-")


def line_of(row, text):
    """The codes of a row and a text, as a server would have said them."""
    code, enhanced = row["code"].split("|")[0].split("/")[0], row["enhanced"].split("|")[0].split(" or ")[0]
    return " ".join(word for word in (code, enhanced, text) if word)


def stage_of(row):
    """No row has a stage; some say in words when the reply came."""
    if "STARTTLS" in row["note"] and row["code"] == "502" or row["cause"] == "TLS_NOT_OFFERED":
        return "starttls"
    return "greeting" if "in the greeting" in row["text_regex"] else "-"


def codes():
    """The texts are patterns: every alternative of one has to be right."""
    for row in rows(SHARED / "replies" / "codes.tsv"):
        protocol = row["protocol"] if row["protocol"] in SPOKEN else "-"
        yield [Case(line_of(row, text), CODES[row["cause"]], protocol, stage_of(row))
               for text in samples(row["text_regex"])]


def filled(text):
    for mark, value in (("%1$S", "mail.example.org"), ("%2$S", "anna"), ("%3$S", "no"), ("%S", "mail.example.org"),
                        ("%s", "x"), ("\\n", "\n")):
        text = text.replace(mark, value)
    return text


def app_texts(language):
    for row in rows(SHARED / "guides" / "client_error_texts.tsv"):
        key = row["key"].split(":")[-1]
        if row[language]:
            yield Case(filled(row[language]), APP_TEXTS.get(key, NOTHING))


# ---- the tests ----

class Measured(unittest.TestCase):
    def measure(self, name, groups, least):
        """Groups of cases: each counts once."""
        cases = [case for group in groups for case in group]
        explain(cases)
        right = sum(all(case.is_right for case in group) for group in groups)
        forbidden = [case for case in cases if case.is_forbidden]
        print(f"{name}: {right} of {len(groups)} right first ({100 * right / len(groups):.1f} %), "
              f"{len(forbidden)} forbidden")
        for case in cases:
            if not case.is_right or case.is_forbidden:
                print(f"  {case.protocol} {case.stage} {case.text!r}: {' '.join(case.ids)}, "
                      f"not {' or '.join(sorted(case.right))}")
        self.assertEqual(forbidden, [], name)
        self.assertGreaterEqual(right, least * len(groups), name)
        return cases

    def need(self, *parts):
        path = SHARED.joinpath(*parts)
        if not path.exists():
            self.skipTest(f"{'/'.join(parts)} is not at hand")

    def test_held_out(self):
        cases = [Case(row["text"], row["right"], row["protocol"], row["stage"]) for row in rows(HERE / "heldout.tsv")]
        note_produced(self.measure("held out", [[case] for case in cases], 0.95))

    def test_observed(self):
        self.need("replies", "observed.jsonl")
        self.measure("observed replies", [[case] for case in observed()], 0.95)

    def test_codes(self):
        self.need("replies", "codes.tsv")
        self.measure("codes of standards and sources", list(codes()), 0.95)

    def test_app_texts(self):
        self.need("guides", "client_error_texts.tsv")
        for language in ("en", "vi"):
            with self.subTest(language):
                self.measure(f"texts of apps ({language})", [[case] for case in app_texts(language)], 0.9)


if __name__ == "__main__":
    unittest.main()
