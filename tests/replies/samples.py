# SPDX-License-Identifier: LGPL-2.1-or-later
"""Texts that match a regular expression: one for every alternative in it."""

import itertools
import re._constants as constants
import re._parser as parser

LIMIT = 16
CLASSES = {constants.CATEGORY_DIGIT: "5", constants.CATEGORY_WORD: "x", constants.CATEGORY_SPACE: " "}


def join(parts):
    return ["".join(words) for words in itertools.islice(itertools.product(*parts), LIMIT)]


def of_set(items):
    """A character of a class; of one that is negated, a letter."""
    kind, value = items[0]
    if kind is constants.NEGATE:
        return ["x"]
    return [chr(value) if kind is constants.LITERAL else chr(value[0]) if kind is constants.RANGE else CLASSES[value]]


def of_item(kind, value):
    if kind is constants.LITERAL:
        return [chr(value)]
    if kind is constants.BRANCH:
        return [text for branch in value[1] for text in of_items(branch)]
    if kind is constants.SUBPATTERN:
        return of_items(value[3])
    if kind in (constants.MAX_REPEAT, constants.MIN_REPEAT):
        least, _, what = value
        return [text * max(least, 1) for text in of_items(what)]
    if kind is constants.IN:
        return of_set(value)
    if kind is constants.ANY:
        return ["x"]
    return [""]         # anchors


def of_items(items):
    return join([of_item(kind, value) for kind, value in items])


def samples(pattern):
    return of_items(parser.parse(pattern))
