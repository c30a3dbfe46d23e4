# SPDX-License-Identifier: LGPL-2.1-or-later
"""Dovecot and Postfix of the distribution, started for a test on free ports of loopback, ended by process id.

Each server gets a folder with a configuration of its own; nothing of the system's configuration or spool is read or
written.  Both need root, because they change users for their parts.
"""

import contextlib
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import time

MESSAGE_NAME = "1700000000.M1P1.mail:2,S"


def ephemeral_ports():
    """What the kernel gives to connections: a server there would meet them."""
    first, last = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()
    return range(int(first), int(last) + 1)


given_ports = set()


def free_port(family=socket.AF_INET):
    """A port that nothing listens on, that no connection gets by chance, and that was not given before."""
    taken = ephemeral_ports()
    while True:
        port = random.randrange(10000, 65536)
        if port in taken or port in given_ports:
            continue
        with socket.socket(family) as probe, contextlib.suppress(OSError):
            probe.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", port))
            given_ports.add(port)
            return port


def listens(port):
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for_port(port, process, seconds=20):
    """Waits until something listens, or the server has died."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if listens(port):
            return
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on port {port}")


def has_ipv6():
    """Whether the loopback address of IPv6 can be used."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


def loopbacks():
    """Where servers listen.  A client that comes to the second comes from the first: to Dovecot it is not local then,
    and has to encrypt before it logs in."""
    return ("127.0.0.1", "127.0.0.2", "::1") if has_ipv6() else ("127.0.0.1", "127.0.0.2")


