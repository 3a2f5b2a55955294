"""Recording after the host of an earlier recording has gone: what its agent kept, and who may record."""

from __future__ import annotations

import asyncio

import pytest

from device.recordings import recording
from device.rig import Rig, is_gapless, sleeper
from lightleak.device.recorder.record import record
from lightleak.device.targets import Pid
from lightleak.errors import DeviceError


def test_nothing_is_forgotten_by_the_agent_before_it_is_on_the_disk() -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig()
            rig.memory.holds_back = True
            async with recording(rig, Pid(process.pid)):
                await rig.call("emit", 10)
                await asyncio.sleep(0.6)
                assert (await rig.call("describe", {}))["first"] == 1
                rig.memory.durable = rig.memory.lines
                await asyncio.sleep(0.6)
                assert (await rig.call("describe", {}))["first"] > 10

    asyncio.run(run())


@pytest.mark.parametrize("saved", [True, False])
def test_an_agent_whose_host_has_gone_hands_over_to_the_next(saved: bool) -> None:
    async def run() -> None:
        with sleeper() as process:
            first = Rig()
            first.memory.holds_back = not saved
            task = asyncio.create_task(record(first.supervisor, [Pid(process.pid)], first.stop))
            await first.until(lambda: first.memory.of("process", phase="ready"))
            agent = (await first.call("describe", {}))["agent"]
            first.memory.holds_back = True
            if saved:
                first.memory.durable = first.memory.lines
                await asyncio.sleep(0.6)
            # The host's end: its session is gone, nothing was said to the agent.
            session = first.supervisor.attachments[0]._calls.link
            await session.call("emit", 5)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            for attachment in first.supervisor.attachments:
                await attachment.close()
            await asyncio.sleep(3)

            second = Rig()
            async with recording(second, Pid(process.pid)):
                await second.until(lambda: second.memory.of("process", segment=2, phase="ready"))
                assert (await second.call("describe", {}))["agent"] != agent
                assert len(second.memory.of("access")) == 5

        assert [(e.segment, e["phase"]) for e in second.memory.of("process")] == [
            (1, "attached"),
            (1, "ready"),
            (1, "detached"),
            (2, "attached"),
            (2, "ready"),
            (2, "detached"),
        ]
        assert second.memory.events[0]["reason"] == ("kept by the agent without a host" if saved else None)
        assert {e.segment for e in second.memory.of("access")} == {1}
        assert is_gapless(second.memory.events)
        assert not second.memory.of("lost")

    asyncio.run(run())


def test_two_recorders_on_one_process_is_refused() -> None:
    async def run() -> None:
        with sleeper() as process:
            first, second = Rig(), Rig()
            async with recording(first, Pid(process.pid)):
                with pytest.raises(DeviceError, match="being recorded by another lightleak"):
                    await record(second.supervisor, [Pid(process.pid)], second.stop)
                await first.call("emit", 1)
            assert len(first.memory.of("access")) == 1

    asyncio.run(run())


def test_a_process_that_was_recorded_can_be_recorded_again_without_what_is_already_saved() -> None:
    async def run() -> None:
        with sleeper() as process:
            for _ in range(2):
                rig = Rig()
                async with recording(rig, Pid(process.pid)):
                    await rig.call("emit", 2)
                assert len(rig.memory.of("access")) == 2
                assert [e["phase"] for e in rig.memory.of("process")] == ["attached", "ready", "detached"]
                assert is_gapless(rig.memory.events)

    asyncio.run(run())
