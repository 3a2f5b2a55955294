"""Why nothing seen need not be nothing done: what keeps a rule from being proven, as data. ``text`` has the sentences."""

from __future__ import annotations

from dataclasses import dataclass

from lightleak.comparator.explain.notices import RecordedTwice


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
    """Events are known to be lost, or can be: a process was cut short."""

    count: int
    cut_short: int = 0
    """Processes whose end was not seen."""
    unseen_ms: float = 0
    """How much time before these ends nothing was heard of."""


@dataclass(frozen=True, slots=True)
class EntriesUnwatched:
    """Entries show the app alive within the session, unwatched."""

    count: int


@dataclass(frozen=True, slots=True)
class FilesDamaged:
    """Session files are damaged, cut, or without their closing seal; by path."""

    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FilesMissing:
    """Files of the same recordings were not given; by name."""

    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LinesUnreadable:
    """Lines of a session are not events."""

    count: int


@dataclass(frozen=True, slots=True)
class NoCoveredTime:
    """The app was watched for no time at all."""


@dataclass(frozen=True, slots=True)
class NeverReady:
    """Processes of the app were attached to, and watched for no time."""

    processes: int


@dataclass(frozen=True, slots=True)
class ProcessesUnnamed:
    """Processes of a recording have no name, no number and no identifier: they can be the app's."""

    processes: int


@dataclass(frozen=True, slots=True)
class ValuesUnreadable:
    """Keys by which rules decide have values of another type; by key."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindsUnknown:
    """Events are of kinds that this version does not know; the kinds, and how many events."""

    kinds: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class DepthsUnknown:
    """Accesses have no depth, or one that this version does not know."""

    count: int


@dataclass(frozen=True, slots=True)
class ObserversUnreadable:
    """Events show observers, and do not say which or of what."""

    count: int


@dataclass(frozen=True, slots=True)
class ProbesMissing:
    """Probes that would have seen it were never in place; by symbol."""

    symbols: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProbesRemoved:
    """Probes that would have seen it were not in place for some of the time; by symbol."""

    symbols: tuple[str, ...]
    lasted_s: float


@dataclass(frozen=True, slots=True)
class ClockSet:
    """The device's clock was set, so that a time on it is not sure."""

    times: int


@dataclass(frozen=True, slots=True)
class ReportZoneUnknown:
    """Times of an on-device store have no zone."""


@dataclass(frozen=True, slots=True)
class ReportSpansLess:
    """The report says nothing about some of the watched time: it begins later, ends earlier, or has holes."""

    outside_s: float
    covered_s: float


@dataclass(frozen=True, slots=True)
class ActsOutsideReport:
    """The app acted at times about which the report says nothing."""

    count: int
    noun: str
    """read or act."""


@dataclass(frozen=True, slots=True)
class ReportUnreadable:
    """Lines, records or files of the report could not be read."""

    count: int


@dataclass(frozen=True, slots=True)
class ReadsWhileDenied:
    """The app read while its permission seemed to be denied, and what shows a new permission was not hooked all the time."""

    reads: int


@dataclass(frozen=True, slots=True)
class NoEntryInBackground:
    """No entry shows what the app does in the background; or those that do are openings of the library only."""

    opens: int


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
class DeviceZoneUnknown:
    """The device's time zone is not known."""


@dataclass(frozen=True, slots=True)
class StateUnknown:
    """Reads happened in a state that is not known."""

    reads: int


@dataclass(frozen=True, slots=True)
class ReportOfOneDevice:
    """The sessions are of devices of several models, and the report can be of one only."""

    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoCommonTime:
    """Report and recording have no time in common."""


@dataclass(frozen=True, slots=True)
class EntriesCameUnwatched:
    """Entries came while the app was not watched, and can be of any cause."""

    entries: int


@dataclass(frozen=True, slots=True)
class EntriesPerhaps:
    """Entries can be of what is counted, and what would show that was not watched."""

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
class ReadsUnderNoEntry:
    """The app read in the background under no entry, and no link shows that a change set it off."""

    runs: int


@dataclass(frozen=True, slots=True)
class EntriesResumed:
    """Older tasks made entries, and went on with a value of something other than what set them off."""

    entries: int


@dataclass(frozen=True, slots=True)
class EntriesUndecided:
    """The app was watched, and no act of it explains them."""

    entries: int


@dataclass(frozen=True, slots=True)
class NotMeasured:
    """The app read, and no event of the recording has the measure."""

    measure: str


@dataclass(frozen=True, slots=True)
class CountedTwice:
    """The figure is above the ceiling, and two recordings of one process counted what both saw."""

    measure: str
    allowed: float
    amount: float
    per_hour: float
    notice: RecordedTwice


Reason = (
    NothingWatched
    | TooLittleWatched
    | EventsMissing
    | EntriesUnwatched
    | FilesDamaged
    | FilesMissing
    | LinesUnreadable
    | NoCoveredTime
    | KindsUnknown
    | DepthsUnknown
    | ObserversUnreadable
    | ProbesMissing
    | ProbesRemoved
    | ClockSet
    | ReportZoneUnknown
    | ReportSpansLess
    | ActsOutsideReport
    | NeverReady
    | ProcessesUnnamed
    | ValuesUnreadable
    | ReportUnreadable
    | ReadsWhileDenied
    | NoEntryInBackground
    | CallbacksNotHooked
    | CallbacksHookedLate
    | DeliveriesNotWatched
    | RegisteredBefore
    | DeviceZoneUnknown
    | StateUnknown
    | ReportOfOneDevice
    | NoCommonTime
    | EntriesCameUnwatched
    | EntriesPerhaps
    | EntriesInUnclearStates
    | HandOffsEscaped
    | OriginsUnwatched
    | TriggersByTime
    | TriggersUnknown
    | TriggersUnlinked
    | EntriesMatchedByTime
    | EntriesReadOtherwise
    | ReadsUnderNoEntry
    | EntriesResumed
    | EntriesUndecided
    | NotMeasured
    | CountedTwice
)
