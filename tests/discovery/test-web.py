#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The plugins that read documents from the web, against a web server in a namespace of the test's own: good, odd and hostile documents,
hosts that are slow, silent or not who they should be, proxies and no network at all.

It needs root, nsd, unbound and the tools of ldns.
"""

import base64
import contextlib
import gzip
import hashlib
import os
import pathlib
import socket
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import zones                                                    # noqa: E402
import webhost                                                  # noqa: E402
from plugin import FOLDER, ask, enter_namespace, settle, use_resolver   # noqa: E402
from webhost import document, redirect                          # noqa: E402

WEB = "10.80.0.1"                       # has a certificate for every name
STRANGER = "10.80.0.2"                  # has one for another name
CLEAR = "10.80.0.3"                     # speaks no TLS
DROPPED = "10.80.0.4"                   # answers nothing
CLOSED = "10.80.0.5"                    # refuses
EXPIRED = "10.80.0.6"
PROXY = "10.80.0.9"
ISPDB = "https://ispdb.example/v1.1/"
SILENT_RESOLVER = "127.0.0.55"
AUTOCONFIG = "/mail/config-v1.1.xml"
WELL_KNOWN = "/.well-known/autoconfig/mail/config-v1.1.xml"
POX = "/autodiscover/autodiscover.xml"
PACC = "/.well-known/user-agent-configuration.json"
MICROSOFT_SCHEMA = "http://schemas.microsoft.com/exchange/autodiscover/"


def server(kind, host, port, security, username="%EMAILADDRESS%", auths=("password-cleartext",)):
    side = "outgoingServer" if kind == "smtp" else "incomingServer"
    words = "".join(f"<authentication>{auth}</authentication>" for auth in auths)
    return (f'<{side} type="{kind}"><hostname>{host}</hostname><port>{port}</port><socketType>{security}</socketType>'
            f"<username>{username}</username>{words}</{side}>")


def config(domain, *servers, more="", name="Example"):
    inside = "".join(servers) or server("imap", f"imap.{domain}", 993, "SSL") + server("smtp", f"smtp.{domain}", 465, "SSL")
    return (f'<?xml version="1.0" encoding="UTF-8"?>\n<clientConfig version="1.1"><emailProvider id="{domain}"><domain>{domain}</domain>'
            f"<displayName>{name}</displayName>{inside}{more}</emailProvider></clientConfig>")


def pox(inside):
    return (f'<?xml version="1.0" encoding="utf-8"?>\n<Autodiscover xmlns="{MICROSOFT_SCHEMA}responseschema/2006">'
            f'<Response xmlns="{MICROSOFT_SCHEMA}outlook/responseschema/2006a">{inside}</Response></Autodiscover>')


def pox_settings(*protocols):
    return pox("<Account><AccountType>email</AccountType><Action>settings</Action>" + "".join(protocols) + "</Account>")


def pox_protocol(kind, host, port, **values):
    more = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    return f"<Protocol><Type>{kind}</Type><Server>{host}</Server><Port>{port}</Port>{more}</Protocol>"


def laughs(root):
    entities = "".join(f'<!ENTITY l{n} "' + f"&l{n - 1};" * 10 + '">' for n in range(1, 10))
    return f'<!DOCTYPE {root} [<!ENTITY l0 "lol">{entities}]><{root}>&l9;</{root}>'


FULL = config(
    "full.example",
    server("imap", "imap.%EMAILDOMAIN%", 993, "SSL", auths=("OAuth2", "password-cleartext")),
    server("pop3", "pop.full.example", 110, "STARTTLS", "%EMAILLOCALPART%"),
    server("smtp", "smtp.elsewhere.plain", 587, "STARTTLS", "%CUSTOMER%"),
    server("jmap", "jmap.full.example", 443, "SSL"),
    more='<inputField key="CUSTOMER" label="Customer number"/>'
         '<documentation url="https://full.example/help"><descr>Help</descr></documentation>'
         '<enable visiturl="https://full.example/on"><instruction>Switch IMAP on</instruction></enable>',
    name="Full & Sons".replace("&", "&amp;"))

# What stands at autoconfig.DOMAIN, and what must come of it.
HOSTILE = {
    "entities.example": (document(laughs("clientConfig")), "autoconf.bad-xml", "declares an entity"),
    "external.example": (document('<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]><clientConfig>&x;</clientConfig>'),
                         "autoconf.bad-xml", "declares an entity"),
    "deep.example": (document("<clientConfig>" + "<a>" * 20000 + "</a>" * 20000 + "</clientConfig>"), "autoconf.bad-xml", "nested"),
    "utf16.example": (document(config("utf16.example").encode("utf-16")), "autoconf.bad-xml", "UTF-16"),
    "utf7.example": (document(b'<?xml version="1.0" encoding="UTF-7"?><clientConfig/>'), "autoconf.bad-xml", "encoding"),
    "namespace.example": (document('<clientConfig xmlns="urn:other"/>'), "autoconf.bad-xml", "namespace"),
    "root.example": (document("<settings/>"), "autoconf.bad-xml", "<settings>"),
    "cut.example": (document(config("cut.example")[:150]), "autoconf.bad-xml", ""),
    "empty.example": (document(""), "autoconf.bad-xml", "empty"),
    "none.example": (document(config("none.example", "<!-- none -->")), "autoconf.bad-xml", "names no server"),
    "gzip.example": (document(gzip.compress(b"x" * 100_000_000), headers=[("Content-Encoding", "gzip")]), "autoconf.bad-xml",
                     "compressed"),
    "endless.example": (webhost.endless, "autoconf.too-large", ""),
    "chunks.example": (webhost.endless_chunks, "autoconf.too-large", ""),
    "huge.example": (webhost.huge, "autoconf.too-large", ""),
    "headers.example": (webhost.endless_headers, "autoconf.too-large", ""),
    "away.example": (redirect("https://evil.plain/config.xml"), "autoconf.bad-redirect", "to another site"),
    "clear.example": (redirect("http://autoconfig.clear.example/config.xml"), "autoconf.bad-redirect", "nothing is encrypted"),
    "file.example": (redirect("file:///etc/passwd"), "autoconf.bad-redirect", "nothing is encrypted"),
    "user.example": (redirect("https://me:secret@autoconfig.user.example/"), "autoconf.bad-redirect", "no document"),
    "loop.example": (redirect(AUTOCONFIG), "autoconf.bad-redirect", "too many"),
    "page.example": (document("<!DOCTYPE html><html><body>Welcome</body></html>", "text/html"), "autoconf.web-page", ""),
    "portal.example": (document("<html><!-- <WISPAccessGatewayParam> --><body>Log in</body></html>", "text/html"),
                       "net.captive-portal", ""),
    "portal511.example": (document("<html/>", "text/html", 511), "net.captive-portal", ""),
    "login.example": (document("no", status=401, headers=[("WWW-Authenticate", "Basic realm=x")]), "autoconf.login-demanded", ""),
    "many.example": (document(config("many.example", *[server("imap", f"i{n}.many.example", 993, "SSL") for n in range(900)])),
                     "autoconf.too-many", ""),
    "plain.example": (document(config("plain.example", server("imap", "imap.plain.example", 143, "plain"))), "autoconf.insecure-only", ""),
}

# Values that cannot be meant, one to a document.
BAD_VALUES = {
    "crlf.example": server("imap", "imap.crlf.example&#13;&#10;RCPT", 993, "SSL"),
    "loopback.example": server("imap", "127.0.0.1", 993, "SSL"),
    "local.example": server("imap", "localhost", 993, "SSL"),
    "port.example": server("imap", "imap.port.example", 99999, "SSL"),
    "negative.example": server("imap", "imap.negative.example", -1, "SSL"),
    "socket.example": server("imap", "imap.socket.example", 993, "MAYBE"),
    "twice.example": server("imap", "imap.twice.example", 993, "SSL", "%EMAILADDRESS%%EMAILADDRESS%"),
    "unfinished.example": server("imap", "imap.unfinished.example", 993, "SSL", "%EMAILADDRESS"),
    "unknown.example": server("imap", "imap.unknown.example", 993, "SSL", "%PASSWORD%"),
    "script.example": server("imap", "imap.script.example", 993, "SSL") +
                      '<documentation url="javascript:alert(1)"><descr>x</descr></documentation>',
    "nohost.example": '<incomingServer type="imap"><port>993</port><socketType>SSL</socketType></incomingServer>',
}


class AutoconfigDocuments(unittest.TestCase):
    def ask(self, domain, **options):
        options.setdefault("ispdb", ISPDB)
        return ask("autoconfig", "anna", domain, name="discovery-web", ca=CA, **options)

    def test_full(self):
        answer = self.ask("full.example")
        self.assertEqual(answer.candidates, ["imap imap.full.example:993 tls", "pop3 pop.full.example:110 starttls",
                                             "smtp smtp.elsewhere.plain:587 starttls"])
        imap, pop3, smtp = answer.of("candidate")
        self.assertEqual((imap["username"], imap["username-form"]), ("anna@full.example", "address"))
        self.assertEqual(imap["auth"], ["oauth2", "password"])
        self.assertEqual(imap["origin"], f"https://autoconfig.full.example{AUTOCONFIG}?emailaddress=anna@full.example")
        self.assertEqual((imap["trust"], imap["foreign"]), ("https", False))
        self.assertEqual((pop3["username"], pop3["username-form"]), ("anna", "local-part"))
        self.assertEqual((smtp.get("username"), smtp["username-form"], smtp["foreign"]), (None, "other", True))
        self.assertEqual(answer.fact("username-is"), "Customer number")
        self.assertEqual(answer.fact("provider-name"), "Full & Sons")
        self.assertEqual(answer.fact("documentation"), ["https://full.example/help"])
        precondition, = answer.of("precondition")
        self.assertEqual((precondition["kind"], precondition["url"], precondition["text"]),
                         ("service-off", "https://full.example/on", "Switch IMAP on"))
        self.assertEqual(answer.codes, [])
        self.assertEqual((answer.exit["status"], answer.errors), (0, ""))

    def test_order_and_sources(self):
        """The domain's own document, the well-known one, the central database, and those of the exchanger."""
        answer = self.ask("several.example")
        self.assertEqual([one["host"] for one in answer.of("candidate")],
                         ["own.several.example", "well.several.example", "isp.example", "full.hoster.example", "base.hoster.example",
                          "isp-full.example", "isp-base.example"])
        self.assertEqual({one["trust"] for one in answer.of("candidate")}, {"https"})
        self.assertEqual(len(answer.sources), 7)
        self.assertEqual({source["outcome"] for source in answer.sources.values()}, {"found"})

    def test_exchanger_that_nothing_proves(self):
        answer = self.ask("moved.plain")
        self.assertEqual(answer.candidates, ["imap base.hoster.example:993 tls", "imap isp-base.example:993 tls"])
        self.assertEqual({one["trust"] for one in answer.of("candidate")}, {"insecure"})
        self.assertFalse([request for request in HOST.requests if "hoster" in request.host and "anna" in request.path])

    def test_exchanger_as_hint(self):
        self.assertIn("imap isp-base.example:993 tls", self.ask("hinted.plain", mx="mx.hoster.example").candidates)

    def test_no_central_database(self):
        answer = self.ask("several.example", ispdb=None)
        self.assertFalse([origin for origin in answer.sources if origin.startswith(ISPDB)])

    def test_redirects_within_the_site(self):
        answer = self.ask("three.example")
        self.assertEqual(answer.candidates, ["imap imap.three.example:993 tls", "smtp smtp.three.example:465 tls"])
        self.assertEqual(answer.of("candidate")[0]["origin"], "https://www.three.example/final.xml")

    def test_hostile(self):
        for domain, (_, code, words) in HOSTILE.items():
            with self.subTest(domain):
                answer = self.ask(domain)
                self.assertEqual(answer.codes, [code], answer.records)
                finding = answer.finding(code)
                self.assertIn(words, " ".join(str(value) for value in finding.values()))
                self.assertEqual((answer.exit.get("status"), answer.errors), (0, ""))
                if code not in ("autoconf.too-many", "autoconf.insecure-only"):
                    self.assertEqual(answer.candidates, [])

    def test_many_servers(self):
        self.assertEqual(len(self.ask("many.example").candidates), 64)

    def test_plain_is_shown(self):
        self.assertEqual(self.ask("plain.example").candidates, ["imap imap.plain.example:143 none"])

    def test_bad_values(self):
        for domain in BAD_VALUES:
            with self.subTest(domain):
                answer = self.ask(domain)
                self.assertEqual(answer.codes, ["autoconf.bad-value"], answer.records)
                self.assertEqual(len(answer.candidates), 1 if domain == "script.example" else 0)

    def test_a_later_source_helps(self):
        answer = self.ask("broken.example")
        self.assertEqual(answer.codes, ["autoconf.bad-xml"])
        self.assertEqual(answer.candidates, ["imap imap.isp.example:993 tls", "smtp smtp.isp.example:465 tls"])

    def test_no_login_is_sent(self):
        self.ask("login.example")
        for request in HOST.requests:
            self.assertNotIn("authorization", {name.lower() for name in request.headers})
            self.assertNotIn("cookie", {name.lower() for name in request.headers})

    def test_hosts(self):
        cases = {
            "stranger.example": (["autoconf.bad-certificate"], "it is for other names"),
            "expired.example": (["autoconf.bad-certificate"], "it has expired"),
            "notls.example": ([], "no TLS"),
            "closed.example": ([], "Connection refused"),
            "dropped.example": ([], "no answer in time"),
            "inward.example": ([], "its name leads to this computer"),
            "hangup.example": ([], ""),
            "smtp.example": ([], ""),
            "slow.example": ([], "no answer in time"),
            "missing.example": ([], "status 404"),
        }
        for domain, (codes, detail) in cases.items():
            with self.subTest(domain):
                answer = self.ask(domain, time_scale=4 if detail == "no answer in time" else 1)
                self.assertEqual(answer.codes, codes, answer.records)
                source = answer.sources[f"https://autoconfig.{domain}{AUTOCONFIG}?emailaddress=anna@{domain}"]
                self.assertIn(detail, source.get("detail", ""))
                self.assertEqual(source["outcome"], "nothing" if domain == "missing.example" else "failed")
                self.assertEqual(answer.candidates, [])

    def test_unknown_authority(self):
        """Of the domain's own host, that is its fault; of the database, that of the network."""
        answer = ask("autoconfig", "anna", "full.example", name="discovery-web", ispdb=ISPDB)
        self.assertEqual(answer.codes, ["autoconf.bad-certificate", "autoconf.intercepted"])
        for code in answer.codes:
            self.assertEqual(answer.finding(code)["reason"], "its issuer is not trusted")
        self.assertEqual(answer.finding("autoconf.intercepted")["where"], "ispdb.example")

    def test_international_domain(self):
        answer = self.ask("B\u00fccher.example")
        self.assertEqual(answer.candidates, ["imap imap.xn--bcher-kva.example:993 tls", "smtp smtp.xn--bcher-kva.example:465 tls"])


