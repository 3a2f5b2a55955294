"""One app under test: recorded by the real recorder, and made to act by a script beside the agent."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from lightleak.device.agent_bundle import agent_source
from lightleak.device.connection import Device, DeviceConnection
from lightleak.device.helpers.answers import ObserverCalls, TimedAction, checked
from lightleak.device.helpers.script import Tool, attached_tool
from lightleak.device.processes import ProcessInfo, find_process
from lightleak.device.protocol import Description
from lightleak.device.recorder.sink import Notes, SessionRecorder
from lightleak.device.recorder.supervisor import Supervisor
from lightleak.device.targets import DeviceChoice, Target
from lightleak.errors import DeviceError
from lightleak.events import NS_PER_MS, Event
from lightleak.trace.line import decode_event

LOOK_S = 0.1
"""How often something that is waited for is looked for."""


class Notebook:
    """A session file that is none: events stay in memory, for as long as a step needs them."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.durable = 0

    def create(self, _header: dict[str, Any]) -> Notebook:
        """Open."""
        return self

    def write(self, lines: Iterable[bytes]) -> None:
        """Take event lines."""
        for line in lines:
            self.durable += 1
            self.events.append(decode_event(line))

    def check(self) -> None:
        """Nothing breaks."""

    def flush(self) -> None:
        """Nothing waits."""


class Lab:
    """The app, while it is watched; made by ``laboratory``."""

    def __init__(self, device: Device, process: ProcessInfo, supervisor: Supervisor, notebook: Notebook) -> None:
        self.device = device
        self.process = process
        self._supervisor = supervisor
        self._notebook = notebook
        self._acts: Tool | None = None

    @property
    def description(self) -> Description:
        """Who the agent is. Raises: DeviceError where the app has ended."""
        if not self._supervisor.attachments:
            raise DeviceError(
                "the app has ended", hint="start it again, and run the same command: it goes on from here"
            )
        return self._supervisor.attachments[0].description

    @property
    def events(self) -> list[Event]:
        """All events so far."""
        return self._notebook.events

    async def act(self, name: str, *arguments: object) -> TimedAction:
        """Have the script do something; returns when it was. Raises: DeviceError."""
        stretch: TimedAction = checked(await self._script().call(name, *arguments), TimedAction, "the app")
        return stretch

    async def ask_for_details(self, *, on: bool) -> None:
        """Have the observer ask in each callback what has changed. Raises: DeviceError."""
        await self._script().call("details", on)

    async def heard(self) -> ObserverCalls:
        """Ask what the observer has heard. Raises: DeviceError."""
        heard: ObserverCalls = checked(await self._script().call("heard"), ObserverCalls, "the app")
        return heard

    async def now_ns(self) -> int:
        """Read the device's wall clock. Raises: DeviceError."""
        return round(await self._script().clock_ms() * NS_PER_MS)

    async def until(self, happened: Callable[[], object], within_s: float) -> bool:
        """Wait for something in the events; tells whether it came."""
        deadline_s = time.monotonic() + within_s
        while not happened():
            if time.monotonic() > deadline_s:
                return False
            await asyncio.sleep(LOOK_S)
        return True

    def _script(self) -> Tool:
        if self._acts is None:
            raise DeviceError(
                "the app has ended", hint="start it again, and run the same command: it goes on from here"
            )
        return self._acts

    @asynccontextmanager
    async def acting(self) -> AsyncIterator[None]:
        """Have the script in the app while inside."""
        name = f"{self.process.name} (pid {self.process.pid})"
        async with attached_tool(self.device, self.process.pid, name, "act") as acts:
            self._acts = acts
            try:
                yield
            finally:
                self._acts = None


@asynccontextmanager
async def laboratory(choice: DeviceChoice, target: Target, notes: Notes) -> AsyncIterator[Lab]:
    """Attach to a running app, record it, and have the script that acts in it. Raises: DeviceError."""
    connection, notebook = DeviceConnection(choice), Notebook()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(connection.close)
        device = await connection.device()
        process = await find_process(device, target)  # type: ignore[arg-type]  # what does not run was refused
        supervisor = Supervisor(connection, SessionRecorder(notebook.create, notes), agent_source())
        await supervisor.take_on([process])
        stack.push_async_callback(_end, supervisor, asyncio.create_task(_reap(supervisor)))
        lab = Lab(device, process, supervisor, notebook)
        await stack.enter_async_context(lab.acting())
        yield lab


async def _reap(supervisor: Supervisor) -> None:
    never = asyncio.Event()
    while supervisor.attachments:
        await supervisor.reap(never, 1.0)


async def _end(supervisor: Supervisor, reaper: asyncio.Task[None]) -> None:
    reaper.cancel()
    with contextlib.suppress(asyncio.CancelledError, DeviceError):
        await reaper
    await supervisor.stop()
