"""Attach to one process and record it until it ends, stops or cannot be reached.

Between arrivals, each tick asks again for what is missing, acknowledges what is on disk, measures the clocks and notices that
the process sleeps. A sleeping process is not called; every other call has a time limit.

Separate because one process has a life of its own; the supervisor only starts and ends such lives.
"""

from __future__ import annotations

import asyncio
import enum
import time
from typing import Literal

from lightleak.device.agent_link import RETRY_NS, AgentCalls, Answered, Detached, Incoming, Link, StopRequest, arrivals
from lightleak.device.clocks import host_now_ns
from lightleak.device.placed_batch import PlacedBatch
from lightleak.device.processes import liveness
from lightleak.device.protocol import AgentBatch, Beat, Description, Displaced, Fault, unplaced
from lightleak.device.reconnect import AttachContext, Ended, Ending, is_gone, reconnect
from lightleak.device.recorder.event_codec import Symbols
from lightleak.device.recorder.last_events import LastEvents
from lightleak.device.recorder.orphaned_events import TakeOver
from lightleak.device.recorder.segment import SegmentRecorder
from lightleak.errors import DeviceError
from lightleak.events import NS_PER_S

TICK_S = 0.2
"""Seconds between two ticks; also the longest delay of an acknowledgement."""
SYNCING_S = 0.01
"""The same while the file is synced early: the agent may wait for the acknowledgement before it sends more."""
CLOCK_NS = 60 * NS_PER_S
"""Time between two measurements of the clocks."""

_STOPPED = "the recording was stopped"


class StopState(enum.Enum):
    """How far the end that the user asked for has got."""

    RUNNING = enum.auto()
    WAITING_FOR_STOP = enum.auto()
    """The agent was asked to take its hooks out."""
    WAITING_FOR_LAST_EVENTS = enum.auto()
    """The hooks are out; events that are missing were asked for again. Some may wait in the agent for acknowledgements."""
    STOPPED = enum.auto()
    """Every event has arrived."""
    UNANSWERED = enum.auto()
    """A call failed: events may be missing, and the agent keeps them for the next recorder."""


