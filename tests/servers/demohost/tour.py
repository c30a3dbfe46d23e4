# SPDX-License-Identifier: LGPL-2.1-or-later
"""The three accounts of the host diagnosed one after the other, as a person would do it, with the report they get."""

import os
import subprocess
import sys


def arguments(host, account):
    """What the person types: the settings of their mail app."""
    words = ["check", account.address]
    for service in account.services:
        listener = host.listeners[service.listener]
        words += [f"--{listener.protocol}", f"{listener.host}:{host.ports[listener.name]}",
                  f"--{listener.protocol}-security", service.security]
    # Their domains exist nowhere else, so there is nobody to ask about them.
    return words + ["--offline", "--password-file", host.write_secret(account), "--ca-file", host.ca_file,
                    "--connect-to", "127.0.0.1"]


def run(host, accounts, client):
    """Shows each account; `client` is the command to call.  How many ended otherwise than announced."""
    surprises = 0
    for number, account in enumerate(accounts, 1):
        words = client + arguments(host, account)
        print(f"\n=== {number} of {len(accounts)}: {account.title}\n")
        print("$ maildiag " + " ".join(words[len(client):]) + "\n", flush=True)
        # Whoever takes the tour again begins anew: what was counted of these accounts is not kept.
        status = subprocess.run(words, env=dict(os.environ, XDG_STATE_HOME=os.devnull), check=False).returncode
        print(f"\n(exit status {status})", flush=True)
        if status != account.status:
            print(f"demohost: {account.address}: exit status {account.status} was expected", file=sys.stderr)
            surprises += 1
    return surprises
