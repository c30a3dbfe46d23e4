# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a scenario expected against what came of it: a list of differences, empty when it passed.  Nothing runs here."""

import json
import os
import re
import unicodedata

DANGEROUS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def fits(code, pattern):
    return code.startswith(pattern) if pattern.endswith(".") else code == pattern


def texts_of(finding):
    return "\n".join(str(finding.get(key, "")) for key in ("message", "meaning", "hint", "evidence"))


# ---- what holds in every scenario ----

def unclean(name, text):
    """Characters that nobody prints on purpose."""
    found = {f"U+{ord(char):04X}" for char in text if unicodedata.category(char) in DANGEROUS and char != "\n"}
    return [f"{name}: unclean characters {', '.join(sorted(found))}"] if found else []


MEMORY_MAX = 32 * 1024                  # KiB of a process; one that is built with sanitizers has more, and is not looked at
INPUT_MAX = 1024 * 1024                 # bytes that a probe takes from its peer …
INPUT_SLACK = 512 * 1024                # … and what a connection holds besides, unread
ADDRESSES_MAX = 8                       # of a host that are tried


def check_resources(outcome):
    if outcome["memory"] > MEMORY_MAX and not os.environ.get("MAILDIAG_INSTRUMENTED"):
        yield f"a process had {outcome['memory']} KiB of memory"
    for seen in outcome["received"]:
        if seen["taken"] > INPUT_MAX + INPUT_SLACK:
            yield f"{seen['taken']} bytes were taken on a connection to port {seen['port']}"
    if outcome["files"]:
        yield f"files are left: {', '.join(outcome['files'])}"


def check_invariants(outcome):
    yield from check_resources(outcome)
    for name, text in outcome["outputs"].items():
        yield from unclean(name, text)
    for name, found in outcome["leaked"].items():
        yield f"{name}: holds the password as {', '.join(found)}"
    if outcome["left"]:
        yield f"processes are left: {', '.join(outcome['left'])}"
    for name in ("errors", "errors with text"):
        if outcome["outputs"][name]:
            yield f"{name}: {outcome['outputs'][name].strip()!r}"


# ---- the password ----

def check_password(scenario, outcome, report):
    clear = [seen for seen in outcome["received"] if seen["clear"]]
    tls = [seen for seen in outcome["received"] if seen["tls"]]
    rule = scenario.expect.password
    if clear and rule != "clear":
        yield f"the password came in clear at port {clear[0]['port']} as {', '.join(clear[0]['clear'])}"
    if tls and rule == "never":
        yield f"the password came at port {tls[0]['port']}"
    if rule == "tls" and not tls or rule == "clear" and not clear:
        yield f"the password never came, {rule} was expected"
    logins, allowed = len(clear) + len(tls), scenario.expect.logins
    if allowed is not None and logins != allowed:
        yield f"{logins} logins, {allowed} were expected"
    if allowed is None and logins > len(report["services"]):
        yield f"{logins} logins for {len(report['services'])} services"


# ---- the second run ----

def check_text(report, text):
    """The page for people, which a run of its own made: the answer stands at its top, and it found the same."""
    top = text.split("\n\n")[0]
    for head in ("Receiving mail ", "\nSending mail ", "\nTo do "):
        if head not in "\n" + top:
            yield f"the top of the page has no {head.strip()!r}: {top!r}"
    codes = [finding["code"] for finding in report["findings"]]
    again = re.findall(r"^ +Code +(\S+)", text, re.MULTILINE)
    if codes != again:
        yield f"another run found {', '.join(again) or 'nothing'}, the first {', '.join(codes) or 'nothing'}"


# ---- findings ----

