"""Text from elsewhere, made safe to show: names come from the app under test."""

from __future__ import annotations


def printable(text: str) -> str:
    """Replace what could steer a terminal (control characters, bidi marks, lone surrogates) by its escaped form."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def one_line(text: str) -> str:
    """Replace line ends, too: a name must not begin a line of its own, where it would look like ours."""
    return printable(text).replace("\n", "\\n")
