#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""maildiag settings ADDRESS without a server: the domain names them in the domain name system, they are tried, and what works is
written.  Played in namespaces of its own, as scenarios are; needs root."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.environ["MAILDIAG_SOURCE"], "tests", "client"))

import readers                                                  # noqa: E402

NAMESPACES = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")
HANG_SECONDS = 120
SKIPPED = 77
ADDRESS = "anna@example.org"
CALLS = (
    ("msmtp", True),
    ("text", True),
    ("mobileconfig", False),
)


FILE = """
about = "a domain that names its servers"
covers = []

[[server]]
protocol = "imap"
host = "imap.example.org"
address = "192.0.2.1"
port = 993
security = "tls"

[[server]]
protocol = "smtp"
host = "smtp.example.org"
address = "192.0.2.2"
port = 465
security = "tls"

[names]
lines = ["srv-host=_imaps._tcp.example.org,imap.example.org,993,0,1",
         "srv-host=_submissions._tcp.example.org,smtp.example.org,465,0,1"]

[client]
command = "check anna@example.org"

[expect]
status = 0
"""


def play(directory):
    """Inside: the network and the servers are made, and the client is called for each form."""
    import host
    import play as player
    import scenario
    import world
    path = os.path.join(directory, "export.toml")
    pathlib.Path(path).write_text(FILE, encoding="utf-8")
    played = scenario.read(path)
    for name in player.EMPTY:
        os.mkdir(os.path.join(directory, name))
    names = world.make(played, directory)
    served = host.Host(played, directory)
    served.start()
    served.begin()
    player.set_state(directory)
    player.daemon_with_options(played, directory)
    password = os.path.join(directory, "password")
    pathlib.Path(password).write_text(played.client.password + "\n", encoding="utf-8")
    environment = dict(os.environ, MAILDIAG_LIBEXECDIR=directory, LC_ALL="C.UTF-8")
    environment.pop("MAILDIAG_OFFLINE", None)       # there is a network here, of this test's own
    outcomes = []
    for form, secret in CALLS:
        words = [os.environ["MAILDIAG_CLIENT"], "settings", ADDRESS, "--for", form, "--ca-file", served.ca_file, "--private"]
        words += ["--password-file", password] if secret else []
        done = subprocess.run(words, env=environment, capture_output=True, check=False, text=True, timeout=HANG_SECONDS,
                              stdin=subprocess.DEVNULL)
        outcomes.append({"status": done.returncode, "text": done.stdout, "errors": done.stderr})
    names.terminate()
    names.wait()
    print(json.dumps({"outcomes": outcomes, "password": played.client.password}))


class Found(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        done = subprocess.run([*NAMESPACES, sys.executable, __file__, "--play"], capture_output=True, check=False, text=True,
                              timeout=4 * HANG_SECONDS, stdin=subprocess.DEVNULL)
        assert done.returncode == 0, done.stderr
        played = json.loads(done.stdout)
        cls.password = played["password"]
        cls.outcomes = {form: outcome for (form, _), outcome in zip(CALLS, played["outcomes"])}

    def text(self, form):
        outcome = self.outcomes[form]
        self.assertEqual((outcome["status"], outcome["errors"]), (0, ""))
        return outcome["text"]

    def test_lines_that_msmtp_reads(self):
        with tempfile.TemporaryDirectory() as folder:
            seen = readers.msmtp(folder, self.text("msmtp"))
        self.assertEqual((seen["host"], seen["port"], seen["tls_starttls"], seen["user"]),
                         ("smtp.example.org", "465", "off", ADDRESS))

    def test_both_with_their_proof(self):
        text = self.text("text")
        for piece in ("imap.example.org", "993", "smtp.example.org", "465", "tried: the login works"):
            self.assertIn(piece, text)

    def test_without_a_password_the_connection_is_proof(self):
        self.assertIn("no login was made", self.text("mobileconfig"))

    def test_the_password_stays_where_it_is(self):
        for outcome in self.outcomes.values():
            self.assertNotIn(self.password, outcome["text"] + outcome["errors"])


if __name__ == "__main__":
    if "--play" in sys.argv:
        with tempfile.TemporaryDirectory(prefix="maildiag-export-") as folder:
            os.chmod(folder, 0o755)
            play(folder)
    elif os.geteuid() != 0:
        print("needs root")
        sys.exit(SKIPPED)
    else:
        unittest.main()