class Network(unittest.TestCase):
    def test_offline(self):
        plugins = {"autoconfig": "full.example", "autodiscover": "outlook.example", "pacc": "vouched.example"}
        for resolver, rules in ((SILENT_RESOLVER, f"ip daddr {SILENT_RESOLVER} drop\n"), (zones.RESOLVER, f"ip daddr {WEB} reject\n")):
            for plugin, domain in plugins.items():
                with self.subTest(resolver=resolver, plugin=plugin), network(resolver, rules):
                    answer = ask(plugin, "anna", domain, name="discovery-web", ca=CA, ispdb=ISPDB, time_scale=4)
                    self.assertEqual(answer.codes, ["autoconf.unreachable"], answer.records)
                    self.assertEqual(answer.candidates, [])

    def test_database_that_is_not_known(self):
        answer = ask("autoconfig", "anna", "nowhere.plain", name="discovery-web", ca=CA, ispdb="https://ispdb.nowhere.plain/")
        self.assertEqual(answer.codes, ["autoconf.unreachable"])

    def test_proxy(self):
        with proxy(allow=True) as kept:
            answer = ask("autoconfig", "anna", "full.example", name="discovery-web", ca=CA, proxy=f"http://{PROXY}:3128")
        self.assertEqual(len(answer.candidates), 3)
        self.assertIn("CONNECT autoconfig.full.example:443 HTTP/1.1", kept)
        with proxy(allow=True) as kept, network(zones.RESOLVER, f"ip daddr {WEB} ip saddr != {PROXY} drop\n"):
            answer = ask("autoconfig", "anna", "full.example", name="discovery-web", ca=CA, proxy="http://proxy.example:3128")
        self.assertEqual(len(answer.candidates), 3)

    def test_proxy_that_refuses(self):
        with proxy(allow=False):
            answer = ask("autoconfig", "anna", "full.example", name="discovery-web", ca=CA, proxy=f"http://{PROXY}:3128")
        self.assertEqual(answer.codes, ["net.proxy-failed"])
        self.assertIn("403", answer.finding("net.proxy-failed")["reason"])

    def test_proxy_that_is_not_there(self):
        for address in (f"http://{PROXY}:3129", "http://nowhere.plain:3128"):
            with self.subTest(address):
                answer = ask("autoconfig", "anna", "full.example", name="discovery-web", ca=CA, proxy=address)
                self.assertEqual(answer.codes, ["net.proxy-failed"])


