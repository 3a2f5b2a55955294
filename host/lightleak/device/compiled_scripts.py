"""The agent as bytecode, compiled once for a device, so that no app has to compile it again.

Reading the script takes 20 ms in each app, and loading its bytecode 4. The device's own Frida compiles it, in its system session:
a process of frida-server's, of the same version as what it puts into apps. No app compiles for another one, and nothing is kept
on disk: bytecode is run without a check, so it may only come from where the apps' Frida comes from.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

from lightleak.device.frida_errors import translate_errors
from lightleak.errors import DeviceError

SYSTEM_SESSION = 0
"""Source: frida-core's HostSession.attach; a gadget and a portal have none."""
COMPILE_S = 10.0
CLOSE_S = 1.0
NAME = "lightleak"


class CompiledScripts:
    """The bytecode of scripts on one device after the other."""

    def __init__(self) -> None:
        self._device: Any = None
        self._tasks: dict[str, asyncio.Task[bytes | None]] = {}
        self._refused: set[str] = set()

    def of(self, device: Any, source: str) -> bytes | None:
        """Return the bytecode of a script; None where there is none, or none yet: then it is being made for the next time."""
        if device.type == "local":
            return None  # its system session is this process, into which Frida's agent would be loaded
        if device is not self._device:
            self.forget()
            self._device = device
        task = self._tasks.get(source)
        if task is None:
            self._tasks[source] = asyncio.create_task(_compile(device, source))
            return None
        return task.result() if task.done() and source not in self._refused else None

    def refuse(self, source: str) -> None:
        """Use a script's source on this device: its bytecode was not accepted."""
        self._refused.add(source)

    def forget(self) -> None:
        """Let go of the device and of everything that is compiled or being compiled."""
        self._device = None
        for task in self._tasks.values():
            task.cancel()
        self._tasks.clear()
        self._refused.clear()


async def _compile(device: Any, source: str) -> bytes | None:
    session: Any = None
    try:
        async with translate_errors("compiling the agent", timeout_s=COMPILE_S):
            session = await device.attach(SYSTEM_SESSION)
            compiled: bytes = await session.compile_script(source, name=NAME)
    except DeviceError:
        return None
    finally:
        if session is not None:
            with contextlib.suppress(DeviceError):
                async with translate_errors("detaching", timeout_s=CLOSE_S):
                    await session.detach()
    return compiled
