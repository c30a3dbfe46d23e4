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
from dataclasses import replace

import host
import scenario as scenarios
import world

HANG_SECONDS = 90
PROVIDERS = "providers"                 # what the administrator of the computer knows of providers
STATE = "state"                         # what the daemon remembers from one call to the next
REMEMBERED = {"logins", "memory"}       # its files
EMPTY = ("home", "tmp", "shm")          # of the client: nothing may be left there
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
    """Makes a daemon that has options besides those that the client gives it."""
    programs = os.environ["MAILDIAG_LIBEXECDIR"]
    options = [f"--worker={programs}/maildiag-worker", f"--time-scale={scenario.client.time_scale}",
               f"--state-dir={os.path.join(directory, STATE)}"]
    options += [f"--ispdb={scenario.client.ispdb}", f"--proxy={scenario.client.proxy}"]
    if scenario.client.control:
        options.append("--control=" + ",".join(scenario.client.control))
    providers = os.path.join(directory, PROVIDERS)
    os.mkdir(providers, 0o755)
    if scenario.client.providers:
        with open(os.path.join(providers, "scenario.conf"), "w", encoding="utf-8") as file:
            file.write(scenario.client.providers)
    options.append(f"--provider-dir={providers}")
    path = os.path.join(directory, "maildiagd")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o755), "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\nexec "{programs}/maildiagd" "$@" {" ".join(options)}\n')


def words_of(scenario, served, directory):
    words = [os.environ["MAILDIAG_CLIENT"], *scenario.words]
    if scenario.words[0] == "explain":
        return words + ["--private"]
    if scenario.client.secret and not scenario.is_search:
        path = os.path.join(directory, "password")
        with open(path, "w", encoding="utf-8") as file:
            file.write(scenario.client.password + "\n")
        words += ["--oauth2-token-file" if scenario.client.token else "--password-file", path]
    if scenario.client.trusts:
        words += ["--ca-file", served.ca_file]
    return words + ["--private"]


def set_state(directory, like=None):
    """What the daemon remembers: nothing, or what was kept."""
    state = os.path.join(directory, STATE)
    shutil.rmtree(state, ignore_errors=True)
    if like:
        shutil.copytree(like, state)
    else:
        os.mkdir(state)
    os.chmod(state, 0o700)


def call(words, directory, *more):
    """What came of it, how long it took, and how much memory the largest process had, in KiB."""
    environment = dict(os.environ, MAILDIAG_LIBEXECDIR=directory, MAILDIAG_OFFLINE="", LC_ALL="C.UTF-8", COLUMNS="10000",
                       HOME=os.path.join(directory, "home"), TMPDIR=os.path.join(directory, "tmp"))
    memory = os.path.join(directory, "memory")
    began = time.monotonic()
    done = subprocess.run([os.environ["MAILDIAG_MEASURE"], memory, *words, *more], env=environment,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=HANG_SECONDS,
                          cwd=os.path.join(directory, "home"))
    with open(memory, encoding="ascii") as file:
        return done, time.monotonic() - began, int(file.read())


def left_files(directory):
    """Files that nobody needs any more."""
    found = [os.path.join(name, left) for name in EMPTY for left in os.listdir(os.path.join(directory, name))]
    return found + [os.path.join(STATE, left) for left in os.listdir(os.path.join(directory, STATE)) if left not in REMEMBERED]


def play_earlier(scenario, served, directory):
    """What came before; returns the folder with what the daemon remembers of it, None: nothing came."""
    if not scenario.client.before:
        return None
    set_state(directory)
    for command in scenario.client.before:
        earlier = replace(scenario, client=replace(scenario.client, command=command))
        call(words_of(earlier, served, directory), directory)
    served.go_on()
    kept = os.path.join(directory, "kept")
    shutil.copytree(os.path.join(directory, STATE), kept)
    return kept


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
    for name in EMPTY:
        os.mkdir(os.path.join(directory, name))
    world.run("mount", "--bind", os.path.join(directory, "shm"), "/dev/shm")
    names = world.make(scenario, directory)
    served = host.Host(scenario, directory)
    served.start()
    known = {os.getpid()} | ({names.pid} if names else set())

    daemon_with_options(scenario, directory)
    kept = play_earlier(scenario, served, directory)
    world.make_filter(scenario)
    served.begin()
    set_state(directory, kept)
    words = words_of(scenario, served, directory)
    done, elapsed, memory = call(words, directory, *(["--json"] if scenario.is_diagnosis else []))
    left = left_over(known)
    wanted = forms(scenario)
    received = [{"port": connection.server.port, "taken": connection.taken, "clear": found_in(b"".join(connection.clear), wanted),
                 "tls": found_in(b"".join(connection.tls), wanted)} for connection in served.received]
    received += [{"port": 443, "taken": 0, "clear": [], "tls": found_in(request.everything, wanted)} for request in served.web.requests]

    people, files = done, left_files(directory)
    if scenario.is_diagnosis:
        served.begin()
        set_state(directory, kept)
        people, _, _ = call(words, directory)
    outputs = {"document": done.stdout, "errors": done.stderr, "text": people.stdout, "errors with text": people.stderr}
    if names:
        names.terminate()
        names.wait()
    return {
        "status": done.returncode,
        "elapsed": elapsed,
        "memory": memory,
        "left": left + left_over(known),
        "files": files + left_files(directory),
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
