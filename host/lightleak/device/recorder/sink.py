"""The session that is being recorded: every event passes here on its way to the file and the views."""

from __future__ import annotations

import asyncio
import math
import secrets
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from lightleak._version import __version__
from lightleak.device.connection import Device
from lightleak.device.device_kind import device_kind
from lightleak.device.endings import AppEndings
from lightleak.device.placed_batch import Lines
from lightleak.device.processes import ProcessInfo
from lightleak.device.protocol import Description
from lightleak.device.recorder.event_codec import encode_events
from lightleak.device.recorder.statistics import RecordingStats
from lightleak.device.system import DeviceSystem, ask_system
from lightleak.errors import DeviceError
from lightleak.events import FORMAT, FORMAT_VERSION, Event
from lightleak.pipeline import Batch, Pipeline, Sink, to_lines


async def session_header(session: str, device: Device, description: Description) -> dict[str, Any]:
    """Return the session's header: what the device says, and what the agent knows better; null for the rest."""
    system = await _system(device)
    return {
        "kind": "header",
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "session": session,
        "tool": f"lightleak {__version__}",
        "device": {
            "name": system.device or device.name,
            "model": description.model,
            "os": system.name,
            "os_version": description.os_version or system.version,
            "time_zone": description.time_zone,
            "kind": device_kind(description, system),
        },
        "target": {
            "identifier": description.identifier,
            "name": description.bundle_name or description.process,
            "version": description.bundle_version,
        },
    }


async def _system(device: Device) -> DeviceSystem:
    try:
        return await ask_system(device, "asking for the system's parameters")
    except DeviceError:
        # The names then come from the agent.
        return DeviceSystem()


SYNC_SOON_EVENTS = 4_000
"""About a megabyte in the agent, which keeps at most 8."""


class Output(Protocol):
    """The writer of a session file: a thread takes the lines, and ``durable`` counts those that are on disk."""

    @property
    def durable(self) -> int:
        """Event lines that are on disk."""

    def check(self) -> None:
        """Check that lines can still be written. Raises: FileError."""

    def flush(self) -> None:
        """Wait until all lines are on disk. Raises: FileError."""

    def write(self, lines: Iterable[bytes]) -> object:
        """Take event lines without newlines. Raises: FileError."""


class Notes(Protocol):
    """Messages to the user."""

    def info(self, text: str) -> None:
        """Show a message."""

    def warning(self, text: str) -> None:
        """Show what limits the recording."""


@dataclass(frozen=True, slots=True)
class RecordingOptions:
    """What the user asked of the agent."""

    internal: bool = False
    spool: bool = False
    left_out: tuple[str, ...] = ()
    """Probes that are not installed."""
    patience_s: float = math.inf
    """How long to try to reach a process again."""


@dataclass(slots=True)
class SessionRecorder:
    """One session; ``create(header)`` makes its file, once the first target is known."""

    create: Callable[[dict[str, Any]], Output]
    notes: Notes
    views: Sequence[Sink] = ()
    """What shows events while they arrive."""
    options: RecordingOptions = field(default_factory=RecordingOptions)
    session: str = field(default_factory=lambda: str(uuid.uuid4()).upper())
    salt: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    """One per session: an asset has one hash in all its segments, and another in the next session."""
    statistics: RecordingStats = field(default_factory=RecordingStats)
    segments: int = 0
    written: int = 0
    """Event lines handed to the file."""
    delivered: dict[str, int] = field(default_factory=dict)
    """Agent → its last transport number in this session: an agent's spool may hold the same events."""
    endings: dict[str, AppEndings] = field(default_factory=dict)
    """App → how often it ended soon after it was attached to."""
    begun: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when there is a file."""
    _output: Output | None = None
    _syncing: asyncio.Task[None] | None = None
    _pipeline: Pipeline = field(default_factory=Pipeline)

    @property
    def open(self) -> bool:
        """Whether there is a file."""
        return self._output is not None

    @property
    def durable(self) -> int:
        """Event lines that are on disk."""
        return 0 if self._output is None else self._output.durable

    @property
    def syncing(self) -> bool:
        """Whether the file is being synced early."""
        return self._syncing is not None

    def check(self) -> None:
        """Check that the file can still be written, also when no events arrive. Raises: FileError."""
        if self._output is not None:
            self._output.check()

    async def flush(self) -> None:
        """Wait, without blocking the loop, until everything is on disk. Raises: FileError."""
        if self._output is not None:
            await asyncio.to_thread(self._output.flush)

    def sync_soon(self) -> None:
        """Sync the file early when much waits for it: the agent keeps every event that is not on disk."""
        if self._output is not None and self.written - self.durable > SYNC_SOON_EVENTS and self._syncing is None:
            self._syncing = asyncio.create_task(asyncio.to_thread(self._output.flush))
            self._syncing.add_done_callback(self._synced)

    def _synced(self, task: asyncio.Task[None]) -> None:
        self._syncing = None
        task.exception()  # an error of the file is raised when the next event is written

    def endings_of(self, process: ProcessInfo) -> AppEndings:
        """Return the counts of the app of a process."""
        word = process.identifier or process.name
        return self.endings.setdefault(word, AppEndings(word))

    def fault(self, text: str) -> None:
        """Count and show an error of the agent itself."""
        self.statistics.faults += 1
        self.notes.warning(text)

    def begin(self, header: dict[str, Any]) -> None:
        """Create the file. Raises: FileError."""
        self._output = self.create(header)
        self._pipeline = Pipeline(to_lines(self._output.write), self._count, *self.views)
        self.begun.set()

    def next_segment(self) -> int:
        """Return the number of the next attachment."""
        self.segments += 1
        return self.segments

    def append(self, lines: Lines) -> None:
        """Send lines of the file through the pipeline. Raises: FileError when they can no longer be written."""
        assert self.open, "events before the file"
        self._pipeline.feed(Batch(lines.lines, run=lines.run))
        self.written += len(lines.lines)

    def _count(self, batch: Batch) -> None:
        if batch.run is None:
            self.statistics.feed(batch.events)
        else:
            self.statistics.feed_run(batch.run, batch.lines)

    def feed(self, events: list[Event]) -> None:
        """Send events through the pipeline. Raises: FileError when they can no longer be written."""
        if not events:
            return
        assert self.open, "events before the file"
        self._pipeline.feed(encode_events(events))
        self.written += len(events)
