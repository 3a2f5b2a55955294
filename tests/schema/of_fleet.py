"""``fleet status``, ``fleet query`` and ``fleet report``."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct, field

from lightleak.events import TriggerKind
from schema.parts import Count, Share

Figure = Literal["background_reads", "uploads", "places_read", "notifications", "entries", "unexplained"]
ReadDepth = Literal["metadata", "thumbnail", "data", "upload"]
TableName = Literal["runs", "entries", "acts", "observers", "problems"]


class AppStatusShape(Struct):
    """What a store has of one app."""

    app: str | None
    """Null for failed runs of which no app is known."""
    runs: Count
    failed: Count
    versions: Count
    covered_hours: float
    lost: Count
    gaps: Count
    entries: Count
    acts: Count


class FailedRunShape(Struct):
    """A run that could not be read or compared."""

    app: str | None
    run: str
    problem: str


class FleetStatusShape(Struct):
    """What is in a store."""

    version: Literal[1]
    store: str
    format: Count
    """The version of the store."""
    runs: Count
    failed: Count
    covered_hours: float
    files: dict[TableName, Count]
    replaced_files: Count
    """They no longer count; compaction removes them."""
    unfinished_files: Count
    """They do not count yet: of a writer that works, or was killed."""
    apps: list[AppStatusShape]
    problems: list[FailedRunShape]
    """The first 1,000."""
    tables: dict[TableName, list[str]]


class QueryColumnShape(Struct):
    """A column of the result."""

    name: str
    type: str
    """As DuckDB names it."""


class FleetQueryShape(Struct):
    """What a query results in."""

    version: Literal[1]
    columns: list[QueryColumnShape]
    rows: list[dict[str, Any]]


class FigureShape(Struct):
    """What a figure counts by."""

    figure: Figure
    per: Literal["covered", "background"]
    needs: list[str]


class LeftOutShape(Struct):
    """Runs that were not pooled with the others."""

    runs: Count
    hours: float
    reasons: list[str]
    """What they did not see; empty where the others did not see something."""


class PooledShape(Struct):
    """Which runs a figure is of."""

    runs: Count
    limits: list[str]
    """What none of them saw."""
    left_out: list[LeftOutShape]


class RateShape(PooledShape):
    """A count per hour; null where it was not measured."""

    count: Count | None
    hours: float
    rate: float | None
    low: float | None
    high: float | None
    """Null also where there may be more."""
    at_least: bool


class BackgroundReadsShape(PooledShape):
    """What set reads in the background off."""

    hours: float
    background_by_trigger: dict[TriggerKind, dict[ReadDepth, Count]]


class FleetClaimShape(PooledShape):
    """How far the makers' claim holds over the entries in the background."""

    claim: Literal["background-only-on-change"]
    entries: Count
    opens: Count
    fits_by_link: Count
    fits_by_time: Count
    contradicts: Count
    undecided: Count
    decided: Count
    contradicting_share: Share | None
    low: Share | None
    high: Share | None


class FleetCostShape(PooledShape):
    """What observers cost; null where it was not measured."""

    cpu_ms_per_hour: float | None
    bytes_per_hour: float | None


class CellShape(Struct):
    """One app, and one version, system or condition."""

    app: str
    value: str | None
    runs: Count
    covered_hours: float
    background_hours: float
    figures: dict[Figure, RateShape]
    background: BackgroundReadsShape
    claim: FleetClaimShape
    cost: FleetCostShape


class FleetComparisonShape(Struct):
    """How one value compares with another."""

    app: str
    figure: Figure
    from_: str = field(name="from")
    to: str
    numbers: list[Count]
    """Both counts."""
    ratio: float | None
    """Of the rates, second by first; null where the first is 0."""
    low: float
    high: float | None
    """Null: nothing bounds it."""
    p: float
    p_holm: float
    different: bool


class NotComparedShape(Struct):
    """Two values that are not compared."""

    app: str
    figure: Figure
    from_: str = field(name="from")
    to: str
    reason: str
    limits: list[list[str]]
    """What each of the two did not see."""


class ImageShape(Struct):
    """What one caller's image did, across apps."""

    image: str
    apps: Count
    named: list[str]
    """The first 20."""
    acts: Count
    background_reads: Count
    data_reads: Count
    uploads: Count


class FailureShape(Struct):
    """Runs that failed for one reason."""

    app: str | None
    problem: str
    runs: Count


class FleetReportShape(Struct):
    """The comparison of many runs."""

    version: Literal[1]
    by: Literal["app", "version", "os", "condition"]
    store: str
    runs: Count
    failed: Count
    covered_hours: float
    figures: list[FigureShape]
    cells: list[CellShape]
    comparisons: list[FleetComparisonShape]
    not_compared: list[NotComparedShape]
    images: list[ImageShape]
    """The 100 that are in most apps."""
    failures: list[FailureShape]
