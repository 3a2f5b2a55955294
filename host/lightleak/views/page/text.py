"""Strings from an app, a file or a network, made safe for the page.

Separate because it is the page's one security boundary for text, tested on its own.
"""

from __future__ import annotations

from typing import Any

from lightleak.text import escaped

LONGEST = 4_000
"""Characters of one string that are shown; a class name can have a megabyte."""


def harmless(content: Any) -> Any:
    """Escape in all strings what could mislead a reader (control characters, bidi marks), and clip long ones."""
    if isinstance(content, str):
        shown = content if len(content) <= LONGEST else content[:LONGEST] + "…"
        return shown if shown.isprintable() else escaped(shown)
    if isinstance(content, dict):
        return {harmless(key): harmless(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        if content and content[0].__class__ is int and content[-1].__class__ is int and _all_numbers(content):
            return content
        return [harmless(value) for value in content]
    return content


def _all_numbers(values: list[Any] | tuple[Any, ...]) -> bool:
    return set(map(type, values)) <= {int, float, type(None)}
