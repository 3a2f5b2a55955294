"""Every message that the agent sends, as one closed union, decoded once. Twin of agent/src/protocol.ts.

The agent lives in a foreign process: everything that arrives is checked here, once. The events of a batch are checked one by
one in ``lightleak.device.recorder.event_codec``, so that one bad event does not cost the others.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeAlias

import msgspec
from msgspec import Meta, Struct

from lightleak.device.placed_batch import LyingFrameError, PlacedBatch, read_placed
from lightleak.errors import AgentError
from lightleak.events import NS_PER_S

PROTOCOL_VERSION = 2
_SPOKEN = (1, PROTOCOL_VERSION)
"""An agent of version 1 never places its events: one can be in an app still, and its batches on the app's disk."""

_FOREIGN = "restart the app and record again; the app can disturb what runs in its own process"

_MAX_EXACT = 2**53
"""JavaScript's numbers are exact up to here."""

Count: TypeAlias = Annotated[int, Meta(ge=0, lt=_MAX_EXACT)]
Number: TypeAlias = Annotated[int, Meta(ge=1, lt=_MAX_EXACT)]
Seconds: TypeAlias = Annotated[int, Meta(ge=0, lt=2**33)]
Rest: TypeAlias = Annotated[int, Meta(ge=0, lt=NS_PER_S)]
At: TypeAlias = tuple[Seconds, Rest, Seconds, Rest]
"""Wall clock and continuous clock, each as seconds and the nanoseconds beyond them."""
Word: TypeAlias = Annotated[str, Meta(max_length=200)]
Text: TypeAlias = Annotated[str, Meta(max_length=20_000)]


class AgentBatch(Struct, tag="batch", frozen=True):
    """Events with consecutive transport numbers, the first of which is ``first``.

    The events are in the message, or as one JSON array in the bytes that came with it, when the agent already has them as
    text.
    """

    agent: Word
    first: Number
    events: list[Any] = []


class Dropped(Struct, frozen=True):
    """How many events the agent had to drop, in total."""

    count: Count = 0
    reason: Text = ""


class Beat(Struct, tag="beat", frozen=True):
    """A sign of life, once a second; ``next`` is the number of the first event that is not on its way."""

    agent: Word
    at: At
    next: Number
    dropped: Dropped = Dropped()
    final: bool = False
    """The agent has nothing left to send and ends: sent by a process that ends in order."""
    waiting: Count = 0
    """How many events from ``next`` on wait in the app, until there is room for them on the way."""


class Fault(Struct, tag="fault", frozen=True):
    """An error of the agent itself."""

    agent: Word
    message: Text
    stack: Text = ""


class Displaced(Struct, tag="displaced", frozen=True):
    """Another recorder has the agent now: this connection receives nothing more."""

    agent: Word


Message: TypeAlias = AgentBatch | Beat | Fault | Displaced


class Left(Struct, frozen=True):
    """What an agent of an earlier process left on the app's disk."""

    agent: Word
    first: Number
    next: Number


class Description(Struct, frozen=True, rename="camel"):
    """The agent and its process."""

    protocol: int
    agent: Word
    version: Word
    pid: Count | None
    process: Text
    at: At
    bridge: bool
    platform: Word
    arch: Word = ""
    role: Word = "other"
    identifier: Text | None = None
    bundle_name: Text | None = None
    bundle_version: Text | None = None
    os_version: Text | None = None
    model: Text | None = None
    board: Text | None = None
    """The kernel's name of the board, such as D63AP."""
    guest: int | None = None
    """``kern.hv_vmm_present``: 1 where the kernel runs in a virtual machine, and knows it."""
    built_for: Count | None = None
    """The platform that the process was built for, as Apple numbers it."""
    time_zone: Text | None = None
    lane: Word = "js"
    """How frequent calls are hooked: "c" or "js"; before the start, how they would be hooked."""
    resident: bool | None = None
    """Whether the script relays for an agent that stays in the process; None when the agent cannot stay (ADR 0040)."""
    busy: bool = False
    """Another recorder holds the resident."""
    started: bool = False
    """The resident's hooks are installed."""
    first: Number = 1
    """The oldest event that the agent keeps."""
    next: Number = 1
    """The number that the next event will have."""
    spooled: list[Left] = []

    @property
    def orphaned(self) -> bool:
        """Whether the agent went on without a recorder, or keeps events that no recorder has taken."""
        return self.resident is True and (self.started or self.next > self.first)


class Frame(Struct, frozen=True):
    """One address of a stack, as precisely as the process could name it."""

    address: Text = ""
    image: Text | None = None
    uuid: Text | None = None
    offset: int | Text | None = None
    symbol: Text | None = None


def decode_message(payload: object, data: bytes | None = None) -> Message | PlacedBatch:
    """Return a message of ``send()``, checked. Raises: AgentError when it is not of the protocol."""
    message: Message = _convert(payload, Message, "a message")
    if data is not None and isinstance(message, AgentBatch):
        try:
            placed = read_placed(message.agent, message.first, data)
            if placed is not None:
                return placed
        except LyingFrameError as problem:
            raise _lies(message.first, problem) from problem
        return AgentBatch(message.agent, message.first, _decode_events(message.first, data))
    return message


def unplaced(batch: PlacedBatch) -> AgentBatch | Fault:
    """Return a batch without its place; a ``Fault`` that names it where its events are not what its frame says."""
    try:
        return AgentBatch(batch.agent, batch.first, batch.decoded())
    except LyingFrameError as problem:
        return Fault(batch.agent, _lies(batch.first, problem).message)


def _lies(first: int, problem: object) -> AgentError:
    problem = f"batch {first}: {problem}"
    return AgentError(f"the agent sent events that cannot be read ({problem})", hint=_FOREIGN)


def decode_description(answer: object) -> Description:
    """Return the answer of ``describe()``, checked. Raises: AgentError, also for another protocol version."""
    description: Description = _convert(answer, Description, "its description")
    if description.protocol not in _SPOKEN:
        raise AgentError(
            f"the agent speaks protocol {description.protocol}, this is {PROTOCOL_VERSION}",
            hint="run scripts/build-agent",
        )
    return description


def decode_frames(answer: object) -> list[Frame]:
    """Return the answer of ``symbolicate()``, checked. Raises: AgentError."""
    frames: list[Frame] = _convert(answer, list[Frame], "symbols")
    return frames


def decode_probes(answer: object) -> list[dict[str, Any]]:
    """Return the answer of ``probe()``, checked. Raises: AgentError."""
    rows: list[dict[str, Any]] = _convert(answer, list[dict[str, Any]], "its probes")
    return rows


def decode_clock(answer: object) -> tuple[int, int]:
    """Return the answer of ``clock()``, checked: wall and continuous clock, ns. Raises: AgentError."""
    return to_ns(_convert(answer, At, "its clocks"))


def decode_number(answer: object) -> int:
    """Return the transport number that ``stop()`` answers, checked. Raises: AgentError."""
    number: int = _convert(answer, Number, "a number")
    return number


def to_ns(at: At) -> tuple[int, int]:
    """Return (wall_ns, mono_ns)."""
    return at[0] * NS_PER_S + at[1], at[2] * NS_PER_S + at[3]


def _decode_events(first: int, data: bytes) -> list[Any]:
    try:
        events: list[Any] = msgspec.json.decode(data, type=list[Any])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise _lies(first, problem) from problem
    return events


def _convert(value: object, kind: Any, what: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError) as problem:
        raise AgentError(f"the agent sent {what} that cannot be read ({problem})", hint=_FOREIGN) from problem
