#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a network can do to a connection, in a network namespace of the test's own.

The test starts itself again under unshare(1), with a loopback, a hosts file and packet filter rules that nobody else sees.
It needs root, ip(8) and nft(8).
"""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

SKIPPED = 77
PORT = 1143

HOSTS = """
10.0.0.1 good.example
10.0.0.2 reset.example
10.0.0.3 dropped.example
10.0.0.4 prohibited.example
10.1.0.1 unreachable.example
10.1.0.2 forbidden.example
10.1.0.3 blackhole.example
10.9.9.9 nowhere.example
10.0.0.1 old-ipv6.example
fd00::3 old-ipv6.example
10.0.0.1 some.example
10.0.0.3 some.example
10.0.0.2 some.example
"""

RULES = """
table inet test {
  chain input {
    type filter hook input priority 0;
    ip daddr 10.0.0.3 tcp dport 1143 drop
    ip6 daddr fd00::3 tcp dport 1143 drop
    ip daddr 10.0.0.4 tcp dport 1143 reject with icmpx type admin-prohibited
  }
}
"""

SET_UP = (
    "ip link set lo up",
    "ip addr add 10.0.0.1/32 dev lo", "ip addr add 10.0.0.2/32 dev lo", "ip addr add 10.0.0.3/32 dev lo",
    "ip addr add 10.0.0.4/32 dev lo", "ip addr add fd00::3/128 dev lo nodad",
    "ip route add unreachable 10.1.0.1", "ip route add prohibit 10.1.0.2", "ip route add blackhole 10.1.0.3",
)


def set_up():
    for command in SET_UP:
        subprocess.run(command.split(), check=True)
    subprocess.run(["nft", "-f", "-"], input=RULES, text=True, check=True)
    hosts = pathlib.Path(tempfile.mkdtemp()) / "hosts"
    hosts.write_text(HOSTS)
    hosts.chmod(0o644)
    subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)


def serve():
    """An IMAP server that greets, on the one address that has one."""
    listener = socket.create_server(("10.0.0.1", PORT))

    def talk(connection):
        with connection:
            connection.sendall(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
            while data := connection.recv(4096):
                tag = data.split(b" ")[0]
                connection.sendall(b"* BYE\r\n" + tag + b" OK done\r\n")

    def accept():
        while True:
            threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()


def diagnose(host):
    done = subprocess.run([os.environ["MAILDIAG_CLIENT"], "test", "imap", f"{host}:{PORT}", "--security", "none",
                           "--depth", "connect", "--timeout", "4", "--json", "--private"],
                          capture_output=True, text=True, timeout=60, check=False)
    return json.loads(done.stdout)


def note_produced(codes):
    folder = os.environ.get("MAILDIAG_PRODUCED_DIR")
    if folder:
        os.makedirs(folder, exist_ok=True)
        with open(f"{folder}/network", "a", encoding="utf-8") as file:
            file.writelines(f"{code}\n" for code in codes)


# host, findings besides the clear text, outcomes of its addresses
CASES = (
    ("good.example", [], ["ok"]),
    ("reset.example", ["tcp.refused"], ["refused"]),
    ("dropped.example", ["tcp.timeout"], ["timeout"]),
    ("prohibited.example", ["tcp.rejected-by-firewall"], ["unreachable"]),
    ("unreachable.example", ["net.no-route"], ["no-route"]),
    ("forbidden.example", ["net.no-route"], ["no-route"]),
    ("blackhole.example", ["net.no-route"], ["no-route"]),
    ("nowhere.example", ["net.no-route"], ["no-route"]),
    ("old-ipv6.example", ["net.ipv6-broken"], ["ok", "timeout"]),
    ("some.example", ["net.some-addresses-dead"], ["ok", "refused", "timeout"]),
)


class Network(unittest.TestCase):
    def test_cases(self):
        for host, findings, outcomes in CASES:
            with self.subTest(host):
                report = diagnose(host)
                codes = sorted({finding["code"] for finding in report["findings"]} - {"security.cleartext"})
                self.assertEqual(codes, sorted(findings), report["findings"])
                addresses = report["services"][0]["addresses"]
                self.assertEqual(sorted(address["outcome"] for address in addresses), sorted(outcomes), addresses)
                note_produced(codes)


def main():
    if "inside" not in sys.argv:
        missing = [tool for tool in ("ip", "nft", "unshare", "mount") if not shutil.which(tool)]
        if os.geteuid() != 0 or missing:
            print("skipped: needs root and the programs ip, nft, unshare, mount; missing:",
                  "root" if os.geteuid() else "", *missing)
            return SKIPPED
        os.execvp("unshare", ["unshare", "--mount", "--net", sys.executable, __file__, "inside"])
    set_up()
    serve()
    result = unittest.main(argv=sys.argv[:1], exit=False).result
    return 0 if result.wasSuccessful() else 1


sys.exit(main())