class Autodiscover(unittest.TestCase):
    def ask(self, domain, **options):
        return ask("autodiscover", "anna", domain, name="discovery-web", ca=CA, **options)

    def test_settings(self):
        answer = self.ask("outlook.example")
        self.assertEqual(answer.candidates, ["imap imap.outlook.example:993 tls", "smtp smtp.outlook.example:587 starttls"])
        imap, smtp = answer.of("candidate")
        self.assertEqual((imap["username"], imap["auth"], imap["trust"]), ("anna@outlook.example", ["password"], "https"))
        self.assertEqual(smtp["username-form"], "unknown")
        self.assertEqual(answer.codes, [])
        request = next(request for request in HOST.requests if request.host == "autodiscover.outlook.example" and request.method == "POST")
        self.assertIn(b"<EMailAddress>anna@outlook.example</EMailAddress>", request.body)
        self.assertEqual(request.headers["Content-Type"], "text/xml; charset=utf-8")

    def test_answers(self):
        cases = {
            "errors.example": ([], "error 600"),
            "other-address.example": ([], "leads to anna@elsewhere.plain"),
            "led-away.example": (["autoconf.bad-redirect"], "to another site"),
            "no-namespace.example": (["autoconf.bad-xml"], "no namespace"),
            "exchange-login.example": (["autoconf.login-demanded"], "it wants a login"),
            "telephone.example": (["autodiscover.exchange"], ""),
            "clear-smtp.example": (["autoconf.insecure-only"], ""),
            "crowd.example": (["autoconf.too-many"], ""),
        }
        for domain, (codes, detail) in cases.items():
            with self.subTest(domain):
                answer = self.ask(domain)
                self.assertEqual(answer.codes, codes, answer.records)
                self.assertIn(detail, answer.sources[f"https://autodiscover.{domain}{POX}"].get("detail", ""))

    def test_led_within_the_site(self):
        self.assertEqual(self.ask("led.example").candidates, ["imap imap.led.example:993 tls"])

    def test_led_in_circles(self):
        self.assertEqual(self.ask("circle.example").candidates, [])
        self.assertLess(len([request for request in HOST.requests if request.host == "autodiscover.circle.example"]), 8)

    def test_microsoft(self):
        answer = self.ask("with-microsoft.example")
        self.assertEqual(answer.codes, ["autodiscover.microsoft-365"])
        self.assertEqual(answer.finding("autodiscover.microsoft-365")["found"], "autodiscover.outlook.com")
        self.assertEqual(answer.candidates, ["imap outlook.office365.com:993 tls", "pop3 outlook.office365.com:995 tls",
                                             "smtp smtp.office365.com:587 starttls"])
        self.assertEqual({one["trust"] for one in answer.of("candidate")}, {"dnssec"})
        self.assertEqual(answer.of("provider")[0]["id"], "microsoft-365")

    def test_version_2(self):
        answer = self.ask("version2.example")
        self.assertEqual(answer.codes, ["autodiscover.microsoft-365"])
        self.assertEqual([one["trust"] for one in answer.of("candidate")], ["https"] * 3)
        self.assertEqual(self.ask("own-exchange.example").codes, ["autodiscover.exchange"])
        self.assertEqual(self.ask("version2-broken.example").codes, ["autoconf.bad-json"])
        self.assertEqual(self.ask("version2-error.example").codes, [])

    def test_never_below_a_suffix(self):
        answer = self.ask("co.uk")
        self.assertEqual({step["outcome"] for step in answer.of("step")} - {"started"}, {"skipped"})
        self.assertEqual(answer.of("source"), [])

    def test_nothing_secret(self):
        self.ask("exchange-login.example")
        for request in HOST.requests:
            self.assertNotIn("authorization", {name.lower() for name in request.headers})


