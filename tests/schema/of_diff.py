"""``diff --format json``."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct, field

from lightleak.comparator.rules.rules import Cause
from lightleak.events import AppState, Depth, TriggerKind
from schema.parts import Count, FileName

Hooked = Literal["installed", "absent", "missing", "mixed"]


class SideSessionShape(Struct):
    """A recording of OLD or NEW."""

    id: str | None
    files: list[FileName]
    app_version: str | None
    os_version: str | None
    events: Count


class SideShape(Struct):
    """What was watched of an app on one side."""

    covered_hours: float
    state_hours: dict[AppState, float]
    segments: Count
    lost: Count
    cut_short: Count
    unseen_ms: Count
    required_missing: list[str]


class ObserverCountShape(Struct):
    """An observer's class on one side only."""

    class_: str = field(name="class")
    count: Count


class KeptObserverShape(Struct):
    """An observer's class on both sides."""

    class_: str = field(name="class")
    old: Count
    new: Count


class ComparableShape(Struct):
    """Whether both sides saw alike."""

    comparable: bool
    reason: str | None
    """Why not."""


class ObserversShape(ComparableShape):
    """The observers."""

    gone: list[ObserverCountShape]
    new: list[ObserverCountShape]
    kept: list[KeptObserverShape]


class FigureShape(Struct):
    """A figure; null: not measured."""

    n: float | None
    per_hour: float | None


class TimedFigureShape(FigureShape):
    """A number of reads."""

    by_time: Count
    """Those that no link shows."""


class ReadsShape(ComparableShape):
    """Reads by state and depth."""

    state: AppState
    depth: Depth
    old: FigureShape
    new: FigureShape


class SetOffShape(ComparableShape):
    """The same, by what set them off."""

    state: AppState
    depth: Depth
    trigger: TriggerKind
    old: TimedFigureShape
    new: TimedFigureShape


class CostDiffShape(ComparableShape):
    """What it cost."""

    measure: Literal["cpu_ms", "bytes", "notifications"]
    old: FigureShape
    new: FigureShape


class PropertyDiffShape(ComparableShape):
    """A counted getter."""

    symbol: str
    old: FigureShape
    new: FigureShape


class CauseDiffShape(ComparableShape):
    """Entries by cause."""

    cause: Cause
    old: FigureShape
    new: FigureShape


class ProbeDiffShape(Struct):
    """A probe that the sides had differently."""

    probe: str
    old: Hooked
    new: Hooked


class AppDiffShape(Struct):
    """One app."""

    old: SideShape
    new: SideShape
    observers: ObserversShape
    reads: list[ReadsShape]
    triggers: list[SetOffShape]
    properties: list[PropertyDiffShape]
    cost: list[CostDiffShape]
    verdicts: list[CauseDiffShape] | None
    """null without reports."""
    probes: list[ProbeDiffShape]
    appeared: list[str]
    vanished: list[str]


class DiffShape(Struct):
    """What changed between two recordings."""

    version: Literal[1]
    old: list[SideSessionShape]
    new: list[SideSessionShape]
    apps: dict[str, AppDiffShape]
    appeared: bool
    notices: list[str]
