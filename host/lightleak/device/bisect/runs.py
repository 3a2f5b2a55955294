"""Runs of an app: watched in the list of processes only, attached to without a hook, or with a choice of probes.

Nothing is started here. Where the app has ended, the person is asked to start it again. After each run nothing is hooked.
"""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, TypeAlias

from lightleak.device.agent_link import Detached, Incoming, Link, arrivals
from lightleak.device.connection import Device, DeviceConnection
from lightleak.device.processes import (
    ProcessInfo,
    find_process,
    is_loading,
    list_processes,
    liveness,
    matching_processes,
)
from lightleak.device.reconnect import GONE_CHECKS, is_gone
from lightleak.device.recorder.event_memory import EventMemory
from lightleak.device.recorder.sink import Notes, RecordingOptions, SessionRecorder
from lightleak.device.recorder.supervisor import Supervisor
from lightleak.device.target_matcher import lasting_target
from lightleak.device.targets import Target
from lightleak.errors import DeviceError

RunKind: TypeAlias = Literal["alone", "attached", "hooked"]
"""``alone``: only its line in the list of processes is watched. ``attached``: the agent is in it and hooks nothing."""

_POLL_S = 0.25
_LISTING_S = 0.5
"""Time between two lists of processes."""
_PATIENCE_S = 20.0
"""How long a process whose link broke is tried again."""
ASLEEP_TRIES = 5


@dataclass(frozen=True, slots=True)
class AppRun:
    """What was seen of one run."""

    kind: RunKind
    probes: tuple[str, ...]
    """Those that were wanted, sorted; none unless it is ``hooked``."""
    ended: bool
    after_s: float
    """Until the end, or how long it was watched, from the beginning of the attachment."""
    reason: str | None = None
    """Frida's word for the end."""
    fresh: bool = False
    """Whether it was the first run of that process."""


