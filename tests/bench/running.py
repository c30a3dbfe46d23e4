# SPDX-License-Identifier: LGPL-2.1-or-later
"""A daemon that runs already, on a bus of its own, and what its processes cost apart: daemon, worker, probes, bus."""

import os
import pathlib
import subprocess
import time

import scale


class Running:
    """A dbus-daemon and a maildiagd --user on it."""

    def __init__(self):
        self.bus = self.daemon = None
        self.env = {}

    def __enter__(self):
        self.bus = subprocess.Popen(["dbus-daemon", "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE,
                                    stderr=subprocess.DEVNULL)
        self.env = {"DBUS_SESSION_BUS_ADDRESS": self.bus.stdout.readline().decode().strip()}
        program = pathlib.Path(os.environ["MAILDIAG_LIBEXECDIR"]) / "maildiagd"
        self.daemon = subprocess.Popen([str(program), "--user"], env=dict(os.environ, **self.env), stderr=subprocess.DEVNULL)
        self.wait()
        return self

    def wait(self):
        """Until it lists its plugins: then the worker is ready."""
        ask = [os.environ["MAILDIAG_CLIENT"], "plugins", "--session"]
        for _ in range(200):
            done = subprocess.run(ask, env=dict(os.environ, **self.env), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            if done.returncode == 0 and b"imap" in done.stdout:
                return
            time.sleep(0.02)
        raise RuntimeError("maildiagd does not answer")

    def worker(self):
        return scale.children(self.daemon.pid)[0]

    def probes(self):
        return scale.children(self.worker())

    def spent(self):
        """Milliseconds of processor so far: daemon, worker, bus, without their children."""
        return [scale.processor(pid) for pid in (self.daemon.pid, self.worker(), self.bus.pid)]

    def ask(self, words, times):
        """Has the same asked so often: wall clock and processor time of the caller for one of them."""
        argv = [os.environ["CALLER"], str(times)] + words[1:] + ["--session"]
        done = subprocess.run(argv, env=dict(os.environ, **self.env), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              timeout=scale.LONGEST)
        if done.returncode != 0:
            raise scale.Failed(f"caller: {done.stderr.strip()[-500:]}")
        return [float(word) for word in done.stdout.split()]

    def stop(self):
        """Ends the daemon; milliseconds that its children used besides the worker itself: the probes, and what a start forks."""
        own = sum(self.spent()[:2])
        self.daemon.terminate()
        _, status, usage = os.wait4(self.daemon.pid, 0)
        self.daemon.returncode = status
        return (usage.ru_utime + usage.ru_stime) * 1000 - own

    def __exit__(self, *_):
        if self.daemon and self.daemon.returncode is None:
            self.daemon.terminate()
            self.daemon.wait()
        if self.bus:
            self.bus.terminate()
            self.bus.wait()


def take_apart(words, times):
    """One fresh daemon, so many diagnoses: milliseconds of wall clock and of client, daemon, worker, bus and probe for one."""
    with Running() as running:
        before = running.spent()
        wall, client = running.ask(words, times)
        after = running.spent()
        forked = running.stop()
    with Running() as idle:
        nothing = idle.stop()
    # The caller's first question, which warms up, is not in its figures, but in those of the others.
    daemon, worker, bus = [(b - a) / (times + 1) for a, b in zip(before, after)]
    return {"wall": wall, "client": client, "daemon": daemon, "worker": worker, "bus": bus,
            "probe": (forked - nothing) / (times + 1)}
