"""What a recording is known to miss, counted once and in one wording: events that were lost, and processes cut short.

A ``lost`` event with a count says how many events are missing. One without, and with the reason ``CUT_SHORT``, is written
where a process ended before it could say that nothing more would come: up to the time since its last sign of life may be
missing, or nothing. Any other that does not say how many are missing counts as one event.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from lightleak.events import NS_PER_S
from lightleak.wording import duration, plural

CUT_SHORT = "what happened after the last sign of life may be missing"
"""The ``reason`` of a ``lost`` event without a count, as the recorder writes it."""

_TENTH_NS = NS_PER_S // 10
_EXACT_S = 120
"""Up to here a length is in tenths of a second."""


@dataclass(slots=True)
class Losses:
    """What is missing of one segment, or of several."""

    events: int = 0
    """Events that are known to be missing."""
    cut_short: int = 0
    """Processes whose end was not seen."""
    unseen_ns: int = 0
    """How much time before these ends nothing was heard of."""

    def __bool__(self) -> bool:
        return bool(self.events or self.cut_short)

    def add(self, count: int, unseen_ns: int | None) -> None:
        """Count a ``lost`` event. count: as of ``lost_count``. unseen_ns: the time since the event before it."""
        self.events += count
        if not count:
            self.cut_short += 1
            self.unseen_ns += unseen_ns or 0

    def words(self) -> str:
        """Return what is missing: ``3 events lost``, ``1 process cut short: up to 0.4 s may be missing``."""
        parts = [f"{plural(self.events, 'event')} lost"] if self.events else []
        if self.cut_short:
            parts.append(f"{plural(self.cut_short, 'process', 'processes')} {cut_short(self.unseen_ns)}")
        return ", ".join(parts) or "no events lost"


def lost_count(count: Any, reason: Any) -> int:
    """Return how many events a ``lost`` event says to be missing; 0 for the end of a process that was cut short."""
    if type(count) is int and count > 0:
        return count
    return 0 if reason == CUT_SHORT else 1


def total(of: Iterable[Losses]) -> Losses:
    """Return what is missing in all."""
    found = Losses()
    for one in of:
        found.events += one.events
        found.cut_short += one.cut_short
        found.unseen_ns += one.unseen_ns
    return found


def loss_words(count: int, unseen_ns: int | None) -> str:
    """Return what one ``lost`` event says: ``12 events lost``, ``cut short: up to 0.4 s may be missing``."""
    return f"{plural(count, 'event')} lost" if count else cut_short(unseen_ns)


def cut_short(unseen_ns: int | None) -> str:
    """Return that an end was not seen, and how much may be missing: never less than that."""
    if unseen_ns is None:
        return "cut short: its last moments may be missing"
    tenths = max(-(-unseen_ns // _TENTH_NS), 1)
    most = f"{tenths / 10:.1f} s" if tenths < _EXACT_S * 10 else duration(tenths / 10)
    return f"cut short: up to {most} may be missing"
