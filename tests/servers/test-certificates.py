# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every kind of certificate in the hands of Dovecot, some in Postfix's: what is found, and that no password is sent to
a server whose certificate is not in order.

Each kind has an address of its own, 127.0.0.2 and so on.  The name that the certificate "wrong-host" is for has one,
too.
"""

import os
import re
import subprocess

import diagnosis
from diagnosis import OTHER_HOST, Service
from realhost import Dovecot, Postfix

# What is found.  Neither server staples what it is not told to.  Of a certificate that nobody vouches for, on this
# computer itself, a bridge program is the likely owner.
KINDS = {
    "good": (),
    "good-rsa": (),
    "good-with-root": (),
    "good-staple": ("cert.staple-missing",),
    "wildcard": (),
    "ip": (),
    "idn": (),
    "name-constraint-kept": (),
    "shouting": (),
    "no-purpose": ("cert.unusual",),
    "long-lived": ("cert.unusual",),
    "wildcard-too-short": ("cert.wrong-host", "cert.unusual"),
    "wildcard-two-labels": ("cert.wrong-host",),
    "ip-missing": ("cert.wrong-host",),
    "expired": ("cert.expired",),
    "expired-issuer": ("cert.expired",),
    "not-yet-valid": ("cert.not-yet-valid",),
    "clock": ("local.clock-wrong", "cert.not-yet-valid"),
    "expires-soon": ("cert.expires-soon",),
    "self-signed": ("local.bridge-certificate", "cert.self-signed"),
    "unknown-ca": ("local.bridge-certificate", "cert.unknown-issuer"),
    "unknown-ca-unsent": ("local.bridge-certificate", "cert.unknown-issuer"),
    "scanned": ("local.bridge-certificate", "cert.unknown-issuer"),
    "chain-incomplete": ("cert.chain-incomplete",),
    "chain-incomplete-no-address": ("cert.chain-incomplete",),
    "cross-signed": (),
    "untidy-chain": ("cert.untidy-chain",),
    "wrong-host": ("cert.wrong-host",),
    "no-san": ("cert.no-san",),
    "expired-wrong-host": ("cert.expired", "cert.wrong-host"),
    "self-signed-wrong-host": ("cert.wrong-host", "local.bridge-certificate", "cert.self-signed"),
    "weak-key": ("cert.weak",),
    "weak-curve": ("cert.weak", "tls.closed"),
    "sha1": ("cert.weak",),
    "wrong-purpose": ("cert.wrong-purpose",),
    "wrong-usage": ("cert.wrong-purpose",),
    "bad-ca": ("cert.bad-ca",),
    "bad-ca-usage": ("cert.bad-ca",),
    "path-length": ("cert.bad-ca",),
    "name-constraint": ("cert.bad-ca",),
    "must-staple": ("cert.staple-missing",),
    "revoked": (),
    "old-staple": (),
    "foreign-staple": (),
    "nul-name": ("cert.wrong-host", "cert.unusual"),
    "u-label": ("cert.wrong-host", "cert.unusual"),
    "names-1000": (),
    "names-4000": ("tls.too-large",),
    "unknown-critical": ("cert.unknown-critical",),
}
HARMLESS = {"cert.unusual", "cert.expires-soon", "cert.untidy-chain"}
OTHER_ADDRESS = "127.0.0.200"
WRONG_HOST = "imap.example.net"         # at the same address
POSTFIX_KINDS = ("good-rsa", "expired", "self-signed", "unknown-ca", "chain-incomplete", "wrong-host", "sha1")
LOGIN = re.compile(r"Login:|auth attempts in|auth failed|Aborted login \(tried")


def list_kinds():
    done = subprocess.run([os.environ["MAILDIAG_MAKE_CERTS"], "--list"], check=True, capture_output=True, text=True)
    return dict(line.split("\t") for line in done.stdout.splitlines())


class Certificates(diagnosis.RealTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hosts = list_kinds()
        cls.addresses = {kind: f"127.0.0.{i}" for i, kind in enumerate(cls.hosts, start=2)}
        users = {diagnosis.ADDRESS: diagnosis.PASSWORD}
        cls.dovecot = cls.start(Dovecot(cls.folder.path / "dovecot", *cls.folder.pair("good"), users, "".join(
            f"local {address} {{\n{cls.pair_for_dovecot(kind)}}}\n"
            for kind, address in [*cls.addresses.items(), ("wrong-host", OTHER_ADDRESS)])
            + f"listen = 127.0.0.1, {', '.join(cls.addresses.values())}, {OTHER_ADDRESS}\n"))
        cls.postfix = cls.start(Postfix(cls.folder.path / "postfix", *cls.folder.pair("good"), cls.dovecot,
                                        services={kind: cls.pair_for_postfix(kind) for kind in POSTFIX_KINDS}))

    @classmethod
    def pair_for_dovecot(cls, kind):
        """The library refuses weak ones, unless it is told that anything goes."""
        certificate, key = cls.folder.pair(kind)
        return f"ssl_cert = <{certificate}\nssl_key = <{key}\nssl_cipher_list = ALL:@SECLEVEL=0\n"

    @classmethod
    def pair_for_postfix(cls, kind):
        certificate, key = cls.folder.pair(kind)
        return f"smtpd_tls_cert_file = {certificate}", f"smtpd_tls_key_file = {key}"

    def logins_at(self, address):
        """What Dovecot has to say about logins at one of its addresses, the refused and the broken ones included."""
        return [line for line in self.dovecot.log().splitlines()
                if f"lip={address}," in line and LOGIN.search(line) and "no auth attempts" not in line]

    def judge(self, report, kind, protocol):
        codes = KINDS[kind]
        sound = set(codes) <= HARMLESS
        service = report.service(protocol)
        self.assertEqual(report.codes, list(codes), report)
        self.assertEqual(report.status, 0 if sound else 1, report)
        self.assertEqual(service["tls"]["verified"], sound, report)
        self.assertEqual(service["login"], "ok" if sound else "not-tried", report)
        return sound

    def check_dovecot(self, kind, listener, security):
        address = self.addresses[kind]
        before = len(self.logins_at(address))
        service = Service("imap", self.dovecot.ports[listener], security, self.hosts[kind])
        report = self.check(service, connect_to=address)
        sound = self.judge(report, kind, "imap")
        logins = self.logins_at(address)[before:]
        self.assertEqual(len(logins), 1 if sound else 0, logins)

    def test_every_kind_is_here(self):
        self.assertEqual(set(self.hosts), set(KINDS))

    def test_dovecot(self):
        for kind in KINDS:
            with self.subTest(kind):
                self.check_dovecot(kind, "imaps", "tls")

    def test_dovecot_with_starttls(self):
        for kind in ("good", "good-rsa", "expired", "self-signed", "chain-incomplete", "wrong-host", "weak-curve"):
            with self.subTest(kind):
                self.check_dovecot(kind, "imap", "starttls")

    def test_postfix(self):
        for kind in POSTFIX_KINDS:
            with self.subTest(kind):
                report = self.check(Service("smtp", self.postfix.ports[kind], "starttls", self.hosts[kind]))
                self.judge(report, kind, "smtp")
        log = self.postfix.log()
        self.assertEqual(log.count("sasl_method="), 1, log)     # the good one

    def wrong_host_at(self, address):
        if not self.own_network:
            self.skipTest("names are resolved by the machine")
        report = self.check(Service("imap", self.dovecot.ports["imaps"], "tls"), connect_to=address)
        self.assert_broken(report, "cert.wrong-host")
        self.assertEqual(self.logins_at(OTHER_ADDRESS), [])     # nobody vouches for the name
        return report

    def test_name_of_the_same_machine(self):
        """The name that leads to the same address and that its certificate covers is the right one."""
        report = self.wrong_host_at(OTHER_ADDRESS)
        self.assert_proposes(report, "cert.wrong-host", "connection", host=OTHER_HOST)

    def test_name_of_another_machine(self):
        report = self.wrong_host_at(self.addresses["wrong-host"])
        self.assertEqual(report.changes("cert.wrong-host"), {}, report)

    def test_name_that_was_discovered(self):
        if not self.own_network:
            self.skipTest("names are resolved by the machine")
        providers = self.folder.path / "providers"
        providers.mkdir(0o755)
        (providers / "test.conf").write_text(f"[example]\nname = Example\ndomains = example.test\n"
                                             f"imap = {WRONG_HOST} {self.dovecot.ports['imaps']} tls\n")
        environment = self.folder.daemon(f"--provider-dir={providers}")
        process = diagnosis.start_client(["discover", diagnosis.ADDRESS, "--ca-file", str(self.folder.ca_file), "--json"], None,
                                         environment)
        outputs = diagnosis.finish_client(process, None)
        report = diagnosis.Report(process.returncode, *outputs)
        self.assertNotEqual(report.status, 0, report)
        [candidate] = report.document["discovery"]["candidates"]
        self.assertEqual((candidate["host"], candidate["outcome"], candidate["code"], candidate["chosen"]),
                         (WRONG_HOST, "fails", "cert.wrong-host", False), report)
        self.assertIn("autoconf.wrong-certificate", report.codes, report)
        self.assertEqual(self.logins_at(OTHER_ADDRESS), [])


if __name__ == "__main__":
    diagnosis.main({OTHER_ADDRESS: [OTHER_HOST, WRONG_HOST]})
