# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory of probes in flight: as many as a worker runs, all of them in the middle of dialogues with a far host."""

import os
import statistics
import subprocess
import time

import host
import running
import scale

CALLS, SERVICES = 4, 16         # of one user at a time; of one call


def sample(daemon):
    """Proportional set sizes of the probes that run now, and of the worker."""
    sizes = [scale.pss(pid) for pid in daemon.probes()]
    return [size for size in sizes if size], scale.pss(daemon.worker())


def measure(host_peers):
    """Kilobytes of a probe (median of all at the fullest moment), of the worker, and how many probes there were."""
    endpoints = (host.ENDPOINTS * 3)[:SERVICES]
    call = host_peers.maildiag(endpoints, host.FAR) + ["--session"]
    fullest = ([], 0)
    with running.Running() as daemon:
        env = dict(os.environ, **daemon.env)
        calls = [subprocess.Popen(call, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(CALLS)]
        while any(each.poll() is None for each in calls):
            now = sample(daemon)
            if len(now[0]) >= len(fullest[0]):
                fullest = now
            time.sleep(0.02)
    if any(each.returncode not in (0, 1) for each in calls):
        raise scale.Failed(f"maildiag: status {[each.returncode for each in calls]}")
    return statistics.median(fullest[0]), fullest[1], len(fullest[0])
