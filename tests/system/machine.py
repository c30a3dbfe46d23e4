# SPDX-License-Identifier: LGPL-2.1-or-later
"""A machine of its own for the tests: Debian as it is here, booted by systemd in a container, with maildiag installed.

The container's root is an overlay of ours whose changes are kept in memory, so nothing of this machine is touched.  It has
no network but its own loopback, and behind a cable a mail host (Dovecot, Postfix and a name server, in a network of their own) at
192.0.2.25, which is nobody's address; 192.0.2.26 beside it is silent.  One boot serves all tests: `python3 machine.py` boots, runs every test_*.py beside
it, and ends the machine; names of modules, classes or methods run those alone.
"""

import contextlib
import ctypes
import glob
import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
import unittest

SOURCE = pathlib.Path(os.environ["MAILDIAG_SOURCE"])
BUILD = pathlib.Path(os.environ["MAILDIAG_BUILD"])
MAKE_CERTS = os.environ["MAILDIAG_MAKE_CERTS"]
HERE = pathlib.Path(__file__).parent

NAME, PATH = "org.maildiag.Diag1", "/org/maildiag/Diag1"
MANAGER, JOB = NAME + ".Manager", NAME + ".Job"
HOST = "mail.example.org"               # the mail host's name
ADDRESS, PASSWORD = "anna@example.test", "Gr4nd\"fa\\ther-%&"
USERS = ("alice", "bob")                # people of the machine, without any right
GUARD = 180                             # seconds after which something is taken to hang; nothing is measured with it
FOLDER = "/srv/tests"                   # of the container: what tests need there

machine = None                          # the one that is booted


