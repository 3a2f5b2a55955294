"""Apps that end soon after they were attached to: counted, marked in the session, and said at the end, and no more than that."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from device.recordings import recording
from device.rig import Rig, is_gapless, sleeper
from lightleak.device import endings
from lightleak.device.endings import AppEndings, Endings, exact_p
from lightleak.device.recorder import left_alone
from lightleak.device.recorder.watch import watch
from lightleak.device.targets import Either, Pid


def counted(ended: int, stayed: int) -> Endings:
    return Endings([1.0] * ended, [30.0] * stayed)


@pytest.mark.parametrize(
    ("one", "other", "p"),
    [((3, 0), (0, 3), 0.1), ((3, 0), (0, 1), 0.25), ((1, 0), (0, 1), 1.0), ((5, 0), (0, 5), 0.00794), ((0, 3), (0, 3), 1.0)],
)  # fmt: skip
def test_the_exact_test_is_fishers(one: tuple[int, int], other: tuple[int, int], p: float) -> None:
    """Source of the figures: the hypergeometric distribution, by hand: 2 of C(6, 3) = 20 ways are as extreme."""
    assert exact_p(counted(*one), counted(*other)) == pytest.approx(p, abs=1e-4)


def test_the_words_name_every_count_and_claim_nothing_of_runs_that_were_not_made() -> None:
    app = AppEndings("com.example.app")
    for seconds in (1.2, 3.4):
        app.count(seconds, ended=True)

    assert app.label() == "ended soon after it was attached to: 2 of 2 times, within 3.4 s"
    assert "Whether it also ends without is not known: lightleak doctor com.example.app --bisect" in app.sentence()
    app.alone.add(30.0, ended=False)
    assert "without being attached to: 0 of 1 time, in 30.0 s" in app.sentence()
    assert "so few runs can differ by chance" in app.sentence()


def test_an_attachment_that_was_given_up_soon_shows_nothing_and_a_long_one_counts_as_borne() -> None:
    app = AppEndings("a")

    assert [app.count(2, ended=False), app.count(2, ended=True), app.count(99, ended=True)] == [False, True, False]
    assert (app.attached.ended, app.attached.runs, app.in_a_row) == (1, 2, 0)


def marks(rig: Rig) -> list[dict[str, Any]]:
    return [dict(event) for event in rig.memory.of("mark")]


def test_a_recording_marks_it_in_the_segment_that_ended() -> None:
    async def run() -> Rig:
        rig = Rig()
        with sleeper() as process:
            async with recording(rig, Pid(process.pid)) as task:
                process.kill()
                await task
        return rig

    rig = asyncio.run(run())
    [mark] = marks(rig)
    assert mark["label"].startswith("ended soon after it was attached to: 1 of 1 time, within ")
    assert mark["detail"]["attached"]["ended"] == 1
    assert mark["detail"]["alone"] is None
    assert rig.memory.events[-1]["phase"] == "exited"
    assert is_gapless(rig.memory.events)


def test_a_recording_that_is_stopped_or_an_app_that_stays_for_long_gets_no_mark(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run(*, kill: bool) -> Rig:
        rig = Rig()
        with sleeper() as process:
            async with recording(rig, Pid(process.pid)) as task:
                if kill:
                    process.kill()
                    await task
        return rig

    assert marks(asyncio.run(run(kill=False))) == []
    monkeypatch.setattr(endings, "SOON_S", 0.0)
    rig = asyncio.run(run(kill=True))
    assert marks(rig) == []
    [app] = rig.recording.endings.values()
    assert (app.attached.ended, app.attached.runs) == (0, 1)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program whose name nothing else on the machine has."""
    path = tmp_path / f"gone{os.getpid()}"
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


@pytest.mark.parametrize("stays", [True, False])
def test_after_three_in_a_row_watch_leaves_one_launch_alone_and_then_records_again(
    stays: bool, program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(left_alone, "CONTROL_S", 2.0)

    async def run() -> Rig:
        rig = Rig()
        task = asyncio.create_task(watch(rig.supervisor, [Either(program.name)], rig.stop))
        for launch in (1, 2, 3):
            with running(program):
                await rig.until(lambda launch=launch: rig.memory.of("process", segment=launch, phase="ready"))
            await rig.until(lambda launch=launch: len(marks(rig)) == launch)
        with running(program) as process:
            await rig.until(lambda: any("only watched in the list" in text for text in rig.heard.said))
            assert not rig.supervisor.attachments
            if not stays:
                process.kill()
            await rig.until(lambda: len(marks(rig)) == 4)
            if stays:
                await rig.until(lambda: rig.memory.of("process", segment=4, phase="ready"))
                rig.stop.set()
                await task
        rig.stop.set()
        await asyncio.wait_for(task, 20)
        return rig

    rig = asyncio.run(run())
    last = marks(rig)[-1]
    assert last["detail"]["attached"]["ended"] == 3
    assert (last["detail"]["alone"]["ended"], last["detail"]["alone"]["runs"]) == (0 if stays else 1, 1)
    assert f"without being attached to: {0 if stays else 1} of 1 time" in last["label"]
    assert is_gapless([event for event in rig.memory.events if event.segment == 3])
