# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the tests against real servers share: certificates, the call of the client, its report, and the start.

Every call is a part of the hunt for the secret: what the client says, what is in the report, and what the processes
of the diagnosis show of themselves to others is searched for the password that was handed over.
"""

import collections
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import jsonschema

import hunt
import network
import realhost

CLIENT = os.environ["MAILDIAG_CLIENT"]
SOURCE = pathlib.Path(os.environ["MAILDIAG_SOURCE"])
SCHEMA = json.loads((SOURCE / "dbus" / "maildiag-report-1.schema.json").read_text(encoding="utf-8"))

ADDRESS = "anna@example.test"
PASSWORD = "Gr4nd\"fa\\ther-%&"          # what has to be quoted in IMAP, JSON, URLs
HOST = "mail.example.org"
OTHER_HOST = "shared.example.net"       # of the certificate "wrong-host"
SERVER = "127.0.0.2"                    # not the address that a client here has
# Without a place to remember logins, there may be any number of them.
ENVIRONMENT = dict(os.environ, LC_ALL="C.UTF-8", COLUMNS="110", XDG_STATE_HOME="/dev/null")
HANG = 120                              # seconds; nothing here takes a quarter of it

Service = collections.namedtuple("Service", "protocol port security host", defaults=(HOST,))


# ---- processes ----

def read(path):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError:                     # it has ended
        return b""


def family(pid):
    """The process and all below it; none of them has threads."""
    yield pid
    for child in read(f"/proc/{pid}/task/{pid}/children").split():
        yield from family(int(child))


def shown(pid):
    """What everybody, or the same user, can see of a process and those below it."""
    return b"\n".join(read(f"/proc/{member}/{name}") for member in family(pid) for name in ("cmdline", "environ"))


# ---- the report ----

class Report:
    """The outcome of one call; attributes of the document that tests ask for again and again."""

    def __init__(self, status, stdout, stderr):
        self.status, self.stdout, self.stderr = status, stdout, stderr
        self.document = json.loads(stdout)
        jsonschema.Draft202012Validator(SCHEMA).validate(self.document)

    def __repr__(self):
        services = [(service["protocol"], service["login"], [(line["from"][0], line["text"])
                                                             for line in service.get("transcript", ())])
                    for service in self.document["services"]]
        return (f"exit {self.status}; " + json.dumps(self.document["findings"], indent=1)
                + json.dumps(self.document["attempts"], indent=1) + f"\n{services}\n{self.stderr}")

    @property
    def codes(self):
        return [finding["code"] for finding in self.document["findings"]]

    @property
    def attempts(self):
        return self.document["attempts"]

    def ability(self, name):
        return self.document[name]["verdict"]

    def finding(self, code):
        return next(finding for finding in self.document["findings"] if finding["code"] == code)

    def service(self, protocol):
        return next(service for service in self.document["services"] if service["protocol"] == protocol)

    def changes(self, code):
        return {change["setting"]: change["to"] for change in self.finding(code).get("changes", ())}


# ---- the call ----

def words_of(services):
    """Services as options.  Two of one protocol have the same security."""
    for service in services:
        yield from (f"--{service.protocol}", f"{service.host}:{service.port}",
                    f"--{service.protocol}-security", service.security)


def texts_of(value):
    """Every text of a document, one after the other."""
    if isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from texts_of(member)
    elif isinstance(value, list):
        for member in value:
            yield from texts_of(member)
    else:
        yield str(value)


def assert_clean(secret, **places):
    for place, data in places.items():
        form = hunt.find(secret, data)
        if form:
            raise AssertionError(f"the password stands in {place} as {form}:\n{data.decode(errors='replace')}")


def secret_fd(secret):
    fd = os.memfd_create("secret")
    os.write(fd, secret.encode())
    os.lseek(fd, 0, os.SEEK_SET)
    return fd


class Folder:
    """Where certificates and servers of a test live; open to the users that servers change to."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="maildiag-"))
        self.path.chmod(0o755)
        self.certificates = self.path / "certificates"
        self.certificates.mkdir()
        subprocess.run([os.environ["MAILDIAG_MAKE_CERTS"], self.certificates], check=True)
        self.ca_file = self.certificates / "ca.pem"

    def pair(self, kind):
        return self.certificates / f"{kind}.crt", self.certificates / f"{kind}.key"

    def daemon(self, *options):
        """A daemon that has options besides those that the client gives it; what the client has to find it."""
        programs = os.environ["MAILDIAG_LIBEXECDIR"]
        folder = self.path / "programs"
        folder.mkdir()
        script = folder / "maildiagd"
        script.write_text(f'#!/bin/sh\nexec "{programs}/maildiagd" "$@" --worker="{programs}/maildiag-worker" {" ".join(options)}\n')
        script.chmod(0o755)
        return {"MAILDIAG_LIBEXECDIR": str(folder), "MAILDIAG_OFFLINE": ""}

    def close(self):
        shutil.rmtree(self.path)


