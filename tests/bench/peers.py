# SPDX-License-Identifier: LGPL-2.1-or-later
"""The programs that are compared, as tables: how each checks an endpoint.

A command is a list of words.  What a program cannot do at an endpoint is None: monitoring plugins speak STARTTLS only for SMTP, so
that they check the other STARTTLS ports in clear text.
"""

import os
import pathlib
import shutil

import host

PACKAGES = ("curl", "monitoring plugins")
PLUGINS = pathlib.Path("/usr/lib/nagios/plugins")
SYSTEM_AUTHORITIES = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")

MONITORING = {("imap", 143): ["check_imap"], ("imap", 993): ["check_simap"], ("pop3", 110): ["check_pop"],
              ("pop3", 995): ["check_spop"], ("smtp", 587): ["check_smtp", "-S"], ("smtp", 465): ["check_ssmtp"],
              ("smtp", 25): ["check_smtp", "-S"]}
CURL_SCHEMES = {("imap", "starttls"): "imap", ("imap", "tls"): "imaps", ("pop3", "starttls"): "pop3",
                ("pop3", "tls"): "pop3s", ("smtp", "starttls"): "smtp", ("smtp", "tls"): "smtps"}


class Peers:
    """Command lines against a host."""

    def __init__(self, mail_host):
        self.host = mail_host
        self.curl = shutil.which("curl")
        # What maildiag and the floor trust as well: the system's authorities and the one of this run.
        self.authorities = mail_host.folder / "authorities.pem"
        self.authorities.write_text(SYSTEM_AUTHORITIES.read_text() + mail_host.ca.read_text())
        self.netrc = mail_host.folder / "netrc"
        self.netrc.write_text(f'machine {host.NAME} login {host.USER} password "{host.PASSWORD}"\n')

    def absent(self, name):
        return not (self.curl if name == "curl" else (PLUGINS / "check_imap").exists())

    def login(self, endpoint):
        return endpoint != host.RELAY

    def floor(self, endpoint, address, repeat=1):
        user = host.USER if self.login(endpoint) else "-"
        return [os.environ["FLOOR"], endpoint.protocol, endpoint.security, address, str(endpoint.port), host.NAME, user,
                str(self.host.secret), str(self.host.ca), str(repeat)]

    def maildiag(self, endpoints, address, *options):
        """One call for all of the endpoints."""
        words = [os.environ["MAILDIAG_CLIENT"], "check", host.USER, "--ca-file", str(self.host.ca), "--connect-to", address]
        if all(map(self.login, endpoints)):
            # More logins are made here than an account may have in a day; they are counted all the same.
            words += ["--auth", "PLAIN", "--password-file", str(self.host.secret), "--ignore-login-budget"]
        for endpoint in endpoints:
            words += [f"--{endpoint.protocol}", f"{host.NAME}:{endpoint.port}"]
        return words + list(options)

    def monitoring(self, endpoint, address):
        program, *options = MONITORING[endpoint.protocol, endpoint.port]
        return [str(PLUGINS / program), "-H", address, "-p", str(endpoint.port)] + options

    def curl_call(self, endpoint, address):
        words = [self.curl, "-sS", "--cacert", str(self.authorities), "--connect-to", f"::{address}:", "--ssl-reqd"]
        if self.login(endpoint):
            words += ["--netrc-file", str(self.netrc), "--login-options", "AUTH=PLAIN"]
        if endpoint.protocol == "smtp":
            words += ["-X", "RSET"]
        scheme = CURL_SCHEMES[endpoint.protocol, endpoint.security]
        return words + [f"{scheme}://{host.NAME}:{endpoint.port}/"]
