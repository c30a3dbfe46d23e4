#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Cases of misbehaving servers that another project collected, read where they lie beside the source.

Whatever the server does: the diagnosis ends, the password is never sent in clear, and what was injected around STARTTLS
is not accepted.  Counted as skipped when the collection is not there.
"""

import collections
import concurrent.futures
import json
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile

from peer import Peer

sys.path.insert(0, os.path.join(os.environ["MAILDIAG_SOURCE"], "tests", "servers"))
import hunt     # noqa: E402  pylint: disable=wrong-import-position

SKIPPED = 77
HANG = 120
PASSWORD = "Gr4ndfather-clock"
USER = "anna@example.org"
CASES = pathlib.Path(os.environ["MAILDIAG_SHARED"], "data", "hostile", "east", "cases.json")

# Certificates of the cases, as kinds of our own.
KINDS = {
    "certs/example.org.pem": "good",
    "certs/other.example.org.pem": "wrong-host",
    "certs/example.org-unknown-root.pem": "unknown-ca",
    "certs/example.org-expired.pem": "expired",
    "certs/example.org-self-signed.pem": "self-signed",
}

# Findings that say: something came that was not asked for, or the words around TLS are not in order.
REFUSALS = ("security.", "protocol.", "tls.", "greeting.", "port.", "smtp.", "imap.", "auth.not", "auth.no-", "server.", "cert.")


def contexts(folder):
    """A TLS context for each kind of certificate."""
    subprocess.run([os.environ["MAILDIAG_MAKE_CERTS"], folder], check=True)
    made = {}
    for kind in ("good", "wrong-host", "unknown-ca", "expired", "self-signed"):
        made[kind] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made[kind].load_cert_chain(f"{folder}/{kind}.crt", f"{folder}/{kind}.key")
    return made


def diagnose(case, peer, folder):
    arguments = ["check", USER, f"--{case['proto']}", f"mail.example.org:{peer.port}", "--connect-to", "127.0.0.1",
                 "--security", "tls" if case["case"]["implicit_tls"] else "starttls", "--ca-file", f"{folder}/ca.pem",
                 "--password-file", f"{folder}/password", "--timeout", "8", "--json", "--private"]
    environment = dict(os.environ, XDG_STATE_HOME=tempfile.mkdtemp(dir=folder))
    return subprocess.run([os.environ["MAILDIAG_CLIENT"], *arguments], capture_output=True, text=True, timeout=HANG,
                          check=False, env=environment)


def injects(case):
    """Whether the case says something around STARTTLS, or instead of TLS, that a client must not take."""
    reply = case["case"].get("starttls_response") or case["case"].get("stls_response") or ""
    return reply.count("\n") > 1 or any(ord(letter) > 126 for letter in reply)


def problems(case, done, peer):
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return [f"no report: {done.stderr.strip()}"]
    if peer.trouble:
        return [f"the case was not played: {peer.trouble}"]
    codes = [finding["code"] for finding in report["findings"]]
    service = report["services"][0]
    found = []
    if hunt.find(PASSWORD, bytes(peer.clear)):
        found.append("the password was sent in clear")
    if hunt.find(PASSWORD, (done.stdout + done.stderr).encode()):
        found.append("the password is in the output")
    if any(code.startswith("internal.") for code in codes):
        found.append("the probe did not end by itself")
    verified = service.get("tls", {}).get("verified", False)
    if service["login"] != "not-tried" and not verified:
        found.append("a login without verified TLS")
    if injects(case) and service["login"] == "ok" and not any(code.startswith("security.") for code in codes):
        found.append("what was injected was taken")
    if service["login"] != "ok" and not any(code.startswith(REFUSALS) for code in codes):
        found.append("no login, and nothing says why")
    return [f"{problem} ({', '.join(codes) or 'no finding'}; login {service['login']})" for problem in found]


def run(case, made, folder):
    kind = KINDS.get(case["case"]["cert"]["Cert"]["crt_path"], "good")
    with Peer(case["proto"], case["case"], made[kind]) as peer:
        try:
            return problems(case, diagnose(case, peer, folder), peer)
        except subprocess.TimeoutExpired:
            return ["it does not end"]


def main():
    if not CASES.exists():
        print("skipped: the collection of cases is not here")
        return SKIPPED
    cases, passed, failed = json.loads(CASES.read_text()), collections.Counter(), 0
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(4) as pool:
        pathlib.Path(folder, "password").write_text(PASSWORD)
        made = contexts(folder)
        for case, found in zip(cases, pool.map(lambda case: run(case, made, folder), cases)):
            passed[case["proto"]] += not found
            failed += bool(found)
            for problem in found:
                print(f"{case['proto']} {case['id']}: {problem}")
    totals = collections.Counter(case["proto"] for case in cases)
    for protocol, total in sorted(totals.items()):
        print(f"{protocol}: {passed[protocol]} of {total}")
    return 1 if failed else 0


sys.exit(main())
