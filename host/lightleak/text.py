"""Make text from elsewhere safe to show: names come from the app under test."""

from __future__ import annotations


def printable(text: str) -> str:
    """Return a text in which what could steer a terminal is escaped: control characters, bidi marks, lone surrogates.

    Line ends stay.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def escaped(value: object) -> str:
    """Return a value as ``printable`` text of one line: its line ends are escaped too."""
    return printable(str(value)).replace("\n", "\\n")
