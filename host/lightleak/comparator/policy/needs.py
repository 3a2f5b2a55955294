"""What each rule needs to have been there, so that its breach would have been seen. ``question`` answers which of it was not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lightleak.comparator.policy.schema import (
    AnyRule,
    Ceiling,
    EnoughWatched,
    EntriesOfCause,
    MakersClaim,
    NoObserver,
    NoRead,
    NoUnreported,
    QuietCallbacks,
)


@dataclass(frozen=True, slots=True)
class Needs:
    """What must have been there for a breach to be seen."""

    files: bool = True
    """Whether all files must be there and whole: what was lost with one can be of any process, at any time."""
    processes: bool = True
    """Whether the app must have been watched all the time."""
    events: bool = True
    """Whether no event must have been lost."""
    reads: str | None = None
    """The shallowest depth that it is about."""
    observers: bool = False
    """Whether it is about registrations: each observer must be readable."""
    callbacks: bool = False
    """Whether it is about what runs inside callbacks."""
    hand_offs: bool = False
    """Whether it is about work that was handed on."""
    origins: bool = False
    """Whether it is about touches and wake-ups."""
    states: bool = False
    """Whether it is about the app's state: what shows that it changes must have been hooked."""
    night: Literal["", "device", "report"] = ""
    """By whose local time it asks for the night, if it does."""
    report: Literal["", "time", "reads"] = ""
    """Whether it is about the report, which must span the time that was watched; or the reads only."""
    wall_clock: bool = False
    """Whether it puts events next to local time or to a report: then the device's clock must not have been set."""
    rate: bool = False
    """Whether it is a figure per hour: then some time must have been watched."""
    probes: tuple[str, ...] = ()
    """Probes, by name, that it asks for itself."""


LINKS = Needs(observers=True, callbacks=True, hand_offs=True, origins=True)
"""What an act without a link must have been watched with to have been set off by nothing that is watched."""

_NEEDS_OF_CAUSE = {
    "query": Needs(reads="metadata"),
    "open": Needs(reads="metadata", observers=True),
    "notification": Needs(reads="metadata", callbacks=True),
}
"""Cause → what must be watched for it to be seen. Where a query was missed, a notification seems to be the cause."""

_NEEDS_OF_MEASURE = {
    "bytes": Needs(reads="data", rate=True),
    "notifications": Needs(callbacks=True, rate=True),
    "cpu_ms": Needs(reads="metadata", callbacks=True, rate=True),
    "reads": Needs(reads="metadata", rate=True),
}
"""Measure → what must be watched for all of it to be counted."""


def needs_of(rule: AnyRule) -> Needs:
    """Return what must have been there for a breach of a rule to be seen, wherever it happened."""
    match rule:
        case NoRead():
            night: Literal["", "device"] = "device" if rule.night else ""
            return Needs(reads=rule.depth, states=bool(rule.states), night=night, wall_clock=rule.night)
        case NoObserver():
            return Needs(observers=True)
        case QuietCallbacks():
            return Needs(reads=rule.depth, callbacks=True, hand_offs=True)
        case EntriesOfCause():
            # Its entries are there. What is not known of one of them, ``needs_of_entries`` is for.
            of_report: Literal["", "report"] = "report" if rule.night else ""
            return Needs(processes=False, events=False, night=of_report, report="time", wall_clock=True)
        case MakersClaim():
            return Needs(reads="metadata", observers=True, callbacks=True, hand_offs=True, origins=True,
                         states=True, report="time", wall_clock=True)  # fmt: skip
        case NoUnreported():
            # What the report must span are the reads: where there are none, none can be missing from it.
            return Needs(reads=rule.depth, report="reads", wall_clock=True)
        case Ceiling():
            return _NEEDS_OF_MEASURE[rule.measure]
        case EnoughWatched():
            # Of what was watched all is known; but a loss can hide that a probe was removed, and damage that there was more.
            hooks = bool(rule.probes)
            return Needs(files=hooks or rule.share is not None, processes=False, events=hooks, probes=rule.probes)


def needs_of_entries(rule: EntriesOfCause) -> Needs | None:
    """Return what must have been there for an entry to show what the rule counts; None where the report alone shows it."""
    needs = _NEEDS_OF_CAUSE.get(rule.cause) if rule.cause else Needs(reads="metadata", observers=True)
    if needs is None and rule.state is None:
        return None
    needs = needs or Needs()
    return Needs(reads=needs.reads, observers=needs.observers, callbacks=needs.callbacks, states=rule.state is not None)