class Pacc(unittest.TestCase):
    def ask(self, domain, **options):
        return ask("pacc", "anna", domain, name="discovery-web", ca=CA, **options)

    def test_good(self):
        answer = self.ask("vouched.example")
        self.assertEqual(answer.candidates, ["imap imap.vouched.example:993 tls", "smtp smtp.vouched.example:465 tls"])
        self.assertEqual({one["trust"] for one in answer.of("candidate")}, {"dnssec"})
        self.assertEqual(answer.of("candidate")[0]["auth"], ["oauth2", "password"])
        self.assertEqual(answer.of("candidate")[0]["username"], "anna@vouched.example")
        self.assertEqual(answer.fact("provider-name"), "Vouched")
        self.assertEqual(answer.codes, [])

    def test_unsigned(self):
        answer = self.ask("vouched.plain")
        self.assertEqual({one["trust"] for one in answer.of("candidate")}, {"https"})

    def test_not_used(self):
        cases = {
            "unvouched.example": ["pacc.not-vouched"],
            "changed.example": ["pacc.not-vouched"],
            "pacc-oauth.example": ["pacc.oauth-only"],
            "pacc-json.example": ["autoconf.bad-json"],
            "pacc-deep.example": ["autoconf.bad-json"],
            "pacc-page.example": ["autoconf.web-page"],
        }
        for domain, codes in cases.items():
            with self.subTest(domain):
                answer = self.ask(domain)
                self.assertEqual(answer.codes, codes, answer.records)
                self.assertEqual(len(answer.candidates), 1 if domain == "pacc-oauth.example" else 0)

    def test_bogus(self):
        answer = self.ask("pacc.broken")
        self.assertEqual(answer.codes, ["dns.bogus"])
        self.assertEqual(answer.candidates, [])