def wait_for(condition, what, seconds=GUARD):
    """Waits until the condition holds, and returns what it gave."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError("still waiting for: " + what)
        time.sleep(0.02)


class Output:
    """How a command ended and what it said."""

    def __init__(self, process):
        self.status, self.stdout, self.stderr = process.returncode, process.stdout, process.stderr

    def __repr__(self):
        return f"exit {self.status}\n{self.stdout}\n{self.stderr}"


class Machine:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="maildiag-machine-"))
        self.root = self.folder / "root"
        self.nspawn = self.leader = self.mailhost = None

    # ---- its disk ----

    def mount(self):
        """In a mount namespace of ours, which goes with this process."""
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.unshare(0x20000) != 0:  # CLONE_NEWNS
            raise OSError(ctypes.get_errno(), "no mount namespace")
        subprocess.run(["mount", "--make-rprivate", "/"], check=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1g,mode=755", "maildiag-machine", self.folder], check=True)
        for name in ("upper", "work", "root"):
            (self.folder / name).mkdir()
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                        f"lowerdir=/,upperdir={self.folder}/upper,workdir={self.folder}/work", self.root], check=True)

    def write(self, path, text, mode=0o644):
        """A file of the machine, as root of it sees it."""
        file = self.root / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        file.chmod(mode)

    def furnish(self):
        """A machine on which nothing is set up: none of the services that this one starts."""
        root = self.root
        for path in [root / "etc/systemd/system", root / "etc/systemd/user", *root.glob("etc/rc?.d"),
                     root / "var/log/journal", root / "var/lib/systemd", root / "etc/polkit-1/rules.d"]:
            shutil.rmtree(path, ignore_errors=True)
        (root / "etc/systemd/system").mkdir()
        self.write("/etc/machine-id", "0123456789abcdef0123456789abcdef\n")
        self.write("/etc/hostname", "machine\n")
        self.write("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n")
        (root / "etc/resolv.conf").unlink(missing_ok=True)      # often a link
        self.write("/etc/resolv.conf", "nameserver 192.0.2.25\n")
        self.write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n")
        self.write("/etc/systemd/journald.conf.d/tests.conf", "[Journal]\nStorage=volatile\nRateLimitIntervalSec=0\n")
        tests = root / FOLDER.lstrip("/")
        tests.mkdir(parents=True)
        for file in (HERE / "mailhost.py", SOURCE / "tests/servers/realhost.py"):
            shutil.copy(file, tests)
        (tests / "certs").mkdir()
        subprocess.run([MAKE_CERTS, tests / "certs", f"good=good:{HOST}"], check=True)
        with open(root / "etc/ssl/certs/ca-certificates.crt", "a", encoding="ascii") as store:
            store.write((tests / "certs/ca.pem").read_text(encoding="ascii"))

    def install(self):
        """As an administrator does, into the machine."""
        subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir", self.root], check=True,
                       stdout=subprocess.DEVNULL)

    # ---- its life ----

    def boot(self):
        command = ["systemd-nspawn", "--quiet", "-D", str(self.root), "--boot", "--keep-unit", "--register=no",
                   "--private-network", "--console=pipe"]
        if os.path.isdir("/run/systemd/system"):        # a place of its own among the services of this machine
            command = ["systemd-run", "--quiet", "--scope", "--property=Delegate=yes", *command]
        self.console = open(self.folder / "console", "wb")
        self.nspawn = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=self.console, stderr=self.console)
        self.leader = wait_for(self.find_leader, "the first process of the container")
        wait_for(lambda: self.run("busctl", "status", check=False).status == 0, "its bus")
        self.run("systemctl", "is-system-running", "--wait", check=False)

    def find_leader(self):
        if self.nspawn.poll() is not None:
            raise AssertionError("the container did not start: " + self.said())
        for child in pathlib.Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split():
            with contextlib.suppress(OSError):      # others come and go on the way
                if pathlib.Path(f"/proc/{child}/comm").read_text() == "systemd\n":
                    return int(child)
        return None

    def said(self):
        console = self.folder / "console"
        return console.read_text(errors="replace") if console.exists() else ""

    def stop(self):
        if self.mailhost:
            self.mailhost.kill()
            self.mailhost.wait()
        if self.leader:                 # with it everything in the container
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.leader, signal.SIGKILL)
        if self.nspawn:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.nspawn.wait(10 if self.leader else 0)
            self.nspawn.kill()
            self.nspawn.wait()
        for path in (self.root, self.folder):
            subprocess.run(["umount", "--lazy", path], check=False, stderr=subprocess.DEVNULL)
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    # ---- commands ----

    def command(self, arguments, user=None):
        enter = ["nsenter", "-t", str(self.leader), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w"]
        if user:
            enter += ["setpriv", "--reuid", user, "--regid", user, "--init-groups", "--reset-env"]
        return enter + [str(argument) for argument in arguments]

    def run(self, *arguments, user=None, check=True, input=None):
        """Runs a command in the machine, as root or as a user of it."""
        process = subprocess.run(self.command(arguments, user), input=input, capture_output=True, text=True,
                                 errors="replace", timeout=GUARD,
                                 env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"})
        if check and process.returncode != 0:
            raise AssertionError(f"{shlex.join(map(str, arguments))}: {Output(process)}\n{self.journal(20)}")
        return Output(process)

    def start(self, *arguments, user=None, **more):
        """Starts a command in the machine, and returns its process.  What is killed here is only what brought it there: it
        has to end when its standard input does, or with the machine."""
        return subprocess.Popen(self.command(arguments, user), stdin=subprocess.PIPE, text=True,
                                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}, **more)

    def python(self, text, user=None, check=True):
        """Runs a Python program in the machine."""
        return self.run("/usr/bin/python3", "-c", textwrap.dedent(text), user=user, check=check)

    def journal(self, lines=None, *arguments):
        limit = ["-n", str(lines)] if lines else []
        return self.run("journalctl", "--no-pager", "-q", "-b", *limit, *arguments, check=False).stdout

    def entries(self, *arguments):
        """Entries of the journal, with all their fields."""
        text = self.run("journalctl", "--no-pager", "-q", "-b", "-o", "json", *arguments).stdout
        return [json.loads(line) for line in text.splitlines()]

    # ---- the service ----

    def show(self, unit, name):
        return self.run("systemctl", "show", "--value", "-p", name, unit).stdout.strip()

    def pid(self, unit="maildiagd.service"):
        return int(self.show(unit, "MainPID"))

    def workers(self):
        """Units of workers that run, without those of discovery, which come and go."""
        lines = self.run("systemctl", "list-units", "--no-legend", "--plain", "--state=active", "maildiag-worker@*")
        return [line.split()[0] for line in lines.stdout.splitlines()]

    def call(self, method, *arguments, user=None, check=True, interface=MANAGER, path=PATH):
        return self.run("busctl", "--system", "--json=short", "call", NAME, path, interface, method, *arguments,
                        user=user, check=check)

    def drop_in(self, unit, name, text):
        """Settings of a unit on top of its own."""
        self.run("sh", "-c", f"mkdir -p /run/systemd/system/{unit}.d && cat > /run/systemd/system/{unit}.d/{name}.conf",
                 input=text)
        self.run("systemctl", "daemon-reload")

    def reset(self):
        """The service as it is after installation, running."""
        self.run("sh", "-c", "rm -rf /run/systemd/system/maildiag* && systemctl daemon-reload && "
                             "systemctl reset-failed && systemctl restart maildiagd.service")

    # ---- the mail host ----

    def start_mailhost(self):
        """Behind a cable, in a network of its own."""
        self.run("sh", "-ec", """
                ip link set lo up
                ip netns add mail
                ip link add cable type veth peer name cable netns mail
                ip addr add 192.0.2.1/24 dev cable; ip link set cable up
                ip -n mail link set lo up
                ip -n mail addr add 192.0.2.25/24 dev cable; ip -n mail addr add 192.0.2.26/24 dev cable
                ip -n mail link set cable up
                ip netns exec mail nft add table ip quiet
                ip netns exec mail nft add chain ip quiet input '{ type filter hook input priority 0; }'
                ip netns exec mail nft add rule ip quiet input ip daddr 192.0.2.26 drop""")
        self.mailhost = self.start("ip", "netns", "exec", "mail", "/usr/bin/python3", FOLDER + "/mailhost.py",
                                   stdout=subprocess.PIPE)
        if self.mailhost.stdout.readline() != "ready\n":
            raise AssertionError("the mail host did not start")

    def set_up(self):
        self.mount()
        self.furnish()
        self.install()
        self.boot()
        self.run("sh", "-es", input=(SOURCE / "systemd/after-install").read_text(encoding="utf-8"))
        for user in USERS:
            self.run("useradd", "--create-home", "--user-group", user)
        self.start_mailhost()


class SystemTest(unittest.TestCase):
    """A test on the machine; the service is as installed at the start of each class."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.machine = machine
        machine.reset()

    def run(self, result=None):
        """What the journal said belongs to a test that failed."""
        before, began = len(result.failures) + len(result.errors), time.monotonic()
        super().run(result)
        print(f"{time.monotonic() - began:.2f} s", file=sys.stderr)
        if len(result.failures) + len(result.errors) > before:
            print(machine.journal(40), file=sys.stderr)


def main():
    global machine
    if os.geteuid() != 0:
        print("not root: a machine cannot be booted")
        return 77
    sys.modules["machine"] = sys.modules["__main__"]
    sys.path.insert(0, str(HERE))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    machine = Machine()
    try:
        try:
            machine.set_up()
        except BaseException:
            print(machine.said(), file=sys.stderr)
            raise
        names = sys.argv[1:] or sorted(pathlib.Path(path).stem for path in glob.glob(str(HERE / "test_*.py")))
        suite = unittest.defaultTestLoader.loadTestsFromNames(names)
        result = unittest.TextTestRunner(verbosity=2).run(suite)
    finally:
        machine.stop()
    if result.testsRun == 0 or result.skipped:
        print("nothing may be skipped here")
        return 1
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
