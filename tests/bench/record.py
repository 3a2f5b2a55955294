"""Measure a recording end to end: from hooked calls in a process to a session file on the disk.

``calls`` measures the real agent in the stand-in's bench app with the real recorder. ``path`` measures only the transport of
events that already exist as text (the fake agent of tests/device): carrier, transport, sequencer and file. ``size`` is the
size of an event on disk at steady rates. Rates depend on the machine; losses must be 0 on every machine.
"""

from __future__ import annotations

import asyncio
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

CALLS = 100_000
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
        calls = {
            what: _calls(phone.launch("bench"), what, count)
            for what, count in (("status", CALLS), ("fetch", CALLS // 4))
        }
    return {"calls": calls, "path": path(), "size": {rate: _size(rate) for rate in (20, 2_000)}}


def _calls(app: App, what: str, count: int, threads: int = 2) -> dict[str, Any]:
    """Let the app call one method as fast as it can while it is recorded."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "a.lightleak"
        with _recorder([*LIGHTLEAK, "record", str(app.pid), "-o", str(output), "--quiet"], output) as began_s:
            before_s = time.monotonic()
            figures = app.order("call", what=what, count=count // threads, threads=threads, timeout_s=300)
            called_s = time.monotonic() - before_s
        written_s = time.monotonic() - before_s
        kinds = Counter(event.kind for event in open_session(output).events())
        lost = sum(event["count"] for event in open_session(output).events() if event.kind == "lost")
        events = sum(kinds.values())
        return {
            "attach_s": round(began_s[0], 3),
            "calls": figures["calls"],
            "calls_per_s": round(figures["calls"] / called_s),
            "events": events,
            "events_per_s_to_a_closed_file": round(events / written_s),
            "lost": lost,
            "bytes_per_event": round(output.stat().st_size / events, 1),
        }


@contextmanager
def _recorder(command: list[str], output: Path) -> Iterator[list[float]]:
    """Record during the block. Yield the time until the hooks were installed."""
    began_s = time.monotonic()
    with subprocess.Popen(command) as host:
        while not (output.exists() and any(event.get("phase") == "ready" for event in open_session(output).events())):
            assert host.poll() is None, "the recorder could not begin"
            time.sleep(0.02)
        yield [time.monotonic() - began_s]
        host.send_signal(signal.SIGINT)


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
