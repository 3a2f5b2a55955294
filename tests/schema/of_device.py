"""``devices``, ``apps``, ``probes`` and ``doctor`` with ``--format json``."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

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


class DoctorShape(Struct):
    """Whether this machine and phone can record."""

    version: Literal[1]
    device: str
    target: str | None
    ready: bool
    counts: StatusCountsShape
    checks: list[CheckedShape]
