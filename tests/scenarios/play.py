#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plays one scenario in the namespaces that it was started in, and prints what came of it as one JSON document.

It is the first process of its own process namespace: what the client leaves behind is all that is left there.
"""

import base64
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

import host
import scenario as scenarios
import world

HANG_SECONDS = 90
STATE = "state"                         # what the daemon remembers from one call to the next
LEAVE_SECONDS = 10


def encodings(user, password):
    """The forms in which a password travels or leaks."""
    raw = password.encode()
    quoted = password.replace("\\", "\\\\").replace('"', '\\"').encode()
    return {
        "raw": raw,
        "base64": base64.b64encode(raw),
        "PLAIN": base64.b64encode(b"\0" + user.encode() + b"\0" + raw),
        "PLAIN with identity": base64.b64encode(user.encode() + b"\0" + user.encode() + b"\0" + raw),
        "hexadecimal": raw.hex().encode(),
        "percent": urllib.parse.quote(password, safe="").encode(),
        "quoted string": quoted,
        "XOAUTH2": base64.b64encode(b"user=" + user.encode() + b"\1auth=Bearer " + raw + b"\1\1"),
        "UTF-16": password.encode("utf-16-le"),
    }


def forms(scenario):
    """All encodings, with the user names that a client could use."""
    users = {scenario.address, scenario.address.partition("@")[0], *scenario.client.users}
    return {f"{name} ({user})": form for user in users for name, form in encodings(user, scenario.client.password).items()}


def found_in(data, wanted):
    return sorted({name.partition(" (")[0] for name, form in wanted.items() if form in data})


def daemon_with_options(scenario, directory):
    """A directory with a daemon that has options besides those that the client gives it."""
    programs = os.environ["MAILDIAG_LIBEXECDIR"]
    options = [f"--worker={programs}/maildiag-worker", f"--time-scale={scenario.client.time_scale}",
               f"--state-dir={os.path.join(directory, STATE)}"]
    if scenario.client.control:
        options.append("--control=" + ",".join(scenario.client.control))
    path = os.path.join(directory, "maildiagd")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o755), "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nexec "{programs}/maildiagd" "$@" {" ".join(options)}\n')
    return directory


def words_of(scenario, served, directory):
    words = [os.environ["MAILDIAG_CLIENT"], *scenario.words]
    if not scenario.is_diagnosis:
        return words + ["--private"]
    if scenario.client.secret:
        path = os.path.join(directory, "password")
        with open(path, "w", encoding="utf-8") as file:
            file.write(scenario.client.password + "\n")
        words += ["--oauth2-token-file" if scenario.client.token else "--password-file", path]
    if scenario.client.trusts:
        words += ["--ca-file", served.ca_file]
    return words + ["--private"]


def call(words, directory, *more):
    shutil.rmtree(os.path.join(directory, STATE), ignore_errors=True)
    os.mkdir(os.path.join(directory, STATE), 0o700)
    environment = dict(os.environ, MAILDIAG_LIBEXECDIR=directory, LC_ALL="C.UTF-8", COLUMNS="10000")
    began = time.monotonic()
    done = subprocess.run([*words, *more], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          timeout=HANG_SECONDS)
    return done, time.monotonic() - began


def others(known):
    """Processes besides this one and those that it knows, zombies aside; a zombie of somebody else is taken in."""
    left = []
    for path in pathlib.Path("/proc").iterdir():
        if not path.name.isdigit() or int(path.name) in known:
            continue
        try:
            name, _, rest = path.joinpath("stat").read_text().partition("(")[2].rpartition(")")
        except OSError:
            continue
        if rest.split()[0] == "Z":
            os.waitpid(int(path.name), os.WNOHANG)
        else:
            left.append(name)
    return left


def left_over(known):
    end = time.monotonic() + LEAVE_SECONDS
    while left := others(known):
        if time.monotonic() > end:
            return left
        time.sleep(0.02)
    return []


def play(scenario, directory):
    names = world.make(scenario, directory)
    served = host.Host(scenario, directory)
    served.start()
    known = {os.getpid()} | ({names.pid} if names else set())

    words = words_of(scenario, served, directory)
    libexec = daemon_with_options(scenario, directory)
    done, elapsed = call(words, libexec, *(["--json"] if scenario.is_diagnosis else []))
    left = left_over(known)
    wanted = forms(scenario)
    received = [{"port": connection.server.port, "clear": found_in(b"".join(connection.clear), wanted),
                 "tls": found_in(b"".join(connection.tls), wanted)} for connection in served.received]

    people = done
    if scenario.is_diagnosis:
        people, _ = call(words, libexec)
    outputs = {"document": done.stdout, "errors": done.stderr, "text": people.stdout, "errors with text": people.stderr}
    if names:
        names.terminate()
        names.wait()
    return {
        "status": done.returncode,
        "elapsed": elapsed,
        "left": left + left_over(known),
        "received": received,
        "outputs": {name: data.decode("utf-8", "surrogateescape") for name, data in outputs.items()},
        "leaked": {name: found for name, data in outputs.items() if (found := found_in(data, wanted))},
    }


def main():
    scenario = scenarios.read(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="maildiag-scenario-") as directory:
        os.chmod(directory, 0o755)
        outcome = play(scenario, directory)
    print(json.dumps(outcome))


if __name__ == "__main__":
    main()
