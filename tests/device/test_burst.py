"""A burst with `--spool`: its events wait in a ring on the app's disk until the host has taken those before them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from agent.test_load import flood
from device.real import new_rig, record_and_vanish, recording
from device.rig import Rig, is_gapless
from standin import App, Phone

pytestmark = pytest.mark.standin

BURST = 200_000
MOST_GROWTH_MB = 32


def mapped(app: App) -> int:
    """Count the files without a name that a process has mapped from its container."""
    return sum(
        "/Library/lightleak-bench." in line and line.endswith("(deleted)")
        for line in Path(f"/proc/{app.pid}/maps").read_text().splitlines()
    )


def own_mb(app: App) -> float:
    """Read how much memory a process has that belongs to no file, MB."""
    [line] = [row for row in Path(f"/proc/{app.pid}/status").read_text().splitlines() if row.startswith("RssAnon")]
    return int(line.split()[1]) / 1000


def check(rig: Rig) -> None:
    """Check that everything of the burst was recorded, in order."""
    assert not rig.memory.of("lost")
    assert len(rig.memory.of("authorization")) == BURST
    assert is_gapless(rig.memory.events)
    for tid in {event["tid"] for event in rig.memory.of("authorization")}:
        times = [event.mono_ns for event in rig.memory.of("authorization") if event["tid"] == tid]
        assert times == sorted(times)


def run(story: Callable[[], Coroutine[Any, Any, None]]) -> None:
    asyncio.run(story())


def test_a_burst_that_is_recorded_to_its_end_loses_nothing(phone: Phone) -> None:
    async def story() -> None:
        app = phone.launch("bench")
        rig = new_rig(spool=True)
        async with recording(rig, app):
            assert mapped(app) == 1
            assert await asyncio.to_thread(flood, app, BURST) == BURST
            # It is stopped while most of them wait.
        check(rig)
        assert mapped(app) == 0
        assert not list(phone.folder.glob("mobile/Library/lightleak*"))
        assert not rig.recording.statistics.faults

    run(story)


def test_what_waits_in_an_app_that_is_killed_is_counted_and_not_taken_for_watched(phone: Phone) -> None:
    async def story() -> None:
        app = phone.launch("bench")
        rig = new_rig(spool=True)
        async with recording(rig, app):
            await rig.until(lambda: rig.memory.of("clock"))
            rig.memory.holds_back = True
            assert await asyncio.to_thread(flood, app, BURST) == BURST
            await asyncio.sleep(2.5)  # two beats, of which nothing before them is missing
            app.kill()
            await rig.until(lambda: rig.memory.of("process", phase="exited"))
        came = rig.memory.of("authorization")
        assert 0 < len(came) < BURST
        [lost] = rig.memory.of("lost")
        assert BURST - len(came) <= lost["count"] <= BURST - len(came) + 100
        before = rig.memory.events[rig.memory.events.index(lost) - 1]
        assert before.mono_ns <= max(event.mono_ns for event in came)
        assert is_gapless(rig.memory.events)

    run(story)


def test_a_burst_without_a_host_is_kept_and_costs_little_of_the_apps_memory(phone: Phone) -> None:
    async def story() -> None:
        app = phone.launch("bench")
        first, second = new_rig(spool=True), new_rig(spool=True)
        await record_and_vanish(first, app)
        before_mb = own_mb(app)
        assert await asyncio.to_thread(flood, app, BURST) == BURST
        await asyncio.sleep(5)
        assert own_mb(app) - before_mb < MOST_GROWTH_MB
        async with recording(second, app):
            assert mapped(app) == 1
        check(second)
        assert [event["phase"] for event in second.memory.of("process", segment=1)] == ["attached", "ready", "detached"]

    run(story)


def test_where_the_disk_has_no_room_the_ring_is_in_memory_and_that_is_said(phone: Phone) -> None:
    async def story() -> None:
        (phone.folder / "mobile" / "Library").write_text("no folder")
        app = phone.launch("bench")
        rig = new_rig(spool=True)
        async with recording(rig, app):
            assert mapped(app) == 0
            assert await asyncio.to_thread(flood, app, 400) == 400
        assert len(rig.memory.of("authorization")) == 400
        assert any("no ring on the disk: the container takes no file" in said for said in rig.heard.said)

    run(story)
