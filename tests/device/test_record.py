"""Recording real processes through real Frida, with the fake agent in them."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from device.rig import Portal, Rig, Wire, is_gapless, sleeper
from lightleak.device.agent_link import Detached, Link
from lightleak.device.recorder.record import record
from lightleak.device.recorder.sink import Options
from lightleak.device.targets import Await, DeviceChoice, Either, Name, Pid, SpawnFile, Target
from lightleak.errors import AgentError, DeviceError


@asynccontextmanager
async def recording(rig: Rig, *targets: Target) -> AsyncIterator[asyncio.Task[None]]:
    """Record while inside; stopped at the end unless it has ended."""
    task = asyncio.create_task(record(rig.supervisor, targets, rig.stop))
    try:
        await rig.until(lambda: rig.memory.of("process", phase="ready") or task.done())
        if task.done():
            await task
        yield task
        rig.stop.set()
        await asyncio.wait_for(task, 20)
    finally:
        task.cancel()
        await rig.connection.close()


def test_a_recording_begins_with_the_agents_events_and_ends_with_detached() -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig()
            async with recording(rig, Pid(process.pid)):
                await rig.call("emit", 3)
            memory = rig.memory

        assert memory.header["target"] == {"identifier": "com.example.fake", "name": "Fake", "version": "1.2"}
        assert memory.header["device"]["time_zone"] == "Asia/Shanghai"
        assert memory.header["session"] == rig.recording.session
        assert is_gapless(memory.events)
        assert [e["phase"] for e in memory.of("process")] == ["attached", "ready", "detached"]
        assert memory.events[-1]["reason"] == "the recording was stopped"
        assert len(memory.of("access")) == 3
        assert len(memory.of("clock")) == 1
        assert not memory.of("lost")
        assert rig.recording.statistics.skipped == {"none": "-[PHNone none] (no such class)"}

    asyncio.run(run())


def test_two_targets_are_two_segments_of_one_session() -> None:
    async def run() -> None:
        with sleeper() as one, sleeper() as two:
            rig = Rig()
            async with recording(rig, Pid(one.pid), Pid(two.pid)):
                await rig.until(lambda: len(rig.memory.of("process", phase="ready")) == 2)
            assert is_gapless(rig.memory.events)
            assert {e["pid"]: e.segment for e in rig.memory.of("process")} == {one.pid: 1, two.pid: 2}

    asyncio.run(run())


def test_a_recording_ends_by_itself_when_its_target_is_killed_and_says_what_may_be_missing() -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig()
            async with recording(rig, Pid(process.pid)) as task:
                await rig.call("emit", 3)
                process.kill()
                await asyncio.wait_for(task, 10)
            clock, lost, exited = rig.memory.events[-3:]

        assert exited.kind == "process"
        assert exited["phase"] == "exited"
        assert (lost.kind, lost["count"]) == ("lost", 0)
        assert clock.kind in ("clock", "access")
        assert rig.supervisor.lost == []

    asyncio.run(run())


def test_a_spawned_program_is_hooked_before_it_runs_and_recorded_to_its_end() -> None:
    async def run() -> None:
        rig = Rig()
        async with recording(rig, SpawnFile(("/bin/sleep", "0.3"))) as task:
            await asyncio.wait_for(task, 10)
        assert [e["phase"] for e in rig.memory.of("process")] == ["attached", "ready", "exited"]
        # `sleep` ends by exit(), which lets the agent say goodbye: nothing is missing.
        assert not rig.memory.of("lost")

    asyncio.run(run())


def test_a_launch_is_awaited() -> None:
    async def run() -> None:
        with sleeper():
            rig = Rig()
            task = asyncio.create_task(record(rig.supervisor, [Await("sleep")], rig.stop))
            await rig.until(lambda: rig.heard.said)
            assert rig.heard.said == ["waiting for sleep to start"]
            await asyncio.sleep(1)
            with sleeper() as later:
                await rig.until(lambda: rig.memory.of("process", phase="ready"))
                assert rig.memory.events[0]["pid"] == later.pid
                rig.stop.set()
                await asyncio.wait_for(task, 20)

    asyncio.run(run())


def test_a_stopped_process_is_refused_at_once_and_nothing_is_left_behind() -> None:
    async def run() -> None:
        with sleeper() as process:
            os.kill(process.pid, signal.SIGSTOP)
            rig = Rig()
            with pytest.raises(DeviceError, match="is stopped") as caught:
                await record(rig.supervisor, [Pid(process.pid)], rig.stop)
            assert f"kill -CONT {process.pid}" in caught.value.hint
            assert not rig.recording.open

    asyncio.run(run())


def test_a_stopped_process_of_a_remote_device_is_named_within_five_seconds() -> None:
    async def run() -> None:
        portal = Portal()
        with sleeper() as process:
            portal.join(process.pid)
            os.kill(process.pid, signal.SIGSTOP)
            rig = Rig(DeviceChoice(kind="remote", host=f"127.0.0.1:{portal.control}"))
            with pytest.raises(DeviceError, match="stopped or suspended"):
                await asyncio.wait_for(record(rig.supervisor, [Pid(process.pid)], rig.stop), 5)
            assert not rig.recording.open
            os.kill(process.pid, signal.SIGCONT)
        await rig.connection.close()

    asyncio.run(run())


def test_an_agent_that_cannot_start_leaves_no_file() -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig()
            rig.supervisor._source = rig.supervisor._source.replace(
                "  start(options) {", "  start() { throw new Error('no'); },\n  x() {"
            )
            with pytest.raises(AgentError, match="the agent says Error: no"):
                await record(rig.supervisor, [Pid(process.pid)], rig.stop)
            assert not rig.recording.open

    asyncio.run(run())


def test_a_target_that_is_not_there_is_answered_with_what_is_close() -> None:
    async def run() -> None:
        with sleeper():
            rig = Rig()
            with pytest.raises(DeviceError, match="there is no app or process sleeep") as caught:
                await record(rig.supervisor, [Either("sleeep")], rig.stop)
            assert caught.value.hint == "did you mean sleep?"

    asyncio.run(run())


def test_a_name_that_means_several_is_answered_with_their_pids() -> None:
    async def run() -> None:
        with sleeper() as one, sleeper() as two:
            with pytest.raises(DeviceError, match="ambiguous") as caught:
                await record(Rig().supervisor, [Name("sleep")], asyncio.Event())
            assert str(one.pid) in caught.value.message
            assert str(two.pid) in caught.value.message

    asyncio.run(run())


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


@asynccontextmanager
async def remote(*, residency: bool = True, options: Options | None = None) -> AsyncIterator[tuple[Rig, Wire, int]]:
    """A process behind a portal with a token, behind a wire that can be cut."""
    portal = Portal(token="secret")
    wire = Wire(portal.control)
    with sleeper() as process:
        portal.join(process.pid)
        choice = DeviceChoice(kind="remote", host=wire.address, token="secret")
        rig = Rig(choice, residency=residency, options=options)
        yield rig, wire, process.pid
        await rig.connection.close()
        wire.close()


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
        async with remote(options=Options(patience_s=0.5)) as (rig, wire, pid):
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


def test_what_overflows_while_nobody_listens_is_lost_and_counted() -> None:
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
                # What Frida says when a phone was locked, and nobody has asked for.
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
