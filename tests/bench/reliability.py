"""Break recordings on purpose and count what is missing: killed hosts, cut links, killed targets, many relaunches.

Frida, the processes, the portal, its TCP connection, the recorder and the file are real. The agent is the fake one of
tests/device, which stays in its process as the real one does and numbers its events, so that each figure is compared with
what was made, not with what arrived.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from device.rig import HERE as RIG
from device.rig import Portal, Rig, Wire, fake_agent, is_gapless, sleeper
from lightleak.device.agent_link import Link
from lightleak.device.connection import DeviceConnection
from lightleak.device.processes import ProcessInfo
from lightleak.device.recorder.record import record
from lightleak.device.targets import DeviceChoice, Pid
from lightleak.events import NS_PER_MS, NS_PER_S, Event
from lightleak.trace.session import open_session
from lightleak.trace.verify import verify

COMMAND = [sys.executable, str(RIG / "command_line.py")]


def run() -> dict[str, Any]:
    """Measure everything with the full counts. Takes about half an hour."""
    return {
        "hosts_killed": hosts_killed(200),
        "links_cut": links_cut(100),
        "targets_killed": targets_killed(100),
        "relaunches": relaunches(200),
        "one_long_process": one_long_process(24),
    }


# --- the host ---------------------------------------------------------------------------------------------------------


def hosts_killed(count: int, seed: int = 1) -> dict[str, Any]:
    """Kill ``lightleak record`` with -9 at random times. Each time the next one records the same process again."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, sleeper() as target:
        files = [Path(folder) / f"{n}.lightleak" for n in range(count + 1)]
        saved, state = asyncio.run(_kill_hosts(target.pid, files, chance))
        sessions = [open_session(path) for path in files]
        serials = [[e["serial"] for e in session.events() if "serial" in e] for session in sessions]
        return {
            "kills": count,
            "events": state["serial"],
            "files_that_open": len(sessions),
            "files_gapless": sum(is_gapless(list(session.events())) for session in sessions),
            "acknowledged_and_missing": sum(
                any(n not in known for n in range(seen[0], upto + 1))
                for upto, seen in zip(saved, serials, strict=False)
                if (known := set(seen)) and upto >= seen[0]
            ),
            "missing_in_all": len(set(range(1, state["serial"] + 1)) - {n for seen in serials for n in seen}),
            "made_after_the_last_stop_and_kept": state["next"] - state["first"],
            "said_to_be_lost": sum(e["count"] for session in sessions for e in session.events() if e.kind == "lost"),
            "cut_files_that_verify_names": sum(not verify(path).ok for path in files[:-1]),
            "closed_file_is_whole": verify(files[-1]).ok,
        }


async def _kill_hosts(pid: int, files: list[Path], chance: random.Random) -> tuple[list[int], dict[str, Any]]:
    """Return the acknowledged serial after each recorder (all events up to it are on disk), and the number of events."""
    saved = []
    with _host("record", pid, "-o", files[0].with_name("first.lightleak")) as host:
        # From here on a resident agent is in the process.
        await _written(files[0].with_name("first.lightleak"), host)
    # One carrier for all: injecting and unloading hundreds would test Frida, which can fail at that.
    async with beside(pid) as link:
        await link.call("every", 5, 10)
        for path in files[:-1]:
            with _host("record", pid, "-o", path) as host:
                await _written(path, host)
                await asyncio.sleep(chance.uniform(0, 1.2))
            while (state := await link.call("state", timeout_s=30))["held"]:  # noqa: ASYNC110  the agent's state
                await asyncio.sleep(0.1)
            saved.append(int(state["saved"]))
        with _host("record", pid, "-o", files[-1]) as host:
            await _written(files[-1], host)
            await asyncio.sleep(2)
            host.terminate()
            await asyncio.to_thread(host.wait, 60)
        return saved, await link.call("state")


async def _written(path: Path, host: subprocess.Popen[bytes]) -> None:
    while not path.exists():  # noqa: ASYNC240  another process's file
        assert host.poll() is None, "the recorder could not begin"
        await asyncio.sleep(0.01)


