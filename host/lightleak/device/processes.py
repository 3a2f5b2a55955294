"""The processes of a device: their state, which of them a target means, and how to start one."""

from __future__ import annotations

import contextlib
import difflib
import fnmatch
import os
import re
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal, TypeAlias

import frida

from lightleak.device.connection import Device, DeviceConnection
from lightleak.device.frida_errors import translate_errors
from lightleak.device.system import REACH_S
from lightleak.device.targets import Either, Frontmost, Identifier, Name, Pid, SpawnFile
from lightleak.errors import DeviceError

Liveness: TypeAlias = Literal["running", "stopped", "held", "gone", "unknown"]
"""``held``: by a debugger, or by Frida after a spawn."""

_STATES: dict[str, Liveness] = {"T": "stopped", "t": "held", "Z": "gone", "X": "gone", "x": "gone"}


_LOADED_S = 0.2
"""After this time a program has left its loader; Frida's loader would crash it there."""


def liveness(device: Device, pid: int) -> Liveness:
    """Return the state of a process; unknown when the device is not this machine, or has no /proc."""
    if not _is_here(device):
        return "unknown"
    fields = _stat(pid)
    return _STATES.get(fields[0], "running") if fields else "gone"


def is_loading(device: Device, pid: int) -> bool:
    """Return whether a process has only just started; False when that is unknown."""
    fields = _stat(pid) if _is_here(device) else []
    if not fields:
        return False
    # Source: proc(5), field 22: when it started, in ticks since boot.
    started_s = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return time.clock_gettime(time.CLOCK_BOOTTIME) - started_s < _LOADED_S


def _is_here(device: Device) -> bool:
    return device.type == "local" and Path("/proc/self/stat").exists()


def _stat(pid: int) -> list[str]:
    """Return the fields of /proc/PID/stat from the state on; empty when the process is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return []
    # The name in parentheses may contain anything, also a closing parenthesis: the state follows the last one.
    return stat[stat.rfind(b")") + 2 :].decode("ascii", "replace").split()


def refuse_stopped(device: Device, process: ProcessInfo) -> None:
    """Check that a process runs before Frida waits for it. Raises: DeviceError when it is stopped or gone."""
    match liveness(device, process.pid):
        case "stopped":
            raise DeviceError(
                f"{process.name} (pid {process.pid}) is stopped",
                hint=f"resume it first, for example with kill -CONT {process.pid}",
            )
        case "gone":
            raise DeviceError(f"there is no process with pid {process.pid} any more", hint="start it again")


Running = Either | Frontmost | Identifier | Name | Pid
"""Targets that are already running."""


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    """A process, or an app that does not run (pid 0), as the device lists it."""

    pid: int
    name: str
    identifier: str | None = None
    """The bundle identifier; None when the device does not know it (it then comes from the agent)."""
    held: bool = False
    """Whether it is held at its launch, so that it starts to run only once it is hooked."""
    path: str | None = None
    """Of the program; of an app that does not run, of its bundle. None when the device does not say it."""

    @property
    def bundle(self) -> str | None:
        """The folder of the app to which it belongs, an extension's too; None where it is no part of an app."""
        found = _BUNDLE.match(self.path or "")
        return found[1] if found else None

    @property
    def is_extension(self) -> bool:
        """Whether its path says that it is an extension of an app: the device lists those without an identifier."""
        return self.bundle is not None and ".appex/" in (self.path or "")


_BUNDLE = re.compile(r"(?:/private)?(/.*?\.app)(?:/|$)")
"""Both spellings of a path mean one folder."""


async def list_processes(device: Device, *, bundles: bool = False) -> list[ProcessInfo]:
    """List the processes and the apps that do not run, by name, then pid. Raises: DeviceError.

    bundles: ask for the folders of the apps that do not run, too, which takes the device longer.
    """
    async with translate_errors(f"listing what runs on {device.name}", timeout_s=REACH_S):
        processes = await device.enumerate_processes(scope="metadata")
        try:
            apps = await device.enumerate_applications(scope="metadata" if bundles else "minimal")
        except frida.NotSupportedError:
            apps = []
    found = {p.pid: ProcessInfo(p.pid, p.name, path=_path(p)) for p in processes}
    for app in apps:
        if app.pid:
            path = found[app.pid].path if app.pid in found else None
            found[app.pid] = ProcessInfo(app.pid, app.name, _bundle_identifier(app.identifier), path=path or _path(app))
    idle = [ProcessInfo(0, app.name, app.identifier, path=_path(app)) for app in apps if not app.pid]
    return sorted([*found.values(), *idle], key=lambda p: (p.name.lower(), p.pid))


def _path(listed: Any) -> str | None:
    """Return the path that the device gives. Source: frida-core, src/darwin/system.m and src/linux/system-linux.c."""
    path = listed.parameters.get("path")
    return path if isinstance(path, str) else None


def _bundle_identifier(identifier: str) -> str | None:
    # A portal on Linux reports the program's path instead of a bundle identifier.
    return None if identifier.startswith("/") else identifier


