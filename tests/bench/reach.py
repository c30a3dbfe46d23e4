# SPDX-License-Identifier: LGPL-2.1-or-later
"""What is to be reached, as ratios within one run, and whether it is."""

import statistics

import host
import table

COLD, WARM = "maildiag --private", "maildiag, daemon runs"


def mean(values):
    values = list(values)
    return statistics.mean(values) if values and None not in values else None


def ratio(a, b):
    return a / b if a is not None and b else None


def added(*values):
    return sum(values) if None not in values else None


def figures(bench):
    """(what, value, limit, unit)"""
    far = [bench.figure("far", "floor", endpoint) for endpoint in host.ENDPOINTS]
    longest = max(far) if None not in far else None
    floor = mean(bench.figure("loopback", "floor", endpoint, 1) for endpoint in host.ENDPOINTS)
    probe = mean(table.part(bench, endpoint, "probe") for endpoint in host.ENDPOINTS)
    ours = mean(added(table.part(bench, e, "daemon"), table.part(bench, e, "client")) for e in host.ENDPOINTS)
    six = added(table.part(bench, "account", "daemon"), bench.figure("loopback", WARM, "account", 1))
    memory = bench.figure("flight", "maildiag", "memory")
    implicit, upgraded = host.ENDPOINTS[5], host.ENDPOINTS[4]
    rows = []
    for program in (COLD, WARM):
        away = bench.figure("far", program, "account")
        rows.append((f"account far away, {program}: longest floor dialogue", ratio(away, longest), 1.10, "x"))
        rows.append((f"account far away, {program}: curl in a row",
                     ratio(away, bench.figure("far", "curl, in a row", "account")), 0.2, "x"))
    rows += [
        ("account on loopback, cold call: curl in a row",
         ratio(bench.figure("loopback", COLD, "account"), bench.figure("loopback", "curl, in a row", "account")), 0.5, "x"),
        ("CPU of a probe: floor", ratio(probe, floor), 1.8, "x"),
        ("CPU of daemon and staying client, one service: floor", ratio(ours, floor), 0.5, "x"),
        ("CPU of daemon and command, per check of an account: floor", ratio(ratio(six, 6), floor), 0.5, "x"),
        ("memory of a probe in flight, PSS", memory, 260, "kB"),
    ]
    for program in (COLD, WARM):
        rows.append((f"Postfix on 465, {program}: on 587",
                     ratio(bench.figure("loopback", program, implicit), bench.figure("loopback", program, upgraded)), 1.2, "x"))
    return rows


def show(bench):
    rows = []
    for what, value, limit, unit in figures(bench):
        verdict = "not measured" if value is None else "reached" if value <= limit else "NOT REACHED"
        shown = "-" if value is None else f"{value:.2f} {unit}" if unit == "x" else f"{value:.0f} {unit}"
        rows.append([what, shown, f"<= {limit} {unit}", verdict])
    table.show_rows("Reach", ["", "measured", "reach", ""], rows)
    flight = bench.samples.get(("flight", "maildiag", "memory"))
    if flight:
        print(f"\n  memory: {flight[0][2]} probes were in flight; the worker itself takes {flight[0][1]} kB")
