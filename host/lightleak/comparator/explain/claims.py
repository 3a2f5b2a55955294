"""What set the entries of an app off, counted and in words: how far the maker's claim holds.

The claim is that an app reads in the background only because iOS tells it of changes (contract section 4, ``claims``). The
summary has its figures for the background; here the same is counted of any verdicts, so that all entries can be next to them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lightleak.comparator.explain.english import DEPTHS as DEPTH_WORDS
from lightleak.events import DEPTHS, TRIGGERS
from lightleak.wording import join_and, plural

TRIGGER_WORDS = {
    "change": "a change notification",
    "touch": "a touch or key press",
    "wake": "a wake-up by the system",
    "launch": "the app's launch",
    "activation": "the app's return to the foreground",
    "none": "nothing that was watched",
    "unknown": "not known what",
}
"""What set an act off, by kind, to follow "set off by"."""
LINK_WORDS = {"link": "linked", "time": "likely"}
"""How sure that is: the act names its origin, or the origin came shortly before."""


@dataclass(slots=True)
class ClaimCounts:
    """Some entries of one app, by what set them off; the parts add up to ``entries``."""

    entries: int = 0
    """Without those of the picker, which the person chose."""
    opens: int = 0
    """Opening the library is no reading."""
    fits_by_link: int = 0
    fits_by_time: int = 0
    others: Counter[tuple[str, str]] = field(default_factory=Counter)
    """What contradicts the claim: kind and link of the trigger → entries."""
    undecided: int = 0
    deepest_fitting: str = "none"

    @property
    def fits(self) -> int:
        """How many were set off by a change notification."""
        return self.fits_by_link + self.fits_by_time

    @property
    def contradicts(self) -> int:
        """How many were set off by something else, or by nothing that was watched."""
        return self.others.total()


def counted(entries: Iterable[Mapping[str, Any]]) -> ClaimCounts:
    """Count verdicts, as objects of contract section 4."""
    counts = ClaimCounts()
    for entry in entries:
        if entry["cause"] != "picker":
            _add(counts, entry)
    return counts


def _add(counts: ClaimCounts, entry: Mapping[str, Any]) -> None:
    counts.entries += 1
    trigger = entry["trigger"]
    if entry["cause"] == "open":
        counts.opens += 1
    elif trigger is None or trigger["kind"] == "unknown":
        counts.undecided += 1
    elif trigger["kind"] == "change":
        counts.fits_by_link += trigger["by"] == "link"
        counts.fits_by_time += trigger["by"] != "link"
        counts.deepest_fitting = max(counts.deepest_fitting, entry["depth"] or "none", key=DEPTHS.index)
    else:
        counts.others[trigger["kind"], trigger["by"]] += 1


def answer(counts: ClaimCounts) -> str:
    """Return whether the claim holds for entries in the background, in one sentence that claims no more than was seen."""
    sure = sum(number for (_, by), number in counts.others.items() if by == "link")
    if not counts.entries:
        return "No entry in the background: the claim is not tested."
    if sure:
        return f"The claim does not hold: {sure} of {_entries(counts)} {'was' if sure == 1 else 'were'} set off by something else."
    if counts.contradicts:
        # Work that was handed on in a way that is not followed has no link, so that this is no proof.
        return f"The claim is in doubt: for {counts.contradicts} of {_entries(counts)} no change notification is the likely reason."
    if counts.undecided:
        return (
            f"The claim is not proven: for {counts.undecided} of {_entries(counts)} it is not known what set them off."
        )
    if not counts.fits:
        return "The claim is not tested: in the background the app only opened the library."
    if counts.fits_by_time:
        return (
            f"The claim is likely for what was recorded: {counts.fits_by_time} of {_entries(counts)} fit by time only."
        )
    return (
        f"The claim holds for what was recorded: {_entries(counts)}, none set off by anything but change notifications."
    )


def breakdown(counts: ClaimCounts, where: str) -> str:
    """Return so many of so many entries by what set them off, in one sentence. where: "in the background" or "in all states"."""
    if not counts.entries:
        return f"{where[0].upper()}{where[1:]}: no entries."
    parts = []
    if counts.fits:
        numbers = [(counts.fits_by_link, "linked"), (counts.fits_by_time, "likely")]
        sure = ", ".join(f"{number} {word}" for number, word in numbers if number)
        parts.append(f"{counts.fits} set off by a change notification ({sure})")
    if counts.contradicts:
        parts.append(f"{counts.contradicts} by something else ({_others(counts)})")
    if counts.undecided:
        parts.append(f"{counts.undecided} undecided")
    if counts.opens:
        parts.append(f"{counts.opens} only opened the library")
    deepest = (
        f"; after a change notification the app went as far as {DEPTH_WORDS.get(counts.deepest_fitting, counts.deepest_fitting)}"
        if counts.fits
        else ""
    )
    whole = plural(counts.entries, "entry", "entries")
    return f"{where[0].upper()}{where[1:]}: of {whole}, {join_and(parts)}{deepest}."


def _others(counts: ClaimCounts) -> str:
    found = [(kind, by) for kind in TRIGGERS for by in ("link", "time", "none") if counts.others[kind, by]]
    return "; ".join(
        f"{counts.others[kind, by]} by {TRIGGER_WORDS[kind]}" + (f", {LINK_WORDS[by]}" if by in LINK_WORDS else "")
        for kind, by in found
    )


def _entries(counts: ClaimCounts) -> str:
    return f"{plural(counts.entries, 'entry', 'entries')} in the background"


def trigger_words(trigger: Mapping[str, Any] | None) -> str | None:
    """Return the kind of a verdict's trigger and how sure it is: ``change, linked``; None where there is no act."""
    if trigger is None:
        return None
    by = LINK_WORDS.get(trigger["by"])
    return f"{trigger['kind']}, {by}" if by else str(trigger["kind"])
