"""One connection to one process: a Frida session, its script, what the script sends, and calls with a time limit."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import frida

from lightleak.device.clocks import ClockOffset, host_now_ns, measure_offset
from lightleak.device.compiled_scripts import NAME, CompiledScripts
from lightleak.device.connection import Device
from lightleak.device.frida_errors import PROCESS_SILENT, translate_errors
from lightleak.device.local_injection import is_hung, wait_for_good_moment
from lightleak.device.placed_batch import PlacedBatch, Placement
from lightleak.device.processes import ProcessInfo, liveness, refuse_stopped
from lightleak.device.protocol import (
    Description,
    Fault,
    Message,
    decode_clock,
    decode_description,
    decode_message,
    decode_number,
)
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.errors import AgentError, DeviceError
from lightleak.events import NS_PER_S

START_S = 15.0
"""Installing some hundred hooks on an old phone takes seconds."""
STOP_S = 5.0
RETRY_NS = NS_PER_S
"""How long the recorder waits after a call that failed."""


class AgentCalls:
    """The calls of the recorder to the agent behind ``link``."""

    def __init__(self, link: Link, recording: SessionRecorder) -> None:
        self.link = link
        self._recording = recording
        self._not_before_ns = 0

    @property
    def due(self) -> bool:
        """Whether a call may be tried: the last one succeeded, or failed long enough ago."""
        return host_now_ns() >= self._not_before_ns

    async def start(self, process: str) -> None:
        """Install the hooks for a process of that name. Raises: DeviceError."""
        options = self._recording.options
        wanted = {
            "set": "assetsd" if process == "assetsd" else "app",
            "internal": options.internal,
            "without": list(options.left_out),
            "salt": self._recording.salt,
            "spool": options.spool,
        }
        await self.link.call("start", wanted, timeout_s=START_S)

    async def stop(self) -> int:
        """Take the hooks out; return the number that the next event would have had. Raises: DeviceError."""
        return decode_number(await self.link.call("stop", timeout_s=STOP_S))

    async def measure(self) -> ClockOffset:
        """Measure the device's wall clock against the host's. Raises: DeviceError."""
        return await measure_offset(self._clock)

    async def acknowledge(self, number: int, place: Placement | None = None) -> bool:
        """Let the agent forget all events up to ``number``, and place those to come; return whether it answered."""
        return await self._try("acknowledge", number, *([] if place is None else [place._asdict()]))

    async def resend(self, number: int) -> bool:
        """Have all events from ``number`` sent again; return whether the agent answered."""
        return await self._try("resend", number)

    async def symbolicate(self, addresses: list[str]) -> Any:
        """Return the agent's answer for code addresses. Raises: DeviceError."""
        if not self.due:
            raise DeviceError("the agent does not answer right now")
        return await self.link.call("symbolicate", addresses)

    async def _clock(self) -> tuple[int, int]:
        return decode_clock(await self.link.call("clock"))

    async def _try(self, name: str, number: int, *more: object) -> bool:
        try:
            await self.link.call(name, number, *more)
        except DeviceError as problem:
            if isinstance(problem, AgentError):
                self._recording.fault(problem.message)
            self._not_before_ns = host_now_ns() + RETRY_NS
            return False
        return True


ATTACH_S = 4.0
"""Time limit of attaching, loading and the first answers, so that the user sees a stopped process within 5 s."""
HERE_S = 12.0
"""The same on this machine, whose kernel reports a stopped process at once: longer than Frida's own 5 s, twice, because an aborted
attempt would leave the process held."""
TRIES = 3
BUSY_S = 3.5
"""How long to wait for a process that another recorder holds: longer than the 3 s after which the agent releases a recorder
that sends nothing any more."""
BUSY_POLL_S = 0.25
CALL_S = 2.0
CLOSE_S = 1.0

_GIVEN_UP = (TimeoutError, frida.TimedOutError, frida.ProcessNotRespondingError)
"""Frida on Linux waits for a process to stop for it, and on a busy machine not long enough."""