class Server:
    """A server process with a folder; the subclasses write the configuration."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = None
        self.ports = {}

    def log(self):
        path = self.folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self):
        """Ends the server; a part that would go on serving its last client ends, too."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
            self.kill_parts()

    def kill_parts(self):
        """And waits until none is left that holds a port."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for _ in range(500):
            if not any(map(listens, self.ports.values())):
                break
            time.sleep(0.01)

    def __enter__(self):
        try:
            self.start()
        except RuntimeError:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()


class Dovecot(Server):
    """IMAP, POP3, submission and ManageSieve, in clear with STARTTLS and with implicit TLS.

    `ports` names the listeners: imap, imaps, pop3, pop3s, sieve.  `users` maps names to passwords.  `settings` are
    further lines of the configuration.  `fields` maps names to further fields of the user database.
    """

    def __init__(self, folder, certificate, key, users, settings="", fields=None):
        super().__init__(folder)
        self.certificate, self.key, self.users, self.settings = certificate, key, users, settings
        self.fields = fields or {}
        self.ports = {name: free_port() for name in ("imap", "imaps", "pop3", "pop3s", "sieve")}

    def configure(self):
        folder, ports = self.folder, self.ports
        (folder / "users").write_text("".join(f"{user}:{{PLAIN}}{password}::::::{self.fields.get(user, '')}\n"
                                              for user, password in self.users.items()), encoding="utf-8")
        (folder / "mail").mkdir(exist_ok=True)
        shutil.chown(folder / "mail", "mail", "mail")
        (folder / "dovecot.conf").write_text(f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
listen = {', '.join(loopbacks())}
protocols = imap pop3 sieve
ssl = yes
ssl_cert = <{self.certificate}
ssl_key = <{self.key}
disable_plaintext_auth = yes
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
auth_failure_delay = 0
auth_username_format = %Lu
mail_location = maildir:{folder}/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
default_internal_user = dovecot
default_login_user = dovenull
login_trusted_networks =
mail_plugins = quota
protocol imap {{
  mail_plugins = quota imap_quota
}}
plugin {{
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=100M
  sieve = file:{folder}/mail/%u/sieve
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
}}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid=mail gid=mail home={folder}/mail/%u
}}
service imap-login {{
  inet_listener imap {{
    port = {ports['imap']}
  }}
  inet_listener imaps {{
    port = {ports['imaps']}
    ssl = yes
  }}
}}
service pop3-login {{
  inet_listener pop3 {{
    port = {ports['pop3']}
  }}
  inet_listener pop3s {{
    port = {ports['pop3s']}
    ssl = yes
  }}
}}
service managesieve-login {{
  inet_listener sieve {{
    port = {ports['sieve']}
  }}
}}
# Whoever failed before waits for the next answer, up to a quarter of a minute.
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener {folder}/auth {{
    mode = 0666
  }}
}}
{self.settings}
""")

    def start(self):
        self.configure()
        self.process = subprocess.Popen(["/usr/sbin/dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
                                        start_new_session=True)
        for name in ("imap", "pop3"):
            wait_for_port(self.ports[name], self.process)


    def mailbox(self, user):
        """The folder of a user's inbox."""
        return self.folder / "mail" / user

    def put_message(self, user, message, name=MESSAGE_NAME):
        """A message that was read before."""
        for part in ("cur", "new", "tmp"):
            (self.mailbox(user) / part).mkdir(parents=True, exist_ok=True)
        (self.mailbox(user) / "cur" / name).write_bytes(message)
        subprocess.run(["chown", "-R", "mail:mail", self.mailbox(user)], check=True)

    def logins(self):
        return [line for line in self.log().splitlines() if " Login: " in line]


class Postfix(Server):
    """SMTP between servers without login (smtp), submission with STARTTLS and with implicit TLS (submissions).

    Logins are checked by a Dovecot.  `settings` are further lines of main.cf, `options` further settings of the two
    submission services.  `services` maps names to the settings of further services, each with a port of its own and
    STARTTLS.
    """

    def __init__(self, folder, certificate, key, dovecot, domain="example.test", settings="", options=(),
                 services=None):
        super().__init__(folder)
        self.certificate, self.key, self.dovecot, self.domain = certificate, key, dovecot, domain
        self.settings, self.options, self.services = settings, options, services or {}
        self.ports = {name: free_port() for name in ("smtp", "submission", "submissions", *self.services)}

    def smtpd(self, name, *options):
        """The lines of one service in master.cf."""
        lines = "".join(f"  -o {{ {option} }}\n" for option in options)
        return "".join(f"[{address}]:{self.ports[name]} inet n - n - - smtpd\n{lines}" for address in loopbacks())

    def master_cf(self):
        parts = ("pickup unix n - n 60 1 pickup", "cleanup unix n - n - 0 cleanup", "qmgr unix n - n 300 1 qmgr",
                 "rewrite unix - - n - - trivial-rewrite", "bounce unix - - n - 0 bounce",
                 "defer unix - - n - 0 bounce", "trace unix - - n - 0 bounce", "proxymap unix - - n - - proxymap",
                 "smtp unix - - n - - smtp", "error unix - - n - - error", "local unix - n n - - local",
                 "anvil unix - - n - 1 anvil", "tlsmgr unix - - n 1000? 1 tlsmgr",
                 "postlog unix-dgram n - n - 1 postlogd")
        return (self.smtpd("smtp", "smtpd_sasl_auth_enable = no")
                + self.smtpd("submission", "smtpd_tls_security_level = encrypt", *self.options)
                + self.smtpd("submissions", "smtpd_tls_wrappermode = yes", *self.options)
                + "".join(self.smtpd(name, *options) for name, options in self.services.items())
                + "\n".join(parts) + "\n")

    def configure(self):
        folder = self.folder
        for name in ("queue", "data"):
            (folder / name).mkdir(exist_ok=True)
        shutil.chown(folder / "data", "postfix")
        (folder / "master.cf").write_text(self.master_cf())
        (folder / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
myhostname = mail.{self.domain}
mydomain = {self.domain}
mydestination = {self.domain}
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 192.0.2.0/24
inet_interfaces = loopback-only
inet_protocols = {'all' if has_ipv6() else 'ipv4'}
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
smtpd_tls_cert_file = {self.certificate}
smtpd_tls_key_file = {self.key}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {self.dovecot.folder}/auth
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_delay_reject = yes
smtpd_client_connection_count_limit = 0
{self.settings}
""")

    def start(self):
        self.configure()
        subprocess.run(["/usr/sbin/postfix", "-c", str(self.folder), "check"], check=False,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen(["/usr/lib/postfix/sbin/master", "-c", str(self.folder), "-s"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
                                        start_new_session=True)
        wait_for_port(self.ports["submissions"], self.process)


def as_root():
    """Whether these servers can be started here."""
    return os.geteuid() == 0
