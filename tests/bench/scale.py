# SPDX-License-Identifier: LGPL-2.1-or-later
"""What a command costs: wall clock until it has ended, and the processor time of it and of everything that it left behind.

A process of its own takes in orphans (PR_SET_CHILD_SUBREAPER) and waits for the last of them, so that a daemon that outlives its
client for a moment is counted in full.
"""

import ctypes
import os
import pathlib
import resource
import signal
import struct
import time

PR_SET_CHILD_SUBREAPER = 36
LONGEST = 60                    # seconds; what takes longer hangs


class Failed(Exception):
    """A command did not do what it was started for."""


def spawn(argv, env):
    """Starts a program that says nothing to us."""
    quiet = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
             (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]
    return os.posix_spawn(argv[0], argv, env, file_actions=quiet)


def run(steps, env):
    """Runs groups of commands in a row, those of a group at once.  Returns seconds and the first bad status."""
    bad, began = None, time.monotonic()
    for group in steps:
        pids = {spawn(argv, env): argv for argv in group}
        while pids:
            pid, status = os.waitpid(-1, 0)
            argv = pids.pop(pid, None)
            if argv and status != 0:
                bad = bad or (argv, os.waitstatus_to_exitcode(status))
    return time.monotonic() - began, bad


def wait_for_orphans():
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        pass


def weigh(steps, env, pipe):
    """In the process that takes orphans in: runs, waits for all, and writes what it saw."""
    signal.alarm(LONGEST)
    if ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        os._exit(3)
    wall, bad = run(steps, env)
    wait_for_orphans()
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    os.write(pipe, struct.pack("dd", wall * 1000, (usage.ru_utime + usage.ru_stime) * 1000))
    if bad:
        os.write(pipe, f"{' '.join(bad[0])}: status {bad[1]}".encode()[:2048])
    os._exit(0)


def measure(steps, env=None):
    """Milliseconds of wall clock and of processor time that the commands took; raises Failed."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        weigh(steps, dict(os.environ, **(env or {})), theirs)
    os.close(theirs)
    with os.fdopen(ours, "rb") as pipe:
        said = pipe.read()
    os.waitpid(pid, 0)
    if len(said) < 16:
        raise Failed(f"{steps[0][0][0]}: did not end within {LONGEST} s")
    if said[16:]:
        raise Failed(said[16:].decode(errors="replace"))
    return struct.unpack("dd", said[:16])


def processor(pid):
    """Milliseconds that all threads of a process ran so far."""
    tasks = pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e6


def children(pid):
    return [int(child) for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def pss(pid):
    """Kilobytes of memory of a process, what it shares divided by those who share it; None when it has ended."""
    try:
        for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    except OSError:
        pass
    return None
