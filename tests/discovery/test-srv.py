#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The srv plugin against real name servers: zones that are signed, unsigned and signed wrongly, odd records, and name servers that
keep signatures back or say nothing.

It needs root, nsd, unbound and the tools of ldns.
"""

import contextlib
import pathlib
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import zones                                                    # noqa: E402
from plugin import FOLDER, ask, enter_namespace, settle, use_resolver  # noqa: E402

STRIPPING = "127.0.0.54"                # a name server that knows nothing of signatures
SILENT = "127.0.0.55"
REFUSING = "127.0.0.56"
HASH = "AB" * 32

FULL = (
    ("_imaps._tcp", "SRV 0 1 993 imap.full.example."), ("_imap._tcp", "SRV 0 1 143 imap.full.example."),
    ("_pop3s._tcp", "SRV 0 1 995 pop.full.example."), ("_pop3._tcp", "SRV 0 1 110 pop.full.example."),
    ("_submissions._tcp", "SRV 0 1 465 smtp.full.example."), ("_submission._tcp", "SRV 0 1 587 smtp.full.example."),
    ("_993._tcp.imap", f"TLSA 3 1 1 {HASH}"), ("imap", "A 10.80.0.1"),
)


def records(world):
    world.add("full.example", "MX 20 mx2.host.example.", "MX 10 mx1.host.example.")
    for name, record in FULL:
        world.add(f"{name}.full.example", record)
    world.add("unsigned.plain", "MX 10 mx.unsigned.plain.")
    world.add("_imaps._tcp.unsigned.plain", "SRV 0 1 993 imap.hoster.plain.")
    world.add("_submissions._tcp.unsigned.plain", "SRV 0 1 465 smtp.unsigned.plain.")
    for zone in zones.OWN:
        world.add(f"company.{zone}", f"MX 10 mail.company.{zone}.")
        world.add(f"_imaps._tcp.company.{zone}", f"SRV 0 1 993 mail.company.{zone}.")
    world.add("wrong.broken", "MX 10 mx.wrong.broken.")
    world.add("_imaps._tcp.wrong.broken", "SRV 0 1 993 imap.wrong.broken.")
    world.add("absent.example", "MX 10 mx.absent.example.")
    for service in ("_pop3s", "_pop3", "_imap"):
        world.add(f"{service}._tcp.absent.example", "SRV 0 0 0 .")
    world.add("_imaps._tcp.absent.example", "SRV 0 0 993 imap.absent.example.")
    world.add("odd.example", "MX 10 mx.odd.example.")
    world.add("_imaps._tcp.odd.example", "SRV 0 0 0 imap.odd.example.", "SRV 0 0 22 imap.odd.example.",
              "SRV 1 0 65535 imap.odd.example.", "SRV 2 0 1993 imap.odd.example.", "SRV 3 0 993 im\\032ap.odd.example.")
    world.add("many.example", "MX 10 mx.many.example.")
    world.add("_imaps._tcp.many.example", *[f"SRV {n} 0 993 imap{n}.many.example." for n in range(500)])
    world.add("nomail.example", "MX 0 .", "TXT \"v=spf1 -all\"")
    world.add("bare.example", "A 10.80.0.1")
    world.add("xn--bcher-kva.example", "MX 10 mx.xn--bcher-kva.example.")
    world.add("_imaps._tcp.xn--bcher-kva.example", "SRV 0 0 993 imap.xn--bcher-kva.example.")


@contextlib.contextmanager
def network(resolver=zones.RESOLVER, dropped=()):
    """Another name server for a while, and addresses that nothing comes from."""
    use_resolver(FOLDER, resolver)
    rules = "".join(f"ip daddr {address} drop\n" for address in dropped)
    subprocess.run(["nft", f"table inet away {{\nchain input {{\ntype filter hook input priority 0;\n{rules}}}\n}}"], check=True)
    try:
        yield
    finally:
        subprocess.run(["nft", "delete table inet away"], check=True)
        use_resolver(FOLDER, zones.RESOLVER)


class Srv(unittest.TestCase):
    def ask(self, domain, **options):
        return ask("srv", "anna", domain, name="discovery-srv", **options)

    def test_full(self):
        answer = self.ask("full.example")
        self.assertEqual(answer.fact("dnssec"), "checked")
        self.assertEqual(answer.candidates, [
            "imap imap.full.example:993 tls", "imap imap.full.example:143 starttls", "pop3 pop.full.example:995 tls",
            "pop3 pop.full.example:110 starttls", "smtp smtp.full.example:465 tls", "smtp smtp.full.example:587 starttls"])
        for candidate in answer.of("candidate"):
            self.assertEqual(candidate["trust"], "dnssec")
            self.assertFalse(candidate["foreign"])
        self.assertEqual(answer.of("candidate")[0]["origin"], "SRV _imaps._tcp.full.example")
        self.assertEqual(answer.fact("mx"), ["mx1.host.example", "mx2.host.example"])
        self.assertTrue(answer.fact("mx-validated"))
        self.assertEqual(answer.fact("tlsa"), [f"_993._tcp.imap.full.example 3 1 1 {HASH.lower()}"])
        self.assertEqual(answer.codes, [])
        self.assertEqual(answer.exit["status"], 0)

    def test_names_of_the_network_itself(self):
        for zone in zones.OWN:
            with self.subTest(zone):
                answer = self.ask(f"company.{zone}")
                self.assertEqual(answer.fact("dnssec"), "not-available")
                self.assertEqual(answer.candidates, [f"imap mail.company.{zone}:993 tls"])
                self.assertEqual(answer.fact("mx"), [f"mail.company.{zone}"])
                self.assertEqual(answer.codes, [])
                answer = self.ask(f"nobody.{zone}")
                self.assertEqual(answer.codes, ["dns.no-such-domain"])

    def test_unsigned(self):
        answer = self.ask("unsigned.plain")
        self.assertEqual(answer.candidates, ["imap imap.hoster.plain:993 tls", "smtp smtp.unsigned.plain:465 tls"])
        self.assertEqual([one["trust"] for one in answer.of("candidate")], ["insecure", "insecure"])
        self.assertEqual([one["foreign"] for one in answer.of("candidate")], [True, False])
        self.assertEqual(answer.codes, ["autoconf.foreign-host"])
        self.assertEqual(answer.finding("autoconf.foreign-host")["found"], "imap.hoster.plain")
        self.assertIsNone(answer.fact("tlsa"))
        self.assertFalse(answer.fact("mx-validated"))

    def test_bogus(self):
        answer = self.ask("wrong.broken")
        self.assertEqual(answer.candidates, [])
        self.assertIn("dns.bogus", answer.codes)
        self.assertIn("wrong.broken", answer.finding("dns.bogus")["evidence"])
        self.assertEqual(answer.sources["SRV _imaps._tcp.wrong.broken"]["outcome"], "failed")

    def test_absent(self):
        answer = self.ask("absent.example")
        self.assertEqual(answer.candidates, ["imap imap.absent.example:993 tls"])
        self.assertEqual(answer.codes, ["autoconf.service-absent"])
        self.assertEqual(answer.finding("autoconf.service-absent")["services"], "POP3")

    def test_odd_records(self):
        answer = self.ask("odd.example")
        self.assertEqual(answer.candidates, ["imap imap.odd.example:1993 tls"])
        self.assertEqual(answer.codes, ["autoconf.bad-record"])
        self.assertEqual(answer.finding("autoconf.bad-record")["origin"], "SRV _imaps._tcp.odd.example")

    def test_five_hundred(self):
        answer = self.ask("many.example")
        self.assertEqual(answer.candidates, [f"imap imap{n}.many.example:993 tls" for n in range(8)])
        self.assertEqual(answer.codes, ["autoconf.too-many"])

    def test_no_mail(self):
        self.assertEqual(self.ask("nomail.example").codes, ["dns.no-mail"])

    def test_no_such_domain(self):
        answer = self.ask("nowhere.example")
        self.assertEqual(answer.codes, ["dns.no-such-domain"])
        self.assertEqual(answer.sources["MX nowhere.example"]["trust"], "dnssec")

    def test_no_such_domain_behind_a_proxy(self):
        with network(STRIPPING, zones.ROOT_SERVERS):
            self.assertEqual(self.ask("nowhere.example").codes, ["dns.no-such-domain"])
            self.assertEqual(self.ask("nowhere.example", proxy="http://10.80.0.9:3128").codes, [])

    def test_nothing_published(self):
        answer = self.ask("bare.example")
        self.assertEqual((answer.codes, answer.candidates), ([], []))
        self.assertEqual({source["outcome"] for source in answer.of("source")}, {"nothing"})
        self.assertEqual(len(answer.of("source")), 7)

    def test_international_domain(self):
        answer = self.ask("B\u00fccher.example")
        self.assertEqual(answer.candidates, ["imap imap.xn--bcher-kva.example:993 tls"])

    def test_signatures_kept_back(self):
        with network(STRIPPING):
            answer = self.ask("full.example")
        self.assertEqual(answer.fact("dnssec"), "from-root")
        self.assertEqual(len(answer.candidates), 6)
        self.assertEqual({one["trust"] for one in answer.of("candidate")}, {"dnssec"})

    def test_signatures_kept_back_and_root_away(self):
        with network(STRIPPING, zones.ROOT_SERVERS):
            answer = self.ask("stub.example")
        self.assertEqual(answer.fact("dnssec"), "not-available")
        self.assertEqual(answer.candidates, ["imap imap.stub.example:993 tls"])
        self.assertEqual(answer.of("candidate")[0]["trust"], "insecure")
        self.assertFalse(answer.fact("mx-validated"))

    def test_silence(self):
        with network(SILENT, zones.ROOT_SERVERS + (SILENT,)):
            answer = self.ask("full.example", time_scale=4)
        self.assertEqual(answer.codes, ["dns.timeout"])
        self.assertEqual({source["outcome"] for source in answer.of("source")}, {"failed"})
        self.assertEqual(answer.exit["status"], 0)

    def test_refusal(self):
        with network(REFUSING, zones.ROOT_SERVERS):
            answer = self.ask("full.example")
        self.assertEqual(answer.codes, ["dns.server-failure"])

    def test_nothing_on_standard_error(self):
        self.assertEqual(self.ask("full.example").errors, "")


def other_servers(world):
    """Name servers without signatures: one that knows a name, and one that refuses all."""
    common = ["dnsmasq", "--keep-in-foreground", "--user=root", "--group=root", "--pid-file=", "--conf-file=/dev/null",
              "--no-resolv", "--no-hosts", "--bind-interfaces", "--log-facility=/dev/null"]
    stub = ["--srv-host=_imaps._tcp.stub.example,imap.stub.example,993,0,0", "--mx-host=stub.example,mx.stub.example,10", "--local=/#/"]
    world.start(common + [f"--listen-address={STRIPPING}"] + stub, STRIPPING)
    world.start(common + [f"--listen-address={REFUSING}"], REFUSING)


if __name__ == "__main__":
    enter_namespace(__file__, zones.PROGRAMS + ("dnsmasq",))
    settle(("10.80.0.1",))
    use_resolver(FOLDER, zones.RESOLVER)
    WORLD = zones.Zones(FOLDER)
    records(WORLD)
    WORLD.serve()
    other_servers(WORLD)
    result = unittest.main(argv=sys.argv[:1], exit=False).result
    WORLD.stop()
    sys.exit(0 if result.wasSuccessful() else 1)