class AppRuns:
    """The app. ``window_s``: how long it is watched; ``wait_s``: how long the person has to start it again."""

    def __init__(
        self,
        connection: DeviceConnection,
        target: Target,
        source: str,
        notes: Notes,
        *,
        names: Collection[str],
        window_s: float,
        wait_s: float,
    ) -> None:
        self.target = target
        self.restarts = 0
        """How often the person started it again."""
        self.between = 0
        """How often it ended between two runs, so that no run explains it."""
        self._connection = connection
        self._source = source
        self._notes = notes
        self._names = frozenset(names)
        self._window_s = window_s
        self._wait_s = wait_s
        self._process: ProcessInfo | None = None
        self._ended: set[int] = set()
        self._fresh = False
        # One client for all runs: the agent would make another one wait.
        self._client = str(uuid.uuid4()).upper()

    @property
    def name(self) -> str:
        """The app's name."""
        return self._process.name if self._process else str(self.target)

    async def find(self) -> None:
        """Find the app, which must run. Raises: DeviceError."""
        device = await self._connection.device()
        self._process = await find_process(device, self.target)  # type: ignore[arg-type]  # the doctor refuses targets that do not run
        self.target = await lasting_target(device, self.target)

    async def alone(self, watched_s: float) -> AppRun:
        """Watch the app in the list of processes only. Raises: DeviceError."""
        process = await self._running()
        since_s = time.monotonic()
        while (lived_s := time.monotonic() - since_s) < watched_s:
            if await self._gone(process):
                return self._seen("alone", (), ended=True, after_s=lived_s)
            await asyncio.sleep(_LISTING_S)
        return self._seen("alone", (), ended=False, after_s=lived_s)

    async def attached(self) -> AppRun:
        """Attach, load the agent, and hook nothing. Raises: DeviceError."""
        for _ in range(ASLEEP_TRIES):
            process = await self._running()
            since_s = time.monotonic()
            try:
                reason, asleep = await self._hold(process)
            except DeviceError as problem:
                if not await self._gone(process):
                    raise
                reason, asleep = problem.message, False
            after_s = time.monotonic() - since_s
            if not asleep:
                return self._seen("attached", (), ended=reason is not None, after_s=after_s, reason=reason)
            self._say_asleep()
        raise self._always_asleep()

    async def hooked(self, probes: Collection[str]) -> AppRun:
        """Attach and hook these probes, as ``record --only`` does. Raises: DeviceError."""
        wanted = tuple(sorted(probes))
        for _ in range(ASLEEP_TRIES):
            process = await self._running()
            since_s = time.monotonic()
            try:
                reason, asleep = await self._record(process, wanted)
            except DeviceError as problem:
                if not await self._gone(process):
                    raise
                reason, asleep = problem.message, False
            after_s = time.monotonic() - since_s
            if not asleep:
                return self._seen("hooked", wanted, ended=reason is not None, after_s=after_s, reason=reason)
            self._say_asleep()
        raise self._always_asleep()

    async def _hold(self, process: ProcessInfo) -> tuple[str | None, bool]:
        """Return why the process ended, or None; and whether it slept."""
        inbox: asyncio.Queue[Incoming] = asyncio.Queue()
        link = Link(await self._connection.device(), process, inbox, self._connection.scripts)
        try:
            await link.open(self._source, client=self._client)
            until_s = time.monotonic() + self._window_s
            while (left_s := until_s - time.monotonic()) > 0:
                for item in await arrivals(inbox, min(left_s, _POLL_S)):
                    if isinstance(item, Detached):
                        return await self._why(process, item), False
            try:
                await link.call("clock")
            except DeviceError:
                return None, not await self._gone(process)
            return None, False
        finally:
            await link.close()

    async def _why(self, process: ProcessInfo, detached: Detached) -> str:
        if detached.reason in ("process-terminated", "process-replaced") or await self._gone(process):
            return f"crashed: {detached.crash}" if detached.crash else detached.reason
        raise DeviceError(f"the link to {process.name} broke ({detached.reason})", hint="run the same command again")

    async def _record(self, process: ProcessInfo, wanted: tuple[str, ...]) -> tuple[str | None, bool]:
        memory = EventMemory()
        options = RecordingOptions(left_out=tuple(sorted(self._names.difference(wanted))), patience_s=_PATIENCE_S)
        recording = SessionRecorder(memory.create, _NoNotes(), options=options, session=self._client)
        supervisor = Supervisor(self._connection, recording, self._source)
        never = asyncio.Event()
        taking = asyncio.create_task(supervisor.take_on([process]))
        try:
            # Hooks that go in while this is cancelled would stay: they are waited for, and then taken out.
            await asyncio.shield(taking)
            until_s = time.monotonic() + self._window_s
            while supervisor.attachments and (left_s := until_s - time.monotonic()) > 0:
                await supervisor.reap(never, min(left_s, _POLL_S))
        finally:
            await asyncio.wait([taking])
            await supervisor.stop()
        phases = [event for event in memory.events if event.kind == "process"]
        if supervisor.lost:
            raise DeviceError(f"{process.name} could not be reached again", hint="run the same command again")
        if phases and phases[-1].get("phase") == "exited":
            return str(phases[-1].get("reason")), False
        return None, any(event.get("phase") == "suspended" for event in phases)

    def _seen(
        self, kind: RunKind, probes: tuple[str, ...], *, ended: bool, after_s: float, reason: str | None = None
    ) -> AppRun:
        fresh, self._fresh = self._fresh, False
        if ended and self._process:
            self._ended.add(self._process.pid)
        return AppRun(kind, probes, ended, after_s, reason, fresh)

    async def _running(self) -> ProcessInfo:
        """Return the process; where it has ended, wait until the person has started it again. Raises: DeviceError."""
        assert self._process is not None, "find() comes first"
        if self._process.pid not in self._ended:
            if not await self._gone(self._process):
                return self._process
            self._ended.add(self._process.pid)
            self.between += 1
            self._notes.warning(
                f"{self.name} ended between two runs: where that was because of a run, it took longer than"
                f" {self._window_s:g} s, and --for must be longer"
            )
        self._notes.info(f"{self.name} has ended: start it again on the device, and use it as before")
        until_s = time.monotonic() + self._wait_s
        while time.monotonic() < until_s:
            found = await self._launched()
            if found is not None:
                self._process, self._fresh = found, True
                self.restarts += 1
                return found
            await asyncio.sleep(_POLL_S)
        raise DeviceError(
            f"{self.name} was not started again within {self._wait_s:g} s",
            hint="run the command again, and give more time with --wait",
        )

    async def _launched(self) -> ProcessInfo | None:
        device = await self._connection.device()
        found = [
            process
            for process in matching_processes(self.target, await list_processes(device))  # type: ignore[arg-type]  # as above
            if process.pid and process.pid not in self._ended and liveness(device, process.pid) != "gone"
        ]
        if len(found) > 1:
            pids = ", ".join(str(process.pid) for process in found)
            raise DeviceError(f"{self.target} runs more than once (pids {pids})", hint="name it by its identifier")
        return found[0] if found and not is_loading(device, found[0].pid) else None

    async def _gone(self, process: ProcessInfo) -> bool:
        """Return whether the process has ended; a list that lacks it only counts the second time. Raises: DeviceError."""
        for last in reversed(range(GONE_CHECKS)):
            device: Device = await self._connection.device()
            if not await is_gone(device, process.pid):
                return False
            if liveness(device, process.pid) == "gone":
                return True
            if last:
                await asyncio.sleep(_POLL_S)
        return True

    def _say_asleep(self) -> None:
        self._notes.warning(f"{self.name} slept in that run, so that it shows nothing: keep it in front")

    def _always_asleep(self) -> DeviceError:
        return DeviceError(f"{self.name} sleeps in every run", hint="keep it in front, and the phone unlocked")


class _NoNotes:
    """What a recording says of its link is not news here: each run is reported as a whole."""

    def info(self, _text: str) -> None:
        """Ignore it."""

    def warning(self, _text: str) -> None:
        """Ignore it."""
