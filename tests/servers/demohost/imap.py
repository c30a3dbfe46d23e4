# SPDX-License-Identifier: LGPL-2.1-or-later
"""IMAP4rev1 (RFC 3501, 9051) with an inbox and the usual folders, as far as a mail app goes right after login."""

import re

from session import Ended

CAPABILITIES = ("IMAP4rev1", "ID", "SASL-IR", "LITERAL+", "ENABLE", "IDLE", "NAMESPACE", "SPECIAL-USE", "QUOTA",
                "UNSELECT", "UIDPLUS")
FOLDERS = (("INBOX", ""), ("Sent", "\\Sent"), ("Drafts", "\\Drafts"), ("Trash", "\\Trash"), ("Junk", "\\Junk"))
LITERAL = re.compile(r"\{(\d+)(\+?)\}$")


class Imap:
    def __init__(self, session):
        self.session = session
        self.listener = session.listener
        self.tag = "*"

    def run(self):
        self.session.send(self.listener.greeting or f"* OK [CAPABILITY {self.words()}] demonstration ready")
        while True:
            self.tag, _, line = self.command_line().partition(" ")
            word, _, rest = line.partition(" ")
            if not self.session.answer(word.upper(), self.tag):
                getattr(self, "do_" + word.lower(), self.unknown)(rest)

    def command_line(self):
        """A command with its literals (RFC 9051 section 4.3) as quoted strings."""
        line = self.session.line()
        while match := LITERAL.search(line):
            if not match[2]:
                self.session.send("+ go on")
            size, text = int(match[1]), ""
            while len(text.encode()) < size:
                text += self.session.line() + "\r\n"
            data = text.encode()
            value, rest = data[:size].decode(), data[size:].decode().rstrip("\r\n")
            line = line[:match.start()] + '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' + rest
        return line

    @staticmethod
    def strings(text):
        """The quoted strings and atoms of an argument list."""
        found = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', text)
        return [re.sub(r"\\(.)", r"\1", quoted) if not atom else atom for quoted, atom in found]

    def words(self):
        words = list(self.listener.capabilities or CAPABILITIES)
        if self.listener.security == "starttls" and not self.session.secure:
            words.append("STARTTLS")
        if not self.session.may_login():
            words.append("LOGINDISABLED")
        elif not self.session.user:
            words += ["AUTH=" + mechanism for mechanism in self.listener.mechanisms]
        return " ".join(words)

    def ok(self, *untagged, text="done"):
        self.session.send(*untagged, f"{self.tag} OK {text}")

    def unknown(self, _):
        self.session.send(f"{self.tag} BAD command not known")

    def do_capability(self, _):
        self.ok(f"* CAPABILITY {self.words()}")

    def do_noop(self, _):
        self.ok()

    def do_id(self, _):
        self.ok('* ID ("name" "demonstration")')

    def do_starttls(self, _):
        if self.listener.security != "starttls" or self.session.secure:
            self.session.send(f"{self.tag} BAD TLS is not to be had here")
            return
        self.ok(text="go ahead")
        self.session.start_tls()

    def answer_login(self, succeeded):
        if self.session.answer("@login", self.tag):
            return
        if succeeded:
            self.ok(text=f"[CAPABILITY {self.words()}] welcome")
        else:
            self.session.send(f"{self.tag} NO [AUTHENTICATIONFAILED] user name or password is wrong")

    def do_authenticate(self, rest):
        mechanism, _, initial = rest.partition(" ")
        if not self.session.may_login():
            self.session.send(f"{self.tag} NO [PRIVACYREQUIRED] encryption is needed first")
        elif mechanism.upper() not in self.listener.mechanisms:
            self.session.send(f"{self.tag} NO [CANNOT] this mechanism is not offered")
        else:
            self.answer_login(self.session.sasl(mechanism.upper(), initial, self.challenge))

    def challenge(self, text):
        self.session.send("+ " + self.session.encode(text))
        return self.session.line()

    def do_login(self, rest):
        words = self.strings(rest)
        if not self.session.may_login():
            self.session.send(f"{self.tag} NO [PRIVACYREQUIRED] encryption is needed first")
        elif len(words) != 2:
            self.session.send(f"{self.tag} BAD LOGIN takes two strings")
        else:
            self.answer_login(self.session.check(*words))

    def needs_login(self):
        if self.session.user:
            return False
        self.session.send(f"{self.tag} BAD log in first")
        return True

    def do_namespace(self, _):
        if not self.needs_login():
            self.ok('* NAMESPACE (("" "/")) NIL NIL')

    def do_list(self, _):
        if not self.needs_login():
            self.ok(*(f'* LIST (\\HasNoChildren{" " + use if use else ""}) "/" "{name}"' for name, use in FOLDERS))

    def do_examine(self, _):
        if not self.needs_login():
            self.ok("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)", "* OK [PERMANENTFLAGS ()] none",
                    "* 2 EXISTS", "* 0 RECENT", "* OK [UIDVALIDITY 1] valid", "* OK [UIDNEXT 3] next",
                    text="[READ-ONLY] examined")

    def do_getquotaroot(self, _):
        if not self.needs_login():
            self.ok('* QUOTAROOT INBOX ""', '* QUOTA "" (STORAGE 20 1048576)')

    def do_unselect(self, _):
        if not self.needs_login():
            self.ok()

    def do_idle(self, _):
        if self.needs_login():
            return
        self.session.send("+ idling")
        self.session.line()
        self.ok()

    def do_logout(self, _):
        self.ok("* BYE goodbye")
        raise Ended()