# ---- the network around them ----

@contextlib.contextmanager
def network(resolver, rules):
    use_resolver(FOLDER, resolver)
    table = f"table inet away {{\nchain input {{\ntype filter hook input priority 0;\n{rules}}}\n}}"
    subprocess.run(["nft", table], check=True)
    try:
        yield
    finally:
        subprocess.run(["nft", "delete table inet away"], check=True)
        use_resolver(FOLDER, zones.RESOLVER)


@contextlib.contextmanager
def proxy(allow):
    """A proxy that lets CONNECT through or not; what it was told, line by line."""
    listener, kept = socket.create_server((PROXY, 3128)), []

    def carry(source, target):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def serve(client):
        with client, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                head += client.recv(4096) or b"\r\n\r\n"
            kept.extend(head.decode().split("\r\n"))
            host, port = head.split()[1].decode().split(":")
            if not allow:
                client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
                return
            try:
                upstream = socket.create_connection((host, int(port)), source_address=(PROXY, 0))
            except OSError:
                client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                return
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            back = threading.Thread(target=carry, args=(upstream, client), daemon=True)
            back.start()
            carry(client, upstream)
            back.join()
            upstream.close()

    def accept():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield kept
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


PAGES = {}
ADDRESSES = {}


def page(host, path, answer, address=WEB):
    PAGES[(host, path)] = answer
    ADDRESSES[host] = address


