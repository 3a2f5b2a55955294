"""An output of a recording that is not a file: the field test and the doctor look at events while they arrive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lightleak.events import DeviceKind, Event
from lightleak.trace.header import device_kind_of
from lightleak.trace.line import decode_event


class EventMemory:
    """An output that is not a file: events stay in memory."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.durable = 0
        self.device_kind: DeviceKind | None = None

    def create(self, header: dict[str, Any]) -> EventMemory:
        """Return the output itself, which keeps what the header says of the device."""
        self.device_kind = device_kind_of(header)
        return self

    def write(self, lines: Iterable[bytes]) -> None:
        """Take event lines."""
        for line in lines:
            self.durable += 1
            self.events.append(decode_event(line))

    def check(self) -> None:
        """Do nothing: memory can always be written."""

    def flush(self) -> None:
        """Do nothing: every event is stored already."""