class Attachment:
    """One watched process: ``open``, ``start``, ``run``, in this order; the first two raise DeviceError."""

    def __init__(
        self, context: AttachContext, inbox: asyncio.Queue[Incoming], link: Link, description: Description
    ) -> None:
        self.context = context
        self.context.name = description.process
        self.description = description
        self.segment: SegmentRecorder
        self._since_s = time.monotonic()
        self._calls = AgentCalls(link, context.recording)
        self._recording = context.recording
        self._name = context.process.name
        self._inbox = inbox
        self._stopping = asyncio.Event()
        self._stop_state = StopState.RUNNING
        self._last_events = LastEvents()
        self._clock_due_ns = self._stepped_ns = 0
        self._symbols = Symbols(self._calls.symbolicate)

    @classmethod
    async def open(cls, context: AttachContext) -> Attachment:
        """Attach, load the agent and ask who it is; nothing is hooked yet. Raises: DeviceError."""
        inbox: asyncio.Queue[Incoming] = asyncio.Queue()
        since_s = time.monotonic()
        attachment = cls(context, inbox, *await context.link(inbox))
        attachment._since_s = since_s
        return attachment

    @property
    def inherits(self) -> bool:
        """Whether earlier recorders left events behind; ``take_over`` must then come before ``start``."""
        return self.description.orphaned or bool(self.description.spooled)

    async def take_over(self) -> None:
        """Save what was left behind, each part as its own segment. Raises: DeviceError, FileError."""
        self.description = await TakeOver(self._calls, self._inbox, self._recording).run(self.description)

    async def start(self) -> None:
        """Start a segment and install the hooks. Raises: DeviceError."""
        offset = await self._calls.measure()
        self.segment = SegmentRecorder(self._recording, self.description, offset, held=self.context.process.held)
        self._clock_due_ns = offset.host_ns + CLOCK_NS
        await self._calls.start(self.description.process)

    async def run(self) -> Ending:
        """Record until the segment is over and return why; its last event is then recorded. Raises: FileError."""
        try:
            while True:
                for item in await arrivals(self._inbox, SYNCING_S if self._recording.syncing else TICK_S):
                    ending = await self._take(item)
                    if ending is not None:
                        return ending
                await self._tick()
        finally:
            await self.close()

    def stop(self) -> None:
        """Ask for the end; ``run`` then soon returns STOPPED."""
        self._stopping.set()
        self._inbox.put_nowait(StopRequest())

    async def close(self) -> None:
        """Detach from the process."""
        await self._calls.link.close()

    async def _take(self, item: Incoming) -> Ending | None:
        match item:
            case AgentBatch() if item.agent == self.description.agent:
                await self._symbols.complete(item)
                self.segment.take_batch(item, host_now_ns())
            case PlacedBatch() if item.agent == self.description.agent:
                if not self.segment.append(item, host_now_ns()):
                    return await self._take(unplaced(item))
            case Beat() if item.agent == self.description.agent:
                step_ns = self.segment.take_beat(item, host_now_ns())
                if step_ns:
                    await self._measure(step_ns=step_ns)
            case Displaced() if item.agent == self.description.agent:
                return await self._reconnect("another recorder has taken over the process")
            case Fault(message=message):
                self._recording.fault(f"the agent in {self._name} says: {message}")
            case Answered() if item.link is self._calls.link:
                return await self._on_answer(item)
            case Detached() if item.link is self._calls.link:
                return await self._on_detached(item)
            case StopRequest():
                return await self._advance_stop(item)
        return None

    async def _tick(self) -> None:
        self._recording.check()
        now_ns = host_now_ns()
        if self.segment.heartbeat.silent(now_ns):
            await self._on_silence()
            return
        self._recording.sync_soon()
        number = self.segment.acknowledgements.due(self._recording.durable)
        if number is not None:
            await self._calls.acknowledge(number, self.segment.sequencer.place)
        running = self._stop_state is StopState.RUNNING
        if running and self.segment.sequencer.missing is not None and self._calls.due:
            await self._resend()
        if now_ns >= self._clock_due_ns:
            await self._measure()

    async def _resend(self) -> None:
        """Have the agent send again what is missing."""
        answered = await self._calls.resend(self.segment.sequencer.delivered + 1)
        if answered or self._stop_state is StopState.WAITING_FOR_LAST_EVENTS:
            self._put_answer("resend", failed=not answered)

    def _put_answer(self, call: Literal["resend", "stop"], following: int = 0, *, failed: bool = False) -> None:
        # What the agent sent before it answered is already in the inbox: it is recorded before the answer is taken.
        self._inbox.put_nowait(Answered(self._calls.link, call, following, failed=failed))

    async def _on_answer(self, answer: Answered) -> Ending | None:
        if answer.call == "resend" and self._stop_state is not StopState.WAITING_FOR_LAST_EVENTS:
            self.segment.give_up(host_now_ns())
            return None
        return await self._advance_stop(answer)

    async def _advance_stop(self, event: StopRequest | Answered) -> Ending | None:
        """Take the stop to its next state; return STOPPED when it is over.

        Each call puts its answer at the end of the inbox, so that a state is left only after all that came before.
        """
        match self._stop_state, event:
            case StopState.RUNNING, StopRequest():
                if self.segment.heartbeat.silent(host_now_ns()):
                    # It sleeps and would not answer.
                    return self._end(Ending.STOPPED, _STOPPED)
                self._stop_state = StopState.WAITING_FOR_STOP
                await self._take_hooks_out()
            case ((StopState.WAITING_FOR_STOP | StopState.WAITING_FOR_LAST_EVENTS), Answered(failed=True)):
                self._stop_state = StopState.UNANSWERED
            case StopState.WAITING_FOR_STOP, Answered(next=following) if (
                self.segment.sequencer.delivered + 1 < following
            ):
                self._stop_state = StopState.WAITING_FOR_LAST_EVENTS
                self._last_events.stopped(following)
                self.segment.sequencer.announce(following)
                await self._resend()
            case StopState.WAITING_FOR_LAST_EVENTS, Answered():
                await self._ask_for_more()
            case StopState.WAITING_FOR_STOP, Answered():
                self._stop_state = StopState.STOPPED
        return await self._end_of_stop()

    async def _ask_for_more(self) -> None:
        """Acknowledge what came, and ask for what waited behind it; the stop is over when nothing does."""
        delivered = self.segment.sequencer.delivered
        if not self._last_events.more_may_come(delivered):
            self._stop_state = StopState.STOPPED
            return
        self._stop_state = StopState.WAITING_FOR_STOP
        await self._recording.flush()
        await self._calls.acknowledge(delivered, self.segment.sequencer.place)
        await self._take_hooks_out()

    async def _take_hooks_out(self) -> None:
        try:
            self._put_answer("stop", await self._calls.stop())
        except DeviceError:
            # A process that has just ended put its Detached into the inbox, and that comes first.
            self._put_answer("stop", failed=True)

    async def _end_of_stop(self) -> Ending | None:
        if self._stop_state is StopState.UNANSWERED:
            self._recording.notes.warning(f"{self._name} did not let go cleanly")
            return self._end(Ending.STOPPED, _STOPPED)
        if self._stop_state is not StopState.STOPPED:
            return None
        ending = self._end(Ending.STOPPED, _STOPPED, whole=True)
        # A resident agent would hand what it believes to be unsaved over to the next recording.
        await self._recording.flush()
        await self._calls.acknowledge(self.segment.sequencer.delivered)
        return ending

    async def _on_detached(self, detached: Detached) -> Ending | None:
        if detached.reason in ("process-terminated", "process-replaced"):
            return self._end(Ending.EXITED, f"crashed: {detached.crash}" if detached.crash else detached.reason)
        # "application-requested" also comes when a phone was locked, without a request from here.
        return await self._reconnect(detached.reason)

    async def _reconnect(self, reason: str) -> Ending | None:
        self._recording.notes.warning(f"the link to {self._name} broke ({reason}), reconnecting")
        await self.close()
        reached = await reconnect(self.context, self._inbox, self._stopping)
        if isinstance(reached, Ended):
            return self._end(reached.ending, f"{reason}: {reached.reason}" if reached.reason else _STOPPED)
        link, description = reached
        self._calls.link = link
        if description.agent != self.description.agent or not description.started:
            # The hooks are gone: another recorder was here.
            return self._end(Ending.REPLACED, reason)
        self._recording.notes.info(f"the link to {self._name} is back")
        self.segment.heartbeat.expect(host_now_ns())
        await self._resend()
        return None

    async def _on_silence(self) -> None:
        if self.segment.suspended or not self._calls.due:
            return
        try:
            device = await self.context.connection.device()
            match liveness(device, self.context.process.pid):
                case "stopped" | "held" as state:
                    self.segment.suspend(state)
                case _ if await is_gone(device, self.context.process.pid):
                    self._inbox.put_nowait(Detached(self._calls.link, "the process has gone"))
                case "unknown":
                    self.segment.suspend("no sign of life, while the device answers")
        except DeviceError:
            # The device is silent too: the link is dead, even if Frida has not noticed.
            self.context.connection.doubt()
            self._inbox.put_nowait(Detached(self._calls.link, "the device does not answer"))

    async def _measure(self, *, step_ns: int = 0) -> None:
        self._stepped_ns += step_ns
        # A step is recorded with the first measurement that succeeds.
        self._clock_due_ns = host_now_ns() + (RETRY_NS if self._stepped_ns else CLOCK_NS)
        try:
            offset = await self._calls.measure()
        except DeviceError:
            return
        self.segment.measured(offset, host_now_ns(), step_ns=self._stepped_ns)
        self._clock_due_ns, self._stepped_ns = host_now_ns() + CLOCK_NS, 0

    def _end(self, ending: Ending, reason: str, *, whole: bool = False) -> Ending:
        if ending is not Ending.REPLACED:
            self._count(ended=ending is Ending.EXITED)
        phase = "exited" if ending is Ending.EXITED else "detached"
        self.segment.finish(phase, reason, host_now_ns(), whole=whole)
        return ending

    def _count(self, *, ended: bool) -> None:
        """Count an app that ended soon after it was attached to, and mark that in the session."""
        endings = self._recording.endings_of(self.context.process)
        if endings.count(time.monotonic() - self._since_s, ended=ended):
            self.segment.mark_end(endings.label(), endings.detail(), host_now_ns())