def fill_autoconfig():
    for domain, (answer, _, _) in HOSTILE.items():
        page(f"autoconfig.{domain}", AUTOCONFIG, answer)
    for domain, inside in BAD_VALUES.items():
        page(f"autoconfig.{domain}", AUTOCONFIG, document(config(domain, inside)))
    page("autoconfig.full.example", AUTOCONFIG, document(FULL))
    page("autoconfig.xn--bcher-kva.example", AUTOCONFIG, document(config("xn--bcher-kva.example")))
    page("autoconfig.three.example", AUTOCONFIG, redirect("/one"))
    page("autoconfig.three.example", "/one", redirect("//autoconfig.three.example/two", 308))
    page("autoconfig.three.example", "/two", redirect("https://www.three.example/final.xml", 303))
    page("www.three.example", "/final.xml", document(config("three.example")))
    page("autoconfig.several.example", AUTOCONFIG, document(config("a", server("imap", "own.several.example", 993, "SSL"))))
    page("several.example", WELL_KNOWN, document(config("a", server("imap", "well.several.example", 993, "SSL"))))
    for name, host in (("several.example", "isp.example"), ("mail.hoster.example", "isp-full.example"), ("hoster.example", "isp-base.example")):
        page("ispdb.example", f"/v1.1/{name}", document(config("a", server("imap", host, 993, "SSL"))))
    page("autoconfig.mail.hoster.example", AUTOCONFIG, document(config("a", server("imap", "full.hoster.example", 993, "SSL"))))
    page("autoconfig.hoster.example", AUTOCONFIG, document(config("a", server("imap", "base.hoster.example", 993, "SSL"))))
    page("autoconfig.broken.example", AUTOCONFIG, document("<clientConfig>"))
    page("ispdb.example", "/v1.1/broken.example", document(config("isp.example")))
    for domain, address in (("stranger", STRANGER), ("expired", EXPIRED), ("notls", CLEAR), ("closed", CLOSED), ("dropped", DROPPED),
                            ("inward", "127.0.0.1")):
        page(f"autoconfig.{domain}.example", AUTOCONFIG, document("never"), address)
    page("autoconfig.hangup.example", AUTOCONFIG, webhost.hang_up)
    page("autoconfig.smtp.example", AUTOCONFIG, webhost.nonsense)
    page("autoconfig.slow.example", AUTOCONFIG, webhost.slow)
    page("autoconfig.missing.example", "/other", document("x"))