@contextmanager
def _host(*arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    """Run the recorder, and kill it with -9 if it still runs at the end."""
    with subprocess.Popen([*COMMAND, *map(str, arguments), "--quiet"]) as host:
        try:
            yield host
        finally:
            host.kill()


@asynccontextmanager
async def beside(pid: int) -> AsyncIterator[Link]:
    """Load another carrier, which claims no events."""
    connection = DeviceConnection(DeviceChoice())
    link = Link(await connection.device(), ProcessInfo(pid, "sleep"))
    await link.open(fake_agent())
    try:
        yield link
    finally:
        await link.close()


async def _pass(pid: int, seconds: int, per_second: int, ahead_s: int | None = None) -> None:
    """Let device time pass, and wait until the recorder has acknowledged that the events are on disk."""
    async with beside(pid) as link:
        if ahead_s is not None:
            await link.call("set", {"ahead": ahead_s})
        await _pass_by(link, seconds, per_second)


async def _pass_by(link: Link, seconds: int, per_second: int) -> None:
    for begun in range(0, seconds, AT_ONCE_S):
        following = await link.call("pass", min(AT_ONCE_S, seconds - begun), per_second, timeout_s=60)
        while (await link.call("state", timeout_s=30))["first"] < following:  # noqa: ASYNC110  another process's state
            await asyncio.sleep(0.1)


# --- the link ---------------------------------------------------------------------------------------------------------


def links_cut(count: int, seed: int = 1) -> dict[str, Any]:
    """Break the TCP connection under a recording at random times, with 2,000 events a second and random delays."""
    return asyncio.run(_links_cut(count, random.Random(seed)))


async def _links_cut(count: int, chance: random.Random) -> dict[str, Any]:
    portal = Portal(token="secret")
    wire = Wire(portal.control)
    with sleeper() as target:
        portal.join(target.pid)
        rig = Rig(DeviceChoice(kind="remote", host=wire.address, token="secret"))
        task = asyncio.create_task(record(rig.supervisor, [Pid(target.pid)], rig.stop))
        await rig.until(lambda: rig.memory.of("process", phase="ready"))
        await rig.call("every", 5, 10)
        ways: Counter[str] = Counter()
        away: list[float] = []
        for cut in range(count):
            # Each way at least once, also with few cuts.
            way = WAYS[cut] if cut < len(WAYS) else chance.choices(WAYS, (45, 45, 10))[0]
            ways[way] += 1
            wire.delay_s = chance.choice((0.0, 0.001, 0.02))
            await asyncio.sleep(chance.uniform(0.02, 0.4))
            began_s = time.monotonic()
            await _break(rig, wire, way)
            await rig.until(lambda cut=cut: sum("is back" in said for said in rig.heard.said) > cut, within_s=60)
            away.append(time.monotonic() - began_s)
        wire.delay_s = 0.0
        rig.stop.set()
        await task
        await rig.connection.close()
        wire.close()
        portal.close()
    figures = {"cuts": count, "ways": dict(ways), "away_s_median": round(sorted(away)[count // 2], 2)}
    return figures | _continuity(rig.memory.events)


WAYS = ("cut", "reset", "silent")
"""Closed normally; reset, as by a host that crashed; dropping everything without notice."""


async def _break(rig: Rig, wire: Wire, way: str) -> None:
    match way:
        case "cut":
            wire.cut()
        case "reset":
            wire.reset()
        case "silent":
            said = len(rig.heard.said)
            wire.swallows = True
            await rig.until(lambda: any("broke" in each for each in rig.heard.said[said:]), within_s=30)
            wire.cut()
            wire.swallows = False


def _continuity(events: list[Event]) -> dict[str, Any]:
    serials = [event["serial"] for event in events if "serial" in event]
    return {
        "events": len(serials),
        "missing": len(set(range(1, max(serials) + 1)) - set(serials)),
        "doubled": len(serials) - len(set(serials)),
        "out_of_order": sum(later < earlier for earlier, later in itertools.pairwise(serials)),
        "lost_events": sum(event["count"] for event in events if event.kind == "lost"),
        "segments": len({event.segment for event in events}),
        "gapless": is_gapless(events),
    }


# --- the target -------------------------------------------------------------------------------------------------------


def targets_killed(count: int, seed: int = 1) -> dict[str, Any]:
    """Kill the target with -9 while it makes an event every 5 ms; the tail is the last part of its life that is not in the file."""
    chance = random.Random(seed)
    tails, said = [], 0
    for _ in range(count):
        tail_ms, gap = asyncio.run(_target_killed(chance.uniform(0.1, 0.5)))
        tails.append(tail_ms)
        said += gap
    return {"kills": count, "tail_ms_median": sorted(tails)[count // 2], "tail_ms_max": max(tails), "gaps_said": said}


async def _target_killed(after_s: float) -> tuple[float, bool]:
    with sleeper() as target:
        rig = Rig()
        task = asyncio.create_task(record(rig.supervisor, [Pid(target.pid)], rig.stop))
        await rig.until(lambda: rig.memory.of("process", phase="ready"))
        await rig.call("every", 5, 1)
        await asyncio.sleep(after_s)
        killed_ns = time.time_ns()
        target.kill()
        await task
        *_, lost, exited = rig.memory.events
        last_ns = rig.memory.of("access")[-1].wall_ns
        return (killed_ns - last_ns) / NS_PER_MS, (lost.kind, exited.get("phase")) == ("lost", "exited")


# --- time -------------------------------------------------------------------------------------------------------------

DAY_S = 24 * 3600
PER_SECOND = 20
AT_ONCE_S = 1_200
"""A few less than the events that the agent keeps."""


def relaunches(count: int, seconds: int = DAY_S) -> dict[str, Any]:
    """Spread simulated time over launches, each of them killed, under ``lightleak watch``; its memory must stay constant."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / f"nap{os.getpid()}"
        shutil.copy("/bin/sleep", program)
        output = Path(folder) / "week.lightleak"
        with _host("watch", program.name, "-o", output) as host:
            share_s = seconds // count
            memory = [_launch(program, output, host.pid, n, share_s) for n in range(1, count + 1)]
            host.terminate()
            host.wait(60)
        events = list(open_session(output).events())
        settled = memory[count // 5 :]
        return {
            "launches": count,
            "simulated_h": round((events[-1].mono_ns - events[0].mono_ns) / NS_PER_S / 3600, 1),
            "segments": len({event.segment for event in events}),
            "events": len(events),
            "host_rss_mb": [settled[0], settled[-1]],
            "host_rss_mb_spread": round(max(settled) - min(settled), 1),
            "whole": verify(output).ok,
        }


def _launch(program: Path, output: Path, host: int, number: int, seconds: int) -> float:
    with subprocess.Popen([program, "1000"]) as target:
        _until(lambda: output.exists() and _segments(output, number))
        asyncio.run(_pass(target.pid, seconds, PER_SECOND, ahead_s=(number - 1) * seconds))
        target.kill()
    return _rss_mb(host)


def one_long_process(hours: int) -> dict[str, Any]:
    """Record one process through simulated hours. Its memory and the recorder's must stay constant."""
    with tempfile.TemporaryDirectory() as folder, sleeper() as target:
        output = Path(folder) / "day.lightleak"
        with _host("record", target.pid, "-o", output) as host:
            _until(output.exists)
            rss = asyncio.run(_hours(hours, target.pid, host.pid))
            host.terminate()
            host.wait(60)
        targets, hosts = zip(*rss[hours // 5 :], strict=True)
        return {
            "simulated_h": hours,
            "events": hours * 3600 * PER_SECOND,
            "target_rss_mb": [targets[0], targets[-1]],
            "target_rss_mb_spread": round(max(targets) - min(targets), 1),
            "host_rss_mb": [hosts[0], hosts[-1]],
            "host_rss_mb_spread": round(max(hosts) - min(hosts), 1),
            "whole": verify(output).ok,
        }


async def _hours(hours: int, target: int, host: int) -> list[tuple[float, float]]:
    rss = []
    async with beside(target) as link:
        for _ in range(hours):
            await _pass_by(link, 3600, PER_SECOND)
            rss.append((_rss_mb(target), _rss_mb(host)))
    return rss


def _segments(path: Path, number: int) -> bool:
    """Return whether a running recording has reached a segment. Reads only its last frames."""
    [part] = open_session(path).parts
    told = b"".join(block for _, block in part.blocks(part.frames[-8:]))
    return b'"kind":"process","segment":%d' % number in told and b'"ready"' in told


def _until(condition: Callable[[], object], within_s: float = 60) -> None:
    end_s = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end_s, "it takes too long"
        time.sleep(0.05)


def _rss_mb(pid: int) -> float:
    resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return round(resident * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)
