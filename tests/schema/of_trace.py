"""The lines of a trace: ``export --format ndjson`` and ``replay --format ndjson`` (contract section 3).

Only kind, segment, seq and both clocks are required. What lightleak records fits; an imported trace is passed on as it was,
whatever is in it.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, field

from lightleak.events import AppState, DeviceKind, OffLadder, WakeReason
from schema.parts import Count, FileName, Hash

Text = str | None | UnsetType
Whole = int | None | UnsetType
Flag = bool | None | UnsetType
Name = str | int | None | UnsetType
Number = Annotated[int, Meta(ge=1)]
Object = dict[str, Any] | None | UnsetType


class HeaderDeviceShape(Struct):
    """The phone."""

    name: Text = UNSET
    model: Text = UNSET
    os: Text = UNSET
    os_version: Text = UNSET
    time_zone: Text = UNSET
    kind: DeviceKind | UnsetType | None = UNSET


class HeaderTargetShape(Struct):
    """The app that was to be watched."""

    identifier: Text = UNSET
    name: Text = UNSET
    version: Text = UNSET


class ContinuesShape(Struct):
    """The file that this one goes on from."""

    part: Number
    file: FileName
    head: Hash


class RedactedShape(Struct):
    """The session that this one was redacted from."""

    head: Hash
    names: Literal["hashed", "kept"]
    damage: list[dict[str, Any]] | UnsetType = UNSET


class HeaderShape(Struct, tag_field="kind", tag="header"):
    """The first line."""

    format: Literal["lightleak-trace"]
    version: Literal[2]
    session: str | UnsetType = UNSET
    tool: Text = UNSET
    device: HeaderDeviceShape | UnsetType | None = UNSET
    target: HeaderTargetShape | UnsetType | None = UNSET
    continues: ContinuesShape | UnsetType = UNSET
    redacted: RedactedShape | UnsetType = UNSET
    imported: Object = UNSET


class LineShape(Struct):
    """What every event has."""

    segment: Number
    seq: Number
    wall_ns: int
    """Unix time of the device's wall clock."""
    mono_ns: int
    """A device clock that never steps and counts sleep."""
    tid: Whole = UNSET
    internal: Flag = UNSET
    """true: a framework's own doing, counted nowhere."""


class CallerShape(Struct):
    """Where a call came from."""

    image: str
    offset: int


class ObserverShape(Struct):
    """An observer."""

    class_: str = field(name="class")
    id: str | int
    image: Text = UNSET


class ActShape(LineShape):
    """What may name its cause."""

    cause: Whole = UNSET
    """seq of the origin in whose handling it ran."""
    cause_lost: Flag = UNSET
    resumed_by: Whole = UNSET
    caller: CallerShape | UnsetType | None = UNSET
    stack: Name = UNSET


class ProcessLine(LineShape, tag_field="kind", tag="process"):
    """A process: watched, suspended, ended."""

    phase: Literal["attached", "ready", "suspended", "resumed", "detached", "exited"] | UnsetType | None = UNSET
    pid: Whole = UNSET
    name: Text = UNSET
    identifier: Text = UNSET
    role: Literal["app", "extension", "assetsd", "daemon", "other"] | UnsetType | None = UNSET
    reason: Text = UNSET


class HookLine(LineShape, tag_field="kind", tag="hook"):
    """A hook: set, left out, removed."""

    probe: Text = UNSET
    symbol: Text = UNSET
    status: Literal["installed", "skipped", "removed"] | UnsetType | None = UNSET
    reason: Text = UNSET
    absent: Flag = UNSET
    code: Text = UNSET


class StateLine(LineShape, tag_field="kind", tag="state"):
    """The app's state."""

    value: AppState | UnsetType | None = UNSET
    reason: WakeReason | Literal["launch"] | UnsetType | None = UNSET
    changed: Flag = UNSET
    """false: the state was only read."""


class InputLine(LineShape, tag_field="kind", tag="input"):
    """A touch or a key press; never where, never what."""

    type: Literal["touch", "key", "other"] | UnsetType | None = UNSET


class UsageLine(LineShape, tag_field="kind", tag="usage"):
    """What the process has used since it started."""

    cpu_ns: Whole = UNSET
    footprint_bytes: Whole = UNSET
    energy_nj: Whole = UNSET
    wakeups: Whole = UNSET
    disk_read_bytes: Whole = UNSET


