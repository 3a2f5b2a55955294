"""Make text from elsewhere safe to show: names come from the app under test."""

from __future__ import annotations


def escaped(value: object) -> str:
    """Return a value as one line of text: what could steer a terminal, begin a line or hide is escaped.

    That is every control character, line ends of all kinds (CR, VT, FF, U+0085, U+2028, U+2029), bidi marks, and lone surrogates.
    """
    text = str(value)
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
