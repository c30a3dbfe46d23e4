# SPDX-License-Identifier: LGPL-2.1-or-later
"""The domain name system of a namespace, with real parts: nsd serves the root and top-level domains that are signed, unsigned or signed
wrongly, unbound resolves for this computer.

`example` is signed, `plain` is not, `broken` has signatures that do not fit; `test` and `internal` are names of this network, which the
root does not know.  The root's key lies where that of the real root does.
"""

import pathlib
import socket
import subprocess
import time

ROOT_SERVERS = ("198.41.0.4", "170.247.170.2", "192.33.4.12", "199.7.91.13", "192.203.230.10", "192.5.5.241", "192.112.36.4",
                "198.97.190.53", "192.36.148.17", "192.58.128.30", "193.0.14.129", "199.7.83.42", "202.12.27.33")
AUTHORITY = ROOT_SERVERS[0]
RESOLVER = "127.0.0.53"
ANCHOR = "/usr/share/dns/root.key"
OWN = ("internal", "test")
UNSIGNED = (*OWN, "plain")
PROGRAMS = ("nsd", "unbound", "ldns-keygen", "ldns-signzone")
READY_SECONDS = 20
SOA = "SOA ns.{zone} hostmaster.{zone} 1 3600 600 86400 60"


def run(*words, **options):
    return subprocess.run(words, check=True, stdin=subprocess.DEVNULL, **options)


class Zones:
    """Zones are dictionaries of records: [(name, "TYPE data"), ...]; names are absolute, without the last dot."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder) / "names"
        self.folder.mkdir()
        self.records = {"example": [], "plain": [], "broken": [], **{zone: [] for zone in OWN}}
        self.processes = []

    def add(self, name, *records):
        self.records[name.rsplit(".", 1)[-1]] += [(name, record) for record in records]

    # ---- zone files ----

    def key_make(self, zone):
        """A key of a zone: the stem of its files."""
        done = run("ldns-keygen", "-a", "ECDSAP256SHA256", "-k", zone, cwd=self.folder, stdout=subprocess.PIPE, text=True)
        return self.folder / done.stdout.strip()

    def zone_write(self, zone, lines):
        path = self.folder / f"{zone.strip('.') or 'root'}.zone"
        origin = zone if zone.endswith(".") else zone + "."
        head = [f"{origin} 60 IN " + SOA.format(zone=origin if origin != "." else ""), f"{origin} 60 IN NS ns.{origin.lstrip('.')}",
                f"ns.{origin.lstrip('.')} 60 IN A {AUTHORITY}"]
        path.write_text("\n".join(head + lines) + "\n")
        return path

    def zone_sign(self, path, key):
        run("ldns-signzone", "-n", str(path), str(key), cwd=self.folder)
        return path.with_name(path.name + ".signed")

    def ds(self, key):
        return key.with_suffix(key.suffix + ".ds").read_text().strip() if key.suffix else pathlib.Path(f"{key}.ds").read_text().strip()

    def zones_make(self):
        keys = {zone: self.key_make(zone) for zone in (".", "example", "broken")}
        stranger = self.key_make("broken")
        files = {}
        for zone, records in self.records.items():
            path = self.zone_write(zone, [f"{name}. 60 IN {record}" for name, record in records])
            files[zone] = path if zone in UNSIGNED else self.zone_sign(path, stranger if zone == "broken" else keys[zone])
        lines = [f"{zone}. 60 IN NS ns.{zone}.\nns.{zone}. 60 IN A {AUTHORITY}" for zone in self.records
                 if zone not in OWN]
        lines += [pathlib.Path(f"{keys[zone]}.ds").read_text().strip() for zone in ("example", "broken")]
        lines += [f"{letter}.root-servers.net. 60 IN A {address}" for letter, address in zip("abcdefghijklm", ROOT_SERVERS)]
        lines += [f". 60 IN NS {letter}.root-servers.net." for letter in "abcdefghijklm"]
        files["."] = self.zone_sign(self.zone_write(".", lines), keys["."])
        return files, keys["."]

    # ---- servers ----

    def nsd_start(self, files):
        config = self.folder / "nsd.conf"
        text = "server:\n" + "".join(f"  ip-address: {address}\n" for address in ROOT_SERVERS)
        text += f'  username: ""\n  zonesdir: "{self.folder}"\n  database: ""\n  pidfile: ""\n  xfrdfile: "{self.folder}/xfrd"\n'
        text += f'  zonelistfile: "{self.folder}/zone.list"\n  server-count: 1\n  verbosity: 0\nremote-control:\n  control-enable: no\n'
        text += "".join(f'zone:\n  name: "{zone}"\n  zonefile: "{path}"\n' for zone, path in files.items())
        config.write_text(text)
        self.start(["nsd", "-d", "-c", str(config)], AUTHORITY)

    def unbound_start(self, key):
        config, hints = self.folder / "unbound.conf", self.folder / "hints"
        hints.write_text(f". 3600 NS a.root-servers.net.\na.root-servers.net. 3600 A {AUTHORITY}\n")
        own = "".join(f'  domain-insecure: "{zone}"\n' for zone in OWN)
        own += "".join(f'stub-zone:\n  name: "{zone}"\n  stub-addr: {AUTHORITY}\n' for zone in OWN)
        config.write_text(f"""server:
  interface: {RESOLVER}
  access-control: 127.0.0.0/8 allow
  username: ""
  chroot: ""
  directory: "{self.folder}"
  pidfile: ""
  use-syslog: no
  logfile: "{self.folder}/unbound.log"
  do-not-query-localhost: no
  root-hints: "{hints}"
  trust-anchor-file: "{key}.key"
  do-ip6: no
  local-zone: "test." nodefault
{own}remote-control:
  control-enable: no
""")
        self.start(["unbound", "-d", "-c", str(config)], RESOLVER)

    def start(self, words, address):
        log = open(self.folder / f"{words[0]}.out", "wb")
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.processes.append(process)
        end = time.monotonic() + READY_SECONDS
        while not answers(address):
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"{words[0]} does not answer: " + (self.folder / f"{words[0]}.out").read_text())
            time.sleep(0.01)

    def serve(self):
        for address in ROOT_SERVERS:
            run("ip", "addr", "add", f"{address}/32", "dev", "lo")
        files, key = self.zones_make()
        run("mount", "--bind", f"{key}.key", ANCHOR)
        self.nsd_start(files)
        self.unbound_start(key)

    def stop(self):
        for process in self.processes:
            process.terminate()
            process.wait(20)


def answers(address):
    """Whether a server answers a question for the name servers of the root."""
    question = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x01"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.2)
        try:
            sock.sendto(question, (address, 53))
            return bool(sock.recv(4096))
        except OSError:
            return False
