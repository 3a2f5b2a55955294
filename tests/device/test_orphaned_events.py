"""What is taken over from recorders that have gone: each event once, and no coverage that was not there."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from device.rig import Heard, Memory
from device.scripted import AGENT, Scripted, batch, beat, describe, run, wall_ns
from lightleak.device.agent_link import AgentCalls
from lightleak.device.protocol import Description, Fault, Left
from lightleak.device.recorder import orphaned_events as module
from lightleak.device.recorder.orphaned_events import TakeOver
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.errors import DeviceError

FRESH = describe("6C1F0F6E-0000-4000-8000-000000000002", started=False)


class Scene:
    """A take-over of ``found``; ``kept`` is sent at each resend."""

    def __init__(self, found: Description, *kept: Any, after: Description = FRESH, **answers: Any) -> None:
        self.memory, self.heard, self.found = Memory(), Heard(), found
        self.recording = SessionRecorder(self.memory.create, self.heard)
        self.recording.begin({})
        inbox: asyncio.Queue[Any] = asyncio.Queue()
        tell = lambda _: [inbox.put_nowait(item) for item in kept] and None  # noqa: E731
        self.link = Scripted({"resend": tell, "collect": tell, "stop": found.next, **answers}, [after])
        self.link.hear(self.memory)
        self.takeover = TakeOver(AgentCalls(self.link, self.recording), inbox, self.recording)  # type: ignore[arg-type]

    async def play(self) -> Description:
        return await self.takeover.run(self.found)


def test_events_that_this_session_has_are_not_recorded_again() -> None:
    async def story() -> None:
        scene = Scene(describe(first=3, following=7), batch(3, 3, 4, 5, 6))
        scene.recording.delivered[AGENT] = 4
        assert await scene.play() is FRESH

        assert scene.link.said("resend") == [[5]]
        assert [(e["phase"], e.wall_ns) for e in scene.memory.of("process")][:2] == [
            ("attached", wall_ns(5)),
            ("ready", wall_ns(5)),
        ]
        assert [e.wall_ns for e in scene.memory.of("access")] == [wall_ns(5), wall_ns(6)]
        assert scene.link.calls[-2:] == [("flush",), ("acknowledge", 6)]
        assert scene.recording.delivered[AGENT] == 6
        assert not scene.memory.of("lost")

    run(story)


def test_an_agent_whose_hooks_were_out_is_covered_up_to_its_last_event() -> None:
    async def story() -> None:
        scene = Scene(describe(first=1, following=3, started=False), batch(1, 10, 20))
        await scene.play()

        assert (scene.memory.events[-1]["phase"], scene.memory.events[-1].wall_ns // 10**9) == (
            "detached",
            wall_ns(20) // 10**9,
        )

    run(story)


def test_where_nothing_new_is_left_there_is_no_segment() -> None:
    async def story() -> None:
        scene = Scene(describe(first=3, following=5, started=False))
        scene.recording.delivered[AGENT] = 4
        await scene.play()

        assert scene.memory.events == []
        assert scene.link.said("acknowledge") == [[4]]

    run(story)


def test_an_agent_that_keeps_its_name_is_not_started_under_it_again() -> None:
    async def story() -> None:
        kept = describe(first=1, following=2)
        with pytest.raises(DeviceError, match="still keeps"):
            await Scene(kept, batch(1, 1), after=kept).play()

    run(story)


def test_faults_without_a_recorder_are_shown_and_beats_announce_nothing() -> None:
    async def story() -> None:
        scene = Scene(describe(first=1, following=2), Fault(AGENT, "a hook failed"), beat(900, 1), batch(1, 1))
        await scene.play()

        assert any("a hook failed" in said for said in scene.heard.said)
        assert not scene.memory.of("lost")

    run(story)


EARLIER = "6C1F0F6E-0000-4000-8000-000000000003"
SPOOLED = describe(started=False, spooled=[Left(EARLIER, 2, 6)])


def test_an_earlier_process_becomes_a_segment_of_its_new_events_and_is_then_forgotten() -> None:
    async def story() -> None:
        scene = Scene(SPOOLED, batch(2, 2, 3, agent=EARLIER), batch(1, 9), batch(4, 4, 5, agent=EARLIER))
        scene.recording.delivered[EARLIER] = 3
        await scene.play()

        assert [e.wall_ns for e in scene.memory.of("access")] == [wall_ns(4), wall_ns(5)]
        assert [(e["phase"], e["pid"]) for e in scene.memory.of("process")] == [
            ("attached", None),
            ("ready", None),
            ("exited", None),
        ]
        assert [e["count"] for e in scene.memory.of("lost")] == [0]
        assert scene.link.calls == [("collect", EARLIER), ("flush",), ("discard", EARLIER)]

    run(story)


def test_an_earlier_process_that_this_session_has_already_is_only_forgotten() -> None:
    async def story() -> None:
        scene = Scene(SPOOLED)
        scene.recording.delivered[EARLIER] = 5
        await scene.play()

        assert scene.memory.events == []
        assert scene.link.calls == [("flush",), ("discard", EARLIER)]

    run(story)


def test_events_that_a_spool_announces_and_does_not_deliver_are_lost_and_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "WAIT_S", 0.05)

    async def story() -> None:
        scene = Scene(SPOOLED, batch(2, 2, agent=EARLIER))
        await scene.play()

        assert [e["count"] for e in scene.memory.of("lost")] == [3]

    run(story)