@dataclass(frozen=True, slots=True)
class Detached:
    """The session of ``link`` is over."""

    link: Link
    reason: str
    crash: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A call over ``link`` has returned; what the agent sent before its answer is in the inbox before this."""

    link: Link
    call: Literal["resend", "stop"]
    next: int = 0
    """For ``stop``: the number that the next event would have had."""
    failed: bool = False
    """Whether the call failed, so that there is no answer."""


@dataclass(frozen=True, slots=True)
class StopRequest:
    """The user wants the recording to end."""


Incoming: TypeAlias = Message | PlacedBatch | Answered | Detached | StopRequest


class Link:
    """A script in a process; ``inbox`` receives what it sends, in order, and finally a Detached."""

    def __init__(
        self,
        device: Device,
        process: ProcessInfo,
        inbox: asyncio.Queue[Incoming] | None = None,
        scripts: CompiledScripts | None = None,
    ) -> None:
        self.inbox: asyncio.Queue[Incoming] = asyncio.Queue() if inbox is None else inbox
        self._device = device
        self._process = process
        self._scripts = scripts
        self._who = f"{process.name} (pid {process.pid})"
        self._loop = asyncio.get_running_loop()
        self._session: Any = None
        self._script: Any = None
        self._closed = False
        self._remove_listeners: list[Callable[[], None]] = []

    async def open(self, source: str, client: str = "", *, name: str | None = None) -> Description:
        """Attach, load, and ask who the agent is. Raises: DeviceError, also when the process is stopped or ends.

        With a ``client`` (the recorder's UUID) the agent becomes resident in the process and is held for that recorder;
        without one it is only asked. In a process that does not call itself ``name`` it does not become resident.
        """
        description = await self._attach_with_retries(source, client, name)
        try:
            description = await self._once_free(description, client)
        except BaseException:
            await self.close()
            raise
        if description.busy:
            await self.close()
            raise DeviceError(f"{self._who} is being recorded by another lightleak", hint="stop that recording first")
        return description

    async def _once_free(self, description: Description, client: str) -> Description:
        """Wait for a recorder that ended without closing its link: the agent releases it after a while."""
        give_up_s = time.monotonic() + BUSY_S
        while description.busy and time.monotonic() < give_up_s:
            await asyncio.sleep(BUSY_POLL_S)
            description = await self.describe(client)
        return description

    async def _attach_with_retries(self, source: str, client: str, name: str | None) -> Description:
        """Try again when Frida gave up on a process that the kernel reports as running: the machine was busy."""
        for left in reversed(range(TRIES)):
            refuse_stopped(self._device, self._process)
            await wait_for_good_moment(self._device, self._process.pid)
            bound_s = ATTACH_S if liveness(self._device, self._process.pid) == "unknown" else HERE_S
            try:
                async with translate_errors(f"attaching to {self._who}", timeout_s=bound_s, silent_hint=PROCESS_SILENT):
                    return await self._introduce(source, client, name)
            except BaseException as problem:
                await self._release()
                self._script = self._session = None
                state = liveness(self._device, self._process.pid)
                if isinstance(problem, DeviceError) and state == "gone":
                    raise DeviceError(
                        f"{self._who} ended while it was being attached", hint="start it again"
                    ) from problem
                if isinstance(problem, DeviceError) and is_hung(self._device, self._process.pid, TRIES - left):
                    raise DeviceError(
                        f"{self._who} hangs: Frida stopped its main thread at a moment at which it must not be stopped",
                        hint="end the app, start it again and attach once it is idle",
                    ) from problem
                if not (left and state in ("running", "held") and isinstance(problem.__cause__, _GIVEN_UP)):
                    self._closed = True
                    raise
        raise AssertionError("the last try returns or raises")

    async def call(self, name: str, *arguments: object, timeout_s: float = CALL_S) -> Any:
        """Call an export of the agent. Raises: DeviceError; AgentError when the agent itself refuses."""
        async with translate_errors(f"calling {name}", timeout_s=timeout_s, silent_hint=PROCESS_SILENT):
            return await getattr(self._script.exports, name)(*arguments)

    async def describe(self, client: str) -> Description:
        """Ask again who the agent is. Raises: DeviceError."""
        async with translate_errors("calling describe", timeout_s=CALL_S, silent_hint=PROCESS_SILENT):
            return await self._describe(client)

    async def close(self) -> None:
        """Unload and detach; a process that does not answer does so when it wakes."""
        self._closed = True
        await self._release()

    async def _release(self) -> None:
        steps: list[Callable[[], Awaitable[None]]] = []
        if self._script is not None:
            steps.append(self._script.unload)
        if self._session is not None:
            steps.append(self._session.detach)
        for step in steps:
            with contextlib.suppress(DeviceError):
                async with translate_errors("detaching", timeout_s=CLOSE_S):
                    await step()
        # Frida's objects never release their listeners, and a week has thousands of connections.
        for remove in self._remove_listeners:
            remove()
        self._remove_listeners.clear()

    async def _introduce(self, source: str, client: str, name: str | None) -> Description:
        self._session = session = await self._device.attach(self._process.pid)

        def on_detached(reason: str, crash: Any) -> None:
            self._on_detached(session, reason, crash)

        session.on("detached", on_detached)
        self._remove_listeners = [lambda: session.off("detached", on_detached)]
        self._script = script = await self._load(source)
        script.on("message", self._on_message)
        self._remove_listeners.append(lambda: script.off("message", self._on_message))
        description = await self._describe(client)
        if client and description.resident is False and name in (None, description.process):
            await self._make_resident(source)
            description = await self._describe(client)
        return description

    async def _make_resident(self, source: str) -> None:
        """Leave a second copy of the agent in the process for good: it hooks and keeps events, this script only relays them."""
        resident = await self._load(source)
        await resident.exports.reside()
        await resident.eternalize()

    async def _load(self, source: str) -> Any:
        script = await self._create(source)
        script.set_log_handler(lambda _level, _text: None)
        await script.load()
        return script

    async def _create(self, source: str) -> Any:
        compiled = None if self._scripts is None else self._scripts.of(self._device, source)
        if self._scripts is not None and compiled is not None:
            try:
                return await self._session.create_script_from_bytes(compiled, name=NAME)
            except (frida.InvalidArgumentError, frida.NotSupportedError):
                self._scripts.refuse(source)  # the app's Frida is not the device's
        return await self._session.create_script(source, name=NAME)

    async def _describe(self, client: str) -> Description:
        return decode_description(await self._script.exports.describe({"client": client} if client else {}))

    def _on_message(self, message: dict[str, Any], data: bytes | None) -> None:
        if not self._closed:
            self.inbox.put_nowait(_decode(message, data))

    def _on_detached(self, session: Any, reason: str, crash: Any) -> None:
        # Frida's own thread: only hand over.
        item = Detached(self, reason, None if crash is None else str(crash.summary))
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            self._loop.call_soon_threadsafe(self._put, session, item)

    def _put(self, session: Any, item: Incoming) -> None:
        if session is self._session and not self._closed:
            self.inbox.put_nowait(item)


async def arrivals(inbox: asyncio.Queue[Incoming], timeout_s: float) -> list[Incoming]:
    """Wait for an arrival and return everything that is there; an empty list after ``timeout_s``."""
    try:
        # Not wait_for: before Python 3.12 it loses a cancellation that comes together with an item.
        async with asyncio.timeout(timeout_s):
            items = [await inbox.get()]
    except TimeoutError:
        return []
    while not inbox.empty():
        items.append(inbox.get_nowait())
    return items


def _decode(message: dict[str, Any], data: bytes | None) -> Message | PlacedBatch:
    if message["type"] != "send":
        return Fault("", str(message.get("description", "unknown error")), str(message.get("stack", "")))
    try:
        return decode_message(message.get("payload"), data)
    except AgentError as problem:
        return Fault("", problem.message)
