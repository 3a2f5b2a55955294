"""Which event an act names as its cause, and what such an event sets off, as events stream by. By link only, no I/O.

For readers of one event after the other. ``lightleak.comparator.timeline.triggers`` decides an entry's trigger, and
adds to the links what came shortly before; a property test keeps the links of both equal.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from typing import Any, NamedTuple

from lightleak.events import counts_nowhere, depth_of

_CODES = ("change", "touch", "wake", "launch", "activation")
_CHANGE, _TOUCH, _WAKE, _LAUNCH, _ACTIVATION = range(len(_CODES))
_KINDS = ("notification", "input", "state", "state", "state")
"""The kind of event behind each code."""
_NUMBER_MAX = 2**62


class NamedCause(NamedTuple):
    """What an act says of its cause."""

    seq: int | None
    """The event that it names; None where that event was lost."""
    kind: str | None
    """Of the origin: notification, input or state; None where the act names no origin before it in its segment."""
    trigger: str
    """What that origin sets off, one of ``TRIGGERS``; ``unknown`` without an origin."""


class OriginLog:
    """The origins of one segment so far: 9 bytes each. Feed it the segment's events in order of ``seq``."""

    __slots__ = ("_codes", "_first_state", "_is_asleep", "_is_whole", "_seqs", "_started_here")

    def __init__(self) -> None:
        self._seqs, self._codes = array("q"), bytearray()
        self._first_state: int | None = None
        self._started_here = self._is_asleep = False
        self._is_whole = True

    def note_missing(self) -> None:
        """Note that events before the next one are missing."""
        self._is_whole = False

    def feed(self, event: dict[str, Any]) -> None:
        """Take the segment's next event."""
        if counts_nowhere(event):
            return
        match event["kind"]:
            case "notification":
                self._add(event, _CHANGE)
            case "input":
                self._add(event, _TOUCH)
            case "state":
                self._add_state(event)
            case "process":
                self._read_process(event)
            case "lost":
                self.note_missing()

    def named_by(self, event: dict[str, Any], key: str = "cause") -> NamedCause | None:
        """Return what an event says of its cause, None where it says nothing. key: ``cause`` or ``resumed_by``."""
        seq = event.get(key)
        if seq is None:
            is_lost = key == "cause" and event.get("cause_lost") is True
            return NamedCause(None, None, "unknown") if is_lost else None
        code = self._code_of(seq) if seq.__class__ is int and seq < event["seq"] else None
        number = seq if seq.__class__ is int else None
        if code is None:
            return NamedCause(number, None, "unknown")
        return NamedCause(number, _KINDS[code], _CODES[code])

    def is_notification(self, seq: int, *, before: int) -> bool:
        """Return whether a number that an event names is a notification's, before that event."""
        return seq < before and self._code_of(seq) == _CHANGE

    def _code_of(self, seq: int) -> int | None:
        if not 0 < seq <= _NUMBER_MAX:
            return None
        at = bisect_left(self._seqs, seq)
        return self._codes[at] if at < len(self._seqs) and self._seqs[at] == seq else None

    def _add_state(self, event: dict[str, Any]) -> None:
        reason, count = event.get("reason"), len(self._codes)
        self._add(event, _ACTIVATION if not isinstance(reason, str) else _LAUNCH if reason == "launch" else _WAKE)
        if self._first_state is None and len(self._codes) > count:
            self._first_state = count
            self._name_launch()

    def _name_launch(self) -> None:
        """Make the first state of a process that started in this segment its launch, as soon as both are known."""
        at = self._first_state
        if self._started_here and at is not None and self._codes[at] == _ACTIVATION:
            self._codes[at] = _LAUNCH

    def _read_process(self, event: dict[str, Any]) -> None:
        phase = event.get("phase")
        # A recorder that starts the app, or that waited for its launch, says so; or the app runs on only once it is ready.
        # Where events are missing before, the app's falling asleep can be among them.
        is_let_run = phase == "resumed" and not self._is_asleep and self._is_whole
        self._started_here |= event.get("reason") == "launch" or is_let_run
        if phase in ("suspended", "resumed"):
            self._is_asleep = phase == "suspended"
        self._name_launch()

    def _add(self, event: dict[str, Any], code: int) -> None:
        seq = event["seq"]
        if 0 < seq <= _NUMBER_MAX and (not self._seqs or seq > self._seqs[-1]):
            self._seqs.append(seq)
            self._codes.append(code)


def is_act(event: dict[str, Any]) -> bool:
    """Return whether an event is something that an origin can set off: an access of the app, or getters that were counted."""
    if event.get("internal") is True:
        return False
    return event.get("kind") == "property" or depth_of(event) not in {None, "notification"}


def cause_words(event: dict[str, Any], origins: OriginLog | None) -> str:
    """Return why an act ran, in plain words that follow what it did: ``, because of notification #12``; '' without a cause.

    An origin that is not among ``origins`` (a filter can leave it out) is called an event.
    """
    words = ""
    for key, link in (("cause", "because of"), ("resumed_by", "resumed with a value of")):
        seq = event.get(key)
        if seq.__class__ is int:
            named = origins.named_by(event, key) if origins is not None else None
            words += f", {link} {(named and named.kind) or 'event'} #{seq}"
    if event.get("cause") is None and event.get("cause_lost") is True:
        words += ", because of an event that was lost"
    return words
