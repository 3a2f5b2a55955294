"""One line → the few fields that the comparator reads: by fast structs where it is as in the contract, else by a tolerant one.

Separate because it is the schema of a line; ``event_columns`` is what many lines become.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

import msgspec

from lightleak.trace.schema import UNREADABLE, Name, Whole, decode_block

_Int = Annotated[int, msgspec.Meta(ge=-(2**62), le=2**62)]
"""What an array of 64-bit numbers holds, with room for sums."""

SANE = 1 << 50
"""More events, bytes or nanoseconds than there can be; what is above is not a figure."""

_Figure = Annotated[int, msgspec.Meta(ge=0, lt=SANE)]


Observed = dict[str, Name | None]
"""An observer: what it says of class, id and image."""


class Stamped(msgspec.Struct, gc=False):
    """The place of an event and its clocks."""

    segment: _Int
    seq: _Int
    wall_ns: _Int
    mono_ns: _Int


class Access(Stamped, tag="access", tag_field="kind", gc=False):
    """An access as the contract has it."""

    depth: Literal["open", "metadata", "thumbnail", "data", "upload", "write", "picker"] | None = None
    symbol: str | None = None
    internal: bool | None = None
    cause: Annotated[int, msgspec.Meta(ge=1, lt=SANE)] | None = None
    cause_lost: bool | None = None
    resumed_by: Annotated[int, msgspec.Meta(ge=1, lt=SANE)] | msgspec.UnsetType | None = msgspec.UNSET
    """None: that origin was lost."""


class Return(Stamped, tag="return", tag_field="kind", gc=False):
    """The end of a call."""

    of: _Figure | None = None
    cpu_ns: _Figure | None = None
    internal: bool | None = None


class Delivery(Stamped, tag="delivery", tag_field="kind", gc=False):
    """The delivery of a result to a handler."""

    of: _Figure | None = None
    bytes: _Figure | None = None
    reason: str | None = None
    """Why the handler could not be watched; then this is no delivery that was seen."""
    internal: bool | None = None


class Stack(Stamped, tag="stack", tag_field="kind", gc=False):
    """A stack: nothing of it is compared."""


class EventFields(Stamped, gc=False):
    """An event of another kind that the contract knows."""

    kind: ClassVar[str]
    """What happened: process, hook, state, …; an attribute of the class, for it is asked often."""
    internal: bool | None = None
    symbol: str | None = None
    cause: Whole | None = None
    cause_lost: bool | None = None
    resumed_by: Whole | msgspec.UnsetType | None = msgspec.UNSET
    action: str | None = None
    phase: str | None = None
    identifier: str | None = None
    role: str | None = None
    pid: Whole | None = None
    name: str | None = None
    reason: str | None = None
    probe: str | None = None
    status: str | None = None
    absent: bool | None = None
    code: str | None = None
    value: str | None = None
    changed: bool | None = None
    level: Name | None = None
    observer: Observed | None = None
    type: str | None = None
    count: Whole | None = None
    assets: Whole | None = None
    new_assets: Whole | None = None
    run: Whole | None = None
    at_least: bool | None = None
    cpu_ns: Whole | None = None
    footprint_bytes: Whole | None = None
    energy_nj: Whole | None = None
    wakeups: Whole | None = None
    disk_read_bytes: Whole | None = None
    host_offset_ns: Whole | None = None
    error_ns: Whole | None = None
    step_ns: Whole | None = None


class Plain(EventFields, gc=False, kw_only=True):
    """Any event, of a kind or a depth that is not known too."""

    what: str = msgspec.field(name="kind")
    depth: str | None = None
    of: Whole | None = None
    bytes: Whole | None = None

    @property
    def kind(self) -> str:  # type: ignore[override]
        """What happened; any text."""
        return self.what


class ProcessFields(EventFields, tag="process", tag_field="kind", gc=False):
    """A process appeared, ended, slept or woke."""

    kind: ClassVar[str] = "process"


class Hook(EventFields, tag="hook", tag_field="kind", gc=False):
    """A probe was installed, or not."""

    kind: ClassVar[str] = "hook"


class State(EventFields, tag="state", tag_field="kind", gc=False):
    """The app changed its state."""

    kind: ClassVar[str] = "state"


class Input(EventFields, tag="input", tag_field="kind", gc=False):
    """The app was given a touch or a key press."""

    kind: ClassVar[str] = "input"


class Usage(EventFields, tag="usage", tag_field="kind", gc=False):
    """What the process has used so far."""

    kind: ClassVar[str] = "usage"


class Property(EventFields, tag="property", tag_field="kind", gc=False):
    """Getters that were counted."""

    kind: ClassVar[str] = "property"


class Authorization(EventFields, tag="authorization", tag_field="kind", gc=False):
    """The permission to read was asked for, answered or read."""

    kind: ClassVar[str] = "authorization"


class ObserverFields(EventFields, tag="observer", tag_field="kind", gc=False):
    """An observer was found, registered or removed."""

    kind: ClassVar[str] = "observer"


class Notification(EventFields, tag="notification", tag_field="kind", gc=False):
    """A change was delivered to an observer."""

    kind: ClassVar[str] = "notification"


class Accounting(EventFields, tag="accounting", tag_field="kind", gc=False):
    """The app's own accounting of an access."""

    kind: ClassVar[str] = "accounting"


class Clock(EventFields, tag="clock", tag_field="kind", gc=False):
    """How far the clocks are apart."""

    kind: ClassVar[str] = "clock"


class Mark(EventFields, tag="mark", tag_field="kind", gc=False):
    """A mark that the person set."""

    kind: ClassVar[str] = "mark"


class Lost(EventFields, tag="lost", tag_field="kind", gc=False):
    """Events that are missing."""

    kind: ClassVar[str] = "lost"


_Known = (
    Access | Return | Delivery | Stack
    | ProcessFields | Hook | State | Input | Usage | Property | Authorization | ObserverFields | Notification | Accounting
    | Clock | Mark | Lost
)  # fmt: skip

_PLAIN = msgspec.json.Decoder(Plain)
_QUICK = msgspec.json.Decoder(_Known)


def decode(block: bytes, odd: Counter[str]) -> tuple[Sequence[Stamped], int]:
    """Return the events of lines of JSON, and how many lines are not events and are left out.

    All come from the fast decoder, or all from the tolerant one where one has an unknown kind or depth, or a value of another type;
    odd: counts such values by key.
    """
    try:
        return _QUICK.decode_lines(block), 0
    except UNREADABLE:
        return decode_plainly(block, odd)


def decode_plainly(block: bytes, odd: Counter[str]) -> tuple[list[Plain], int]:
    """Return the same, whatever the optional keys hold."""
    rows = decode_block(block, _PLAIN, Plain, odd)
    events = [row for row in rows if isinstance(row, Plain)]
    return events, len(rows) - len(events)
