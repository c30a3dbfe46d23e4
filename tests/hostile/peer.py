# SPDX-License-Identifier: LGPL-2.1-or-later
"""A server that misbehaves as a case says, and writes down every byte that it was sent, in clear and inside TLS apart.

The cases are those of a project that tests mail clients for attacks around STARTTLS.  What a case leaves open is done
in order: it is a plain server that accepts every login.
"""

import re
import socket
import threading


def words(capabilities):
    """Capabilities as the wire has them."""
    found = []
    for item in capabilities:
        if isinstance(item, str):
            found.append(item.upper())
        elif "Auth" in item:
            names = item["Auth"]
            for name in names[0] if isinstance(names[0], list) else names:
                found.append("AUTH=" + (name if isinstance(name, str) else name["Other"][0]).upper())
        elif "Compress" in item:
            found.append("COMPRESS=DEFLATE")
        else:
            found.append(item["Other"][0]["CapabilityOther"]["inner"]["Atom"][0])
    return found


def response_code(code):
    """The code of a greeting, in brackets; "" for none."""
    if code is None:
        return ""
    if isinstance(code, str):
        return f"[{code.upper()}] "
    if "Capability" in code:
        return f"[CAPABILITY {' '.join(words(code['Capability'][0]['NonEmptyVec'][0]))}] "
    return "[BADCHARSET (ASCII)] "


def imap_greeting(case):
    """Bytes as they are, or a greeting in its parts."""
    greeting = case.get("greeting")
    if not isinstance(greeting, dict):
        return greeting or f"* {'PREAUTH' if case_state(case) else 'OK'} ready\r\n"
    return f"* {greeting['kind'].upper()} {response_code(greeting['code'])}{greeting['text']['Text'][0]}\r\n"


def smtp_words(capabilities):
    found = words(capabilities)
    mechanisms = [word.removeprefix("AUTH=") for word in found if word.startswith("AUTH=")]
    others = [word for word in found if not word.startswith("AUTH=")]
    return others + (["AUTH " + " ".join(mechanisms)] if mechanisms else [])


class Peer:
    """One listener for one case; a context manager."""

    def __init__(self, protocol, case, context):
        self.case, self.context = case, context
        self.talk = {"imap": self.imap, "pop3": self.pop3, "smtp": self.smtp}[protocol]
        self.clear, self.inside = bytearray(), bytearray()
        self.trouble = None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        connection.settimeout(60)
        try:
            session = Session(self, connection)
            if self.case["implicit_tls"]:
                session.start_tls()
            self.talk(session)
        except (OSError, EOFError):
            pass                        # the client went away
        except Exception as trouble:    # pylint: disable=broad-except
            self.trouble = repr(trouble)        # ours: the case was not played
        finally:
            connection.close()

    # ---- what the protocols have in common ----

    def overridden(self, command):
        """The reply that the case gives to a command, whatever the command; None: an ordinary one."""
        return next((reply for name, reply in (self.case.get("override_response") or {}).items()
                     if name.lower() == command.lower()), None)

    def is_hidden(self, command):
        return command.lower() in (self.case.get("hide_commands") or ())

    # ---- the protocols ----

    def imap(self, session):
        case, logged_in = self.case, case_state(self.case)
        session.say(self.overridden("greeting") or imap_greeting(case))
        if case.get("response_after_greeting"):
            session.say(case["response_after_greeting"])
        while True:
            tag, _, rest = session.line().partition(" ")
            command = rest.split(" ")[0].lower()
            if command in (case.get("ignore_commands") or ()):
                continue
            if self.is_hidden(command):
                session.say(f"{tag} BAD unknown command\r\n")
            elif self.overridden(command):
                session.say(self.overridden(command).replace("<tag>", tag))
            elif command == "capability":
                key = "caps" + ("_tls" if session.tls else "") + ("_auth" if logged_in else "")
                session.say(f"* CAPABILITY {' '.join(words(case[key]))}\r\n{tag} OK done\r\n")
            elif command == "starttls":
                session.say((case.get("starttls_response") or "<tag> OK go\r\n").replace("<tag>", tag))
                if case.get("starttls_transition", True):
                    session.start_tls()
            elif command == "authenticate" and len(rest.split(" ")) < 3:
                session.say("+ \r\n")
                session.line()
                logged_in = True
                session.say(f"{tag} OK logged in\r\n")
            else:
                logged_in = logged_in or command in ("authenticate", "login")
                session.say(f"{tag} OK done\r\n")
            if command == "logout":
                return

    def pop3(self, session):
        case = self.case
        session.say(case["greeting"])
        while True:
            command, _, rest = session.line().partition(" ")
            command = command.lower()
            if self.overridden(command):
                session.say(self.overridden(command))
            elif command == "capa":
                session.say("+OK\r\n" + "".join(word + "\r\n" for word in case["capa_tls" if session.tls else "capa"])
                            + ".\r\n")
            elif command == "stls":
                session.say(case.get("stls_response") or "+OK go\r\n")
                if case.get("stls_make_transition", True):
                    session.start_tls()
            elif command == "auth" and len(rest.split(" ")) < 2:
                session.say("+ \r\n")
                session.line()
                session.say("+OK\r\n")
            else:
                session.say("+OK 0 0\r\n" if command == "stat" else "+OK\r\n.\r\n" if command == "uidl" else "+OK\r\n")
            if command == "quit":
                return

    def smtp(self, session):
        case = self.case
        session.say(case.get("greeting") or "220 ready\r\n")
        while True:
            command, _, rest = session.line().partition(" ")
            command = command.lower()
            if self.is_hidden(command):
                session.say("500 unknown command\r\n")
            elif self.overridden(command):
                session.say(self.overridden(command))
            elif command == "ehlo":
                lines = ["ready", *smtp_words(case["capabilities_tls" if session.tls else "capabilities"])]
                session.say("".join(f"250-{line}\r\n" for line in lines[:-1]) + f"250 {lines[-1]}\r\n")
            elif command == "starttls":
                session.say(case.get("stls_response") or "220 go\r\n")
                if case.get("stls_make_transition", True):
                    session.start_tls()
            elif command == "auth":
                if len(rest.split(" ")) < 2:
                    session.say("334 \r\n")
                    session.line()
                session.say("235 accepted\r\n")
            else:
                session.say("221 bye\r\n" if command == "quit" else "250 ok\r\n")
            if command == "quit":
                return


def case_state(case):
    return case.get("state") == "Authenticated"


class Session:
    """Lines of one connection."""

    def __init__(self, peer, connection):
        self.peer, self.connection, self.tls, self.buffer = peer, connection, False, b""

    def say(self, text):
        self.connection.sendall(re.sub(r"<CRLF>", "\r\n", text).encode("latin-1", "replace"))

    def line(self):
        while b"\n" not in self.buffer:
            piece = self.connection.recv(65536)
            if not piece:
                raise EOFError
            (self.peer.inside if self.tls else self.peer.clear).extend(piece)
            self.buffer += piece
        line, _, self.buffer = self.buffer.partition(b"\n")
        return line.rstrip(b"\r").decode("latin-1")

    def start_tls(self):
        self.connection = self.peer.context.wrap_socket(self.connection, server_side=True)
        self.buffer, self.tls = b"", True
