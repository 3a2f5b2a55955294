"""Recording real processes through real Frida: which targets are recorded, from their start to their end."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from device.recordings import recording
from device.rig import Portal, Rig, is_gapless, sleeper
from lightleak.device.recorder.record import record
from lightleak.device.targets import Await, DeviceChoice, Either, Name, Pid, SpawnFile
from lightleak.errors import AgentError, DeviceError


def test_a_recording_begins_with_the_agents_events_and_ends_with_detached() -> None:
    async def run() -> None:
        with sleeper() as process:
            rig = Rig()
            async with recording(rig, Pid(process.pid)):
                await rig.call("emit", 3)
            memory = rig.memory

        assert memory.header["target"] == {"identifier": "com.example.fake", "name": "Fake", "version": "1.2"}
        assert memory.header["device"]["time_zone"] == "Asia/Shanghai"
        assert memory.header["device"]["kind"] == "stand-in"
        assert memory.header["session"] == rig.recording.session
        assert is_gapless(memory.events)
        assert [e["phase"] for e in memory.of("process")] == ["attached", "ready", "detached"]
        assert memory.events[-1]["reason"] == "the recording was stopped"
        assert len(memory.of("access")) == 3
        assert len(memory.of("clock")) == 1
        assert not memory.of("lost")
        assert rig.recording.statistics.hooks.missing == {"none": "-[PHNone none] (no such class)"}

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
        assert rig.memory.of("process")[0]["reason"] == "launch"
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
