"""``inspect --format json``: what a privacy report says on its own."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from lightleak.report.entry_columns import ReportFlag
from schema.parts import Count, FileName, ProblemShape, Time


class ReportEntryShape(Struct):
    """An access, of any category."""

    identifier: str
    app: str
    category: str
    begin: Time | None
    end: Time | None
    out_of_process: bool
    flags: list[ReportFlag]
    broadcaster: str | UnsetType = UNSET


class NetworkShape(Struct):
    """What an app sent to a domain."""

    app: str
    domain: str
    owner: str
    context: str
    initiated: str
    domain_type: int | None
    classification: int | None
    context_verification: int | None
    hits: int
    first: Time
    last: Time


class DurationsShape(Struct):
    """Entries by what their length can mean."""

    instant: Count
    short: Count
    cut: Count
    lone_access: Count
    longer: Count
    not_meaningful: Count
    median_s: float | None


class CategoryShape(Struct):
    """Figures of one app and category."""

    entries: Count
    moments: Count
    pickers: Count
    night: Count
    hours: Annotated[list[Count], Meta(min_length=24, max_length=24)]
    background_candidates: Count
    durations: DurationsShape
    flags: dict[ReportFlag, Count]
    first: Time
    last: Time


class HoleShape(Struct):
    """A stretch without any record."""

    from_: Time = field(name="from")
    to: Time
    reason: str


class DeletedShape(Struct):
    """A pruned record of a store."""

    time: Time
    category: str
    stream: str


class TombstoneShape(Struct):
    """A note of the store that a segment is gone."""

    time: Time
    segment: str
    process: str


class UnknownShape(Struct):
    """What no known iOS writes, counted."""

    keys: dict[str, Count]
    kinds: dict[str, Count]


class CoincidenceShape(Struct):
    """What an app sent next to a photos entry: never proof."""

    app: str
    domain: str
    what: str
    identifier: str
    after_s: float
    time: Time
    hits: int
    hits_before: int


class NetworkUseShape(Struct):
    """What an app with photos entries sent."""

    app: str
    domains: Count
    hits: int
    coincidences: list[CoincidenceShape]


class OneSidedShape(Struct):
    """An entry that only store or export has."""

    identifier: str
    app: str
    category: str
    why: str


class ReconciliationShape(Struct):
    """How store and export differ."""

    both: Count
    store_only: list[OneSidedShape]
    export_only: list[OneSidedShape]


class InspectShape(Struct):
    """A privacy report."""

    version: Literal[1]
    files: list[FileName]
    first: Time | None
    last: Time | None
    entries: list[ReportEntryShape]
    network: list[NetworkShape]
    problems: list[ProblemShape]
    accessors: dict[str, list[str]]
    """App → the names with a team prefix that the report writes for it."""
    summary: dict[str, dict[str, CategoryShape]]
    """App → category → figures."""
    holes: list[HoleShape]
    deleted: list[DeletedShape]
    tombstones: list[TombstoneShape]
    unknown: UnknownShape
    beside_photos: list[NetworkUseShape]
    reconciliation: ReconciliationShape | None
    """null without both a store and an export."""
