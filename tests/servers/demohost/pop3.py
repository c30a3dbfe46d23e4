# SPDX-License-Identifier: LGPL-2.1-or-later
"""POP3 (RFC 1939, 2449, 2595, 5034) with a mailbox of two messages, of which none can be deleted."""

from session import Ended

CAPABILITIES = ("TOP", "UIDL", "RESP-CODES", "PIPELINING", "EXPIRE NEVER", "LOGIN-DELAY 0",
                "IMPLEMENTATION demonstration")
MESSAGES = (
    ("first-0001", "Subject: First\n\nThe first of two.\n"),
    ("second-0002", "Subject: Second\n\nThe second of two.\n"),
)


class Pop3:
    def __init__(self, session):
        self.session = session
        self.listener = session.listener
        self.name = ""

    def run(self):
        self.session.send(self.listener.greeting or "+OK demonstration ready")
        while True:
            word, _, rest = self.session.line().partition(" ")
            if not self.session.answer(word.upper()):
                getattr(self, "do_" + word.lower(), self.unknown)(rest.strip())

    def unknown(self, _):
        self.session.send("-ERR command not known")

    def multiline(self, first, lines):
        stuffed = ("." + line if line.startswith(".") else line for line in lines)
        self.session.send(first, *stuffed, ".")

    def do_capa(self, _):
        words = list(self.listener.capabilities or CAPABILITIES)
        if self.listener.security == "starttls" and not self.session.secure:
            words.append("STLS")
        if self.session.may_login():
            words += ["USER", "SASL " + " ".join(self.listener.mechanisms)]
        self.multiline("+OK", words)

    def do_stls(self, _):
        if self.listener.security != "starttls" or self.session.secure:
            self.session.send("-ERR TLS is not to be had here")
            return
        self.session.send("+OK go ahead")
        self.session.start_tls()

    def answer_login(self, succeeded):
        if not self.session.answer("@login"):
            self.session.send("+OK welcome" if succeeded else "-ERR [AUTH] user name or password is wrong")

    def do_auth(self, rest):
        mechanism, _, initial = rest.partition(" ")
        if not rest:
            self.multiline("+OK", self.listener.mechanisms)
        elif not self.session.may_login() or mechanism.upper() not in self.listener.mechanisms:
            self.session.send("-ERR this mechanism is not offered")
        else:
            self.answer_login(self.session.sasl(mechanism.upper(), initial, self.challenge))

    def challenge(self, text):
        self.session.send("+ " + self.session.encode(text))
        return self.session.line()

    def do_user(self, name):
        self.name = name
        self.session.send("+OK" if self.session.may_login() else "-ERR encryption is needed first")

    def do_pass(self, password):
        self.answer_login(self.session.may_login() and self.session.check(self.name, password))

    def needs_login(self):
        if self.session.user:
            return False
        self.session.send("-ERR log in first")
        return True

    def do_stat(self, _):
        if not self.needs_login():
            self.session.send(f"+OK {len(MESSAGES)} {sum(len(text) for _, text in MESSAGES)}")

    def scan(self, number, values):
        """LIST and UIDL: of one message on one line, or of all on several."""
        if self.needs_login():
            return
        if not number:
            self.multiline("+OK", [f"{n} {value}" for n, value in enumerate(values, 1)])
        elif number in ("1", "2"):
            self.session.send(f"+OK {number} {values[int(number) - 1]}")
        else:
            self.session.send("-ERR no such message")

    def do_list(self, number):
        self.scan(number, [len(text) for _, text in MESSAGES])

    def do_uidl(self, number):
        self.scan(number, [uid for uid, _ in MESSAGES])

    def do_top(self, rest):
        number = rest.split(" ")[0]
        if self.needs_login():
            return
        if number not in ("1", "2"):
            self.session.send("-ERR no such message")
            return
        head = MESSAGES[int(number) - 1][1].split("\n\n")[0]
        self.multiline("+OK", head.split("\n") + [""])

    def do_noop(self, _):
        self.session.send("+OK")

    def do_rset(self, _):
        self.session.send("+OK")

    def do_quit(self, _):
        self.session.send("+OK goodbye")
        raise Ended()
