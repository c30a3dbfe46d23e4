# SPDX-License-Identifier: LGPL-2.1-or-later
"""The network of one scenario: addresses, routes, packet filter, hosts file and a name server of its own.

All of it is made in namespaces that the process was started in, so that nothing has to be taken back.
"""

import ipaddress
import os
import socket
import subprocess
import time

import names
import scenario as scenarios

RESOLVER = "127.0.0.53"
READY_SECONDS = 20
RECEIVE_BUFFER = 262144                 # bytes that a connection holds without being read


def run(*words, **options):
    subprocess.run(words, check=True, stdin=options.pop("stdin", subprocess.DEVNULL), **options)


def addresses_of(scenario):
    found = [address for listed in scenario.names.addresses.values() for address in listed]
    found += [server.address for server in scenario.server if server.address not in scenarios.UNSPECIFIED]
    routed = {route.split()[1] for route in scenario.network.routes if len(route.split()) > 1}
    return sorted(address for address in set(found) - routed if not ipaddress.ip_address(address).is_loopback)


def make_links(scenario):
    run("ip", "link", "set", "lo", "up")
    for address in addresses_of(scenario):
        width, more = ("/128", ["nodad"]) if ":" in address else ("/32", [])
        run("ip", "addr", "add", address + width, "dev", "lo", *more)
    for network in scenario.names.ranges.values():
        run("ip", "route", "add", "local", network, "dev", "lo")
    for route in scenario.network.routes:
        run("ip", "route", "add", *route.split())
    # A client that reads on and on has taken what it acknowledges, this much aside.
    with open("/proc/sys/net/ipv4/tcp_rmem", "w", encoding="ascii") as file:
        file.write(f"4096 65536 {RECEIVE_BUFFER}")


def make_filter(scenario):
    if scenario.network.rules:
        rules = "table inet scenario { chain input { type filter hook input priority 0;\n"
        rules += scenario.network.rules.strip() + "\n}\n}\n"
        subprocess.run(["nft", "-f", "-"], input=rules, text=True, check=True)


def bind(path, target, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(path, 0o644)
    run("mount", "--bind", path, target)


def name_lines(known):
    lines = ["no-resolv", "no-hosts", "bind-interfaces", f"listen-address={RESOLVER}", "local=/#/", "log-facility=/dev/null"]
    lines += [f"host-record={name},{address}" for name, listed in known.addresses.items() for address in listed]
    lines += [f"host-record={name},{address}" for name, network in known.ranges.items()
              for address in ipaddress.ip_network(network).hosts()]
    lines += [f"mx-host={domain},{host},{10 * (n + 1)}" for domain, hosts in known.mail.items()
              for n, host in enumerate(hosts)]
    return lines + list(known.lines)


def answers():
    """Whether the name server answers: a question for the root, which it takes for a name that does not exist."""
    question = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(0.05)
        try:
            sock.sendto(question, (RESOLVER, 53))
            return bool(sock.recv(512))
        except OSError:
            return False


def serve_names(scenario, directory):
    """Starts the name server and waits for its first answer; None where the scenario has none that works."""
    if scenario.names.server == "silent":
        run("nft", "add table inet names; add chain inet names input { type filter hook input priority 0; };"
            f"add rule inet names input ip daddr {RESOLVER} drop")
    if scenario.names.server in ("silent", "absent"):
        return None
    if scenario.names.server != "works":
        return names.start(RESOLVER, scenario.names.server)
    path = os.path.join(directory, "dnsmasq.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(name_lines(scenario.names)) + "\n")
    server = subprocess.Popen(["dnsmasq", "--keep-in-foreground", "--user=root", "--group=root", "--pid-file=",
                               f"--conf-file={path}"], stdin=subprocess.DEVNULL)
    end = time.monotonic() + READY_SECONDS
    while not answers():
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError("dnsmasq does not answer")
        time.sleep(0.01)
    return server


def make(scenario, directory):
    """Makes all of it but the packet filter; returns the name server's process or None."""
    make_links(scenario)
    bind(os.path.join(directory, "hosts"), "/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")
    bind(os.path.join(directory, "resolv.conf"), "/etc/resolv.conf", f"nameserver {RESOLVER}\n")
    bind(os.path.join(directory, "nsswitch.conf"), "/etc/nsswitch.conf", "hosts: files dns\n")
    return serve_names(scenario, directory)
