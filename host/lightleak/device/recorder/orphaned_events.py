"""Take over what an agent kept without a recorder: in its memory, or in the spool of an earlier process.

Separate because it happens before the hooks of a recording are set, with other segments than the one that follows.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from msgspec import structs

from lightleak.device.agent_link import AgentCalls, Incoming, arrivals
from lightleak.device.clocks import host_now_ns
from lightleak.device.placed_batch import PlacedBatch
from lightleak.device.protocol import AgentBatch, Description, Fault, Left, unplaced
from lightleak.device.recorder.event_codec import Symbols
from lightleak.device.recorder.last_events import LastEvents
from lightleak.device.recorder.segment import SegmentRecorder
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.errors import DeviceError

WAIT_S = 5.0
"""When nothing has arrived for so long, the rest is lost."""


@dataclass(slots=True)
class TakeOver:
    """Turn each part that was left behind into a segment, and let the agent forget it once it is on disk."""

    calls: AgentCalls
    inbox: asyncio.Queue[Incoming]
    recording: SessionRecorder

    async def run(self, found: Description) -> Description:
        """Save everything; return the description of the agent, which starts fresh. Raises: DeviceError, FileError."""
        for left in found.spooled:
            await self._collect(found, left)
        if found.orphaned:
            await self._end_orphan(found)
        description = await self.calls.link.describe(self.recording.session)
        if description.orphaned:
            raise DeviceError(
                f"{found.process} still keeps events of an earlier recorder", hint="record again in a few seconds"
            )
        return description

    async def _collect(self, found: Description, left: Left) -> None:
        """Take what an earlier process of the app left on its disk, except what this session already has."""
        first = self._first_new(left.agent, left.first)
        if first < left.next:
            earlier = structs.replace(found, agent=left.agent, pid=None, first=first, next=left.next)
            segment = SegmentRecorder(self.recording, earlier, None)
            await self.calls.link.call("collect", left.agent)
            # Its code was loaded elsewhere: its addresses cannot be named any more.
            await self._take(segment, left.agent, left.next, Symbols(_unknown_addresses))
            segment.finish("exited", "ended without a recorder; read from its spool", host_now_ns(), whole=False)
        await self.recording.flush()
        await self.calls.link.call("discard", left.agent)

    async def _end_orphan(self, found: Description) -> None:
        """Stop an agent that went on without a recorder, and take what it kept and this session does not have."""
        kept = structs.replace(found, first=self._first_new(found.agent, found.first))
        delivered = kept.first - 1
        if kept.orphaned:
            # When its hooks are out already, it is unknown since when: the segment ends with its last event.
            segment = SegmentRecorder(self.recording, kept, await self.calls.measure() if found.started else None)
            await self.calls.resend(kept.first)
            await self._take_kept(segment, found.agent)
            segment.finish("detached", "taken over from a recorder that has gone", host_now_ns(), whole=True)
            delivered = segment.sequencer.delivered
        await self.recording.flush()
        await self.calls.acknowledge(delivered)

    async def _take_kept(self, segment: SegmentRecorder, agent: str) -> None:
        """Take what an agent keeps in memory, and what waits behind that until the first part is acknowledged."""
        symbols = Symbols(self.calls.symbolicate)
        last_events = LastEvents()
        while segment.sequencer.complete and last_events.more_may_come(segment.sequencer.delivered):
            following = await self.calls.stop()
            last_events.stopped(following)
            await self._take(segment, agent, following, symbols, acknowledging=True)

    def _first_new(self, agent: str, first: int) -> int:
        return max(first, self.recording.delivered.get(agent, 0) + 1)

    async def _take(
        self, segment: SegmentRecorder, agent: str, following: int, symbols: Symbols, *, acknowledging: bool = False
    ) -> None:
        segment.sequencer.announce(following)
        deadline_s = time.monotonic() + WAIT_S
        while not segment.sequencer.complete and time.monotonic() < deadline_s:
            for item in await arrivals(self.inbox, WAIT_S):
                match unplaced(item) if isinstance(item, PlacedBatch) else item:
                    case AgentBatch() as batch if batch.agent == agent:
                        await symbols.complete(batch)
                        segment.take_batch(batch, host_now_ns())
                        deadline_s = time.monotonic() + WAIT_S
                    case Fault(message=message):
                        self.recording.fault(f"the agent that was left behind says: {message}")
            if acknowledging and not segment.sequencer.complete:
                await self.recording.flush()
                await self.calls.acknowledge(segment.sequencer.delivered)


async def _unknown_addresses(_addresses: list[str]) -> None:
    raise DeviceError("the process of these addresses has ended")
