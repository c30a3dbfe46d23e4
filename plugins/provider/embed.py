#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes the files of the provider table as one C source: embed.py OUTPUT FILE..."""

import pathlib
import sys


def literal(text):
    """Lines of C string literals for UTF-8 text; a letter beyond ASCII ends its literal, so that no digit is taken with it."""
    for line in text.splitlines(keepends=True):
        escaped = "".join(f"\\{byte:03o}" if byte < 32 or byte > 126 or byte in b'"\\?' else chr(byte) for byte in line.encode())
        yield f'        "{escaped}"'


def main(output, *paths):
    files = sorted((pathlib.Path(path).name, pathlib.Path(path).read_text(encoding="utf-8")) for path in paths)
    lines = ["/* Made by embed.py. */", "", '#include "shipped.h"', "", "const ShippedFile shipped_files[] = {"]
    for name, text in files:
        lines += [f'        {{ "{name}", {len(text.encode())},', *literal(text), "        },"]
    lines += ["};", "", f"const size_t n_shipped_files = {len(files)};", ""]
    pathlib.Path(output).write_text("\n".join(lines), encoding="ascii")


main(*sys.argv[1:])
