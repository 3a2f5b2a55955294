"""Reach a process again after its link broke, for as long as it lives and the person has patience."""

from __future__ import annotations

import asyncio
import enum
import time
from dataclasses import dataclass

from lightleak.device.backoff import delays
from lightleak.device.connect import Device, Reach
from lightleak.device.link import Incoming, Link
from lightleak.device.liveness import liveness
from lightleak.device.processes import ProcessInfo, list_processes
from lightleak.device.protocol import Description
from lightleak.device.recording import Recording
from lightleak.errors import DeviceError

GONE_CHECKS = 2
"""A process that a portal does not list once may just be joining it again."""


class Ending(enum.Enum):
    """Why a segment is over."""

    EXITED = "exited"
    STOPPED = "stopped"
    """The person wanted it."""
    REPLACED = "replaced"
    """The process lives and its agent does not: what comes next is another segment."""
    LOST = "lost"
    """The process could not be reached again in time."""


@dataclass(frozen=True, slots=True)
class Over:
    """There is nothing to reach any more."""

    ending: Ending
    reason: str


@dataclass(slots=True)
class Way:
    """How to a process: by which device, with which agent, for which recording."""

    reach: Reach
    process: ProcessInfo
    recording: Recording
    source: str
    name: str | None = None
    """What the process calls itself, once it was asked: its number can be another's one day."""

    async def link(self, inbox: asyncio.Queue[Incoming]) -> tuple[Link, Description]:
        """Attach. Errors: DeviceError."""
        link = Link(await self.reach.device(), self.process, inbox)
        return link, await link.open(self.source, client=self.recording.session, name=self.name)

    async def gone(self) -> bool:
        """Tell whether the device says that the process does not run any more. Errors: DeviceError."""
        return await is_gone(await self.reach.device(), self.process.pid)


async def reconnect(
    way: Way, inbox: asyncio.Queue[Incoming], stopping: asyncio.Event
) -> tuple[Link, Description] | Over:
    """Try again and again, slower and slower; returns the new link, or why there is none."""
    give_up_s = time.monotonic() + way.recording.options.patience_s
    missed = 0
    for delay_s in delays():
        if await set_within(stopping, delay_s):
            return Over(Ending.STOPPED, "")
        try:
            missed = missed + 1 if await way.gone() else 0
            if missed == 0:
                link, description = await way.link(inbox)
                if description.process == way.name:
                    return link, description
                await link.close()
                return Over(Ending.EXITED, "its number is another process's now")
            if missed == GONE_CHECKS:
                return Over(Ending.EXITED, "the device does not list it any more")
        except DeviceError as problem:
            if problem.__cause__ is not None:
                # It is Frida that says so, not we: the connection may be the trouble.
                way.reach.doubt()
            if time.monotonic() > give_up_s:
                return Over(Ending.LOST, problem.message)
    raise AssertionError("delays() does not end")


async def is_gone(device: Device, pid: int) -> bool:
    """Tell whether a process has ended; asks the kernel where it can, else the device. Errors: DeviceError."""
    known = liveness(device, pid)
    if known != "unknown":
        return known == "gone"
    return all(process.pid != pid for process in await list_processes(device))


async def set_within(event: asyncio.Event, timeout_s: float) -> bool:
    """Wait for an event; returns whether it came in time."""
    try:
        await asyncio.wait_for(event.wait(), timeout_s)
    except TimeoutError:
        return False
    return True
