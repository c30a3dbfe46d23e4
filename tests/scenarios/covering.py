# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is wanted (wanted.toml) against what the cases say that they play.

A case is a scenario, a dialogue script, or a line of covered.tsv, which speaks for tests that are no data files.
"""

import pathlib
import tomllib
from dataclasses import dataclass

import scenario as scenarios

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
LETTERS = {"imap": "I", "pop3": "P", "smtp": "S"}
ANY = ""


@dataclass(frozen=True)
class Case:
    kind: str                           # "scenario", "dialogue", "real", "test"
    name: str
    ids: tuple                          # (id, letters of the protocols)


@dataclass(frozen=True)
class Wanted:
    faults: dict
    real: tuple
    rows: dict                          # id: (letters, words)
    exceptions: dict                    # id, or id/letters: reason

    def known(self):
        return {*self.faults, *self.rows}

    def parts(self):
        """All that has to be covered: (id, letter), the letter "" where there is none."""
        yield from ((fault, ANY) for fault in self.faults)
        yield from ((row, letter) for row, (letters, _) in self.rows.items() for letter in letters or [ANY])

    def excepted(self):
        for key in self.exceptions:
            name, _, letters = key.partition("/")
            letters = letters or (self.rows[name][0] if name in self.rows else "")
            yield from ((name, letter) for letter in letters or [ANY])


def read_wanted():
    table = tomllib.loads((HERE / "wanted.toml").read_text(encoding="utf-8"))
    return Wanted(table["faults"], tuple(table["real"]["faults"]), {row: tuple(both) for row, both in table["rows"].items()},
                  table.get("exceptions", {}))


def scenario_cases():
    for path in sorted(HERE.rglob("*.toml")):
        if path.parent != HERE:
            scenario = scenarios.read(path)
            letters = "".join(LETTERS[name] for name in scenario.protocols)
            yield Case("scenario", f"{scenario.group}/{path.stem}", tuple((name, letters) for name in scenario.covers))


def dialogue_cases():
    for path in sorted((TESTS / "dialogues").glob("*.txt")):
        head = path.read_text(encoding="latin-1").split("\n\n")[0]
        keys = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line and not line.startswith("#"))
        if "covers" in keys:
            yield Case("dialogue", path.stem, tuple((name, LETTERS[keys["plugin"]]) for name in keys["covers"].split()))


def other_cases():
    """Lines: path below tests/, a text that stands in it, ids, each with /LETTERS where it counts for protocols."""
    for line in (HERE / "covered.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            path, text, ids = line.split("\t")
            yield Case("real" if path.startswith("servers/") else "test", f"{path}: {text}",
                       tuple(tuple(word.split("/")) if "/" in word else (word, "IPS") for word in ids.split()))


def cases():
    return [*scenario_cases(), *dialogue_cases(), *other_cases()]


# ---- what is wrong ----

def missing_tests():
    """Lines of the table whose test is not there any more."""
    for case in other_cases():
        path, _, text = case.name.partition(": ")
        if not (TESTS / path).is_file() or text not in (TESTS / path).read_text(encoding="utf-8"):
            yield f"{case.name}: there is no such test"


def covered(found, wanted):
    """Faults count where a scenario plays them; rows for the protocols of the case."""
    done = set()
    for case in found:
        for name, letters in case.ids:
            if name in wanted.faults and case.kind == "scenario":
                done.add((name, ANY))
            if name in wanted.rows:
                done |= {(name, letter) for letter in letters} | ({(name, ANY)} if not wanted.rows[name][0] else set())
    return done


def confirmed(found, wanted):
    return {name for case in found if case.kind == "real" for name, _ in case.ids if name in wanted.real}


def label(part):
    return "/".join(filter(None, part))


def words(part, wanted):
    return wanted.faults.get(part[0]) or wanted.rows[part[0]][1]


def faults_of(found, wanted):
    """Everything that is wrong with the coverage."""
    done, excepted, parts = covered(found, wanted), set(wanted.excepted()), set(wanted.parts())
    known = wanted.known()
    yield from (f"{case.name}: {name} is not wanted" for case in found for name, _ in case.ids if name not in known)
    yield from (f"{case.name} names nothing that it plays" for case in found if not case.ids)
    yield from (f"no case plays {label(part)} ({words(part, wanted)})" for part in sorted(parts - done - excepted))
    yield from (f"{label(part)} is an exception, and there is a case" for part in sorted(excepted & done))
    yield from (f"the exception {label(part)} is not wanted" for part in sorted(excepted - parts))
    yield from (f"Dovecot and Postfix do not confirm {name} ({wanted.faults[name]})"
                for name in wanted.real if name not in confirmed(found, wanted) and name not in wanted.exceptions)
    yield from missing_tests()


# ---- the table ----

def count(parts, done):
    return f"{len(parts & done):3} of {len(parts):3}"


def table(found, wanted):
    done, parts = covered(found, wanted), set(wanted.parts())
    faults = {part for part in parts if part[0] in wanted.faults}
    yield f"{'faults':<24} {count(faults, done)} covered"
    yield f"{'  by real servers':<24} {len(confirmed(found, wanted)):3} of {len(wanted.real):3} confirmed"
    for letter in sorted({row[0] for row in wanted.rows}):
        rows = {row for row in wanted.rows if row[0] == letter}
        whole = {row for row in rows if all(part in done for part in parts if part[0] == row)}
        some = {part for part in parts if part[0] in rows}
        yield f"{f'rows {letter}':<24} {len(whole):3} of {len(rows):3} covered ({count(some, done).strip()} with each protocol)"
    kinds = {kind: sum(1 for case in found if case.kind == kind) for kind in ("scenario", "dialogue", "real", "test")}
    yield (f"{'cases':<24} {kinds['scenario']} scenarios, {kinds['dialogue']} dialogues, {kinds['real']} tests with real "
           f"servers, {kinds['test']} other tests")
    for name, reason in wanted.exceptions.items():
        yield f"exception {name}: {reason}"
