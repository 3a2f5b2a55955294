"""Make text from elsewhere safe to show: names come from the app under test."""

from __future__ import annotations


def printable(text: str) -> str:
    """Escape what could steer a terminal (control characters, bidi marks, lone surrogates); keep line ends."""
    return "".join(c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text)


def escaped(text: object) -> str:
    """Escape the same and line ends, for a text that must stay on one line."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(text))
