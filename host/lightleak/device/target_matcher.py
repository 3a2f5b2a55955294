"""Find the processes that match the targets, at each launch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from lightleak.device.connection import Device
from lightleak.device.processes import ProcessInfo, find_process, matching_processes
from lightleak.device.targets import Await, Either, Frontmost, Identifier, Name, Pid, SpawnFile, Target

_SERVICE = re.compile(r"^xpcservice<")
"""What can be before an extension's identifier in the name of its service. Source: iOS logs, signalapp/Signal-iOS#4220."""


class TargetMatcher:
    """The processes that ``targets`` mean. ``known``: pids that an awaited launch does not mean, because they ran before."""

    def __init__(self, targets: Iterable[Target], *, known: Iterable[int] = ()) -> None:
        self._targets = list(targets)
        self._known = set(known)
        self._bundles: set[str] = set()
        """The folders of the apps that are meant, as far as they were seen."""

    def matching(self, processes: Sequence[ProcessInfo]) -> list[ProcessInfo]:
        """Return the processes to watch, each once."""
        found = {p.pid: p for target in self._targets for p in self._matching(target, processes) if p.pid}
        return list(found.values())

    def _matching(self, target: Target, processes: Sequence[ProcessInfo]) -> list[ProcessInfo]:
        match target:
            case Await(pattern):
                fits = re.compile(pattern).match
                fresh = [p for p in processes if p.pid not in self._known]
                return [p for p in fresh if fits(p.name) or (p.identifier and fits(p.identifier))]
            case Either(text) | Identifier(text):
                found = matching_processes(target, processes)
                self._bundles |= {p.bundle for p in found if p.bundle and not p.is_extension}
                return found + [p for p in processes if self._is_part(p, text.lower())]
            case Frontmost() | SpawnFile():
                return []
        return matching_processes(target, processes)

    def _is_part(self, process: ProcessInfo, app: str) -> bool:
        """Return whether a process is an extension of the app: a process of its own, which runs when the app does not, too.

        Its identifier is named after the app's where a launch was held. A device lists extensions by path only.
        """
        if process.identifier and _SERVICE.sub("", process.identifier.lower()).startswith(f"{app}."):
            return True
        bundle = process.bundle
        if bundle is None or not process.is_extension:
            return False
        return bundle in self._bundles or PurePosixPath(bundle).stem.lower() == app


async def lasting_target(device: Device, target: Target) -> Target:
    """Return a target that also matches the next launch of the process that ``target`` means. Raises: DeviceError."""
    if isinstance(target, Frontmost | Pid):
        process = await find_process(device, target)
        return Identifier(process.identifier) if process.identifier else Name(process.name)
    return target
