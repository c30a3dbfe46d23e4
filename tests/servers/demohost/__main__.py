# SPDX-License-Identifier: LGPL-2.1-or-later
"""The demonstration host.

    python3 tests/servers/demohost serve            serves until it is ended; the first line says "ready" and where
    python3 tests/servers/demohost tour CLIENT…     diagnoses its accounts with that command, then ends
"""

import json
import signal
import sys

import tour
from accounts import ACCOUNTS, LISTENERS
from host import Host

ENDING = (signal.SIGTERM, signal.SIGINT)


def describe(host):
    """Everything that a client needs to know, secrets included: they are made up."""
    return {
        "ca-file": host.ca_file,
        "address": "127.0.0.1",
        "listeners": {name: {"protocol": listener.protocol, "host": listener.host, "port": host.ports[name],
                             "security": listener.security} for name, listener in host.listeners.items()},
        "accounts": [{"address": account.address, "password-file": host.write_secret(account),
                      "title": account.title, "arguments": tour.arguments(host, account),
                      "status": account.status, "finds": list(account.finds)} for account in ACCOUNTS],
    }


def main(words):
    if not words or words[0] not in ("serve", "tour") or (words[0] == "tour") != (len(words) > 1):
        sys.exit(__doc__)
    if words[0] == "serve":             # before there are threads, so that all of them leave the signals alone
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    with Host(LISTENERS, ACCOUNTS) as host:
        if words[0] == "tour":
            return 1 if tour.run(host, ACCOUNTS, words[1:]) else 0
        print("ready " + json.dumps(describe(host)), flush=True)
        signal.sigwait(ENDING)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
