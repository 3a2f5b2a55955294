"""The small words of the sentences: counts, spans, steps of the ladder."""

from __future__ import annotations

from lightleak.events import NS_PER_MS, NS_PER_S

WORDS = {1: "a notification", 2: "an opening of the library", 3: "a query", 4: "a thumbnail", 5: "data"}
"""Steps of the ladder, as they are told."""


def many(count: int, one: str, more: str) -> str:
    """Count things at the begin of a sentence."""
    return f"One {one}" if count == 1 else f"{count} {more}"


def times(count: int) -> str:
    """Count occasions."""
    return "once" if count == 1 else f"{count} times"


def seconds_of(ns: int) -> str:
    """Write a bound in seconds, as it was given."""
    return f"{ns / NS_PER_S:g}"


def span_of(ns: int) -> str:
    """Write a span in the unit that fits."""
    seconds = ns / NS_PER_S
    if seconds < 1:
        return f"{ns / NS_PER_MS:.0f} ms"
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
