# SPDX-License-Identifier: LGPL-2.1-or-later
"""The hunt for a secret in bytes that left a process: as it is, and in every form that mail gives it."""

import base64
import json
import urllib.parse


def base64_forms(secret):
    """Behind none, one or two unknown bytes: only the characters that depend on the secret alone."""
    for shift, skip in ((0, 0), (1, 2), (2, 3)):
        text = base64.b64encode(bytes(shift) + secret)
        yield text[skip:(len(secret) + shift) * 8 // 6]


def forms(secret):
    """Pairs of a name and the bytes: what a server may send back."""
    raw = secret.encode()
    yield "clear text", raw
    for text in base64_forms(raw):
        yield "base64", text
    yield "hexadecimal", raw.hex().encode()
    yield "percent-encoding", urllib.parse.quote(raw, safe="").encode()
    yield "a form", urllib.parse.quote_plus(raw).encode()
    yield "a quoted string", raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    yield "UTF-16", secret.encode("utf-16-le")


def json_forms(secret):
    """As it would stand in a document."""
    for ascii_only in (True, False):
        yield "JSON", json.dumps(secret, ensure_ascii=ascii_only)[1:-1].encode()


def find(secret, data):
    """The name of the form in which the secret stands in the bytes; None: it does not."""
    lowered = data.lower()
    for name, form in (*forms(secret), *json_forms(secret)):
        if form.lower() in lowered:
            return name
    return None
