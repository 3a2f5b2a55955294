"""The statements of the comparator about one entry, as data.

The English is in ``english.py``; the page has English and Chinese (``host/page/src/text/en/clauses.ts``, ``zh/clauses.ts``) and takes its types
from here (``scripts/make-clause-types``). Durations are in ms, positive; what is signed says so.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from lightleak.comparator.rules.visibility import OriginSource, OtherProcess
from lightleak.statements import Statement

Depth = Literal["notification", "open", "metadata", "thumbnail", "data", "upload"]
Act = Literal["query", "opening", "access"]
"""Which act made the entry; ``access``: a read, where a phone was found to make entries for reads."""
UnknownBecause = Literal["act-not-seen", "origin-missing", "events-lost", "clock-stepped"]
OriginKind = Literal["change", "touch", "wake", "launch", "activation"]
ChangedTo = Literal["active", "inactive", "background", "unknown"]
"""The state to which the app changed, of an origin of the kind ``activation``: only ``active`` is a return to the foreground."""
OtherReason = Literal["change", "touch", "wake", "launch", "activation", "none", "unknown"]
Until = Literal["end", "begin", "entry-end", "report-end", "idle-timer"]
Contradiction = Literal["start", "end", "picker", "owner"]
"""What the lines of one identifier disagree on; ``owner``: the app or the category."""
State = Literal["active", "inactive", "background", "mixed", "unknown"]


class Window(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The time in which the depth of an entry was looked for."""

    until: Until
    """``begin``: the report gives an end before the begin. ``entry-end``: the end of an entry without begin."""
    lag_s: float | None = None
    """From so long before the begin; None: from the report's first line."""


class PropertyRead(msgspec.Struct, frozen=True, gc=False):
    """A getter of photos that was called."""

    symbol: str
    count: int
    photos: int | None = None
    """Of so many different photos; None: no event says."""
    at_least: bool = False
    """Of so many or more."""
    what: Literal["place", "file-name", "caption", "size", "set", "other"] = "other"
    """What the getter returns, where plain words say it."""


class Clause(Statement, frozen=True):
    """One statement about one entry."""


# Why the entry exists -------------------------------------------------------------------------------------------------


class PickerChoice(Clause, frozen=True):
    """The system's photo picker wrote the entry."""

    also_without: bool = False
    """Whether a phone was found to write such entries without a choice too."""


class MatchedByIdentifier(Clause, frozen=True):
    """A process's accounting carries the entry's identifier."""

    process: str
    pid: int | None
    who: Literal["app", "extension", "other"]
    late_ms: float | None = None
    """Report minus accounting, signed; None where the entry has no begin."""
    prolonged: int = 0
    after_call: str | None = None
    """The last query before it, by selector."""
    identifier: str | None = None
    """The extension; or, for another process, the app to which the report gives the entry."""


class ContinuedEntry(Clause, frozen=True):
    """The same, but it goes on with an entry that ended at once before, with no query between."""

    process: str
    pid: int | None
    continues: str
    late_ms: float | None = None
    prolonged: int = 0


class OpenedBySystem(Clause, frozen=True):
    """Only assetsd's accounting carries the entry's identifier."""

    late_ms: float | None = None
    prolonged: int = 0


class OpenedByOther(Clause, frozen=True):
    """Only the accounting of a process of another role than app, extension and assetsd carries it."""

    process: str
    pid: int | None
    role: str
    late_ms: float | None = None
    prolonged: int = 0


class FirstContact(Clause, frozen=True):
    """The first contact with the library that was seen is near."""

    before_ms: int
    symbol: str | None = None
    asleep: bool = False
    """Whether it is further from the begin than the lag, because the process was suspended in between."""


class QueriesNear(Clause, frozen=True):
    """Queries are near, and the accounting could not be seen."""

    count: int
    before_ms: int
    symbol: str | None = None
    or_reads: bool = False
    """Whether reads count as well, since a phone was found to make entries for them."""
    asleep: bool = False
    """As of ``FirstContact``."""


