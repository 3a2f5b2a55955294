"""Leave a launch of an app alone that ended soon after it was attached to several times: does it also end without?

Without this a week of ``watch`` would end the app at each launch, and show nothing of why.

Separate because ``watch`` asks it about each launch; what it counts is in ``device.endings``.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator

from lightleak.device.endings import AppEndings
from lightleak.device.processes import ProcessInfo
from lightleak.device.recorder.sink import SessionRecorder

AFTER = 3
"""So many endings in a row."""
CONTROLS_MOST = 3
CONTROL_S = 30.0


class LeftAlone:
    """The launches that are watched in the list of processes only."""

    def __init__(self, recording: SessionRecorder) -> None:
        self._recording = recording
        self._since_s: dict[int, tuple[float, AppEndings]] = {}

    def spares(self, process: ProcessInfo) -> bool:
        """Return whether a process is left alone now; it starts with this question."""
        if process.pid in self._since_s:
            return True
        endings = self._recording.endings_of(process)
        if endings.in_a_row < AFTER * (endings.alone.runs + 1) or endings.alone.runs >= CONTROLS_MOST:
            return False
        self._since_s[process.pid] = time.monotonic(), endings
        self._recording.notes.warning(
            f"{endings.name} ended soon after it was attached to, {endings.in_a_row} times in a row: for {CONTROL_S:g} s this"
            " launch is not recorded, only watched in the list of processes"
        )
        return True

    @property
    def pids(self) -> set[int]:
        """The processes that are left alone now."""
        return set(self._since_s)

    def ended(self, pids: Collection[int]) -> Iterator[AppEndings]:
        """Take those of ``pids`` that run; yield the apps of which a launch has ended, or was left alone for long enough."""
        for pid, (since_s, endings) in list(self._since_s.items()):
            lived_s = time.monotonic() - since_s
            if pid in pids and lived_s < CONTROL_S:
                continue
            del self._since_s[pid]
            endings.alone.add(lived_s, ended=pid not in pids)
            yield endings
