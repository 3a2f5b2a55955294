"""``compare --format json``: the verdicts (contract section 4), of all entries or of those that a filter selects."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from lightleak.comparator.comparison import Verdict
from lightleak.comparator.rules.rules import Cause, EntryState
from lightleak.comparator.timeline.triggers import Trigger
from lightleak.events import AppState, Depth, DeviceKind, TriggerKind
from schema.parts import Count, EventPlace, FileName, GapShape, ProblemShape, Share, Time


class CutShortShape(Struct):
    """Processes whose end was not seen: how many events are missing is not known."""

    processes: Count
    unseen_ms: float
    """For how long at most, in sum."""


class DamageShape(Struct):
    """A time in which any event can be missing, because the recording's file is damaged, cut or not finished."""

    from_: Time | None = field(name="from")
    """None where nothing before it could be read."""
    to: Time | None
    """None where nothing after it could be read."""
    reason: str


class DeviceShape(Struct):
    """What a session was recorded on. A virtual device or a simulator is not a phone."""

    model: str | None
    os: str | None
    os_version: str | None
    kind: DeviceKind | None
    """null: not known."""


class SessionShape(Struct):
    """A recording."""

    n: Count
    """The number by which events name it."""
    id: str | None
    files: list[FileName]
    device: DeviceShape
    started: Time | None
    ended: Time | None
    segments: Count
    events: Count
    lost: Count
    """Events that are known to be missing."""
    cut_short: CutShortShape
    gaps: list[GapShape]
    damage: list[DamageShape]


class ReportShape(Struct):
    """The privacy reports, read as one."""

    files: list[FileName]
    first: Time | None
    last: Time | None
    entries: Count
    """Of every category."""
    problems: list[ProblemShape]


class LagShape(Struct):
    """By how many milliseconds the report is later than the call, where an identifier shows it."""

    median: float | None
    p95: float | None
    n: Count
    bound: float
    """What the verdicts used."""
    proposed: float | None
    outliers: Count


class StepShape(Struct):
    """Where a device's clock was set."""

    session: Count
    segment: int
    at: Time
    step_ms: float


class ClockShape(Struct):
    """The clocks."""

    lag_ms: LagShape
    host_offset_ms: float | None
    steps: list[StepShape]


class RunShape(Struct):
    """Reads under no entry."""

    app: str
    begin: Time
    end: Time
    depth: Literal["metadata", "thumbnail", "data", "upload"]
    trigger: Trigger | None
    events: Count
    evidence: list[EventPlace]


class ClaimShape(Struct):
    """How far what makers claim holds: that the app reads in the background only because iOS tells it of changes."""

    claim: Literal["background-only-on-change"]
    entries: Count
    opens: Count
    fits_by_link: Count
    fits_by_time: Count
    contradicts: Count
    undecided: Count
    deepest_fitting: Depth


class CostShape(Struct):
    """What an app's observers cost."""

    callbacks: Count
    cpu_ms: float | None
    """null: not measured."""
    bytes: Count | None
    """null: not measured."""
    wakeups: Count


class ObserverCostShape(CostShape):
    """The same, in sum and by state."""

    by_state: dict[AppState, CostShape]


class UsageShape(Struct):
    """What the app's processes used; null: the system gives no figure."""

    seconds: float
    cpu_ms: float | None
    wakeups: Count | None
    disk_read_bytes: Count | None
    energy_mj: float | None
    footprint_peak_bytes: Count | None
    partly: list[Literal["cpu_ms", "wakeups", "disk_read_bytes", "energy_mj"]]
    """What was not measured in some of the intervals."""


class AroundShape(Struct):
    """What was used in some intervals."""

    intervals: Count
    seconds: float
    cpu_ms: float | None
    footprint_change_bytes: int | None


class WithAndWithoutShape(Struct):
    """Intervals with a callback, and those without."""

    with_: AroundShape = field(name="with")
    without: AroundShape


class AllUsageShape(UsageShape):
    """The same, in sum, by state, and around callbacks."""

    samples: Count
    left_out_s: float
    by_state: dict[EntryState, UsageShape]
    around_callbacks: dict[EntryState, WithAndWithoutShape]


class EntryFiguresShape(Struct):
    """What is counted of an app's entries."""

    entries: Count
    by_cause: dict[Cause, Count]
    by_depth: dict[Depth, Count]
    by_trigger: dict[TriggerKind, Count]
    background_by_trigger: dict[TriggerKind, dict[Depth, Count]]
    """Of the entries that were in the background throughout."""
    background: Count
    """In part, too."""
    night: Count
    """00:00 to 06:00 in the zone of the report, in part, too."""


class ContactShape(Struct):
    """The report's network rows of one app and host, as one: a sum over days."""

    app: str
    domain: str
    hits: Count
    first: Time
    last: Time


class UploadShape(Struct):
    """Uploads to one host that a process asked iOS for; whether anything was sent was not seen."""

    identifier: str
    """Of the app, or of its extension."""
    host: str | None
    """null: none was seen."""
    asked: Count
    first: Time
    last: Time
    network: list[ContactShape]
    """Contacts with that host, the last of them not before the first of the uploads: a coincidence in time."""


class SummaryShape(EntryFiguresShape):
    """What an app did, in figures."""

    observers: Count
    notifications: Count
    bytes: Count | None
    """null: not measured."""
    deliveries_not_watched: Count
    cpu_ms: float | None
    """null: not measured."""
    claims: list[ClaimShape]
    unlinked_reads: Count
    """Queries and reads in the background, under no entry, without a link to a change."""
    observer_cost: ObserverCostShape
    usage: AllUsageShape | None
    uploads: list[UploadShape]
    """What the app and its extensions asked iOS to upload."""


class ChanceShape(Struct):
    """How matches by time compare with those of shifted times."""

    explained: Count
    of: Count
    expected: float
    p: Share
    shifts: Count
    better: bool


class FactShape(Struct):
    """An assumption of the rules, and what a field test found."""

    number: Count
    claim: str
    found: bool | None


class ComparisonShape(Struct):
    """Why each photos entry exists."""

    version: Literal[2]
    sessions: list[SessionShape]
    report: ReportShape
    clock: ClockShape
    entries: list[Verdict]
    unreported: list[RunShape]
    summary: dict[str, SummaryShape]
    """By app."""
    chance: dict[str, ChanceShape | None]
    trigger_chance: dict[str, ChanceShape | None]
    facts: dict[str, FactShape]
    notices: list[str]
    """What limits the whole."""


class AskedShape(Struct):
    """What was asked for, and how many entries it selects."""

    filter: str | None
    from_: str | None = field(name="from")
    to: str | None
    entries: Count
    of: Count


class SelectionShape(Struct):
    """Why each of the selected entries exists."""

    version: Literal[2]
    selection: AskedShape
    sessions: list[SessionShape]
    report: ReportShape
    clock: ClockShape
    entries: list[Verdict]
    summary: dict[str, EntryFiguresShape]
    """Of the selected entries, by app."""
    chance: dict[str, ChanceShape | None]
    trigger_chance: dict[str, ChanceShape | None]
    facts: dict[str, FactShape]
    notices: list[str]