class NotificationsNear(Clause, frozen=True):
    """Only change notifications are near."""

    count: int
    before_ms: int
    lag_s: float
    symbol: str | None = None
    asleep: bool = False
    """As of ``FirstContact``."""


class ActsDoNotExplain(Clause, frozen=True):
    """The app was seen to do something near, which does not explain the entry."""

    count: int
    depth: Depth
    lag_s: float
    accounting_seen: bool
    until_ms: float | None = None
    """How long before the begin watching ended; None where it went on."""
    asleep: bool = False
    """As of ``FirstContact``."""


class NothingNear(Clause, frozen=True):
    """The app was watched, and nothing of it was seen near."""

    lag_s: float
    accounting_seen: bool
    until_ms: float | None = None
    """How long before the begin watching ended; None where it went on."""


class BeginMissing(Clause, frozen=True):
    """The report has no begin, and no accounting carries the identifier."""


class NeverWatched(Clause, frozen=True):
    """No process of the app was watched."""

    app: str
    attached: bool = False
    """Whether a process of it was attached to, without a word that all hooks were in place."""


class NotWatchedBefore(Clause, frozen=True):
    """The app was not watched just before the begin."""

    ended_ms: float | None = None
    """Watching ended so long before the begin."""
    began_ms: float | None = None
    """It began so long after the begin; negative: before it."""
    events_missing: bool = False
    window: Window | None = None
    """It was not watched in all of this time, which has the begin in it."""


# What set it off ------------------------------------------------------------------------------------------------------


class SetOffBy(Clause, frozen=True):
    """An origin set the act off: by its link, or it came shortly before."""

    act: Act
    kind: OriginKind
    linked: bool
    delay_ms: float
    """Act minus origin, signed."""
    what: str | None = None
    """The observer's class, or the reason of a wake-up."""
    state: ChangedTo | None = None


class NotificationItself(Clause, frozen=True):
    """The act is itself the delivery of a change notification."""

    what: str | None = None
    """The observer's class."""


class NothingSetOff(Clause, frozen=True):
    """No origin was seen within the lag before the act."""

    act: Act
    lag_s: float


class TriggerUnknown(Clause, frozen=True):
    """What set the act off cannot be said."""

    reason: UnknownBecause
    """``origin-missing``: the act names an origin that the recording does not have before it."""


class ResumedBy(Clause, frozen=True):
    """An older task of the app went on with a value of this origin: no cause, for the task was there before."""

    kind: OriginKind
    what: str | None = None
    state: ChangedTo | None = None


class WatchedBriefly(Clause, frozen=True):
    """The process was watched for less than the lag before the act, so that an origin can have been missed."""

    watched_ms: float


class OriginsNotWatched(Clause, frozen=True):
    """What can set an act off and was not watched in that process."""

    sources: tuple[OriginSource, ...]


class HandoffNotFollowed(Clause, frozen=True):
    """Ways of handing work on that could not be followed in that process: behind them a link is missing."""

    symbols: tuple[str, ...]
    more: int = 0
    """So many besides those that are named."""


class TriggersByChance(Clause, frozen=True):
    """The app's triggers by time are no better than chance."""

    p: float


# How far the app went -------------------------------------------------------------------------------------------------


class FurthestSeen(Clause, frozen=True):
    """The deepest that the app was seen to go."""

    window: Window
    depth: Depth
    count: int
    at: str
    """When first: RFC 3339 in the report's zone."""
    state: State
    other_day: bool = False
    """Whether that is on another day than the begin."""
    symbol: str | None = None


class NothingSeen(Clause, frozen=True):
    """The app was watched, in part at least, and nothing of the ladder was seen."""

    window: Window


class NotWatchedThen(Clause, frozen=True):
    """The app was not watched at all in that time."""

    window: Window


class OtherProcessWent(Clause, frozen=True):
    """How far another process was seen to go in that time."""

    process: OtherProcess
    depth: Depth
    count: int


