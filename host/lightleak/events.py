"""The words of a trace: events, their header, and the depth of an access. No I/O.

An event stays the JSON object that it is (contract, section 3): unknown keys and kinds are kept, absent keys stay
absent, null stays null. Only the five keys below are required of every event.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

FORMAT = "lightleak-trace"
FORMAT_VERSION = 2

Depth = Literal["none", "notification", "open", "metadata", "thumbnail", "data", "upload"]
DEPTHS: tuple[Depth, ...] = get_args(Depth)
"""The ladder, shallow to deep."""
OffLadder = Literal["write", "picker"]
OFF_LADDER: tuple[OffLadder, ...] = get_args(OffLadder)
"""Depths of accesses that are not on the ladder."""

AppState = Literal["unknown", "active", "inactive", "background"]
STATES: tuple[AppState, ...] = get_args(AppState)
"""The states of an app, in the order of their codes in columns and in the page's data."""

TriggerKind = Literal["change", "touch", "wake", "launch", "activation", "none", "unknown"]
TRIGGERS: tuple[TriggerKind, ...] = get_args(TriggerKind)
"""What can set an act off, in the order of their codes in columns and in the page's data."""
TriggerLink = Literal["none", "link", "time"]
TRIGGER_LINKS: tuple[TriggerLink, ...] = get_args(TriggerLink)
"""How a trigger is known: ``link``: the act names it as its cause; ``time``: it came shortly before."""

ORIGIN_KINDS = ("notification", "input", "state")
"""The kinds of events whose handling can start acts; an act's ``cause`` names one of them."""
HOST_MADE = frozenset({"clock", "mark", "lost", "process"})
"""The kinds that the host makes, also while a process cannot run. Every other kind is made by the agent in the process, so it
shows that the process ran: ``hook``, ``state`` and ``usage``, and kinds that are not known, too."""
LAUNCHED = "launch"
"""The ``reason`` of the ``state`` of a launch, and of a ``process`` event whose process started in this segment."""
WakeReason = Literal[
    "background-task", "silent-push", "voip-push", "background-url-session", "location", "url", "other"
]
WAKE_REASONS: tuple[WakeReason, ...] = get_args(WakeReason)
"""Why the system wakes an app: ``reason`` of a ``state`` event, apart from ``launch``."""

DeviceKind = Literal["physical", "virtual", "simulator", "stand-in"]
DEVICE_KINDS: tuple[DeviceKind, ...] = get_args(DeviceKind)
"""What a header's ``device.kind`` can be, apart from null."""

NS_PER_S = 1_000_000_000
NS_PER_MS = 1_000_000


class Event(dict[str, Any]):
    """One event of the agent or the host: a JSON object whose required keys are also attributes."""

    __slots__ = ("_odd",)

    @property
    def odd(self) -> dict[str, Any]:
        """What the file has under keys of another type, and what is therefore not read (``lightleak.trace.schema``)."""
        return getattr(self, "_odd", {})

    @odd.setter
    def odd(self, taken: dict[str, Any]) -> None:
        self._odd = taken

    @property
    def kind(self) -> str:
        """What happened: process, hook, state, authorization, observer, notification, access, …"""
        return str(self["kind"])

    @property
    def segment(self) -> int:
        """The attachment to one process, ≥ 1."""
        return int(self["segment"])

    @property
    def seq(self) -> int:
        """The number within the segment, ≥ 1, one more for each event."""
        return int(self["seq"])

    @property
    def wall_ns(self) -> int:
        """Unix time of the device's wall clock, ns."""
        return int(self["wall_ns"])

    @property
    def mono_ns(self) -> int:
        """A device clock that never steps and counts sleep, ns."""
        return int(self["mono_ns"])

    @property
    def internal(self) -> bool:
        """Whether a framework caused the event inside another hooked call: it is not counted."""
        return self.get("internal") is True

    @property
    def depth(self) -> str | None:
        """How far this event goes (contract, section 1), or None when it is not an access."""
        return depth_of(self)


def counts_nowhere(event: dict[str, Any]) -> bool:
    """Return whether an event is a framework's own doing, of whatever kind. What is lost is missing, no matter who would have done it."""
    return event.get("internal") is True and event.get("kind") != "lost"


def depth_of(event: dict[str, Any]) -> str | None:
    """Return the depth of an event: a step of the ladder, ``write``, ``picker``, or None when it is not an access."""
    match event.get("kind"):
        case "access":
            depth = event.get("depth")
            return depth if isinstance(depth, str) else None
        case "notification" if event.get("type") != "unavailable":
            return "notification"
        case "observer" if event.get("action") == "registered":
            return "open"
        case "authorization" if event.get("action") == "asked":
            return "open"
    return None
