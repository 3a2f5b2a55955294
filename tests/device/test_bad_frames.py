"""Batches of a process whose frames lie, or that come twice, late or cut: each is named, nothing is corrupted, the sequence goes on."""

from __future__ import annotations

import asyncio

import pytest

from device.recordings import recording
from device.rig import Rig, is_gapless, sleeper
from lightleak.device.targets import Pid

LYING = ("count", "segment", "shift", "number", "json", "cut")


@pytest.mark.parametrize("resident", [True, False])
@pytest.mark.parametrize("what", [*LYING, "twice", "late"])
def test_a_bad_batch_is_named_and_nothing_is_lost_doubled_or_corrupted(what: str, resident: bool) -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig(residency=resident)
            memory = rig.memory
            async with recording(rig, Pid(process.pid)):
                serial = 0

                async def emit(count: int) -> None:
                    nonlocal serial
                    for _ in range(count):
                        serial += 1
                        await rig.call("emit", 1, {"serial": serial})
                    await rig.until(lambda: len(memory.of("access")) == serial)

                while not memory.placed:  # until the host has said where it puts events
                    await emit(1)
                for _ in range(2):
                    await rig.call("lie", what)
                    await emit(3)
                placed = len(memory.placed)
                await emit(5)
                assert len(memory.placed) > placed, "the short way is not taken again"

        assert [event["serial"] for event in memory.of("access")] == list(range(1, serial + 1))
        assert is_gapless(memory.events)
        assert not memory.of("lost")
        named = [said for said in rig.heard.said if "batch " in said]
        assert len(named) == (2 if what in LYING else 0)
        assert rig.recording.statistics.faults == len(named)

    asyncio.run(run())


def test_a_batch_that_always_lies_is_a_gap_of_as_many_events() -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig()
            memory = rig.memory
            async with recording(rig, Pid(process.pid)):
                while not memory.placed:
                    await rig.call("emit", 1)
                    await asyncio.sleep(0.05)
                before = len(memory.of("access"))
                await rig.call("lie", "cut", True)
                await rig.call("emit", 7)
                await rig.until(lambda: memory.of("lost"))
                await rig.call("lie", "")
                await rig.call("emit", 2)
                await rig.until(lambda: len(memory.of("access")) == before + 2)

        [lost] = memory.of("lost")
        assert lost["count"] == 7
        assert is_gapless(memory.events)

    asyncio.run(run())