def fill_autodiscover():
    def both(domain, inside):
        page(f"autodiscover.{domain}", POX, inside if callable(inside) else document(inside))

    def version2(domain, answer):
        page(f"autodiscover.{domain}", f"/autodiscover/autodiscover.json/v1.0/anna@{domain}", document(answer, "application/json"))

    imap = pox_protocol("IMAP", "imap.outlook.example", 993, SSL="on", LoginName="anna@outlook.example", AuthRequired="on", SPA="off")
    both("outlook.example", pox_settings(imap, pox_protocol("SMTP", "smtp.outlook.example", 587, Encryption="TLS")))
    both("errors.example", pox("<Error Time='1' Id='2'><ErrorCode>600</ErrorCode><Message>Invalid Request</Message></Error>"))
    both("other-address.example", pox("<Account><Action>redirectAddr</Action><RedirectAddr>anna@elsewhere.plain</RedirectAddr></Account>"))
    both("led-away.example", pox("<Account><Action>redirectUrl</Action><RedirectUrl>https://evil.plain/a.xml</RedirectUrl></Account>"))
    both("led.example", pox("<Account><Action>redirectUrl</Action><RedirectUrl>https://mail.led.example/a.xml</RedirectUrl></Account>"))
    page("mail.led.example", "/a.xml", document(pox_settings(pox_protocol("IMAP", "imap.led.example", 993, SSL="on"))))
    both("circle.example", pox(f"<Account><Action>redirectUrl</Action><RedirectUrl>https://autodiscover.circle.example{POX}</RedirectUrl></Account>"))
    both("no-namespace.example", "<Autodiscover><Response/></Autodiscover>")
    both("exchange-login.example", document("no", status=401, headers=[("WWW-Authenticate", "Negotiate"), ("WWW-Authenticate", "NTLM")]))
    both("telephone.example", f"<Autodiscover xmlns='{MICROSOFT_SCHEMA}responseschema/2006'><Response xmlns='{MICROSOFT_SCHEMA}mobilesync/"
         "responseschema/2006'><Action><Settings><Server><Type>MobileSync</Type><Url>https://x.example</Url></Server></Settings></Action>"
         "</Response></Autodiscover>")
    both("clear-smtp.example", pox_settings(pox_protocol("SMTP", "smtp.clear-smtp.example", 25, SSL="off")))
    both("crowd.example", pox_settings(*[pox_protocol("IMAP", f"i{n}.crowd.example", 993, SSL="on") for n in range(200)]))
    version2("version2.example", '{"Protocol":"AutodiscoverV1","Url":"https://outlook.office365.com/autodiscover/autodiscover.xml"}')
    version2("own-exchange.example", '{"Protocol":"AutodiscoverV1","Url":"https://mail.own-exchange.example/autodiscover/autodiscover.xml"}')
    version2("version2-broken.example", '{"Protocol":')
    version2("version2-error.example", '{"ErrorCode":"ProtocolNotSupported","ErrorMessage":"no"}')


