"""Measure a recording end to end: from hooked calls in a process to a session file on the disk.

``burst`` and ``way`` measure the real agent in the stand-in's bench app with the real recorder. ``path`` measures only the transport of
events that already exist as text (the fake agent of tests/device): carrier, transport, sequencer and file. ``size`` is the
size of an event on disk at steady rates. Rates depend on the machine; losses must be 0 on every machine.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.reliability import beside
from device.rig import HERE as RIG
from device.rig import Rig, sleeper
from lightleak.device.recorder.record import record
from lightleak.device.targets import Pid
from lightleak.trace.session import open_session
from lightleak.trace.writer import Writer
from standin import App, Phone

BURST = 1_000_000
WAY = {"status": 900_000, "query": 300_000, "image": 130_000}
"""What the app calls → how often: one event; an access, its return and an accounting; an access and its delivery."""
LIGHTLEAK = [sys.executable, "-m", "lightleak"]
FAKE = [sys.executable, str(RIG / "command_line.py")]
EVENT = {
    "depth": "metadata",
    "symbol": "+[PHAsset fetchAssetsWithMediaType:options:]",
    "detail": {"mediaType": 1},
    "asset": None,
    "cause": None,
    "caller": {"image": "WeChat", "offset": 84267},
    "stack": 7,
}


def run() -> dict[str, Any]:
    """Measure all."""
    with Phone(idle_s=60) as phone:
        burst = _calls(phone.launch("bench"), "status", BURST)
        way = {what: _calls(phone.launch("bench"), what, count, waiting=True) for what, count in WAY.items()}
    return {"burst": burst, "way": way, "path": path(), "size": {rate: _size(rate) for rate in (20, 2_000)}}


def _calls(app: App, what: str, count: int, threads: int = 2, *, waiting: bool = False) -> dict[str, Any]:
    """Let the app call one method as fast as it can while it is recorded with ``--spool``.

    ``waiting``: the recorder is stopped meanwhile, and the time is from when it goes on: the way alone, at its own pace.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "a.lightleak"
        with _recorder([*LIGHTLEAK, "record", str(app.pid), "-o", str(output), "--quiet", "--spool"], output) as host:
            time.sleep(2)  # the first acknowledgement says where the host puts events
            if waiting:
                host.send_signal(signal.SIGSTOP)
            before_s, agent, host_s = time.monotonic(), _threads_s(app.pid), _process_s(host.pid)
            figures = app.order("call", what=what, count=count // threads, threads=threads, timeout_s=300)
            called_s = time.monotonic() - before_s
            if waiting:
                before_s = time.monotonic()
                host.send_signal(signal.SIGCONT)
            written_s = _settled_s(output) - before_s
            after, host_s = _threads_s(app.pid), _process_s(host.pid) - host_s
            # The agent's threads, and the app's own that were there and wait: those that call, and their queues, are new.
            agent_s = sum(after[thread] - used_s for thread, used_s in agent.items() if thread in after)
            before_s = time.monotonic()
        closed_s = time.monotonic() - before_s
        kinds = Counter(event.kind for event in open_session(output).events())
        events = sum(kinds.values())
        return {
            "calls": figures["calls"],
            "calls_per_s": round(figures["calls"] / called_s),
            "events": events,
            "events_per_s_to_a_closed_file": round(events / (written_s + closed_s)),
            "agent_cpu_us_per_event": round(agent_s / events * 1e6, 2),
            "host_cpu_us_per_event": round(host_s / events * 1e6, 2),
            "lost": sum(event["count"] for event in open_session(output).events() if event.kind == "lost"),
            "bytes_per_event": round(output.stat().st_size / events, 1),
        }


@contextmanager
def _recorder(command: list[str], output: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Record during the block, which begins once the hooks are installed."""
    with subprocess.Popen(command) as host:
        while not (output.exists() and any(event.get("phase") == "ready" for event in open_session(output).events())):
            assert host.poll() is None, "the recorder could not begin"
            time.sleep(0.02)
        yield host
        host.send_signal(signal.SIGINT)


def _settled_s(file: Path, still_s: float = 0.5) -> float:
    """Wait until a file has not grown for a while; return when it last did, on the monotonic clock."""
    size, grown_s = -1, time.monotonic()
    while time.monotonic() - grown_s < still_s:
        if file.stat().st_size != size:
            size, grown_s = file.stat().st_size, time.monotonic()
        time.sleep(0.005)
    return grown_s


def _threads_s(pid: int) -> dict[str, float]:
    """Return the processor time of each thread that a process has now."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return {task.name: int((task / "schedstat").read_text().split()[0]) / 1e9 for task in tasks}


def _process_s(pid: int) -> float:
    """Return the processor time of a process, also of threads that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def path(events: int = 200_000, at_once: int = 10_000) -> dict[str, Any]:
    """Send ready-made events through everything between agent and disk."""
    return asyncio.run(_path(events, at_once))


async def _path(events: int, at_once: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as folder, sleeper() as target:
        writers: list[Writer] = []

        def create(header: dict[str, Any]) -> Writer:
            writers.append(Writer(Path(folder) / "a.lightleak", header))
            return writers[-1]

        rig = Rig()
        rig.recording.create = create
        task = asyncio.create_task(record(rig.supervisor, [Pid(target.pid)], rig.stop))
        await rig.recording.begun.wait()
        await rig.call("set", {"bound": events})
        while (await rig.call("state"))["first"] == 1:  # noqa: ASYNC110  until the agent knows where the host puts events
            await asyncio.sleep(0.1)
        cpu_s, began_s = _cpu_s(), time.monotonic()
        for _ in range(events // at_once):
            await rig.call("flood", at_once, EVENT)
        # What overflows is lost, counted, and never reaches the disk.
        await rig.until(lambda: writers[0].durable + rig.recording.statistics.losses.events >= events, within_s=120)
        took_s, cpu_s = time.monotonic() - began_s, _cpu_s() - cpu_s
        rig.stop.set()
        await task
        writers[0].close()
        return {
            "events": events,
            "events_per_s_to_disk": round(events / took_s),
            "host_cpu_us_per_event": round(cpu_s / events * 1e6, 2),
            "lost": rig.recording.statistics.losses.events,
        }


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _size(rate: int, seconds: float = 10) -> dict[str, float]:
    """Record a steady stream. Return the bytes on disk per event, with seals and frames."""
    with tempfile.TemporaryDirectory() as folder, sleeper() as target:
        output = Path(folder) / "a.lightleak"
        with _recorder([*FAKE, "record", str(target.pid), "-o", str(output), "--quiet"], output):
            before = output.stat().st_size
            asyncio.run(_stream(target.pid, rate, seconds))
        events = sum(event.kind == "access" for event in open_session(output).events())
        return {"events": events, "bytes_per_event": round((output.stat().st_size - before) / events, 1)}


async def _stream(pid: int, rate: int, seconds: float) -> None:
    async with beside(pid) as link:
        await link.call("steady", 50, max(1, rate // 20), EVENT)
        await asyncio.sleep(seconds)
        await link.call("still")
