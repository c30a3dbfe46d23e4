#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""A name server that misbehaves: names.py ADDRESS HOW.

fails, refuses     says so to every question
loop               every name is an alias of itself
chain              every name is an alias of another, for ever
other-question     answers a question that nobody asked
cut                says that its answer is too long for a datagram, and takes no connection
"""

import socket
import struct
import subprocess
import sys

ALIAS, ADDRESS, INTERNET, TTL = 5, 1, 1, 60
FAILURE, REFUSED, CUT = 2, 5, 0x0200
LINKS = 100


def name_of(packet):
    """The name in the question, as it stands there, and what follows it up to its end."""
    end = packet.index(b"\0", 12) + 1
    return packet[12:end], packet[end:end + 4]


def encode(text):
    return b"".join(bytes([len(label)]) + label.encode() for label in text.split(".")) + b"\0"


def record(name, kind, data):
    return name + struct.pack(">HHIH", kind, INTERNET, TTL, len(data)) + data


def answer(packet, how):
    name, kind = name_of(packet)
    flags, question, records = 0x8180, name + kind, []
    if how == "fails":
        flags |= FAILURE
    elif how == "refuses":
        flags |= REFUSED
    elif how == "loop":
        records = [record(name, ALIAS, name)]
    elif how == "chain":
        links = [name] + [encode(f"a{n}.chain.example") for n in range(LINKS)]
        records = [record(links[n], ALIAS, links[n + 1]) for n in range(LINKS)]
    elif how == "other-question":
        question = encode("other.example") + kind
        records = [record(encode("other.example"), ADDRESS, socket.inet_aton("192.0.2.99"))]
    elif how == "cut":
        flags |= CUT
    return packet[:2] + struct.pack(">HHHHH", flags, 1, len(records), 0, 0) + question + b"".join(records)


def serve(address, how):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((address, 53))
        print("ready", flush=True)
        while True:
            packet, client = sock.recvfrom(4096)
            sock.sendto(answer(packet, how), client)


def start(address, how):
    """The process, once it listens."""
    server = subprocess.Popen([sys.executable, __file__, address, how], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    if server.stdout.readline() != b"ready\n":
        raise RuntimeError("the name server does not start")
    return server


if __name__ == "__main__":
    serve(*sys.argv[1:])
