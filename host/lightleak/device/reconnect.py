"""Reach a process again after its link broke, while it lives and until the time limit."""

from __future__ import annotations

import asyncio
import enum
import time
from collections.abc import Iterator
from dataclasses import dataclass

from lightleak.device.agent_link import Incoming, Link
from lightleak.device.connection import Device, DeviceConnection
from lightleak.device.processes import ProcessInfo, list_processes, liveness
from lightleak.device.protocol import Description
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.errors import DeviceError

_FIRST_S = 0.1
_LONGEST_S = 10.0


def delays() -> Iterator[float]:
    """Yield seconds to wait, doubling, without end."""
    delay_s = _FIRST_S
    while True:
        yield delay_s
        delay_s = min(_LONGEST_S, delay_s * 2)


GONE_CHECKS = 2
"""A process that a portal does not list may just be joining it again: only the second time counts."""


class Ending(enum.Enum):
    """Why a segment is over."""

    EXITED = "exited"
    STOPPED = "stopped"
    """The user wanted it."""
    REPLACED = "replaced"
    """The process lives but its agent does not: another segment follows."""
    LOST = "lost"
    """The process could not be reached again in time."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The process cannot be recorded any more, and why."""

    ending: Ending
    reason: str


@dataclass(slots=True)
class AttachContext:
    """How to attach to a process: over which device, with which agent, for which recording."""

    connection: DeviceConnection
    process: ProcessInfo
    recording: SessionRecorder
    source: str
    name: str | None = None
    """What the process calls itself, once it was asked: its pid can be reused."""

    async def link(self, inbox: asyncio.Queue[Incoming]) -> tuple[Link, Description]:
        """Attach and return the link. Raises: DeviceError."""
        link = Link(await self.connection.device(), self.process, inbox, self.connection.scripts)
        return link, await link.open(self.source, client=self.recording.session, name=self.name)

    async def gone(self) -> bool:
        """Return whether the process has ended. Raises: DeviceError."""
        return await is_gone(await self.connection.device(), self.process.pid)


async def reconnect(
    context: AttachContext, inbox: asyncio.Queue[Incoming], stopping: asyncio.Event
) -> tuple[Link, Description] | Ended:
    """Try again, with longer and longer delays; return the new link, or why there is none."""
    give_up_s = time.monotonic() + context.recording.options.patience_s
    missed = 0
    for delay_s in delays():
        if await set_within(stopping, delay_s):
            return Ended(Ending.STOPPED, "")
        try:
            missed = missed + 1 if await context.gone() else 0
            if missed == 0:
                link, description = await context.link(inbox)
                if description.process == context.name:
                    return link, description
                await link.close()
                return Ended(Ending.EXITED, "its pid now belongs to another process")
            if missed == GONE_CHECKS:
                return Ended(Ending.EXITED, "the device does not list it any more")
        except DeviceError as problem:
            if problem.__cause__ is not None:
                # The error comes from Frida, not from us: the connection may be broken.
                context.connection.doubt()
            if time.monotonic() > give_up_s:
                return Ended(Ending.LOST, problem.message)
    raise AssertionError("delays() does not end")


async def is_gone(device: Device, pid: int) -> bool:
    """Return whether a process has ended, by the kernel of this machine or else by the device. Raises: DeviceError."""
    known = liveness(device, pid)
    if known != "unknown":
        return known == "gone"
    return all(process.pid != pid for process in await list_processes(device))


async def set_within(event: asyncio.Event, timeout_s: float) -> bool:
    """Wait for an event; return whether it was set in time."""
    try:
        # Not wait_for: before Python 3.12 it loses a cancellation that comes together with the event.
        async with asyncio.timeout(timeout_s):
            await event.wait()
    except TimeoutError:
        return False
    return True
