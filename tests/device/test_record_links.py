"""Recording while the link breaks, the process sleeps and the clocks step."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from device.recordings import recording, remote
from device.rig import Rig, is_gapless, sleeper
from lightleak.device.agent_link import Detached, Link
from lightleak.device.recorder.sink import RecordingOptions
from lightleak.device.targets import Pid


def test_a_suspended_process_is_said_to_be_and_the_host_does_not_wait_for_it() -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig()
            async with recording(rig, Pid(process.pid)):
                await rig.call("emit", 1)
                await asyncio.sleep(1.2)
                os.kill(process.pid, signal.SIGSTOP)
                await rig.until(lambda: rig.memory.of("process", phase="suspended"))
                os.kill(process.pid, signal.SIGCONT)
                await rig.until(lambda: rig.memory.of("process", phase="resumed"))
                await rig.call("emit", 2)
            memory = rig.memory

        [suspended], [resumed] = memory.of("process", phase="suspended"), memory.of("process", phase="resumed")
        assert suspended["reason"] == "stopped"
        assert suspended.mono_ns < resumed.mono_ns
        assert is_gapless(memory.events)
        assert len(memory.of("access")) == 3
        assert not memory.of("lost")

    asyncio.run(run())


def test_a_recording_can_be_stopped_while_its_target_sleeps() -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig()
            async with recording(rig, Pid(process.pid)):
                await asyncio.sleep(1.2)
                os.kill(process.pid, signal.SIGSTOP)
                await rig.until(lambda: rig.memory.of("process", phase="suspended"))
            os.kill(process.pid, signal.SIGCONT)
            assert [e["phase"] for e in rig.memory.of("process")][-2:] == ["suspended", "detached"]

    asyncio.run(run())


def test_a_link_that_is_cut_again_and_again_loses_nothing_and_doubles_nothing() -> None:
    async def run() -> None:
        async with remote() as (rig, wire, pid):
            async with recording(rig, Pid(pid)):
                await rig.call("every", 5, 10)
                for cut in range(4):
                    await asyncio.sleep(0.3)
                    wire.cut()
                    await rig.until(lambda cut=cut: sum("is back" in said for said in rig.heard.said) > cut)
                await asyncio.sleep(0.3)
            accesses = rig.memory.of("access")

        assert is_gapless(rig.memory.events)
        assert not rig.memory.of("lost")
        assert {e.segment for e in rig.memory.events} == {1}
        assert [e.mono_ns for e in accesses] == sorted(e.mono_ns for e in accesses)
        assert len(accesses) > 500

    asyncio.run(run())


def test_a_link_that_dies_without_a_word_is_replaced() -> None:
    async def run() -> None:
        async with remote() as (rig, wire, pid):
            async with recording(rig, Pid(pid)):
                await rig.call("emit", 1)
                wire.swallows = True
                await rig.until(lambda: any("does not answer" in said for said in rig.heard.said))
                wire.cut()
                wire.swallows = False
                await rig.until(lambda: any("is back" in said for said in rig.heard.said), within_s=30)
                await rig.call("emit", 1)
            assert len(rig.memory.of("access")) == 2
            assert not rig.memory.of("lost")
            assert not rig.memory.of("process", phase="suspended")

    asyncio.run(run())


def test_an_agent_that_cannot_stay_begins_a_new_segment_after_a_cut() -> None:
    async def run() -> None:
        async with remote(residency=False) as (rig, wire, pid):
            async with recording(rig, Pid(pid)):
                wire.cut()
                await rig.until(lambda: len(rig.memory.of("process", phase="ready")) == 2)
            assert is_gapless(rig.memory.events)
            phases = [(e.segment, e["phase"]) for e in rig.memory.of("process")]
            assert phases == [
                (1, "attached"),
                (1, "ready"),
                (1, "detached"),
                (2, "attached"),
                (2, "ready"),
                (2, "detached"),
            ]
            assert rig.memory.of("lost", segment=1, count=0)
            assert rig.recording.statistics.gaps == 2

    asyncio.run(run())


def test_a_device_that_does_not_come_back_is_lost_for_good() -> None:
    async def run() -> None:
        async with remote(options=RecordingOptions(patience_s=0.5)) as (rig, wire, pid):
            async with recording(rig, Pid(pid)) as task:
                wire.close()
                await asyncio.wait_for(task, 20)
            assert rig.supervisor.lost == ["sleep"]
            assert rig.memory.events[-1]["phase"] == "detached"

    asyncio.run(run())


def test_a_process_that_dies_behind_a_cut_link_is_found_to_have_exited() -> None:
    async def run() -> None:
        async with remote() as (rig, _wire, pid):
            async with recording(rig, Pid(pid)) as task:
                os.kill(pid, signal.SIGKILL)
                await asyncio.wait_for(task, 20)
            assert rig.memory.events[-1]["phase"] == "exited"
            assert rig.supervisor.lost == []

    asyncio.run(run())


def test_what_overflows_without_a_listener_is_lost_and_counted() -> None:
    async def run() -> None:
        async with remote() as (rig, wire, pid):
            async with recording(rig, Pid(pid)):
                await rig.call("set", {"bound": 20})
                await rig.call("every", 5, 10)
                wire.up = False
                wire.cut()
                await asyncio.sleep(1)
                wire.up = True
                await rig.until(lambda: any("is back" in said for said in rig.heard.said))
                await rig.until(lambda: rig.memory.of("lost"))
            [lost, *_] = rig.memory.of("lost")
            assert lost["count"] > 100
            assert is_gapless(rig.memory.events)

    asyncio.run(run())


def test_a_step_of_the_devices_wall_clock_is_recorded() -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig()
            async with recording(rig, Pid(process.pid)):
                await asyncio.sleep(1.2)
                await rig.call("set", {"shift": -3600})
                await rig.until(lambda: len(rig.memory.of("clock")) > 1)
            step = rig.memory.of("clock")[1]

        assert round(step["step_ns"] / 1e9) == -3600
        assert round(step["host_offset_ns"] / 1e9) == -3600

    asyncio.run(run())


def test_the_clocks_are_measured_again_and_again() -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig()
            async with recording(rig, Pid(process.pid)):
                for times in (2, 3):
                    rig.supervisor.attachments[0]._clock_due_ns = 0
                    await rig.until(lambda times=times: len(rig.memory.of("clock")) == times)
            clocks = rig.memory.of("clock")

        # The stand-in's clock is the host's: what is measured is the error alone.
        assert all(abs(clock["host_offset_ns"]) <= clock["error_ns"] for clock in clocks)
        assert not any("step_ns" in clock for clock in clocks)

    asyncio.run(run())


@pytest.mark.parametrize("reason", ["application-requested", "connection-terminated", "device-lost"])
def test_a_session_that_ends_without_its_process_is_taken_up_again(reason: str) -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig()
            async with recording(rig, Pid(process.pid)):
                await rig.call("emit", 1)
                # What Frida reports when a phone was locked, without a request.
                attachment = rig.supervisor.attachments[0]
                attachment._inbox.put_nowait(Detached(attachment._calls.link, reason))
                await rig.until(lambda: any("is back" in said for said in rig.heard.said))
                await rig.call("emit", 1)
            assert {event.segment for event in rig.memory.events} == {1}
            assert len(rig.memory.of("access")) == 2
            assert [e["phase"] for e in rig.memory.of("process")] == ["attached", "ready", "detached"]

    asyncio.run(run())


def test_nothing_is_asked_of_a_process_that_sleeps(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        asked: list[str] = []
        call = Link.call

        async def counted(link: Link, name: str, *arguments: object, **options: float) -> object:
            asked.append(name)
            return await call(link, name, *arguments, **options)

        with sleeper() as process:
            rig = Rig()
            async with recording(rig, Pid(process.pid)):
                await asyncio.sleep(1.2)
                os.kill(process.pid, signal.SIGSTOP)
                await rig.until(lambda: rig.memory.of("process", phase="suspended"))
                monkeypatch.setattr(Link, "call", counted)
                rig.supervisor.attachments[0]._clock_due_ns = 0
                await asyncio.sleep(1)
                assert asked == []
                os.kill(process.pid, signal.SIGCONT)
                await rig.until(lambda: "clock" in asked)

    asyncio.run(run())
