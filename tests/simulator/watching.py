"""What is watched: attachments, cut cables, absent hosts, lost events, probes that could not be installed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from simulator.world import Call, Life

Away = Sequence[tuple[float, float]]

SKIPPED_PROBES = ("thumbnail", "data", "write")


@dataclass(eq=False, slots=True)
class Watch:
    """One attachment to one process."""

    life: Life
    ready: float
    stop: float
    accounting: bool
    ended: str = "detached"
    """exited or detached; a recorder that is asked to stop says so too."""
    skipped: frozenset[str] = frozenset()
    losses: list[tuple[float, float, str]] = field(default_factory=list)
    """From, to, and whether an event reports them (lost) or their numbers are missing (hole)."""
    inputs: bool = True
    """Whether touches are watched."""
    said_again: list[float] = field(default_factory=list)
    """When the agent said the state again, after a loss. Only in weeks with origins."""

    def holds(self, at: float) -> bool:
        """Return whether what happens then is recorded."""
        return self.ready <= at <= self.stop and not any(a <= at <= b for a, b, _ in self.losses)

    def sees(self, call: Call) -> bool:
        """Return whether a call of the process is recorded."""
        return self.holds(call.at) and call.depth not in self.skipped

    def first_contact(self) -> Call | None:
        """Return the first contact: the segment's first call, unless observers were registered before the hooks."""
        calls = self.life.calls
        if any(call.observer and call.at < self.ready for call in calls):
            return None
        return next((call for call in calls if call.depth in ("open", "metadata") and self.sees(call)), None)


def watch(chance: random.Random, life: Life, *, accounting: bool, away: Away, until: float) -> Iterator[Watch]:
    """Attach at the start or later, lose the process now and then, and return when it runs again."""
    at: float | None = life.born + (0.05 if chance.random() < 0.8 else chance.uniform(0.5, 40))
    while at is not None and (at := life.next_awake(at)) is not None and at < until:
        host = next(((a, b) for a, b in away if a <= at < b), None)
        if host is not None:
            at = host[1]
            continue
        stop, ended = _stop(chance, life, at, away, until)
        skipped = frozenset(p for p in SKIPPED_PROBES if chance.random() < 0.03)
        found = Watch(life, at, stop, accounting, ended, skipped)
        _lose(chance, found)
        yield found
        at = stop + chance.uniform(1, 900) if ended == "detached" else None


def _stop(chance: random.Random, life: Life, at: float, away: Away, until: float) -> tuple[float, str]:
    stop, ended = (life.died, "exited") if life.ending == "exited" else (life.died, "detached")
    cut = at + chance.uniform(0, max(1.0, life.died - at)) if chance.random() < 0.12 else stop
    for limit, how in [(cut, "detached"), (until, "detached"), *((a, "detached") for a, _ in away if a > at)]:
        if limit < stop:
            stop, ended = limit, how
    return stop, ended


def _lose(chance: random.Random, found: Watch) -> None:
    if chance.random() < 0.05 and found.stop - found.ready > 30:
        near = chance.choice(found.life.calls).at if found.life.calls and chance.random() < 0.7 else None
        start = near - 0.5 if near is not None else chance.uniform(found.ready + 5, found.stop - 10)
        if found.ready + 1 < start < found.stop - 8:
            how = chance.choice(("lost", "hole"))
            found.losses.append((start, start + chance.uniform(0.05, 5), how))