async def find_process(device: Device, target: Running) -> ProcessInfo:
    """Return the one process that a target means. Raises: DeviceError with similar names or the candidates."""
    if isinstance(target, Frontmost):
        return await _frontmost(device)
    return choose_process(target, await list_processes(device))


def choose_process(target: Running, processes: Sequence[ProcessInfo]) -> ProcessInfo:
    """Return the one process that a target means. Raises: DeviceError, another one when the app exists but does not run."""
    matching = matching_processes(target, processes)
    running = [process for process in matching if process.pid]
    if len(running) == 1:
        return running[0]
    if running:
        listed = ", ".join(f"{p.identifier or p.name} (pid {p.pid})" for p in running[:8])
        raise DeviceError(f"{target} is ambiguous, it matches {listed}", hint="choose one with -p PID")
    if matching:
        raise DeviceError(f"{target} does not run", hint="start it on the device, or use watch, which waits for it")
    raise DeviceError(
        f"there is no {_noun(target)}{target}", hint=_extensions(target, processes) or _suggestion(target, processes)
    )


def matching_processes(target: Running, processes: Iterable[ProcessInfo]) -> list[ProcessInfo]:
    """Return all matches of a target: by pid, by identifier, by name; a bare word by identifier first."""
    processes = list(processes)
    match target:
        case Pid(pid):
            return [p for p in processes if p.pid == pid]
        case Identifier(identifier):
            return _by_identifier(identifier, processes)
        case Name(name):
            return _by_name(name, processes)
        case Either(text):
            return _by_identifier(text, processes) or _by_name(text, processes)
    return []


def _by_identifier(pattern: str, processes: Iterable[ProcessInfo]) -> list[ProcessInfo]:
    return [p for p in processes if p.identifier and _matches(p.identifier, pattern)]


def _by_name(pattern: str, processes: Iterable[ProcessInfo]) -> list[ProcessInfo]:
    return [p for p in processes if _matches(p.name, pattern)]


def _matches(text: str, pattern: str) -> bool:
    text, pattern = text.lower(), pattern.lower()
    return text == pattern or fnmatch.fnmatchcase(text, pattern)


def _noun(target: Running) -> str:
    match target:
        case Pid():
            return "process with "
        case Identifier():
            return "app "
        case _:
            return "app or process "


def _extensions(target: Running, processes: Iterable[ProcessInfo]) -> str:
    """Return which extensions run of the app after which a target is named; empty where there is none.

    A device does not know their identifiers.
    """
    processes, name = list(processes), str(target).lower()
    bundles = {p.bundle for p in processes if p.identifier and name.startswith(f"{p.identifier.lower()}.")}
    running = [f"{p.name} (pid {p.pid})" for p in processes if p.is_extension and p.bundle in bundles]
    return f"an extension is named by its pid; of that app these run: {', '.join(running[:8])}" if running else ""


def _suggestion(target: Running, processes: Iterable[ProcessInfo]) -> str:
    words = {w.lower(): w for p in processes for w in (p.name, p.identifier) if w}
    close = difflib.get_close_matches(str(target).lower(), words, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(words[w] for w in close) + "?"
    return "lightleak apps lists apps and processes"


async def _frontmost(device: Device) -> ProcessInfo:
    try:
        async with translate_errors(f"asking {device.name} for its frontmost app", timeout_s=REACH_S):
            app = await device.get_frontmost_application()
    except DeviceError as problem:
        if isinstance(problem.__cause__, frida.NotSupportedError):
            raise DeviceError(f"{device.name} has no frontmost app", hint="name the app or its pid") from problem
        raise
    if app is None:
        raise DeviceError(f"no app is in front on {device.name}", hint="open the app on the device")
    return ProcessInfo(app.pid, app.name, app.identifier)


SPAWN_S = 15.0
"""Enough for a cold start on an old phone; iOS's own watchdog gives up after 20 s."""


@asynccontextmanager
async def spawned(connection: DeviceConnection, target: SpawnFile, *, keep: bool = True) -> AsyncIterator[ProcessInfo]:
    """Start a program and hold it while inside; its output is discarded. Raises: DeviceError.

    Afterwards it runs. When the block failed, or with ``keep`` False, it is ended, because it would stay frozen.
    """
    device = await connection.device()
    async with translate_errors(f"starting {target}", timeout_s=SPAWN_S):
        pid = await device.spawn(list(target.argv), stdio="pipe")
    try:
        yield ProcessInfo(pid, PurePosixPath(target.argv[0]).name, held=True)
        if keep:
            async with translate_errors(f"resuming {target}", timeout_s=SPAWN_S):
                await device.resume(pid)
    except BaseException:
        keep = False
        raise
    finally:
        if not keep:
            with contextlib.suppress(DeviceError):
                async with translate_errors(f"ending {target}", timeout_s=SPAWN_S):
                    await device.kill(pid)
