"""Recording for days, in seconds: launches, ends, processes that cannot be attached."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from device.rig import Portal, Rig, Wire, is_gapless
from lightleak.device.recorder.watch import watch
from lightleak.device.targets import DeviceChoice, Either, Pid


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program whose name nothing else on the machine has."""
    path = tmp_path / f"nap{os.getpid()}"
    shutil.copy("/bin/sleep", path)
    return path


@contextmanager
def running(program: Path) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([program, "60"]) as process:
        try:
            while Path(f"/proc/{process.pid}/wchan").read_text() != "hrtimer_nanosleep":
                time.sleep(0.005)
            yield process
        finally:
            process.kill()


def phases(rig: Rig) -> list[tuple[int, str]]:
    return [(event.segment, event["phase"]) for event in rig.memory.of("process")]


async def end(rig: Rig, task: asyncio.Task[None]) -> None:
    rig.stop.set()
    await asyncio.wait_for(task, 20)


def test_every_launch_is_a_segment_of_one_session(program: Path) -> None:
    async def run() -> None:
        rig = Rig()
        task = asyncio.create_task(watch(rig.supervisor, [Either(program.name)], rig.stop))
        await rig.until(lambda: rig.heard.said)
        assert rig.heard.said == [f"waiting for {program.name} to start"]
        assert not rig.recording.open
        for launch in (1, 2):
            with running(program):
                await rig.until(lambda launch=launch: (launch, "ready") in phases(rig))
            await rig.until(lambda launch=launch: (launch, "exited") in phases(rig))
        await end(rig, task)

        assert phases(rig) == [(n, phase) for n in (1, 2) for phase in ("attached", "ready", "exited")]
        assert is_gapless(rig.memory.events)
        assert rig.recording.statistics.gaps == 3  # two unknown ends, and the time between the launches

    asyncio.run(run())


def test_a_pid_stands_for_the_next_launch_too(program: Path) -> None:
    async def run() -> None:
        rig = Rig()
        with running(program) as process:
            task = asyncio.create_task(watch(rig.supervisor, [Pid(process.pid)], rig.stop))
            await rig.until(lambda: (1, "ready") in phases(rig))
        with running(program):
            await rig.until(lambda: (2, "ready") in phases(rig))
            await end(rig, task)

    asyncio.run(run())


def test_a_process_that_cannot_be_attached_is_tried_again_until_it_can(program: Path) -> None:
    async def run() -> None:
        rig = Rig()
        with running(program) as process:
            os.kill(process.pid, signal.SIGSTOP)
            task = asyncio.create_task(watch(rig.supervisor, [Either(program.name)], rig.stop))
            await rig.until(lambda: any("is stopped" in said for said in rig.heard.said))
            os.kill(process.pid, signal.SIGCONT)
            await rig.until(lambda: (1, "ready") in phases(rig))
            await end(rig, task)

    asyncio.run(run())


def test_a_watch_that_saw_nothing_ends_without_a_file(program: Path) -> None:
    async def run() -> None:
        rig = Rig()
        task = asyncio.create_task(watch(rig.supervisor, [Either(program.name)], rig.stop))
        await rig.until(lambda: rig.heard.said)
        await end(rig, task)
        assert not rig.recording.open

    asyncio.run(run())


def test_a_process_that_has_only_begun_is_not_touched_yet(program: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        rig = Rig()
        monkeypatch.setattr("lightleak.device.processes._LOADED_S", 1e9)
        with running(program):
            task = asyncio.create_task(watch(rig.supervisor, [Either(program.name)], rig.stop))
            await asyncio.sleep(1.2)
            assert not rig.supervisor.attachments
            monkeypatch.setattr("lightleak.device.processes._LOADED_S", 0.2)
            await rig.until(lambda: (1, "ready") in phases(rig))
            await end(rig, task)

    asyncio.run(run())


def test_a_device_that_starts_again_is_one_session_of_two_segments(program: Path) -> None:
    async def run() -> None:
        portal = Portal(token="secret")
        wire = Wire(portal.control)
        rig = Rig(DeviceChoice(kind="remote", host=wire.address, token="secret"))
        with running(program) as process:
            portal.join(process.pid)
            task = asyncio.create_task(watch(rig.supervisor, [Either(program.name)], rig.stop))
            await rig.until(lambda: (1, "ready") in phases(rig))
            await rig.call("emit", 3)
            wire.up = False
            wire.reset()
        # Everything on the device has ended; its server comes back at the same address.
        portal.close()
        portal = Portal(token="secret")
        wire.to(portal.control)
        wire.up = True
        await rig.until(lambda: (1, "exited") in phases(rig), within_s=60)
        with running(program) as process:
            portal.join(process.pid)
            await rig.until(lambda: (2, "ready") in phases(rig), within_s=60)
            await end(rig, task)
        await rig.connection.close()
        wire.close()
        portal.close()

        assert phases(rig) == [
            *((1, phase) for phase in ("attached", "ready", "exited")),
            *((2, phase) for phase in ("attached", "ready", "detached")),
        ]
        assert len(rig.memory.of("access", segment=1)) == 3
        assert rig.memory.of("lost", segment=1, count=0)
        assert is_gapless(rig.memory.events)
        assert rig.recording.statistics.gaps == 2

    asyncio.run(run())
