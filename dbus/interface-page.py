#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""interface-page.py FILE.xml: prints the manual page of the D-Bus interface (the source of it, for scdoc) from the XML that
documents every member in comments of the form that gdbus-codegen reads."""

import re
import sys
import textwrap
import xml.etree.ElementTree as ElementTree

COMMENT = ElementTree.Comment


def escaped(text):
    return re.sub(r"([\\*_<>#~`])", r"\\\1", text)


def paragraphs(text):
    """Paragraphs of a comment, one line each."""
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", textwrap.dedent(text).strip()) if part.strip()]


def documentation(comment):
    """(arguments: {name: text}, paragraphs) of the comment before a member."""
    lines, arguments, last = comment.strip().splitlines(), {}, None
    rest = []
    for line in lines[1:]:
        found = re.match(r"\s*@(\w+): ?(.*)", line)
        if found and not rest:
            last = found.group(1)
            arguments[last] = found.group(2)
        elif last and line.strip() and not rest:
            arguments[last] += " " + line.strip()
        else:
            last = None
            rest.append(line)
    return arguments, paragraphs("\n".join(rest))


def print_member(member, comment):
    arguments, text = documentation(comment or "x:")
    name = escaped(member.get("name"))
    types = ", ".join(f"{escaped(argument.get('name', ''))} {argument.get('type')}" for argument in member.findall("arg")
                      if argument.get("direction", "in") == "in")
    results = ", ".join(f"{escaped(argument.get('name', ''))} {argument.get('type')}" for argument in member.findall("arg")
                        if argument.get("direction") == "out")
    heads = {"method": f"{name}({types})" + (f" -> ({results})" if results else ""), "signal": f"signal {name}({types})",
             "property": f"property {name} ({member.get('type', '')}, {member.get('access', '')})"}
    print(f"## {heads[member.tag]}\n".replace(" -> ", " → "))
    for argument in member.findall("arg"):
        if arguments.get(argument.get("name")):
            print(f"_{escaped(argument.get('name'))}_\n\t{escaped(arguments[argument.get('name')])}\n")
    for paragraph in text:
        print(escaped(paragraph) + "\n")


def print_interface(interface, comment):
    print(f"# {interface.get('name').upper()}\n")
    arguments, text = documentation(comment or "x:")
    for paragraph in [arguments.get("short_description", ""), *text]:
        if paragraph:
            print(escaped(paragraph) + "\n")
    before = None
    for member in interface:
        if member.tag is COMMENT:
            before = member.text
        elif member.tag != "annotation":
            print_member(member, before)
            before = None


def main(path):
    parser = ElementTree.XMLParser(target=ElementTree.TreeBuilder(insert_comments=True))
    root = ElementTree.parse(path, parser).getroot()
    print("org.maildiag.Diag1(5)\n\n# NAME\n\norg.maildiag.Diag1 - the D-Bus interface of maildiagd\n\n# DESCRIPTION\n")
    print("Object */org/maildiag/Diag1* of the bus name *org.maildiag.Diag1*. The file\n"
          "_/usr/share/dbus-1/interfaces/org.maildiag.Diag1.xml_ says the same for programs.\n")
    before = None
    for element in root:
        if element.tag is COMMENT:
            before = element.text
        elif element.tag == "interface":
            print_interface(element, before)
            before = None
    print("# SEE ALSO\n\n*maildiag*(1), *maildiagd*(8), *busctl*(1)")


if __name__ == "__main__":
    main(sys.argv[1])