class PropertyLine(ActShape, tag_field="kind", tag="property"):
    """Getters that are counted."""

    symbol: Text = UNSET
    count: Whole = UNSET
    assets: Whole = UNSET
    """Of so many different photos in this second; null where that could not be seen."""
    new_assets: Whole = UNSET
    """So many of them are in no earlier event of this symbol and run."""
    run: Whole = UNSET
    """A new one begins when nothing was counted for some seconds, and which photos were counted is forgotten."""
    at_least: Flag = UNSET
    """True: there was no room for more photos, or some could not be read. Then `assets` is a lower bound."""


class AuthorizationLine(ActShape, tag_field="kind", tag="authorization"):
    """The photos permission: asked for, answered, read."""

    symbol: Text = UNSET
    action: Literal["asked", "answered", "read"] | UnsetType | None = UNSET
    level: Name = UNSET
    status: Literal["authorized", "limited", "denied", "restricted", "not-determined"] | UnsetType | None = UNSET


class ObserverLine(ActShape, tag_field="kind", tag="observer"):
    """A change observer."""

    action: Literal["found", "registered", "unregistered"] | UnsetType | None = UNSET
    observer: ObserverShape | UnsetType | None = UNSET
    type: Literal["change", "availability", "persistent-changes"] | UnsetType | None = UNSET


class NotificationLine(ActShape, tag_field="kind", tag="notification"):
    """A change that was delivered to an observer."""

    observer: ObserverShape | UnsetType | None = UNSET
    change: Name = UNSET
    type: Literal["change", "unavailable", "persistent-changes"] | UnsetType | None = UNSET


class AccessLine(ActShape, tag_field="kind", tag="access"):
    """A call into PhotoKit."""

    depth: Literal["open", "metadata", "thumbnail", "data", "upload"] | OffLadder | UnsetType | None = UNSET
    symbol: Text = UNSET
    detail: Object = UNSET
    asset: Text = UNSET
    """Salted hash."""


class ReturnLine(LineShape, tag_field="kind", tag="return"):
    """The end of a call."""

    of: Whole = UNSET
    duration_ns: Whole = UNSET
    cpu_ns: Whole = UNSET


class DeliveryLine(LineShape, tag_field="kind", tag="delivery"):
    """What a call's handler was given."""

    of: Whole = UNSET
    bytes: Whole = UNSET
    degraded: Flag = UNSET
    error: Text = UNSET
    reason: Text = UNSET
    """Why the handler could not be watched."""


class AccountingLine(LineShape, tag_field="kind", tag="accounting"):
    """An access that the process accounted for."""

    phase: Literal["begin", "touch", "end"] | UnsetType | None = UNSET
    identifier: Text = UNSET
    service: Text = UNSET


class FrameShape(Struct):
    """One address of a stack."""

    address: Text = UNSET
    image: Text = UNSET
    uuid: Text = UNSET
    offset: Whole = UNSET
    symbol: Text = UNSET


class StackLine(LineShape, tag_field="kind", tag="stack"):
    """A stack that events name."""

    id: Name = UNSET
    frames: list[FrameShape] | UnsetType | None = UNSET


class ClockLine(LineShape, tag_field="kind", tag="clock"):
    """Host clock minus device clock."""

    host_offset_ns: Whole = UNSET
    error_ns: Whole = UNSET
    step_ns: Whole = UNSET


class MarkLine(LineShape, tag_field="kind", tag="mark"):
    """A mark of the person who recorded, or of the recorder: an app ended soon after it was attached to."""

    label: Text = UNSET
    detail: Object = UNSET
    """Of the recorder's: `attached` and `alone` (without being attached to; null: not tried), each with `ended` of `runs`,
    `within_s` (the latest ending) and `watched_s` (the shortest run in which it stayed)."""


class LostLine(LineShape, tag_field="kind", tag="lost"):
    """Events that are missing here."""

    count: Count | UnsetType | None = UNSET
    reason: Text = UNSET


LINES = (
    HeaderShape,
    ProcessLine,
    HookLine,
    StateLine,
    InputLine,
    UsageLine,
    PropertyLine,
    AuthorizationLine,
    ObserverLine,
    NotificationLine,
    AccessLine,
    ReturnLine,
    DeliveryLine,
    AccountingLine,
    StackLine,
    ClockLine,
    MarkLine,
    LostLine,
)
