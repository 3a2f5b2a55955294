"""Run one recording from start to end in the caller's thread: signals, the time limit, marks.

Separate because the command line must not know asyncio or Frida, and the recorder must not know signals.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from lightleak.device.agent_bundle import agent_source
from lightleak.device.connection import DeviceConnection
from lightleak.device.recorder import marks
from lightleak.device.recorder.record import record
from lightleak.device.recorder.sink import RecordingOptions, SessionRecorder
from lightleak.device.recorder.supervisor import Supervisor
from lightleak.device.recorder.watch import watch
from lightleak.device.stop_signals import signals_set
from lightleak.device.targets import DeviceChoice, Target
from lightleak.errors import DeviceError
from lightleak.trace.frame_writer import Rotation


@dataclass(frozen=True, slots=True)
class RecordingRequest:
    """What the user asked for."""

    device: DeviceChoice
    targets: Sequence[Target]
    output: Path
    force: bool = False
    """Overwrite the file if it exists."""
    days: bool = False
    """Wait for the next launch when the targets have exited."""
    limit_s: float | None = None
    """End after this many seconds of recording."""
    options: RecordingOptions = field(default_factory=RecordingOptions)
    rotation: Rotation | None = None
    """When to continue in another file; None: never."""


def run_recording(request: RecordingRequest, recording: SessionRecorder) -> list[str]:
    """Record, and return the names of processes that were lost for good. Raises: LightleakError.

    The first Ctrl-C or SIGTERM ends the recording in order; the second ends the program.
    """
    return asyncio.run(_run(request, recording, agent_source()))


async def _run(request: RecordingRequest, recording: SessionRecorder, source: str) -> list[str]:
    stop = asyncio.Event()
    connection = DeviceConnection(request.device)
    supervisor = Supervisor(connection, recording, source)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(connection.close)
        stack.enter_context(signals_set(stop))
        stack.enter_context(_limit(request.limit_s, recording, stop))
        await _take_marks(stack, request, supervisor)
        task = asyncio.create_task((watch if request.days else record)(supervisor, request.targets, stop))
        await _until(task, recording, stop)
    return supervisor.lost


async def _until(task: asyncio.Task[None], recording: SessionRecorder, stop: asyncio.Event) -> None:
    """Wait for ``task``, which watches ``stop`` itself once it records; before that it is cancelled."""
    stopped = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done() and not recording.open:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
    finally:
        stopped.cancel()


async def _take_marks(stack: AsyncExitStack, request: RecordingRequest, supervisor: Supervisor) -> None:
    try:
        await stack.enter_async_context(marks.listening(request.output, supervisor.mark))
    except DeviceError as problem:
        supervisor.recording.notes.warning(str(problem))


@contextmanager
def _limit(limit_s: float | None, recording: SessionRecorder, stop: asyncio.Event) -> Iterator[None]:
    async def count(seconds: float) -> None:
        await recording.begun.wait()
        await asyncio.sleep(seconds)
        stop.set()

    task = None if limit_s is None else asyncio.create_task(count(limit_s))
    try:
        yield
    finally:
        if task is not None:
            task.cancel()
