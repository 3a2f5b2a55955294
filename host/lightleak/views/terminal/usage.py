"""What an app used, as lines of the summary.

Separate because it is about figures that no verdict rests on, and says itself what they cannot separate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lightleak.wording import duration, join_and, plural, size

_STATES = ("active", "inactive", "background", "mixed", "unknown")
_MINUTE_S = 60


def render(usage: dict[str, Any] | None) -> list[str]:
    """Return what was used, and what was used around callbacks in the background; nothing where nothing was measured.

    usage: the summary's, of one app.
    """
    if usage is None:
        return []
    parts = _parts(usage)
    lines = [f"used in {duration(usage['seconds'])}, by the agent in the app too: {join_and(parts)}"] if parts else []
    shares = [
        f"{state} {duration(usage['by_state'][state]['cpu_ms'] / 1000)}"
        for state in _STATES
        if (usage["by_state"].get(state) or {}).get("cpu_ms") is not None
    ]
    if len(shares) > 1:
        lines.append(f"CPU by state: {', '.join(shares)}")
    if usage["left_out_s"]:
        lines.append(f"not counted, for events are missing: {duration(usage['left_out_s'])}")
    if around := usage["around_callbacks"].get("background"):
        lines += _around(around)
    return lines


def _parts(usage: dict[str, Any]) -> list[str]:
    """Return the figures that were measured, in words. One that is too small says so."""
    words: tuple[tuple[str, Callable[[float], str]], ...] = (
        ("cpu_ms", lambda ms: f"CPU {duration(ms / 1000)}"),
        ("footprint_peak_bytes", lambda count: f"memory up to {size(count)}"),
        ("wakeups", lambda count: plural(int(count), "wake-up")),
        ("disk_read_bytes", lambda count: f"{size(count)} read from disk"),
        ("energy_mj", lambda mj: f"{mj / 1000:.1f} J"),
    )
    return [
        ("at least " if key in usage["partly"] else "") + in_words(usage[key])
        for key, in_words in words
        if usage[key] is not None
    ]


def _around(around: dict[str, Any]) -> list[str]:
    sides = [
        f"{_per_minute(side)} in {plural(side['intervals'], 'interval')} {name} a change notification"
        for name, side in around.items()
        if side["intervals"] and side["cpu_ms"] is not None
    ]
    if not sides:
        return []
    return [f"CPU in the background: {', '.join(sides)}; whatever else the app did in an interval is in its figure"]


def _per_minute(side: dict[str, Any]) -> str:
    seconds = side["seconds"]
    return f"{duration(side['cpu_ms'] / 1000 / seconds * _MINUTE_S)} per minute" if seconds else "an unknown rate"
