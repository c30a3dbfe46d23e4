# SPDX-License-Identifier: LGPL-2.1-or-later
"""Figures as tables of text."""

import os
import statistics

import host

PARTS = ("wall", "client", "daemon", "worker", "bus", "probe")


def name(what):
    return what if isinstance(what, str) else f"{what.protocol} {what.port}"


def ms(value):
    return "-" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def show_rows(title, heads, rows):
    """A table; the first column is text."""
    cells = [list(heads)] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    print(f"\n{title}\n")
    for row in cells:
        print("  " + row[0].ljust(widths[0]) + "".join("  " + cell.rjust(width) for cell, width in zip(row[1:], widths[1:])))


def programs(bench, place, single):
    keys = dict.fromkeys(key[1] for key, _ in bench.rows if key[0] == place and (key[2] == "account") != single)
    return list(keys)


def show_services(bench, place, title):
    endpoints = host.ENDPOINTS + [host.RELAY]
    heads = ["wall / CPU, ms"] + [name(endpoint) for endpoint in endpoints]
    rows = []
    for program in programs(bench, place, True):
        cells = [f"{ms(bench.figure(place, program, e, 0))} / {ms(bench.figure(place, program, e, 1))}" for e in endpoints]
        rows.append([program] + cells)
    show_rows(title, heads, rows)


def show_accounts(bench, round_trip):
    names = dict.fromkeys(programs(bench, "loopback", False) + programs(bench, "far", False))
    rows = [[program, ms(bench.figure("loopback", program, "account")), ms(bench.figure("loopback", program, "account", 1)),
             ms(bench.figure("far", program, "account")), ms(bench.figure("far", program, "account", 1))] for program in names]
    show_rows("One account, six endpoints", ["", "loopback ms", "CPU ms", f"{round_trip} ms away", "CPU ms"], rows)


def part(bench, what, key):
    samples = bench.samples.get(("apart", "maildiag", what))
    return statistics.median(sample[key] for sample in samples) if samples else None


def show_parts(bench):
    rows = [[name(what)] + [ms(part(bench, what, key)) for key in PARTS] + [ms(bench.figure("loopback", "floor", what, 1))]
            for what in host.ENDPOINTS + ["account"]]
    show_rows("What a check costs apart, daemon and client running, CPU ms (wall: ms)", ("",) + PARTS + ("floor",), rows)


def show(bench, options):
    print(f"Medians of {options.rounds} rounds ({options.far_rounds} far) on {os.cpu_count()} processors; certificate: "
          f"{options.certificate}.  maildiag, floor and curl verify and log in with PLAIN (port 25: no login), all with the system's "
          "authorities and one more; maildiag --private and curl start cold; CPU of maildiag with a running daemon is that of the "
          "client alone; floor runs 10 checks in one process that has loaded the authorities, for an account one process each.")
    show_services(bench, "loopback", "One service on loopback")
    show_services(bench, "far", f"One service, {options.round_trip} ms away")
    show_accounts(bench, options.round_trip)
    show_parts(bench)
