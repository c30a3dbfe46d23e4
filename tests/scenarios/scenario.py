# SPDX-License-Identifier: LGPL-2.1-or-later
"""A scenario as data: read from its file, checked, with every default filled in.

One file is one fault that a person can have with a mail account: the servers and the network that are there, the settings
that the mail app has, and what a diagnosis must and must not say.  README.md describes the format.  Nothing runs here.
"""

import pathlib
import shlex
import tomllib
from dataclasses import dataclass, field, fields, replace

PASSWORD = 'Kn0w"n&to%all+7531'         # differs from itself in every encoding that is searched
TOKEN = "ya29.Kn0wn-to_all~7531"
PASSWORD_RULES = ("never", "tls", "clear")
ABILITIES = ("ok", "broken", "unknown", "none")
PROOFS = ("none", "connection", "login")
PROTOCOLS = ("imap", "pop3", "smtp")
DURING = ("always", "before", "now")
UNSPECIFIED = ("0.0.0.0", "::")
PORTS = {143: "imap", 993: "imap", 110: "pop3", 995: "pop3", 25: "smtp", 465: "smtp", 587: "smtp"}
NAME_SERVERS = ("works", "silent", "absent", "fails", "refuses", "loop", "chain", "other-question", "cut")


class BadScenario(Exception):
    """The file is not what README.md describes."""


@dataclass(frozen=True)
class Reply:
    """What a server says to commands that fit, instead of what a server in good order says."""
    to: str                             # regular expression, matched at the start of the command without its tag; "@login"
    challenge: str = None               # a line that comes first, and takes one of the client as its answer
    say: str = None                     # lines; TAG is the tag of the command; None: as usual
    when: str = "any"                   # "clear", "tls"
    then: str = "go-on"                 # "close", "reset", "tls" (handshake), "silence", "flood" (of what it says)
    delay: float = 0
    times: int = 0                      # 0: always; else only so often on the whole server


@dataclass(frozen=True)
class Server:
    protocol: str                       # "imap", "pop3", "smtp"; "mail": that of the port; "text": only what the file says;
                                        # "silent", "deaf" (never accepts), "close", "reset", "flood", "flood-lines" (of the
                                        # greeting), "drip", "babble"
    host: str
    address: str
    port: int                           # in the file also a list: a server of this kind on each
    during: str = "always"              # "before": only for what comes before; "now": not for that
    security: str = "none"              # "tls": handshake first; "starttls": on command; "none": not offered
    certificate: str = "good"           # a kind that make-certs knows
    then_certificate: str = ""          # of every second connection
    names: tuple = ()                   # in the certificate; (): the host
    tls: tuple = ()                     # versions, as ("1.0", "1.1"); (): those of today
    default_certificate: str = ""       # for clients that name no server in the handshake
    intolerant: bool = False            # hangs up when a client offers TLS 1.3
    takes_injected: bool = False        # carries out inside TLS what came in clear behind STARTTLS
    login_in_clear: bool = False        # takes passwords without TLS although it has TLS
    greeting: str = ""                  # lines, instead of the engine's
    greeting_delay: float = 0
    capabilities: tuple = ()            # instead of the engine's, the security and login words aside
    mechanisms: tuple = ("PLAIN", "LOGIN")
    mechanisms_in_clear: tuple = None   # before TLS; None: the same, where login is possible at all
    starttls_hidden: bool = False       # it is not in the list of capabilities
    quota: tuple = ()                   # used and limit of the mailbox in KiB
    reply: tuple = ()


@dataclass(frozen=True)
class Page:
    """A document that is published on the web, over https at port 443."""
    host: str
    path: str = "/mail/config-v1.1.xml"
    address: str = "10.80.0.80"         # pages at one address have one certificate, with all their names
    certificate: str = "good"
    names: tuple = ()                   # in the certificate; (): the hosts
    body: str = ""
    status: int = 200
    type: str = "text/xml"
    location: str = ""                  # of a redirect
    does: str = "answer"                # or a vice: a function of tests/discovery/webhost.py: "endless", "silent", "hang-up"…


@dataclass(frozen=True)
class Names:
    """What the name server knows; everything else does not exist."""
    addresses: dict = field(default_factory=dict)       # name: addresses; hosts of servers that are not listed have theirs
    ranges: dict = field(default_factory=dict)          # name: "198.18.0.0/22", all of it addresses of this host
    mail: dict = field(default_factory=dict)            # domain: names of its mail exchangers
    lines: tuple = ()                                   # more lines for dnsmasq
    server: str = "works"               # "silent": no answer ever; "absent": nothing listens; or one that misbehaves, see
                                        # names.py


@dataclass(frozen=True)
class Network:
    rules: str = ""                     # of an nft chain on input
    routes: tuple = ()                  # arguments of "ip route add"


@dataclass(frozen=True)
class Client:
    command: str                        # as typed, without the options that every scenario has
    before: tuple = ()                  # commands that came earlier, with the same password unless they name another
    password: str = PASSWORD
    secret: bool = True                 # whether the client is given it
    token: bool = False                 # it is an OAuth 2.0 token
    trusts: bool = True                 # whether the authority of the certificates is trusted
    control: tuple = ()                 # HOST:PORT of others, for comparison
    providers: str = ""                 # a file of the administrator that says what providers have
    ispdb: str = "none"                 # address of the central database of settings
    proxy: str = "none"
    time_scale: int = 1                 # divides the waiting times
    users: tuple = ()                   # login names that the servers accept with the password; (): the address


