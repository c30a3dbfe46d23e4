# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a diagnosis costs, side by side with other programs, in one run against the same servers.

Every row is measured once a round, one after the other, so that what else the machine does falls on all of them; the medians count,
and of those the ratios.  Exit status 1: something could not be measured.  No figure makes the run fail.
"""

import argparse
import collections
import os
import statistics
import subprocess
import sys
import tempfile

import blackbox
import flight
import host
import peers
import reach
import running
import scale
import table

PLACES = {"loopback": host.NEAR, "far": host.FAR}


class Bench:
    """The rows to measure, and what was measured."""

    def __init__(self):
        self.rows, self.samples, self.failed = [], collections.defaultdict(list), {}

    def add(self, place, program, what, function):
        self.rows.append(((place, program, what), function))

    def run(self, place, rounds):
        for number in range(rounds):
            print(f"bench: {place}, round {number + 1} of {rounds}", file=sys.stderr)
            for key, function in self.rows:
                if key[0] == place and key not in self.failed:
                    self.run_one(key, function)

    def run_one(self, key, function):
        try:
            self.samples[key].append(function())
        except (scale.Failed, OSError, ValueError, subprocess.SubprocessError) as error:
            self.failed[key] = str(error)
            self.samples.pop(key, None)

    def figure(self, place, program, what, index=0):
        """The median: 0 wall clock, 1 processor; None when it could not be measured."""
        samples = self.samples.get((place, program, what))
        return statistics.median(sample[index] for sample in samples) if samples else None


def measure_floor(argv):
    out = subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True, timeout=scale.LONGEST).stdout
    return [float(word) for word in out.split()]


def add_maildiag(bench, place, host_peers, daemon):
    address = PLACES[place]
    for what in host.ENDPOINTS + [host.RELAY, "account"]:
        endpoints = host.ENDPOINTS if what == "account" else [what]
        call = host_peers.maildiag(endpoints, address)
        bench.add(place, "maildiag --private", what, lambda call=call: scale.measure([[call + ["--private"]]]))
        bench.add(place, "maildiag, daemon runs", what,
                  lambda call=call: scale.measure([[call + ["--session"]]], daemon.env))


def add_peers(bench, place, host_peers, exporters):
    address = PLACES[place]
    for endpoint in host.ENDPOINTS + [host.RELAY]:
        repeat = 10 if place == "loopback" else 1
        bench.add(place, "floor", endpoint, lambda argv=host_peers.floor(endpoint, address, repeat): measure_floor(argv))
        if not host_peers.absent("monitoring plugins"):
            bench.add(place, "monitoring plugins", endpoint,
                      lambda argv=host_peers.monitoring(endpoint, address): scale.measure([[argv]]))
        if not host_peers.absent("curl"):
            bench.add(place, "curl", endpoint, lambda argv=host_peers.curl_call(endpoint, address): scale.measure([[argv]]))
        for name, exporter in exporters.items():
            bench.add(place, name, endpoint, lambda e=endpoint, x=exporter: x.measure(e, address))


def add_accounts(bench, place, host_peers):
    address = PLACES[place]
    commands = {"floor": [host_peers.floor(endpoint, address) for endpoint in host.ENDPOINTS]}
    if not host_peers.absent("monitoring plugins"):
        commands["monitoring plugins"] = [host_peers.monitoring(endpoint, address) for endpoint in host.ENDPOINTS]
    if not host_peers.absent("curl"):
        commands["curl"] = [host_peers.curl_call(endpoint, address) for endpoint in host.ENDPOINTS]
    for name, argvs in commands.items():
        bench.add(place, f"{name}, in a row", "account", lambda argvs=argvs: scale.measure([[argv] for argv in argvs]))
        bench.add(place, f"{name}, at once", "account", lambda argvs=argvs: scale.measure([argvs]))


def add_parts(bench, host_peers):
    """What a check costs each of the processes that take part."""
    for what in host.ENDPOINTS + ["account"]:
        endpoints = host.ENDPOINTS if what == "account" else [what]
        call = host_peers.maildiag(endpoints, host.NEAR)
        bench.add("apart", "maildiag", what, lambda call=call: running.take_apart(call, 5 if len(call) > 20 else 20))


def measure_all(bench, mail_host, options):
    host_peers = peers.Peers(mail_host)
    blind = blackbox.Blackbox(mail_host.folder)
    careful = blackbox.Blackbox(mail_host.folder, host_peers.authorities)
    with running.Running() as daemon, blind, careful:
        exporters = {"blackbox_exporter, verifies nothing": blind, "blackbox_exporter with ca_file": careful}
        for place in PLACES:
            add_maildiag(bench, place, host_peers, daemon)
            add_peers(bench, place, host_peers, exporters if blind.program else {})
            add_accounts(bench, place, host_peers)
        bench.run("loopback", options.rounds)
        bench.run("far", options.far_rounds)
    add_parts(bench, host_peers)
    bench.run("apart", options.far_rounds)
    bench.add("flight", "maildiag", "memory", lambda: flight.measure(host_peers))
    bench.run("flight", 1)
    absent = [name for name in peers.PACKAGES if host_peers.absent(name)]
    return absent + ([] if blind.program else ["blackbox_exporter"])


def parse_options():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9, help="rounds on loopback")
    parser.add_argument("--far-rounds", type=int, default=5, help="rounds over the delay")
    parser.add_argument("--round-trip", type=int, default=50, help="milliseconds of the delay")
    parser.add_argument("--certificate", default="good", help="kind of the servers' certificate: good (ECDSA), good-rsa")
    return parser.parse_args()


def main():
    options = parse_options()
    if os.geteuid() != 0:
        sys.exit("bench: Dovecot and Postfix have to be started by root")
    bench = Bench()
    with tempfile.TemporaryDirectory(prefix="maildiag-bench-") as folder:
        os.chmod(folder, 0o755)
        host.enter_network()
        with host.MailHost(folder, options.certificate, options.round_trip) as mail_host:
            absent = measure_all(bench, mail_host, options)
    table.show(bench, options)
    reach.show(bench)
    for name in absent:
        print(f"NOT MEASURED: {name} is not installed")
    for (place, program, what), why in bench.failed.items():
        print(f"NOT MEASURED: {program}, {table.name(what)}, {place}: {why}")
    sys.exit(1 if absent or bench.failed else 0)


if __name__ == "__main__":
    main()