def fill_pacc():
    """Documents, and the records that vouch for them."""
    def pacc(domain, body, digest=None, kind="application/json"):
        page(f"ua-auto-config.{domain}", PACC, document(body, kind))
        if digest:
            text = base64.b64encode(hashlib.sha256(digest.encode()).digest()).decode()
            WORLD.add(f"_ua-auto-config.{domain}", f'TXT "v=UAAC1; a=sha256; d={text}"')

    def good(domain, password="true"):
        return (f'{{"protocols":{{"imap":{{"host":"imap.{domain}"}},"submit":{{"host":"smtp.{domain}"}}}},"authentication":'
                f'{{"password":{password},"oauth-public":{{"issuer":"https://login.{domain}"}}}},"info":{{"provider":{{"name":"Vouched"}}}}}}')

    for domain in ("vouched.example", "vouched.plain", "pacc.broken"):
        pacc(domain, good(domain), good(domain))
    WORLD.add("_ua-auto-config.vouched.example", 'TXT "v=UAAC1; a=sha256; d=AAAA"')
    pacc("unvouched.example", good("unvouched.example"))
    pacc("changed.example", good("changed.example"), good("other.example"))
    oauth = '{"protocols":{"imap":{"host":"imap.pacc-oauth.example"}},"authentication":{"oauth-public":{"issuer":"https://l.example"}}}'
    pacc("pacc-oauth.example", oauth, oauth)
    pacc("pacc-json.example", '{"protocols": {"imap": "imap.example"}, "authentication": {}}')
    pacc("pacc-deep.example", "[" * 100000)
    pacc("pacc-page.example", "<!doctype html><p>Hello", kind="text/html")


def fill_names():
    WORLD.add("several.example", "MX 10 mx1.mail.hoster.example.", "MX 20 mx.other.plain.")
    WORLD.add("moved.plain", "MX 10 mx.hoster.example.")
    WORLD.add("autodiscover.with-microsoft.example", "CNAME autodiscover.outlook.com.")
    WORLD.add("proxy.example", f"A {PROXY}")
    for host, address in ADDRESSES.items():
        WORLD.add(host, f"A {address}")


def serve_web():
    hosts = [host for host, address in ADDRESSES.items() if address == WEB]
    webhost.certificates_make(os.environ["MAILDIAG_MAKE_CERTS"], FOLDER / "certs", web="good:" + ",".join(hosts),
                              stranger="good:other.example", expired="expired:autoconfig.expired.example")
    for address, certificate in ((WEB, "web"), (STRANGER, "stranger"), (EXPIRED, "expired"), (CLEAR, None)):
        HOST.listen(address, certificate and str(FOLDER / "certs" / certificate))


if __name__ == "__main__":
    enter_namespace(__file__, zones.PROGRAMS)
    settle((WEB, STRANGER, CLEAR, DROPPED, CLOSED, EXPIRED, PROXY), f"{WEB} ua-auto-config.pacc.broken\n")
    use_resolver(FOLDER, zones.RESOLVER)
    subprocess.run(["nft", f"table inet lasting {{\nchain input {{\ntype filter hook input priority 0;\nip daddr {DROPPED} drop\n}}\n}}"], check=True)
    WORLD = zones.Zones(FOLDER)
    fill_autoconfig()
    fill_autodiscover()
    fill_pacc()
    fill_names()
    (FOLDER / "certs").mkdir()
    HOST, CA = webhost.WebHost(PAGES), str(FOLDER / "certs" / "ca.pem")
    serve_web()
    WORLD.serve()
    result = unittest.main(argv=sys.argv[:1], exit=False).result
    WORLD.stop()
    os._exit(0 if result.wasSuccessful() else 1)
