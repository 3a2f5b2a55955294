"""Run several attachments as one recording: start them together, notice which end, end them all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lightleak.device.clocks import host_now_ns
from lightleak.device.connection import DeviceConnection
from lightleak.device.endings import AppEndings
from lightleak.device.newest_ios import note_on_ios
from lightleak.device.processes import ProcessInfo
from lightleak.device.reconnect import AttachContext, Ending
from lightleak.device.recorder.attachment import Attachment
from lightleak.device.recorder.segment import SegmentRecorder
from lightleak.device.recorder.sink import SessionRecorder, session_header
from lightleak.errors import DeviceError


class Supervisor:
    """The processes that one recording watches."""

    def __init__(self, connection: DeviceConnection, recording: SessionRecorder, source: str) -> None:
        self.connection = connection
        self.recording = recording
        self.lost: list[str] = []
        """Processes that could not be reached again."""
        self._source = source
        self._live: dict[asyncio.Task[Ending], Attachment] = {}
        self._taking: set[int] = set()
        self._one_at_a_time = asyncio.Lock()
        self._stopping = False
        self._marked: SegmentRecorder | None = None

    @property
    def attachments(self) -> list[Attachment]:
        """What is watched now, in the order in which it was attached."""
        return list(self._live.values())

    def knows(self, pid: int) -> bool:
        """Return whether a process is watched or is being attached now."""
        return pid in self._taking or self._watches(pid)

    async def take_on(self, processes: Sequence[ProcessInfo]) -> list[Attachment]:
        """Attach to processes and record them, all or none. Raises: DeviceError, FileError.

        The file is created when all hooks are in, so that an attachment that fails leaves no file.
        """
        pids = {process.pid for process in processes}
        self._taking |= pids
        try:
            async with self._one_at_a_time:
                return await self._take_on([p for p in processes if not self._watches(p.pid)])
        finally:
            self._taking -= pids

    def _watches(self, pid: int) -> bool:
        return any(attachment.context.process.pid == pid for attachment in self._live.values())

    async def _take_on(self, processes: Sequence[ProcessInfo]) -> list[Attachment]:
        taken: list[Attachment] = []
        try:
            for process in processes:
                attachment = await Attachment.open(
                    AttachContext(self.connection, process, self.recording, self._source)
                )
                taken.append(attachment)
            for attachment in taken:
                if attachment.inherits:
                    await self._create_file(attachment)
                    await attachment.take_over()
            for attachment in taken:
                await attachment.start()
            if taken:
                await self._create_file(taken[0])
        except BaseException:
            for attachment in taken:
                await attachment.close()
            raise
        for attachment in taken:
            self._live[asyncio.create_task(attachment.run())] = attachment
            self._marked = self._marked or attachment.segment
        return taken

    async def _create_file(self, attachment: Attachment) -> None:
        if not self.recording.open:
            device = await self.connection.device()
            header = await session_header(self.recording.session, device, attachment.description)
            self.recording.begin(header)
            if header["device"]["os"] != "macOS" and (note := note_on_ios(header["device"]["os_version"])):
                self.recording.notes.warning(note)

    async def reap(self, stop: asyncio.Event, timeout_s: float | None = None) -> None:
        """Wait until an attachment ends, or ``stop``, or the time is up. Raises: FileError, after the others were cancelled."""
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({stopped, *self._live}, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
        for task in [task for task in self._live if task.done()]:
            await self._note(self._live.pop(task), task)

    async def stop(self) -> None:
        """End all attachments in order. Raises: FileError."""
        self._stopping = True
        for attachment in self.attachments:
            attachment.stop()
        while self._live:
            await self.reap(asyncio.Event())

    def mark(self, label: str) -> dict[str, Any]:
        """Record a mark in the segment of the first watched process. Raises: DeviceError when nothing is recorded yet."""
        if self.attachments:
            self._marked = self.attachments[0].segment
        if self._marked is None:
            raise DeviceError("the recording has not started", hint="mark again once it has")
        event = self._marked.mark(label, host_now_ns())
        return {"segment": event.segment, "seq": event.seq}

    def mark_endings(self, endings: AppEndings) -> None:
        """Mark in the session how often an app ended soon after it was attached to, and how often without."""
        if self._marked is not None:
            self._marked.mark(endings.label(), host_now_ns(), endings.detail())

    async def _note(self, attachment: Attachment, task: asyncio.Task[Ending]) -> None:
        process = attachment.context.process
        try:
            ending = task.result()
            if ending is Ending.REPLACED and not self._stopping:
                await self.take_on([replace(process, held=False)])
        except DeviceError as problem:
            self.recording.notes.warning(f"{process.name} could not be watched again: {problem}")
            self.lost.append(process.name)
        except BaseException:
            await self._cancel_all()
            raise
        else:
            if ending is Ending.LOST:
                self.recording.notes.warning(f"{process.name} could not be reached again")
                self.lost.append(process.name)

    async def _cancel_all(self) -> None:
        for task in self._live:
            task.cancel()
        await asyncio.gather(*self._live, return_exceptions=True)
        self._live.clear()
