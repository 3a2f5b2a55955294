"""What is decided of one rule for one app, as data: held, broken, or not proven and why. ``text`` has the sentences."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.policy.reasons import Reason

NO_EVENTS: Ints = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class FirstEvent:
    """The first event that breaks a rule."""

    at: str
    """RFC 3339 in the device's zone."""
    symbol: str | None


# What a decision counted, by rule -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadCount:
    """Of ``no-read``."""

    reads: int = 0
    uploads: int = 0
    """Of these: the app asked iOS to upload, and read nothing by that."""


@dataclass(frozen=True, slots=True)
class ObserverCount:
    """Of ``no-observer``: the classes that are not allowed, and how often they were seen; and whether others were."""

    classes: tuple[str, ...] = ()
    times: int = 0
    any_allowed: bool = False


@dataclass(frozen=True, slots=True)
class CallbackCount:
    """Of ``quiet-callbacks``."""

    notifications: int
    reads: int = 0
    uploads: int = 0
    """As in ``ReadCount``."""


@dataclass(frozen=True, slots=True)
class EntryCount:
    """Of ``entries``."""

    counted: int
    of: int
    by_time: int
    """How many of all were matched by time only."""
    spanned_s: float
    """How much of the watched time is between the report's first and last line."""
    first_why: str = ""
    """Why the first that is counted exists."""


@dataclass(frozen=True, slots=True)
class ClaimCount:
    """Of ``claim``: entries in the background, without the picker's."""

    entries: int
    fits: int
    """Set off by a change, by link."""
    opens: int
    """Openings of the library, which read nothing."""
    deepest: str
    """How far the app went under those that fit."""
    contradicts: tuple[tuple[str, int], ...] = ()
    """What set off those that contradict the claim → how many."""
    too_deep: int = 0
    """Entries of a change under which the app went deeper than is allowed."""
    first_why: str = ""


@dataclass(frozen=True, slots=True)
class RunCount:
    """Of ``no-unreported``."""

    spanned_s: float
    runs: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True)
class Rate:
    """Of ``ceiling``."""

    amount: float
    per_hour: float


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Of ``coverage``: what was asked for and not reached."""

    share: bool = False
    hours: bool = False
    probes: tuple[tuple[str, int, int], ...] = ()
    """Probe, in how many segments it was not installed, and in how many not all the time."""


Figures = ReadCount | ObserverCount | CallbackCount | EntryCount | ClaimCount | RunCount | Rate | Shortfall


# The decisions --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Violation:
    """It was seen. ``events`` are positions, ``rows`` entries of the report."""

    figures: Figures
    events: Ints = field(default_factory=lambda: NO_EVENTS)
    rows: Ints = field(default_factory=lambda: NO_EVENTS)
    first: FirstEvent | None = None


@dataclass(frozen=True, slots=True)
class Unproven:
    """It was not seen, and that proves nothing."""

    reasons: list[Reason]
    events: Ints = field(default_factory=lambda: NO_EVENTS)
    rows: Ints = field(default_factory=lambda: NO_EVENTS)


@dataclass(frozen=True, slots=True)
class Held:
    """It was not seen, and would have been."""

    figures: Figures


Decision = Violation | Unproven | Held


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was seen of a rule, before anything is asked about what was not."""

    figures: Figures
    """What is said where the rule holds."""
    breach: Violation | None = None
    doubts: list[Reason] = field(default_factory=list)
    """Why what was seen can be a breach all the same."""
    events: Ints = field(default_factory=lambda: NO_EVENTS)
    rows: Ints = field(default_factory=lambda: NO_EVENTS)
    """The events and entries of which that is so."""