def check_first(expect, report):
    findings = report["findings"]
    errors = [finding["code"] for finding in findings if finding["severity"] == "error"]
    if findings and not (findings[0].get("confidence") and findings[0].get("evidence")):
        yield f"{findings[0]['code']} comes first without confidence or evidence"
    if not expect.first:
        if errors:
            yield f"no error was expected, found {', '.join(errors)}"
        return
    if not findings or findings[0]["code"] != expect.first:
        yield f"{expect.first} was expected first, found {', '.join(f['code'] for f in findings) or 'nothing'}"
        return
    first = findings[0]
    for key, value in (("setting", expect.setting), ("suggested", expect.suggested), ("proof", expect.proof),
                       ("actor", expect.actor)):
        if value is not None and first.get(key) != value:
            yield f"{expect.first}: {key} is {first.get(key)!r}, not {value!r}"
    changes = {change["setting"]: change["to"] for change in first.get("changes", [])}
    if expect.changes is not None and changes != expect.changes:
        yield f"{expect.first}: proposes {changes}, not {expect.changes}"
    named = [alternative["code"] for alternative in first.get("alternatives", [])]
    if lacking := [code for code in expect.alternatives if code not in named]:
        yield f"{expect.first}: does not name {', '.join(lacking)} among {', '.join(named) or 'no'} alternatives"
    for piece in expect.says:
        if piece not in texts_of(first):
            yield f"{expect.first}: does not say {piece!r}: {texts_of(first)!r}"


def check_every(expect, report):
    for service in report["services"]:
        found = {finding["code"] for finding in report["findings"]
                 if (finding["service"], finding["port"]) == (service["protocol"], service["port"])}
        for code in expect.every:
            if code not in found:
                yield f"{service['protocol']} has no {code}, found {', '.join(sorted(found)) or 'nothing'}"


def check_findings(expect, report):
    codes = [finding["code"] for finding in report["findings"]]
    yield from check_first(expect, report)
    yield from check_every(expect, report)
    for code in expect.also:
        if code not in codes:
            yield f"{code} was expected, too; found {', '.join(codes)}"
    for pattern in expect.absent:
        for code in codes:
            if fits(code, pattern):
                yield f"{code} must not appear"
    for finding in report["findings"]:
        if finding.get("changes") and not finding.get("verified"):
            yield f"{finding['code']}: proposes what was not tried"


def settings_of(candidates):
    return [f"{one['protocol']} {one['host']}:{one['port']} {one['security']}" for one in candidates]


def check_discovery(expect, report):
    candidates = report.get("discovery", {}).get("candidates", [])
    chosen = settings_of(one for one in candidates if one["chosen"])
    if expect.chosen is not None and sorted(chosen) != sorted(expect.chosen):
        yield f"discovery proposes {', '.join(chosen) or 'nothing'}, not {', '.join(expect.chosen) or 'nothing'}"
    for wanted in expect.found:
        if wanted not in settings_of(one for one in candidates if not one["chosen"]):
            yield f"discovery does not show {wanted} besides, but {', '.join(settings_of(candidates)) or 'nothing'}"
    for one in candidates:
        if one["chosen"] and (one["security"] == "none" or one["outcome"] == "fails"):
            yield f"discovery proposes {settings_of([one])[0]}, which is not fit for it"


def check_report(scenario, outcome, report, schema):
    expect = scenario.expect
    yield from (f"schema: {error.message}" for error in schema.iter_errors(report))
    yield from check_findings(expect, report)
    for ability, wanted in (("receive", expect.receive), ("send", expect.send)):
        if wanted is not None and report[ability]["verdict"] != wanted:
            yield f"{ability} is {report[ability]['verdict']}, not {wanted}: {report[ability]['text']}"
    yield from check_password(scenario, outcome, report)
    yield from check_discovery(expect, report)
    if not scenario.is_search:
        yield from check_text(report, outcome["outputs"]["text"])
    for service in report["services"]:
        if len(service["addresses"]) > ADDRESSES_MAX:
            yield f"{len(service['addresses'])} addresses of {service['host']} were tried"
        if service.get("bytes-in", 0) > INPUT_MAX + 1:
            yield f"{service['protocol']} took {service['bytes-in']} bytes"


def differences(scenario, outcome, schema):
    found = list(check_invariants(outcome))
    if outcome["status"] != scenario.expect.status:
        found.append(f"exit status {outcome['status']}, not {scenario.expect.status}")
    found += [f"the text lacks {piece!r}" for piece in scenario.expect.output if piece not in outcome["outputs"]["text"]]
    if not scenario.is_diagnosis:
        return found
    try:
        report = json.loads(outcome["outputs"]["document"])
    except ValueError:
        return found + [f"no document: {outcome['outputs']['document'][:200]!r}"]
    return found + list(check_report(scenario, outcome, report, schema))
