# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where a password must not be: in what processes show of themselves, in memory that others could get at, in core
dumps, and in a report although a server sends it back.

All other tests of this folder look for it, too, in what the client says and in what its processes show.
"""

import os
import re
import subprocess

import diagnosis
import hunt
from diagnosis import ADDRESS, PASSWORD, Held, Service
from talker import Talker

UMLAUT_PASSWORD = "Gr4nd\"fa\\ther \u00fc-%&"
# Without privileges, root may do to its processes what any user may do to their own.
UNPRIVILEGED = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
PIECE_MAX = 1 << 26                     # a sanitizer maps terabytes of its own
SANITIZED = "address" in os.environ["MAILDIAG_SANITIZE"]


def may_be_read(pid):
    """Whether another process of the same user could read its memory, as a debugger would."""
    return subprocess.run([*UNPRIVILEGED, "head", "-c1", f"/proc/{pid}/environ"], check=False,
                          capture_output=True).returncode == 0


def memory(pid):
    """What is mapped and can be read, piece by piece."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps, open(f"/proc/{pid}/mem", "rb", buffering=0) as mem:
        for line in maps:
            start, end, access = re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S+)", line).groups()
            size = int(end, 16) - int(start, 16)
            if access[0] == "r" and int(end, 16) < 1 << 63 and size <= PIECE_MAX:
                try:
                    mem.seek(int(start, 16))
                    yield mem.read(size)
                except OSError:         # memory of a device, or secret memory
                    pass


class Secrets(diagnosis.RealTest):
    def assert_closed(self, pid, name):
        limits = diagnosis.read(f"/proc/{pid}/limits").decode()
        self.assertRegex(limits, r"Max core file size +0 +0 ", name)
        if name == "probe" or not SANITIZED:
            self.assertFalse(may_be_read(pid), f"the memory of the {name} can be read")

    def assert_nothing_shown(self, held):
        diagnosis.assert_clean(PASSWORD, processes=diagnosis.shown(held.client))
        for name in ("daemon", "worker", "probe"):
            with self.subTest(name):
                self.assert_closed(getattr(held, name), name)

    def assert_not_in_memory(self, *pids):
        """Nor in a form that mail gives it; in the probe it has a place of its own."""
        for pid in pids:
            n = 0
            for piece in memory(pid):
                n += len(piece)
                for form in (PASSWORD.encode(), *hunt.base64_forms(PASSWORD.encode())):
                    self.assertNotIn(form, piece)
            self.assertGreater(n, 100000)

    def test_the_test_can_read(self):
        """A process that is not closed can be read; and what it holds is found."""
        with subprocess.Popen([*UNPRIVILEGED, "sh", "-c", f"secret='{PASSWORD}'; echo; read end"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdout.readline()
            self.assertTrue(may_be_read(process.pid))
            with self.assertRaises(AssertionError):
                self.assert_not_in_memory(process.pid)
            process.communicate(b"\n")

    def test_before_the_login(self):
        with Held(ADDRESS, PASSWORD) as held:
            self.assert_nothing_shown(held)
            self.assert_not_in_memory(held.client, held.daemon, held.worker)

    def test_in_the_middle_of_the_login(self):
        with Talker(self.folder.pair("good"), diagnosis.SERVER) as server:
            with Held(ADDRESS, PASSWORD, Service("imap", server.port, "tls"), self.folder.ca_file) as held:
                self.assertTrue(server.asked.wait(diagnosis.HANG))
                held.look()
                self.assert_nothing_shown(held)
                self.assert_not_in_memory(held.client, held.daemon, held.worker)
        self.assertEqual(server.password, PASSWORD)

    def test_server_that_sends_it_back(self):
        for secret in (PASSWORD, UMLAUT_PASSWORD):
            for name, form in hunt.forms(secret):
                with self.subTest(name, secret=secret):
                    with Talker(self.folder.pair("good"), diagnosis.SERVER, lambda _, form=form: form) as server:
                        report = self.check(Service("imap", server.port, "tls"), secret=secret)
                    self.assertEqual(server.password, secret)
                    self.assertEqual(report.service("imap")["login"], "refused", report)

    def test_password_as_part_of_an_option(self):
        """It is refused, and not repeated."""
        status, stdout, stderr = self.tell(Service("imap", 993, "tls"), secret=None, more=("--password", PASSWORD))
        self.assertEqual((status, stdout), (64, ""))
        diagnosis.assert_clean(PASSWORD, stderr=stderr.encode())


if __name__ == "__main__":
    diagnosis.main()
