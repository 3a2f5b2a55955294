"""Orders in which things can happen to one attachment, over links that answer as the test wants."""

from __future__ import annotations

import asyncio

import pytest

from device.rig import is_gapless
from device.scripted import AGENT, UNREACHABLE, Scripted, Stage, batch, beat, describe, run, wall_ns
from lightleak.device.agent_link import Answered, Detached
from lightleak.device.protocol import Displaced
from lightleak.device.reconnect import Ended, Ending
from lightleak.errors import FileError

OTHER = "6C1F0F6E-0000-4000-8000-000000000002"


def test_a_beat_of_an_agent_that_was_taken_over_announces_nothing_for_the_next_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story() -> None:
        stage = Stage(monkeypatch, stop=2)
        attachment = await stage.begin()
        stage.put(beat(5_000, 1, agent=OTHER), beat(5_000, 2, agent=OTHER), batch(1, 3))
        attachment.stop()

        assert await attachment.run() is Ending.STOPPED
        assert len(stage.memory.of("access")) == 1
        assert not stage.memory.of("lost")
        assert stage.link.calls[-2:] == [("flush",), ("acknowledge", 1)]

    run(story)


def test_a_displaced_recorder_says_so_and_continues_in_another_segment(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        stage = Stage(monkeypatch)
        attachment = await stage.begin()
        stage.reached.append((Scripted(), describe(OTHER, started=False)))
        stage.put(batch(1, 1), beat(2, 1.5), Displaced(OTHER), Displaced(AGENT))

        assert await attachment.run() is Ending.REPLACED
        assert [e.kind for e in stage.memory.events] == ["access", "clock", "clock", "lost", "process"]
        assert stage.memory.events[2].wall_ns == wall_ns(1.5)
        assert stage.memory.events[-1]["phase"] == "detached"
        assert stage.link.closed

    run(story)


def test_an_agent_whose_hooks_another_recorder_took_out_is_not_recorded_any_further(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story() -> None:
        stage = Stage(monkeypatch)
        attachment = await stage.begin()
        stage.reached.append((Scripted(), describe(started=False, following=9)))
        stage.put(batch(1, 1), Detached(stage.link, "connection-terminated"))

        assert await attachment.run() is Ending.REPLACED
        assert stage.memory.of("lost")

    run(story)


def test_answers_of_a_link_that_broke_give_nothing_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        stage = Stage(monkeypatch, stop=4)
        attachment = await stage.begin()
        again = Scripted({"stop": 4, "resend": lambda _: stage.put(batch(2, 2, 3))})
        stage.reached.append((again, describe()))
        broken = Detached(stage.link, "connection-terminated")
        # The hole was asked for, the answer came, and so did the end of the link: before it.
        stage.put(batch(1, 1), batch(3, 3), broken, Answered(stage.link, "resend"), broken)
        attachment.stop()
        attachment._stopping.clear()

        assert await attachment.run() is Ending.STOPPED
        assert len(stage.memory.of("access")) == 3
        assert not stage.memory.of("lost")
        assert stage.reached == []

    run(story)


def test_missing_events_are_asked_for_again_until_there_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        stage = Stage(monkeypatch, resend=UNREACHABLE)
        attachment = await stage.begin()
        stage.put(batch(1, 1), batch(3, 3))
        task = asyncio.create_task(attachment.run())
        while not stage.link.said("resend"):  # noqa: ASYNC110  what the attachment does by itself
            await asyncio.sleep(0.01)
        assert not stage.memory.of("lost")
        stage.link.answers["resend"] = None
        attachment._calls._not_before_ns = 0
        while not stage.memory.of("lost"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        task.cancel()

        assert stage.link.said("resend") == [[2], [2]]
        assert [e.kind for e in stage.memory.events] == ["access", "clock", "lost", "access"]

    run(story)


def test_a_stop_whose_last_events_do_not_arrive_leaves_them_to_the_next_recorder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story() -> None:
        stage = Stage(monkeypatch, stop=3, resend=UNREACHABLE)
        stage.memory.holds_back = True
        attachment = await stage.begin()
        stage.put(batch(1, 1))
        attachment.stop()

        assert await attachment.run() is Ending.STOPPED
        assert [e["count"] for e in stage.memory.of("lost")] == [1]
        assert stage.link.said("acknowledge") == []
        assert any("did not let go cleanly" in said for said in stage.heard.said)

    run(story)


def test_a_step_is_recorded_with_the_first_measurement_that_succeeds(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        stage = Stage(monkeypatch)
        attachment = await stage.begin()
        stage.link.answers["clock"] = UNREACHABLE
        await attachment._measure(step_ns=3)
        stage.link.answers["clock"] = lambda: (1_700_000_010, 0, 5_010, 0)
        await attachment._measure()
        await attachment._measure()

        assert [e.get("step_ns") for e in stage.memory.of("clock")] == [3, None]

    run(story)


def test_a_silent_process_that_the_device_does_not_list_has_not_fallen_asleep(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story() -> None:
        stage = Stage(monkeypatch)
        stage.gone = True
        stage.reached.append(Ended(Ending.EXITED, "the device does not list it any more"))
        attachment = await stage.begin()
        stage.put(batch(1, 1))
        monkeypatch.setattr(attachment.segment.heartbeat, "silent", lambda _: True)

        assert await attachment.run() is Ending.EXITED
        assert [e["phase"] for e in stage.memory.of("process")] == ["exited"]
        assert is_gapless(stage.memory.events)

    run(story)


def test_a_file_that_cannot_be_written_any_more_ends_a_recording_in_which_nothing_happens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def story() -> None:
        stage = Stage(monkeypatch)
        attachment = await stage.begin()
        monkeypatch.setattr(stage.memory, "check", full)

        with pytest.raises(FileError):
            await attachment.run()
        assert stage.link.closed

    run(story)


@pytest.mark.parametrize(("crash", "reason"), [("SIGSEGV", "crashed: SIGSEGV"), (None, "process-terminated")])
def test_what_is_on_the_disk_is_acknowledged_and_an_end_says_its_reason(
    monkeypatch: pytest.MonkeyPatch, crash: str | None, reason: str
) -> None:
    async def story() -> None:
        stage = Stage(monkeypatch)
        attachment = await stage.begin()
        stage.put(batch(1, 1, 2))
        task = asyncio.create_task(attachment.run())
        while not stage.link.said("acknowledge"):  # noqa: ASYNC110  what the attachment does by itself
            await asyncio.sleep(0.01)
        stage.put(Detached(stage.link, "process-terminated", crash))

        assert await task is Ending.EXITED
        (number, place), *_ = stage.link.said("acknowledge")
        assert (number, place) == (2, {"segment": 1, "shift": 1, "since": 3})
        assert [(e["phase"], e["reason"]) for e in stage.memory.of("process")] == [("exited", reason)]

    run(story)


def full() -> None:
    raise FileError("the disk is full", hint="make room")
