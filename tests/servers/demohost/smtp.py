# SPDX-License-Identifier: LGPL-2.1-or-later
"""SMTP as a submission server speaks it (RFC 5321, 6409): everything up to DATA, which it refuses."""

from session import Ended

CAPABILITIES = ("PIPELINING", "SIZE 52428800", "8BITMIME", "ENHANCEDSTATUSCODES", "SMTPUTF8")


class Smtp:
    def __init__(self, session):
        self.session = session
        self.listener = session.listener
        self.sender = None

    def run(self):
        self.session.send(self.listener.greeting or f"220 {self.listener.host} ESMTP demonstration")
        while True:
            line = self.session.line()
            word, _, rest = line.partition(" ")
            if not self.session.answer(word.upper()):
                getattr(self, "do_" + word.lower(), self.unknown)(rest.strip())

    def unknown(self, _):
        self.session.send("500 5.5.2 Command not known")

    def do_ehlo(self, name):
        if not name:
            self.session.send("501 5.5.4 A name is missing")
            return
        words = list(self.listener.capabilities or CAPABILITIES)
        if self.listener.security == "starttls" and not self.session.secure:
            words.append("STARTTLS")
        if self.session.may_login() and self.listener.mechanisms:
            words.append("AUTH " + " ".join(self.listener.mechanisms))
        lines = [f"{self.listener.host} greets {name}"] + words
        self.session.send(*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}")

    def do_helo(self, name):
        self.session.send(f"250 {self.listener.host}")

    def do_starttls(self, _):
        if self.listener.security != "starttls" or self.session.secure:
            self.session.send("503 5.5.1 TLS is not to be had here")
            return
        self.session.send("220 2.0.0 Go ahead")
        self.session.start_tls()
        self.sender = None

    def do_auth(self, rest):
        mechanism, _, initial = rest.partition(" ")
        if not self.session.may_login():
            self.session.send("538 5.7.11 Encryption is needed first")
        elif mechanism.upper() not in self.listener.mechanisms:
            self.session.send("504 5.5.4 This mechanism is not offered")
        else:
            self.answer_login(self.session.sasl(mechanism.upper(), initial, self.challenge))

    def answer_login(self, succeeded):
        if not self.session.answer("@login"):
            self.session.send("235 2.7.0 Welcome" if succeeded else "535 5.7.8 User name or password is wrong")

    def challenge(self, text):
        self.session.send("334 " + self.session.encode(text))
        return self.session.line()

    def do_mail(self, rest):
        if not self.session.user:
            self.session.send("530 5.7.0 Log in first")
            return
        self.sender = rest
        self.session.send("250 2.1.0 Sender accepted")

    def do_rcpt(self, _):
        self.session.send("250 2.1.5 Recipient accepted" if self.sender else "503 5.5.1 MAIL comes first")

    def do_data(self, _):
        self.session.send("550 5.7.1 This host takes no messages")

    def do_rset(self, _):
        self.sender = None
        self.session.send("250 2.0.0 Forgotten")

    def do_noop(self, _):
        self.session.send("250 2.0.0 Done")

    def do_quit(self, _):
        self.session.send("221 2.0.0 Goodbye")
        raise Ended()
