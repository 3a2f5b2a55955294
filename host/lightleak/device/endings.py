"""How often an app ended soon after it was attached to, and how often without: counts, and their words. Pure.

What was seen is k endings of n runs, and nothing more: a run in which the app stayed shows only that it stayed for so long.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from math import comb

from lightleak.device.targets import target_words
from lightleak.wording import plural

SOON_S = 10.0
"""An app that ends within so many seconds of being attached to ended soon."""


@dataclass(slots=True)
class Endings:
    """Runs of one kind: after how many seconds the app ended, and how long the others were watched."""

    ended_s: list[float] = field(default_factory=list)
    stayed_s: list[float] = field(default_factory=list)

    @property
    def ended(self) -> int:
        """Runs in which it ended."""
        return len(self.ended_s)

    @property
    def runs(self) -> int:
        """All runs."""
        return len(self.ended_s) + len(self.stayed_s)

    def add(self, seconds: float, *, ended: bool) -> None:
        """Count a run."""
        (self.ended_s if ended else self.stayed_s).append(seconds)

    def words(self) -> str:
        """Return the count: ``3 of 3 times, within 2.4 s``, ``0 of 2 times, in 30.0 s each``."""
        count = f"{self.ended} of {plural(self.runs, 'time')}"
        if self.ended:
            return f"{count}, within {max(self.ended_s):.1f} s"
        return f"{count}, in {min(self.stayed_s):.1f} s{' each' if self.runs > 1 else ''}" if self.stayed_s else count

    def to_dict(self) -> dict[str, int | float | None]:
        """Return the counts as JSON; ``within_s``: the latest ending; ``watched_s``: the shortest run without one."""
        return {
            "ended": self.ended,
            "runs": self.runs,
            "within_s": round(max(self.ended_s), 1) if self.ended_s else None,
            "watched_s": round(min(self.stayed_s), 1) if self.stayed_s else None,
        }


def exact_p(one: Endings, other: Endings) -> float:
    """Return the p-value of Fisher's exact test, two-sided: how often chance alone parts the endings so unequally."""
    ended, runs = one.ended + other.ended, one.runs + other.runs

    def ways(of_one: int) -> int:
        return comb(one.runs, of_one) * comb(other.runs, ended - of_one)

    seen = ways(one.ended)
    possible = range(max(0, ended - other.runs), min(one.runs, ended) + 1)
    return sum(count for count in map(ways, possible) if count <= seen) / comb(runs, ended)


CHANCE_P = 0.05


def chance_words(with_it: Endings, without: Endings) -> str:
    """Return a sentence on what so few runs are worth."""
    p = exact_p(with_it, without)
    few = "so few runs can differ by chance" if p >= CHANCE_P else "chance alone seldom does that"
    return f"{few} (Fisher's exact test, two-sided: p = {p:.2g})"


def bisect_command(app: str) -> str:
    """Return the command that tries an app with and without hooks. app: its identifier or name."""
    return shlex.join(["lightleak", "doctor", *target_words(app), "--bisect"])


@dataclass(slots=True)
class AppEndings:
    """What a recording saw of one app: its endings soon after an attachment, and without any."""

    name: str
    """The word that names it on a command line."""
    attached: Endings = field(default_factory=Endings)
    alone: Endings = field(default_factory=Endings)
    """Launches that were watched in the list of processes only."""
    in_a_row: int = 0
    """Attachments, up to now, that each ended soon."""

    def count(self, lived_s: float, *, ended: bool) -> bool:
        """Count an attachment; return whether the app ended soon. One that was given up soon shows nothing."""
        soon = lived_s < SOON_S
        if soon and not ended:
            return False
        self.attached.add(lived_s, ended=soon)
        self.in_a_row = self.in_a_row + 1 if soon else 0
        return soon

    def label(self) -> str:
        """Return the mark of the session: what was seen until now."""
        without = f"; without being attached to: {self.alone.words()}" if self.alone.runs else ""
        return f"ended soon after it was attached to: {self.attached.words()}{without}"

    def sentence(self) -> str:
        """Return what the recording saw, and no more than that."""
        seen = f"{self.name} {self.label()}"
        if self.alone.runs:
            return f"{seen}; {chance_words(self.attached, self.alone)}"
        return f"{seen}. Whether it also ends without is not known: {bisect_command(self.name)} tries both"

    def detail(self) -> dict[str, object]:
        """Return the same as data."""
        return {
            "attached": self.attached.to_dict(),
            "alone": self.alone.to_dict() if self.alone.runs else None,
        }
