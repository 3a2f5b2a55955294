"""The agent's exports, typed and bounded. What a duty calls may fail: the duty comes round again."""

from __future__ import annotations

from typing import Any

from lightleak.device.clock import ClockOffset, measure_offset
from lightleak.device.host_clock import host_now_ns
from lightleak.device.link import Link
from lightleak.device.protocol import decode_clock, decode_number
from lightleak.device.recording import Recording
from lightleak.errors import AgentError, DeviceError
from lightleak.events import NS_PER_S

START_S = 15.0
"""Installing some hundred hooks on an old phone takes seconds."""
STOP_S = 5.0
RETRY_NS = NS_PER_S
"""After a call that failed, duties wait this long."""


class Calls:
    """Call the agent behind ``link``."""

    def __init__(self, link: Link, recording: Recording) -> None:
        self.link = link
        self._recording = recording
        self._not_before_ns = 0

    @property
    def due(self) -> bool:
        """Whether a call may be tried: the last one went well, or is long enough ago."""
        return host_now_ns() >= self._not_before_ns

    async def start(self, process: str) -> None:
        """Install the hooks for a process of that name. Errors: DeviceError."""
        options = self._recording.options
        wanted = {
            "set": "assetsd" if process == "assetsd" else "app",
            "internal": options.internal,
            "salt": self._recording.salt,
            "rawAssets": options.raw_assets,
            "spool": options.spool,
        }
        await self.link.call("start", wanted, timeout_s=START_S)

    async def stop(self) -> int:
        """Take the hooks out; returns the number that the next event would have had. Errors: DeviceError."""
        return decode_number(await self.link.call("stop", timeout_s=STOP_S))

    async def measure(self) -> ClockOffset:
        """Measure the device's wall clock against the host's. Errors: DeviceError."""
        return await measure_offset(self._clock)

    async def acknowledge(self, number: int) -> bool:
        """Let the agent forget all events up to ``number``."""
        return await self._try("acknowledge", number)

    async def resend(self, number: int) -> bool:
        """Have all events from ``number`` on sent again."""
        return await self._try("resend", number)

    async def symbolicate(self, addresses: list[str]) -> Any:
        """Name code addresses. Errors: DeviceError."""
        if not self.due:
            raise DeviceError("the agent does not answer at the moment")
        return await self.link.call("symbolicate", addresses)

    async def _clock(self) -> tuple[int, int]:
        return decode_clock(await self.link.call("clock"))

    async def _try(self, name: str, number: int) -> bool:
        try:
            await self.link.call(name, number)
        except DeviceError as problem:
            if isinstance(problem, AgentError):
                self._recording.fault(problem.message)
            self._not_before_ns = host_now_ns() + RETRY_NS
            return False
        return True