@dataclass(frozen=True)
class Expect:
    status: int
    first: str = ""                     # code of the first finding; "": there is no error among them
    every: tuple = ()                   # codes that each service has
    setting: str = None                 # what the first finding proposes to change, None: not looked at
    suggested: str = None
    changes: dict = None                # setting: value of the whole proposal; {}: there is none
    proof: str = None                   # that the proposal rests on
    actor: str = None                   # who can act on the first finding
    alternatives: tuple = ()            # codes that it may be just as well, among those that it names
    says: tuple = ()                    # pieces of its texts and evidence
    also: tuple = ()                    # codes of more findings, in any place
    absent: tuple = ()                  # codes that must not appear; one ending in "." stands for all that begin so
    receive: str = None
    send: str = None
    password: str = "never"             # "tls": only inside TLS, and there it did come; "clear": it came in clear
    logins: int = None                  # connections on which it came; None: at most one for each service
    chosen: tuple = None                # settings that discovery proposes: "imap imap.example.org:993 tls"; None: not looked at
    found: tuple = ()                   # settings that it shows besides, "imap imap.example.org:993 tls"
    output: tuple = ()                  # pieces of the text for people (of commands that are no diagnosis: all of it)


@dataclass(frozen=True)
class Scenario:
    path: pathlib.Path
    about: str
    covers: tuple                       # ids of wanted.toml
    server: tuple
    page: tuple
    names: Names
    network: Network
    client: Client
    expect: Expect

    @property
    def group(self):
        return self.path.parent.name

    @property
    def words(self):
        return shlex.split(self.client.command)

    @property
    def is_diagnosis(self):
        return self.words[0] in ("check", "test", "discover")

    @property
    def is_search(self):
        return self.words[0] == "discover"

    @property
    def protocols(self):
        """That the command names."""
        words = self.words
        return tuple(name for name in PROTOCOLS if "--" + name in words or words[:2] == ["test", name])

    @property
    def address(self):
        """The mail address of the account."""
        words = self.words
        return words[1] if words[0] in ("check", "discover") else words[words.index("--address") + 1] if "--address" in words else ""


def build(kind, table, where):
    """A table of the file as its class; keys are written with hyphens."""
    if not isinstance(table, dict):
        raise BadScenario(f"{where} is no table")
    known = {f.name.replace("_", "-"): f.name for f in fields(kind)}
    if unknown := sorted(set(table) - set(known)):
        raise BadScenario(f"{where} has no key {', '.join(unknown)}")
    values = {known[key]: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise BadScenario(f"{where}: {error}") from error


def build_servers(table, number):
    """One for each port."""
    where = f"server {number}"
    table = dict(table)
    replies = [build(Reply, reply, f"a reply of {where}") for reply in table.pop("reply", [])]
    ports = table.get("port")
    for port in ports if isinstance(ports, list) else [ports]:
        more = {} if port is None else {"port": port}
        server = build(Server, {**table, **more, "reply": replies}, where)
        if server.during not in DURING:
            raise BadScenario(f"{where}: {server.during!r} is none of {DURING}")
        yield replace(server, protocol=PORTS[server.port]) if server.protocol == "mail" else server


def build_names(table, servers, pages):
    hosts = {}
    for server in servers + pages:
        if server.address in UNSPECIFIED:
            continue
        listed = hosts.setdefault(server.host, [])
        listed += [server.address] if server.address not in listed else []
    names = build(Names, table, "names")
    return replace(names, addresses={**hosts, **names.addresses})


def check(scenario):
    expect = scenario.expect
    for value, allowed in ((expect.password, PASSWORD_RULES), (expect.receive, ABILITIES + (None,)),
                           (expect.send, ABILITIES + (None,)), (expect.proof, PROOFS + (None,)),
                           (scenario.names.server, NAME_SERVERS)):
        if value not in allowed:
            raise BadScenario(f"{value!r} is none of {allowed}")
    if scenario.words[0] not in ("check", "test", "explain", "discover"):
        raise BadScenario("the command is none of check, test, explain, discover")
    if expect.status == 1 and scenario.is_diagnosis and not expect.first:
        raise BadScenario("something is broken, but no first finding is expected")


def read(path):
    path = pathlib.Path(path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        pages = tuple(build(Page, entry, f"page {n}") for n, entry in enumerate(table.pop("page", []), 1))
        servers = tuple(server for n, entry in enumerate(table.pop("server", []), 1) for server in build_servers(entry, n))
        scenario = Scenario(
            path=path.resolve(), about=table.pop("about"), covers=tuple(table.pop("covers")), server=servers, page=pages,
            names=build_names(table.pop("names", {}), servers, pages),
            network=build(Network, table.pop("network", {}), "network"),
            client=build(Client, table.pop("client"), "client"),
            expect=build(Expect, table.pop("expect"), "expect"))
        if scenario.client.token:
            scenario = replace(scenario, client=replace(scenario.client, password=TOKEN))
        if table:
            raise BadScenario(f"there is no table {', '.join(table)}")
        check(scenario)
    except (BadScenario, KeyError, ValueError) as error:
        raise BadScenario(f"{path}: {error}") from error
    return scenario
