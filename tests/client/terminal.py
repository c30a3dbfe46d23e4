# SPDX-License-Identifier: LGPL-2.1-or-later
"""The client on a terminal: a pseudo-terminal that is its controlling one, with a person at the other end."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

from client import CLIENT, HANG


class Terminal:
    """Runs the client; what it shows gathers in .shown."""

    def __init__(self, *words, env=None, columns=100, stdout=None):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        environment = dict(os.environ, LC_ALL="C.UTF-8", TERM="xterm")
        environment.pop("NO_COLOR", None)
        environment.update(env or {})
        self.shown = b""
        self.process = subprocess.Popen([CLIENT, *words], env=environment, stdin=slave, stdout=stdout or slave,
                                        stderr=slave, start_new_session=True,
                                        preexec_fn=lambda: fcntl.ioctl(slave, termios.TIOCSCTTY, 0))
        self.slave = slave              # kept open: its settings are looked at after the client's end

    def read(self, seconds):
        if not select.select([self.master], [], [], seconds)[0]:
            return False
        self.shown += os.read(self.master, 65536)
        return True

    def wait_for(self, text):
        end = time.monotonic() + HANG
        while text not in self.shown:
            if time.monotonic() > end:
                raise AssertionError(f"{text!r} did not show, but {self.shown!r}")
            self.read(0.1)

    def type(self, text):
        os.write(self.master, text)

    def interrupt(self):
        os.killpg(self.process.pid, signal.SIGINT)

    def finish(self):
        """The exit status."""
        end = time.monotonic() + HANG
        while self.process.poll() is None:
            if time.monotonic() > end:
                self.process.kill()
                raise AssertionError(f"it hangs after {self.shown!r}")
            self.read(0.1)
        while self.read(0):
            pass
        return self.process.returncode

    def echoes(self):
        return bool(termios.tcgetattr(self.slave)[3] & termios.ECHO)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)
        os.close(self.slave)
