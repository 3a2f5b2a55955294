"""What is decided of one rule for one app, as data: held, broken, or not proven and why. ``text`` has the sentences."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from lightleak.arrays import Ints
from lightleak.comparator.explain.notices import RecordedTwice

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
    probes: tuple[tuple[str, int], ...] = ()
    """Probe → in how many segments it was not installed."""


Figures = ReadCount | ObserverCount | CallbackCount | EntryCount | ClaimCount | RunCount | Rate | Shortfall


# Why nothing seen need not be nothing done ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NothingWatched:
    """No process of the app was watched."""

    app: str


@dataclass(frozen=True, slots=True)
class TooLittleWatched:
    """Less was watched than the policy's ``covered_share``."""

    share: float
    asked: float


@dataclass(frozen=True, slots=True)
class EventsMissing:
    """Events are known to be lost."""

    count: int


@dataclass(frozen=True, slots=True)
class EntriesUnwatched:
    """Entries show the app alive within the session, unwatched."""

    count: int


@dataclass(frozen=True, slots=True)
class ProbesMissing:
    """Probes that would have seen it were not in place; by symbol."""

    symbols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallbacksNotHooked:
    """Callbacks of observers were not hooked; by symbol or class."""

    symbols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CallbacksHookedLate:
    """Callbacks of observers were replaced, and hooked up to a second later; by symbol."""

    symbols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeliveriesNotWatched:
    """Requests had handlers that could not be hooked."""

    count: int


@dataclass(frozen=True, slots=True)
class RegisteredBefore:
    """Callbacks were hooked by class, and who registered before the recording is not known; by symbol."""

    symbols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ZoneUnknown:
    """The device's time zone is not known."""


@dataclass(frozen=True, slots=True)
class StateUnknown:
    """Reads happened in a state that is not known."""

    reads: int


@dataclass(frozen=True, slots=True)
class NoCommonTime:
    """Report and recording have no time in common."""


@dataclass(frozen=True, slots=True)
class EntriesCameUnwatched:
    """Entries came while the app was not watched, and can be of any cause."""

    entries: int


@dataclass(frozen=True, slots=True)
class EntriesUnexplained:
    """Entries are unexplained, and what would show the cause was not seen."""

    entries: int
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class EntriesInUnclearStates:
    """Entries of the cause happened in states that are mixed or not known."""

    entries: int


@dataclass(frozen=True, slots=True)
class HandOffsEscaped:
    """Work that was handed on could not be followed; by symbol. Empty: the recording does not say whether it was."""

    symbols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OriginsUnwatched:
    """Touches or wake-ups were not watched; by symbol."""

    symbols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TriggersByTime:
    """What set them off is known by time only."""

    count: int
    noun: str
    """read or entry."""


@dataclass(frozen=True, slots=True)
class TriggersUnknown:
    """What set them off is not known."""

    count: int
    noun: str


@dataclass(frozen=True, slots=True)
class TriggersUnlinked:
    """No link shows what set them off, and not all links could be seen."""

    count: int
    noun: str
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class EntriesMatchedByTime:
    """Which act made them is known by time only."""

    entries: int


@dataclass(frozen=True, slots=True)
class EntriesReadOtherwise:
    """A change or an opening explains them, and under them the app read for other reasons too."""

    entries: int


@dataclass(frozen=True, slots=True)
class EntriesUndecided:
    """The app was watched, and no act of it explains them."""

    entries: int


@dataclass(frozen=True, slots=True)
class CountedTwice:
    """The figure is above the ceiling, and two recordings of one process counted what both saw."""

    measure: str
    allowed: float
    rate: Rate
    notice: RecordedTwice


Reason = (
    NothingWatched
    | TooLittleWatched
    | EventsMissing
    | EntriesUnwatched
    | ProbesMissing
    | CallbacksNotHooked
    | CallbacksHookedLate
    | DeliveriesNotWatched
    | RegisteredBefore
    | ZoneUnknown
    | StateUnknown
    | NoCommonTime
    | EntriesCameUnwatched
    | EntriesUnexplained
    | EntriesInUnclearStates
    | HandOffsEscaped
    | OriginsUnwatched
    | TriggersByTime
    | TriggersUnknown
    | TriggersUnlinked
    | EntriesMatchedByTime
    | EntriesReadOtherwise
    | EntriesUndecided
    | CountedTwice
)


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
