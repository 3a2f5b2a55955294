"""The app under test: recorded by the real recorder, and made to act by a helper script next to the agent."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from lightleak.device.agent_bundle import agent_source
from lightleak.device.connection import Device, DeviceConnection
from lightleak.device.helpers.answers import ObserverCalls, TimedAction, checked
from lightleak.device.helpers.script import Tool, attached_tool
from lightleak.device.processes import ProcessInfo, find_process
from lightleak.device.protocol import Description
from lightleak.device.recorder.event_memory import EventMemory
from lightleak.device.recorder.sink import Notes, SessionRecorder
from lightleak.device.recorder.supervisor import Supervisor
from lightleak.device.targets import DeviceChoice, Target
from lightleak.errors import DeviceError
from lightleak.events import NS_PER_MS, DeviceKind, Event

LOOK_S = 0.1
"""How often to check for an event that is waited for."""


class AppUnderTest:
    """The app, while it is watched; made by ``record_app``."""

    def __init__(self, device: Device, process: ProcessInfo, supervisor: Supervisor, memory: EventMemory) -> None:
        self.device = device
        self.process = process
        self._supervisor = supervisor
        self._memory = memory
        self._tool: Tool | None = None

    @property
    def description(self) -> Description:
        """The agent and its process. Raises: DeviceError when the app has ended."""
        if not self._supervisor.attachments:
            raise _ended()
        return self._supervisor.attachments[0].description

    @property
    def device_kind(self) -> DeviceKind | None:
        """What kind of device it is; None where that is not known."""
        return self._memory.device_kind

    @property
    def events(self) -> list[Event]:
        """All events so far."""
        return self._memory.events

    async def act(self, name: str, *arguments: object) -> TimedAction:
        """Have the script do something; return when it started. Raises: DeviceError."""
        action: TimedAction = checked(await self._script().call(name, *arguments), TimedAction, "the app")
        return action

    async def ask_for_details(self, *, on: bool) -> None:
        """Make the observer ask in each callback what has changed. Raises: DeviceError."""
        await self._script().call("details", on)

    async def observer_calls(self) -> ObserverCalls:
        """Return the calls of the observer so far. Raises: DeviceError."""
        calls: ObserverCalls = checked(await self._script().call("heard"), ObserverCalls, "the app")
        return calls

    async def now_ns(self) -> int:
        """Return the device's wall clock, Unix ns. Raises: DeviceError."""
        return round(await self._script().clock_ms() * NS_PER_MS)

    async def until(self, happened: Callable[[], object], within_s: float) -> bool:
        """Wait until ``happened`` is true; return whether it was in time."""
        deadline_s = time.monotonic() + within_s
        while not happened():
            if time.monotonic() > deadline_s:
                return False
            await asyncio.sleep(LOOK_S)
        return True

    def _script(self) -> Tool:
        if self._tool is None:
            raise _ended()
        return self._tool

    @asynccontextmanager
    async def helper_script(self) -> AsyncIterator[None]:
        """Load the helper script into the app while inside. Raises: DeviceError."""
        name = f"{self.process.name} (pid {self.process.pid})"
        async with attached_tool(self.device, self.process.pid, name, "act") as tool:
            self._tool = tool
            try:
                yield
            finally:
                self._tool = None


@asynccontextmanager
async def record_app(choice: DeviceChoice, target: Target, notes: Notes) -> AsyncIterator[AppUnderTest]:
    """Attach to a running app, record it, and load the script that acts in it. Raises: DeviceError."""
    connection, memory = DeviceConnection(choice), EventMemory()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(connection.close)
        device = await connection.device()
        process = await find_process(device, target)  # type: ignore[arg-type]  # run_field_test() refuses targets that do not run
        supervisor = Supervisor(connection, SessionRecorder(memory.create, notes), agent_source())
        await supervisor.take_on([process])
        stack.push_async_callback(_end, supervisor, asyncio.create_task(_reap(supervisor)))
        app = AppUnderTest(device, process, supervisor, memory)
        await stack.enter_async_context(app.helper_script())
        yield app


def _ended() -> DeviceError:
    return DeviceError("the app has ended", hint="start it again, and run the same command: it continues from here")


async def _reap(supervisor: Supervisor) -> None:
    never = asyncio.Event()
    while supervisor.attachments:
        await supervisor.reap(never, 1.0)


async def _end(supervisor: Supervisor, reaper: asyncio.Task[None]) -> None:
    reaper.cancel()
    with contextlib.suppress(asyncio.CancelledError, DeviceError):
        await reaper
    await supervisor.stop()
