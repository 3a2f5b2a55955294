"""Load a helper script into a process for a while, and call it."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from lightleak.device.agent_bundle import tool_source
from lightleak.device.connection import Device
from lightleak.device.frida_errors import PROCESS_SILENT, translate_errors
from lightleak.device.helpers.answers import AppAccess, Clock, SelfTest, ServerEnvironment, Shape, checked
from lightleak.device.local_injection import wait_for_good_moment
from lightleak.errors import DeviceError

LOAD_S = 8.0
CALL_S = 4.0
CLOSE_S = 1.0


class Tool:
    """A loaded helper script."""

    def __init__(self, exports: Any, who: str) -> None:
        self.who = who
        """The process, as messages name it."""
        self._exports = exports

    async def call(self, name: str, *arguments: object, timeout_s: float = CALL_S) -> Any:
        """Call one of its exports. Raises: DeviceError."""
        async with translate_errors(f"asking {self.who} ({name})", timeout_s=timeout_s, silent_hint=PROCESS_SILENT):
            return await getattr(self._exports, name)(*arguments)

    async def environment(self, markers: list[str], folder: str) -> ServerEnvironment:
        """Return which of the paths exist, and what is free at the folder. Raises: DeviceError."""
        environment: ServerEnvironment = checked(
            await self.call("ground", markers, folder), ServerEnvironment, "the device"
        )
        return environment

    async def clock_ms(self) -> float:
        """Return the device's wall clock, Unix ms. Raises: DeviceError."""
        now_ms: float = checked(await self.call("clock"), Clock, "the clock")
        return now_ms

    async def app(self) -> AppAccess:
        """Return the app's permission and whether its accesses are logged. Raises: DeviceError."""
        access: AppAccess = checked(await self.call("app"), AppAccess, "the app")
        return access

    async def selftest(self) -> SelfTest:
        """Try to hook a function and to compile one. Raises: DeviceError."""
        test: SelfTest = checked(await self.call("selftest"), SelfTest, "the process")
        return test

    async def shapes(self, names: list[str]) -> dict[str, Shape | None]:
        """Return the members of these classes; None for a class that does not exist. Raises: DeviceError."""
        shapes: dict[str, Shape | None] = checked(
            await self.call("shapes", names), dict[str, Shape | None], "the classes"
        )
        return shapes


@asynccontextmanager
async def attached_tool(device: Device, pid: int, who: str, script: str = "look") -> AsyncIterator[Tool]:
    """Attach to a process and load a helper script; afterwards it is unloaded and detached. Raises: DeviceError."""
    async with AsyncExitStack() as stack:
        await wait_for_good_moment(device, pid)
        async with translate_errors(f"attaching to {who}", timeout_s=LOAD_S, silent_hint=PROCESS_SILENT):
            session = await device.attach(pid)
        stack.push_async_callback(_leave, session.detach)
        async with translate_errors(f"loading a script into {who}", timeout_s=LOAD_S, silent_hint=PROCESS_SILENT):
            loaded = await session.create_script(tool_source(script), name=f"lightleak-{script}")
            loaded.set_log_handler(lambda _level, _text: None)
            await loaded.load()
        # Detaching alone would not wait until the script has undone its changes to the process.
        stack.push_async_callback(_leave, loaded.unload)
        yield Tool(loaded.exports, who)


async def _leave(step: Callable[[], Awaitable[None]]) -> None:
    with contextlib.suppress(DeviceError):
        async with translate_errors("detaching", timeout_s=CLOSE_S):
            await step()


@asynccontextmanager
async def tool_in_frida_server(device: Device) -> AsyncIterator[Tool]:
    """Load a helper script into Frida's own process: frida-server on a phone. Raises: DeviceError when there is none."""
    async with attached_tool(device, 0, "Frida's own process") as tool:
        yield tool
