"""``devices``, ``apps``, ``probes`` and ``doctor`` with ``--format json``."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from lightleak.device.bisect.result import Outcome
from lightleak.device.bisect.runs import RunKind
from lightleak.device.doctor.finding import Status
from schema.parts import Count


class DeviceShape(Struct):
    """A device that Frida sees."""

    id: str
    name: str
    type: str


class DevicesShape(Struct):
    """The devices."""

    version: Literal[1]
    devices: list[DeviceShape]


class AppShape(Struct):
    """An app or a process."""

    pid: Count | None
    """null: it does not run."""
    name: str
    identifier: str | None


class AppsShape(Struct):
    """What can be recorded on a device."""

    version: Literal[1]
    apps: list[AppShape]


class ProbeShape(Struct):
    """A hook."""

    probe: str
    symbol: str
    depth: Literal["notification", "open", "metadata", "thumbnail", "data", "upload", "write", "picker"] | None
    required: bool
    ios_since: str | None
    ios_deprecated: str | None
    status: str | UnsetType = UNSET
    """With a target only: whether it could be set there."""
    reason: str | UnsetType | None = UNSET
    """With a target only: why not."""
    table: str | UnsetType | None = UNSET
    """With a target only, of a callback of observers: the first iOS with the table in which those from before are found; null:
    no known table is there."""


class ExcludedShape(Struct):
    """What is deliberately not hooked."""

    symbol: str
    reason: str


class ProbesShape(Struct):
    """The hook catalogue."""

    version: Literal[1]
    probes: list[ProbeShape]
    excluded: list[ExcludedShape]


class StatusCountsShape(Struct):
    """How many checks have each status."""

    ok: Count
    warning: Count
    problem: Count
    unknown: Count


class CheckedShape(Struct):
    """The result of one check."""

    check: str
    status: Status
    """`problem` prevents a recording; `warning` limits it; `unknown` could not be checked."""
    found: str
    why: str
    remedy: str


class EndingsShape(Struct):
    """How often an app ended, of so many runs of one kind."""

    ended: Count
    runs: Count
    within_s: float | None
    """The latest ending, in seconds since the run began; null: it ended in none."""
    watched_s: float | None
    """The shortest run in which it stayed; null: it stayed in none."""


class GuiltyShape(EndingsShape):
    """Probes with all of which the app ended; the counts are of runs with just these."""

    probes: list[str]
    groups: list[str]
    """The same in as few words as `--without` needs."""


class BisectRunShape(Struct):
    """One run."""

    kind: RunKind
    """`alone`: watched in the list of processes only; `attached`: nothing hooked; `hooked`: with these probes."""
    probes: Count
    words: list[str]
    """These probes, in as few words as `--only` needs."""
    ended: bool
    after_s: float
    reason: str | None
    fresh: bool
    """Whether it was the first run after the app was started again."""


class BisectShape(Struct):
    """With `--bisect`: which probes the app does not bear."""

    outcome: Outcome
    """`stays` with all; `ends-alone`, without being attached to; `ends-attached`, without a hook; `found`; `not-repeated`: it
    ended with all, and not again with those that this led to; `not-finished`: see `problem`."""
    problem: str | None
    window_s: float
    repeat: Count
    tried: Count
    """How many probes were in question."""
    alone: EndingsShape
    attached: EndingsShape
    hooked: EndingsShape
    """With all probes in question."""
    p: float | None
    """Fisher's exact test, two-sided, of `hooked` against `alone`; null: one of them was not tried."""
    guilty: list[GuiltyShape]
    rest: EndingsShape | None
    """With all but the guilty ones."""
    narrowed: list[str]
    """The fewest probes with which it has ended."""
    mixed: bool
    """Whether it ended with some probes, and stayed with the same or with more."""
    between: Count
    """Endings between two runs, which no run explains."""
    command: str | None
    """What to run next."""
    runs: list[BisectRunShape]


class DoctorShape(Struct):
    """Whether this machine and phone can record."""

    version: Literal[1]
    device: str
    target: str | None
    ready: bool
    counts: StatusCountsShape
    checks: list[CheckedShape]
    bisect: BisectShape | UnsetType = UNSET
