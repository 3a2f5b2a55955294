"""What a person may write about an app, and what not: as data.

Each is a sentence that can be quoted alone: it names the app, and how much of the time was watched where that matters.
``quotes_english`` has the words.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from lightleak.comparator.explain.claims import Answer
from lightleak.comparator.rules.visibility import OriginSource, OtherProcess
from lightleak.events import TriggerKind
from lightleak.statements import Statement

PixelDepth = Literal["thumbnail", "data", "upload"]
TriggerBy = Literal["link", "time", "chance", "none"]


class SetOffCount(msgspec.Struct, frozen=True, gc=False):
    """So many entries by what set off the act that made them, and how sure that is."""

    kind: TriggerKind
    by: TriggerBy
    count: int


class MayWrite(Statement, frozen=True):
    """One sentence that the data carries."""


class MayNotWrite(Statement, frozen=True):
    """One sentence that the data does not carry, and why."""


class ReportLists(MayWrite, frozen=True):
    """How many entries the report has of an app, and how much of its time the app was watched."""

    app: str
    entries: int
    start: str
    """The report's first and last time, RFC 3339."""
    end: str
    share: float


class EntriesWithReads(MayWrite, frozen=True):
    """Entries during which, or within the lag before, the app requested photos, in one state throughout."""

    app: str
    depth: PixelDepth
    """The furthest step of these entries."""
    state: Literal["active", "background"]
    count: int
    of: int
    night: int
    lag_s: float
    share: float


class SetOffWithReads(MayWrite, frozen=True):
    """What set off the entries in the background during which the app requested photos."""

    app: str
    count: int
    set_off: tuple[SetOffCount, ...]
    """Of the acts that made the entries. An entry takes in all that the app does within a minute, whatever sets it off."""
    otherwise: int = 0
    """Entries under which the app also queried or read for another, or an unknown, reason."""
    uploads: int = 0
    """Entries whose furthest step is an upload: the app need not have requested a photo itself."""


class ReadsInBackground(MayWrite, frozen=True):
    """Requests that were recorded while the app was in the background, under an entry or not."""

    app: str
    depth: PixelDepth
    count: int
    night: int | None
    """None where the device's zone is not known."""
    first: str


class NoReadInBackground(MayWrite, frozen=True):
    """No request for a photo was seen in the background."""

    app: str
    share: float
    missing: int
    """Probes that were missing in some process."""


class ClaimAnswered(MayWrite, frozen=True):
    """Whether the maker's sentence holds for what was recorded."""

    app: str
    answer: Answer
    count: int
    entries: int
    elsewhere: int
    """Entries in several states, or in one that is not known: they are not counted, and may have been in the background."""
    share: float


class Matched(MayWrite, frozen=True):
    """How the app's entries were joined to the recording."""

    app: str
    identifier: int
    time: int


class RunsExpected(MayWrite, frozen=True):
    """Runs of reads under no entry that read pixels only."""

    app: str
    runs: int
    assumption: int
    known: bool | None
    """Whether a phone confirmed that reading pixels writes no row."""


class RunsWithQueries(MayWrite, frozen=True):
    """Runs under no entry in which the app also queried."""

    app: str
    runs: int


class OnlyThese(MayNotWrite, frozen=True):
    """That the app did no more than was seen."""

    app: str
    share: float


class NothingElse(MayNotWrite, frozen=True):
    """That nothing else happened while the app was watched: probes were missing."""

    probes: int


class CertainByTime(MayNotWrite, frozen=True):
    """That entries matched by time are certain."""

    count: int
    lag_s: float


class MatchesByChance(MayNotWrite, frozen=True):
    """That matches by time prove anything."""

    p: float


class TriggersByTimeProve(MayNotWrite, frozen=True):
    """That triggers by time prove anything."""

    p: float


class CausesKnown(MayNotWrite, frozen=True):
    """That each entry has a known cause."""

    unobserved: int
    unexplained: int


class OthersInForeground(MayNotWrite, frozen=True):
    """That the entries that are not in the background are in the foreground."""

    mixed: int
    unknown: int


class EntryIsRead(MayNotWrite, frozen=True):
    """That each entry is a photo that was read."""

    entries: int
    reads: int
    uploads: int = 0
    """Of the reads: entries whose furthest step is an upload."""


class NothingTriggered(MayNotWrite, frozen=True):
    """That nothing set off what has no trigger."""

    sources: tuple[OriginSource, ...]


class ReportHides(MayNotWrite, frozen=True):
    """That the report hides reads, or that the app evades it."""

    app: str
    runs: int


class PhotoSent(MayNotWrite, frozen=True):
    """That a photo left the phone."""

    uploads: int
    """Entries during which the app asked iOS to upload."""


class NothingLost(MayNotWrite, frozen=True):
    """That every event is there."""

    count: int


class OthersDidNothing(MayNotWrite, frozen=True):
    """That no other process acted for the app."""

    processes: tuple[OtherProcess, ...]


class PhoneConfirmed(MayNotWrite, frozen=True):
    """That a phone confirmed the rules."""

    assumptions: int


class RealPhone(MayNotWrite, frozen=True):
    """That an iPhone did this."""

    system: str | None
    device: Literal["virtual", "simulator"] | None = None
    """What else it was recorded on, if that is known."""


class WhyNeverWatched(MayNotWrite, frozen=True):
    """Anything on why entries exist: the app was not recorded."""

    app: str
    entries: int