def start_client(words, secret, environment=None, **options):
    """Begins a call; the secret goes through a descriptor."""
    fd = secret_fd(secret) if secret else None
    words = [CLIENT, *words, "--private"] + ([f"--password-fd={fd}"] if secret else [])
    try:
        return subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                env=ENVIRONMENT | (environment or {}),
                                pass_fds=[fd] if secret else [], **options)
    finally:
        if secret:
            os.close(fd)


def finish_client(process, secret):
    """Waits for the end, with an eye on what the processes show.  Returns what was said."""
    seen = set()
    for _ in range(int(HANG / 0.05)):
        seen.add(shown(process.pid))
        try:
            stdout, stderr = process.communicate(timeout=0.05)
            break
        except subprocess.TimeoutExpired:
            pass
    else:
        process.kill()
        raise AssertionError(f"it hangs: {process.args}")
    if secret:
        assert_clean(secret, processes=b"\n".join(seen), stdout=stdout, stderr=stderr)
    return stdout.decode(), stderr.decode()


class Held:
    """A diagnosis in the middle.  Without a service its server has taken the connection and says nothing."""

    def __init__(self, address, secret, service=None, ca_file=None):
        self.secret = secret
        self.server = None if service else socket.create_server((SERVER, 0))
        service = service or Service("imap", self.server.getsockname()[1], "starttls")
        self.process = start_client(["check", address, *words_of([service]), "--connect-to", SERVER, "--timeout", "100",
                                     *(["--ca-file", str(ca_file)] if ca_file else [])], secret)

    def look(self):
        """Names the processes, as soon as all are there."""
        self.client, self.daemon, self.worker, self.probe = family(self.process.pid)

    def await_connection(self):
        self.server.settimeout(HANG)
        self.connection = self.server.accept()[0]
        self.look()

    def finish(self):
        return finish_client(self.process, self.secret)

    @property
    def status(self):
        return self.process.returncode

    def __enter__(self):
        if self.server:
            self.await_connection()
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        if self.server:
            self.connection.close()
            self.server.close()


class RealTest(unittest.TestCase):
    """Diagnoses with the client as it is installed: a private daemon, a worker, probes."""
    folder = None

    @classmethod
    def setUpClass(cls):
        cls.folder = Folder()
        cls.addClassCleanup(cls.folder.close)

    @classmethod
    def start(cls, server):
        """Until the end of the class."""
        cls.addClassCleanup(server.stop)
        server.start()
        return server

    def tell(self, *services, address=ADDRESS, secret=PASSWORD, more=()):
        """A diagnosis for people: exit status, output, complaints."""
        words = ["check", address, *words_of(services), "--ca-file", str(self.folder.ca_file), *more]
        process = start_client(words, secret)
        stdout, stderr = finish_client(process, secret)
        return process.returncode, stdout, stderr

    def check(self, *services, connect_to=SERVER, secret=PASSWORD, more=(), **options):
        """A diagnosis as a document."""
        where = ("--connect-to", connect_to) if connect_to else ()
        report = Report(*self.tell(*services, secret=secret, more=("--json", *where, *more), **options))
        if secret:
            assert_clean(secret, report="\n".join(texts_of(report.document)).encode())
        return report

    def assert_works(self, report, *codes):
        """Nothing is broken; the codes are of what is worth a word."""
        self.assertEqual((report.status, report.codes), (0, list(codes)), report)
        for service in report.document["services"]:
            self.assertEqual(service["login"], "ok", report)
            self.assertTrue(service["tls"]["verified"], report)

    def assert_broken(self, report, *codes):
        """These findings, in this order, and nothing else."""
        self.assertEqual((report.status, report.document["verdict"]), (1, "error"), report)
        self.assertEqual(report.codes, list(codes), report)

    def assert_proposes(self, report, code, proof, **changes):
        self.assertEqual(report.changes(code), {name: str(value) for name, value in changes.items()}, report)
        self.assertEqual((report.finding(code)["verified"], report.finding(code)["proof"]), (True, proof), report)


def main(hosts=None):
    """Runs the tests of the program; 77 is how a test is skipped as a whole."""
    missing = [name for name in ("dovecot", "postfix") if not shutil.which(name, path="/usr/sbin")]
    if not realhost.as_root() or missing:
        print("skipped: " + (f"not installed: {', '.join(missing)}" if missing else "servers are started by root only"))
        sys.exit(77)
    RealTest.own_network = network.enter({SERVER: [HOST], "127.0.0.1": ["localhost"], "::1": ["localhost"],
                                          **(hosts or {})})
    if not RealTest.own_network:
        print("this machine does not let the test have a network of its own; some tests are skipped")
    unittest.main(verbosity=2)
