# SPDX-License-Identifier: LGPL-2.1-or-later
"""The programs for which settings are exported, as readers: what each of them takes a file to say."""

import base64
import contextlib
import os
import pty
import re
import select
import signal
import socketserver
import subprocess
import threading

HANG = 30                               # seconds; nothing here takes a tenth of it


def write(directory, name, text):
    """For its owner only, as these programs want it."""
    path = os.path.join(directory, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    return path


def run(*words, **options):
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=HANG, check=False, encoding="utf-8",
                          errors="surrogateescape", env=dict(os.environ, LC_ALL="C.UTF-8"), **options)


def msmtp(directory, text):
    """What msmtp -P prints: a dictionary."""
    path = write(directory, "msmtprc", text)
    name = re.search(r"^account (\S+)$", text, re.M)[1]
    done = run("msmtp", "-C", path, "-a", name, "-P")
    assert done.returncode == 0, done
    return dict(line.split(" = ", 1) for line in done.stdout.splitlines() if " = " in line)


def mutt(program, directory, text):
    """What mutt -D or neomutt -D prints: a dictionary."""
    done = run(program, "-n", "-F", write(directory, "muttrc", text), "-D")
    assert done.returncode == 0 and "rror" not in done.stderr, done
    values = {}
    for line in done.stdout.splitlines():
        if match := re.match(r'(?:set )?(\w+) ?= ?"(.*)"$', line):
            values[match[1]] = re.sub(r"\\(.)", r"\1", match[2])
        elif match := re.match(r"(?:set )?(\w+)(?: is set| = yes)$", line):
            values[match[1]] = True
    return values


class ImapTalk(socketserver.StreamRequestHandler):
    """Takes the login of whoever comes, and notes the name."""

    def handle(self):
        if self.server.security == "tls":
            if first := self.rfile.read(1):
                self.server.seen.append(("bytes", first))
            return
        offers = b"STARTTLS LOGINDISABLED" if self.server.security == "starttls" else b"AUTH=PLAIN"
        self.wfile.write(b"* OK [CAPABILITY IMAP4rev1 " + offers + b"] ready\r\n")
        for line in self.rfile:
            tag, command, *rest = line.rstrip(b"\r\n").split(b" ", 2)
            if command.upper() in (b"LOGIN", b"STARTTLS", b"AUTHENTICATE"):
                self.server.seen.append((command.upper().decode(), self.login(tag, command, rest)))
                return
            self.wfile.write(tag + b" OK done\r\n")

    def login(self, tag, command, rest):
        rest = b" ".join(rest)
        if command.upper() == b"STARTTLS":
            return ""
        if command.upper() == b"AUTHENTICATE":
            answer = rest.split(b" ")[1:]
            if not answer:
                self.wfile.write(b"+ \r\n")
                answer = [self.rfile.readline().strip()]
            return base64.b64decode(answer[0]).split(b"\0")[1].decode()
        if rest.startswith(b"{"):
            self.wfile.write(b"+ go on\r\n")
            return self.rfile.read(int(re.match(rb"\{(\d+)", rest)[1])).decode()
        return re.sub(r"\\(.)", r"\1", re.match(rb'"((?:[^"\\]|\\.)*)"|(\S+)', rest)[1].decode())


class ImapServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self, security):
        super().__init__(("127.0.0.1", 0), ImapTalk)
        self.security, self.seen = security, []

    def handle_error(self, request, client_address):
        """Who leaves in the middle is seen in what is missing."""


@contextlib.contextmanager
def imap_server(security):
    server = ImapServer(security)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def mbsync(directory, text):
    """What mbsync does with its file: (its output, what a server sees of it)."""
    name = re.search(r"^Channel (\S+)$", text, re.M)[1]
    security = {"IMAPS": "tls", "STARTTLS": "starttls", "None": "none"}[re.search(r"^SSLType (\S+)$", text, re.M)[1]]
    with imap_server(security) as server:
        text = re.sub(r"^Host .*$", "Host 127.0.0.1", text, flags=re.M)
        text = re.sub(r"^Port .*$", f"Port {server.server_address[1]}", text, flags=re.M)
        text = re.sub(r"^#PassCmd .*$", 'PassCmd "echo x"', text, flags=re.M)
        text = text.replace("~/Mail/", directory + "/Mail/")
        os.makedirs(os.path.join(directory, "Mail", name), exist_ok=True)
        done = run("mbsync", "-c", write(directory, "mbsyncrc", text), "-l", name)
        return done.stderr, server.seen


def aerc(directory, text):
    """What a server sees of aerc, which runs on a terminal of its own with the file as its accounts.conf."""
    scheme = re.search(r"^source = ([a-z+]+)://", text, re.M)[1]
    security = {"imaps": "tls", "imap": "starttls", "imap+insecure": "none"}[scheme]
    with imap_server(security) as server:
        text = re.sub(r"^(source = .*@)[^@]*$", rf"\1localhost:{server.server_address[1]}", text, flags=re.M)
        text = re.sub(r"^#(source-cred-cmd =).*$", r"\1 echo x", text, flags=re.M)
        write(directory, "aerc/accounts.conf", text)
        child, terminal = pty.fork()
        if child == 0:
            places = {f"XDG_{name}_HOME": directory for name in ("CONFIG", "CACHE", "DATA")}
            os.execve("/usr/bin/aerc", ["aerc"], dict(os.environ, HOME=directory, TERM="xterm", XDG_RUNTIME_DIR=directory,
                                                      LC_ALL="C.UTF-8", **places))
        output = watch(terminal, server)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)
        return output, server.seen


def watch(terminal, server):
    """Reads the terminal until the server has seen something, or nothing more comes."""
    output = b""
    for _ in range(HANG * 10):
        if server.seen:
            break
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                output += os.read(terminal, 65536)
            except OSError:
                break
    return output.decode(errors="replace")