class UploadAsked(Clause, frozen=True):
    """A process asked iOS to upload photos in that time: what it asked for, not what iOS did."""

    count: int
    """Jobs, and retries with a destination or without."""
    hosts: tuple[str, ...] = ()
    """Where to; only the host of an address is recorded."""
    more: int = 0
    """So many hosts besides those that are named."""
    nameless: int = 0
    """How many of them had no host that was seen."""
    also_read: bool = False
    """Whether the same process requested pixels or bytes of photos itself in that time: those do pass through it."""
    process: OtherProcess | None = None
    """The app's extension; None: the app itself."""


class HostContacted(Clause, frozen=True):
    """The report has network rows of that host, whose last contact was not before the upload was asked for: a coincidence in time."""

    app: str
    """To which the report gives the row."""
    host: str
    count: int
    """Hits."""
    first: str
    """RFC 3339, of the first contact and of the last."""
    last: str


class ReadOtherwise(Clause, frozen=True):
    """The app also queried or read in that time, and something else than what set off the act that made the entry set it off."""

    reasons: tuple[OtherReason, ...]
    count: int


class PropertiesRead(Clause, frozen=True):
    """Properties of photos that the app read in that time."""

    properties: tuple[PropertyRead, ...]
    more: int = 0
    """So many getters besides those that are named."""


class PickerLoads(Clause, frozen=True):
    """The app loaded what a person had chosen in a picker in that time: outside the ladder."""

    count: int


# What limits it -------------------------------------------------------------------------------------------------------


class PartlyWatched(Clause, frozen=True):
    """Some, not all, of that time was watched."""

    percent: int
    """0: less than one."""


class LinesContradict(Clause, frozen=True):
    """The report's lines of this identifier contradict each other; what all of them agree on was counted."""

    about: tuple[Contradiction, ...]


class NearOthersToo(Clause, frozen=True):
    """What was seen near the entry is near others too: the flag ``ambiguous``."""

    others: int


class TwinNear(Clause, frozen=True):
    """Another entry of the app and category begins within 2 s: the flag ``twin``."""


class UnwatchedBefore(Clause, frozen=True):
    """Some of the time before the begin, in which the cause lies, was not watched."""

    whole_ms: float
    unseen_ms: float


class EventsMayBeMissing(Clause, frozen=True):
    """The session's own file is damaged, cut or unfinished where events of that time would be."""


class IdleTimerLength(Clause, frozen=True):
    """The length is that of Apple's idle timer."""


class ChanceNoBetter(Clause, frozen=True):
    """The app's matches by time are no better than chance."""

    p: float


class NotHooked(Clause, frozen=True):
    """What was not hooked, or not all the time, and so is not excluded."""

    symbols: tuple[str, ...]
    """What some process of the app had not hooked at all."""
    more: int = 0
    """So many besides those that are named."""
    reads: bool = False
    """Whether a read deeper than what was seen can have been missed: the process has a method that was not hooked."""
    in_part: tuple[str, ...] = ()
    """What was hooked for part of the time only: its hook was removed, or came late."""


class OthersNotWatched(Clause, frozen=True):
    """Other processes that could have made the entry, and were not watched."""

    processes: tuple[OtherProcess, ...]


class Unconfirmed(Clause, frozen=True):
    """Assumptions that the verdict rests on and that no phone has confirmed."""

    assumptions: tuple[int, ...]


class Refuted(Clause, frozen=True):
    """Assumptions that a phone has refuted, with what rests on them switched off."""

    assumptions: tuple[int, ...]


class StampsBeforeCall(Clause, frozen=True):
    """A phone was found to stamp entries before the call too."""


NOT_ALL_ORIGINS: frozenset[type[Clause]] = frozenset({ResumedBy, WatchedBriefly, OriginsNotWatched, HandoffNotFollowed})
"""What of ``NothingSetOff`` is less than it sounds: something can have set the act off without being seen to."""
