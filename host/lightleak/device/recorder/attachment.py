"""Attach to one process and record it until it ends, stops or cannot be reached.

Around what arrives stand the duties: sending for what is missing, acknowledging what is on the disk, measuring the
clocks, noticing that the process sleeps. A call to a process that sleeps is not made; every other one is bounded.
"""

from __future__ import annotations

import asyncio
from typing import Literal

from lightleak.device.agent_link import RETRY_NS, AgentCalls, Answered, Detached, Incoming, Link, StopRequest, arrivals
from lightleak.device.clocks import host_now_ns
from lightleak.device.processes import liveness
from lightleak.device.protocol import AgentBatch, Beat, Description, Displaced, Fault
from lightleak.device.reconnect import AttachContext, Ended, Ending, is_gone, reconnect
from lightleak.device.recorder.orphaned_events import TakeOver
from lightleak.device.recorder.segment import SegmentRecorder
from lightleak.device.recorder.symbolication import Symbols
from lightleak.errors import DeviceError
from lightleak.events import NS_PER_S

TICK_S = 0.2
"""How often the duties are looked at; also the delay of an acknowledgement."""
CLOCK_NS = 60 * NS_PER_S

_STOPPED = "the recording was stopped"


class Attachment:
    """Watch one process: ``open``, ``start``, ``run``, in this order; the first two raise DeviceError."""

    def __init__(
        self, way: AttachContext, inbox: asyncio.Queue[Incoming], link: Link, description: Description
    ) -> None:
        self.way = way
        self.way.name = description.process
        self.description = description
        self.segment: SegmentRecorder
        self._calls = AgentCalls(link, way.recording)
        self._recording = way.recording
        self._name = way.process.name
        self._inbox = inbox
        self._stopping = asyncio.Event()
        self._clock_due_ns = self._stepped_ns = 0
        self._symbols = Symbols(self._calls.symbolicate)

    @classmethod
    async def open(cls, way: AttachContext) -> Attachment:
        """Attach, load the agent and hear who it is; nothing is hooked yet."""
        inbox: asyncio.Queue[Incoming] = asyncio.Queue()
        return cls(way, inbox, *await way.link(inbox))

    @property
    def inherits(self) -> bool:
        """Whether earlier recorders have left something behind; ``take_over`` then comes before ``start``."""
        return self.description.orphaned or bool(self.description.spooled)

    async def take_over(self) -> None:
        """Save what was left behind, each part as a segment of its own. Errors: also FileError."""
        self.description = await TakeOver(self._calls, self._inbox, self._recording).run(self.description)

    async def start(self) -> None:
        """Begin a segment and install the hooks."""
        offset = await self._calls.measure()
        self.segment = SegmentRecorder(self._recording, self.description, offset)
        self._clock_due_ns = offset.host_ns + CLOCK_NS
        await self._calls.start(self.description.process)

    async def run(self) -> Ending:
        """Record until the segment is over; its last event is in the recording then. Errors: FileError."""
        try:
            while True:
                for item in await arrivals(self._inbox, TICK_S):
                    ending = await self._take(item)
                    if ending is not None:
                        return ending
                await self._duties()
        finally:
            await self.close()

    def stop(self) -> None:
        """Ask for the end; ``run`` then returns STOPPED soon."""
        self._stopping.set()
        self._inbox.put_nowait(StopRequest())

    async def close(self) -> None:
        """Let go of the process."""
        await self._calls.link.close()

    async def _take(self, item: Incoming) -> Ending | None:
        match item:
            case AgentBatch() if item.agent == self.description.agent:
                await self._symbols.complete(item)
                self.segment.take_batch(item, host_now_ns())
            case Beat() if item.agent == self.description.agent:
                step_ns = self.segment.take_beat(item, host_now_ns())
                if step_ns:
                    await self._measure(step_ns=step_ns)
            case Displaced() if item.agent == self.description.agent:
                return await self._reconnect("another recorder has taken the process over")
            case Fault(message=message):
                self._recording.fault(f"the agent in {self._name} says: {message}")
            case Answered() if item.link is self._calls.link:
                return await self._on_answer(item)
            case Detached() if item.link is self._calls.link:
                return await self._on_detached(item)
            case StopRequest():
                return await self._on_stop()
        return None

    async def _duties(self) -> None:
        self._recording.check()
        now_ns = host_now_ns()
        if self.segment.pulse.silent(now_ns):
            return await self._on_silence()
        self._recording.hurry()
        number = self.segment.receipts.due(self._recording.durable)
        if number is not None:
            await self._calls.acknowledge(number)
        if self.segment.row.missing is not None and self._calls.due:
            await self._recover("resend")
        if now_ns >= self._clock_due_ns:
            await self._measure()
        return None

    async def _recover(self, answered: Literal["resend", "last"]) -> None:
        """Ask for what is missing; what is sent again stands in the inbox before the answer."""
        if await self._calls.resend(self.segment.row.delivered + 1):
            self._inbox.put_nowait(Answered(self._calls.link, answered))
        elif answered == "last":
            self._inbox.put_nowait(Answered(self._calls.link, "nothing"))

    async def _on_answer(self, answer: Answered) -> Ending | None:
        match answer.call:
            case "resend":
                self.segment.give_up(host_now_ns())
                return None
            case "stop" if self.segment.row.delivered + 1 < answer.next:
                self.segment.row.announce(answer.next)
                await self._recover("last")
                return None
            case "nothing":
                self._recording.notes.warning(f"{self._name} did not let go cleanly")
                return self._end(Ending.STOPPED, _STOPPED)
        ending = self._end(Ending.STOPPED, _STOPPED, whole=True)
        # A resident agent would hand what it believes to be unsaved over to the next recording.
        await self._recording.flush()
        await self._calls.acknowledge(self.segment.row.delivered)
        return ending

    async def _on_stop(self) -> Ending | None:
        """Take the hooks out and wait for what is on its way, unless the process cannot answer."""
        if self.segment.pulse.silent(host_now_ns()):
            return self._end(Ending.STOPPED, _STOPPED)
        try:
            answer = Answered(self._calls.link, "stop", await self._calls.stop())
        except DeviceError:
            # A process that has just ended says so in the inbox: that comes first.
            answer = Answered(self._calls.link, "nothing")
        self._inbox.put_nowait(answer)
        return None

    async def _on_detached(self, detached: Detached) -> Ending | None:
        if detached.reason in ("process-terminated", "process-replaced"):
            return self._end(Ending.EXITED, f"crashed: {detached.crash}" if detached.crash else detached.reason)
        # "application-requested" also comes when a phone was locked: nobody here has asked for it.
        return await self._reconnect(detached.reason)

    async def _reconnect(self, reason: str) -> Ending | None:
        self._recording.notes.warning(f"the link to {self._name} broke ({reason}), reconnecting")
        await self.close()
        reached = await reconnect(self.way, self._inbox, self._stopping)
        if isinstance(reached, Ended):
            return self._end(reached.ending, f"{reason}: {reached.reason}" if reached.reason else _STOPPED)
        link, description = reached
        self._calls.link = link
        if description.agent != self.description.agent or not description.started:
            # The hooks that were in are out: another recorder has been here.
            return self._end(Ending.REPLACED, reason)
        self._recording.notes.info(f"the link to {self._name} is back")
        self.segment.pulse.expect(host_now_ns())
        await self._recover("resend")
        return None

    async def _on_silence(self) -> None:
        if self.segment.suspended or not self._calls.due:
            return
        try:
            device = await self.way.reach.device()
            match liveness(device, self.way.process.pid):
                case "stopped" | "held" as state:
                    self.segment.suspend(state)
                case _ if await is_gone(device, self.way.process.pid):
                    self._inbox.put_nowait(Detached(self._calls.link, "the process is not there any more"))
                case "unknown":
                    self.segment.suspend("no sign of life, while the device answers")
        except DeviceError:
            # The device is silent too: the link is dead, whether Frida has noticed or not.
            self.way.reach.doubt()
            self._inbox.put_nowait(Detached(self._calls.link, "the device does not answer"))

    async def _measure(self, *, step_ns: int = 0) -> None:
        self._stepped_ns += step_ns
        # A step is told with the first measurement that succeeds.
        self._clock_due_ns = host_now_ns() + (RETRY_NS if self._stepped_ns else CLOCK_NS)
        try:
            offset = await self._calls.measure()
        except DeviceError:
            return
        self.segment.measured(offset, host_now_ns(), step_ns=self._stepped_ns)
        self._clock_due_ns, self._stepped_ns = host_now_ns() + CLOCK_NS, 0

    def _end(self, ending: Ending, reason: str, *, whole: bool = False) -> Ending:
        phase = "exited" if ending is Ending.EXITED else "detached"
        self.segment.finish(phase, reason, host_now_ns(), whole=whole)
        return ending
