# SPDX-License-Identifier: LGPL-2.1-or-later
"""One plugin asked about one address, in a real worker with its sandbox; and a namespace of the test's own for it."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

SKIPPED = 77
FOLDER = pathlib.Path("/mnt")           # in the namespace, a file system that goes with it


class Answer:
    """What a plugin said."""

    def __init__(self, records):
        self.records = records
        self.exit = next(record for record in records if record["record"] == "exit")
        self.errors = next(record["text"] for record in records if record["record"] == "errors")

    def of(self, kind):
        return [record for record in self.records if record["record"] == kind]

    @property
    def codes(self):
        return sorted(finding["code"] for finding in self.of("finding"))

    def finding(self, code):
        return next(finding for finding in self.of("finding") if finding["code"] == code)

    @property
    def candidates(self):
        """"imap mail.example:993 tls", as they came."""
        return [f"{one['protocol']} {one['host']}:{one['port']} {one['security']}" for one in self.of("candidate")]

    def fact(self, name):
        return next((fact["value"] for fact in self.of("fact") if fact["name"] == name), None)

    @property
    def sources(self):
        return {source["origin"]: source for source in self.of("source")}


def note_produced(answer, name):
    folder = os.environ.get("MAILDIAG_PRODUCED_DIR")
    if folder:
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/{name}", "a", encoding="utf-8") as file:
            file.writelines(f"{code}\n" for code in answer.codes)


def ask(plugin, local_part, domain, name="discovery", **options):
    words = [os.environ["MAILDIAG_ASK_PLUGIN"], plugin, local_part, domain]
    words += [f"{key.replace('_', '-')}={value}" for key, value in options.items() if value is not None]
    done = subprocess.run(words, capture_output=True, text=True, timeout=90, check=True)
    answer = Answer([json.loads(line) for line in done.stdout.splitlines()])
    note_produced(answer, name)
    return answer


def enter_namespace(script, programs):
    """Starts the script again in namespaces of its own; returns there, or exits where that is not possible."""
    if "inside" in sys.argv:
        return
    missing = [program for program in ("ip", "nft", "unshare", "mount") + programs if not shutil.which(program)]
    if os.geteuid() != 0 or missing:
        print("skipped: needs root and the programs ip, nft, unshare, mount,", *programs, "missing:",
              "root" if os.geteuid() else "", *missing)
        sys.exit(SKIPPED)
    os.execvp("unshare", ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc", sys.executable,
                          script, "inside"])


def bind(path, target, text):
    path.write_text(text)
    path.chmod(0o644)
    subprocess.run(["mount", "--bind", str(path), target], check=True)


def use_resolver(folder, address):
    """The files by which names are looked up; may be called again."""
    bind(folder / f"resolv.conf-{address}", "/etc/resolv.conf", f"nameserver {address}\noptions timeout:1 attempts:1\n")


def settle(addresses, hosts=""):
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", str(FOLDER)], check=True)
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    for address in addresses:
        subprocess.run(["ip", "addr", "add", f"{address}/32", "dev", "lo"], check=True)
    bind(FOLDER / "hosts", "/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n" + hosts)
    bind(FOLDER / "nsswitch.conf", "/etc/nsswitch.conf", "hosts: files dns\n")
