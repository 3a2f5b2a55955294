"""The recorder with the real agent, on apps of the stand-in phone, held against the apps' own account."""

from __future__ import annotations

import asyncio

import pytest

from device.real import FETCH, fetches, new_rig, photos, record_and_vanish, recording
from device.rig import Portal, Wire, is_gapless
from lightleak.device.recorder.record import record
from lightleak.device.targets import DeviceChoice, Pid
from standin import Phone

pytestmark = pytest.mark.standin


def test_what_the_app_did_is_what_the_recording_says(phone: Phone) -> None:
    async def run() -> None:
        app = phone.launch("refetch", wait=True)
        rig = new_rig()
        async with recording(rig, app):
            app.go()
            await photos(phone, app, rig, 3)
        memory = rig.memory

        assert len(memory.of("access", symbol=FETCH)) == len(fetches(phone, app))
        assert is_gapless(memory.events)
        assert not memory.of("lost")
        causes = {event["cause"] for event in memory.of("access", symbol=FETCH)} - {None}
        launched = {event.seq for event in memory.of("state", reason="launch")}
        assert len(launched) == 1
        assert launched < causes <= launched | {event.seq for event in memory.of("notification")}
        [stack, *_] = memory.of("stack")
        assert list(stack["frames"][0]) == ["image", "uuid", "offset", "symbol"]
        frames = [frame for event in memory.of("stack") for frame in event["frames"] if frame["image"] == "refetch"]
        assert any(str(frame["symbol"]).startswith("reader_fetch") for frame in frames)
        assert all(frame["uuid"] for frame in frames)
        assert rig.recording.statistics.faults == 0

    asyncio.run(run())


def test_what_an_app_does_is_in_the_file_as_the_agent_wrote_it(phone: Phone) -> None:
    """Events of C and of the script: only what the host completes, or must say itself, is written by the host."""

    async def run() -> None:
        app = phone.launch("refetch", wait=True)
        rig = new_rig()
        memory = rig.memory
        async with recording(rig, app):
            app.go()
            await photos(phone, app, rig, 2)
            await rig.until(lambda: memory.placed)  # the agent knows the place
            before = len(memory.events)
            await photos(phone, app, rig, 5)
            await asyncio.sleep(1.5)
            until = memory.events[-1].seq

        assert {"notification", "access", "return", "usage"} <= {event.kind for event in memory.placed}
        by_host = {event.seq for event in memory.events[before:]} - {event.seq for event in memory.placed}
        assert {e.kind for e in memory.events if e.seq in by_host and e.seq <= until} <= {"stack", "clock"}
        assert is_gapless(memory.events)

    asyncio.run(run())


@pytest.mark.parametrize("guest", [None, False, True])
def test_the_agent_reads_what_the_kernel_says_of_its_hardware(guest: bool | None) -> None:
    async def run(phone: Phone) -> None:
        rig = new_rig()
        async with recording(rig, phone.launch("refetch")):
            [attachment] = rig.supervisor.attachments
            found = attachment.description
            assert (found.model, found.board) == ("iPhone99,11", "VPHONE600AP")
            assert found.guest == (None if guest is None else int(guest))
            assert found.built_for is None  # no process here has Apple's loader
            assert rig.memory.header["device"]["kind"] == "stand-in"

    with Phone(model="iPhone99,11", board="VPHONE600AP", guest=guest) as phone:
        asyncio.run(run(phone))


def test_a_link_that_is_cut_again_and_again_costs_nothing(phone: Phone) -> None:
    async def run() -> None:
        app = phone.launch("refetch", wait=True)
        portal = Portal(token="secret")
        portal.join(app.pid)
        wire = Wire(portal.control)
        rig = new_rig(DeviceChoice(kind="remote", host=wire.address, token="secret"))
        async with recording(rig, app):
            app.go()
            for cut in range(3):
                await photos(phone, app, rig, 1)
                wire.up = False
                wire.cut()
                await photos(phone, app, rig, 2)
                wire.up = True
                await rig.until(lambda cut=cut: sum("is back" in said for said in rig.heard.said) > cut)
        wire.close()
        memory = rig.memory

        assert len(memory.of("access", symbol=FETCH)) == len(fetches(phone, app))
        assert {event.segment for event in memory.events} == {1}
        assert is_gapless(memory.events)
        assert not memory.of("lost")

    asyncio.run(run())


def test_what_happens_between_two_recorders_is_told_by_the_second(phone: Phone) -> None:
    async def run() -> None:
        app = phone.launch("refetch")
        first, second = new_rig(), new_rig()
        await record_and_vanish(first, app)
        told = len(first.memory.of("access", symbol=FETCH))
        before = len(fetches(phone, app))
        await photos(phone, app, first, 3)
        async with recording(second, app):
            await second.until(lambda: second.memory.of("process", segment=2, phase="ready"))
            await photos(phone, app, second, 1)
        memory = second.memory

        assert len(memory.of("access", symbol=FETCH, segment=1)) >= len(fetches(phone, app)) - before - 1
        assert told + len(memory.of("access", symbol=FETCH)) >= len(fetches(phone, app)) - 1
        assert memory.of("observer", segment=2, action="found")
        assert is_gapless(memory.events)
        assert not memory.of("lost")

    asyncio.run(run())


def test_an_app_that_is_recorded_twice_begins_anew(phone: Phone) -> None:
    async def run() -> None:
        app = phone.launch("refetch")
        for _ in range(2):
            rig = new_rig()
            async with recording(rig, app):
                await photos(phone, app, rig, 1)
            assert [e["phase"] for e in rig.memory.of("process")] == ["attached", "ready", "detached"]
            assert len(rig.memory.of("notification")) >= 1
            used = {event["stack"] for event in [*rig.memory.of("access"), *rig.memory.of("notification")]} - {None}
            assert used <= {event["id"] for event in rig.memory.of("stack")}
            assert rig.memory.of("observer", action="found")
            assert is_gapless(rig.memory.events)
            assert not rig.memory.of("lost")

    asyncio.run(run())


def test_a_suspended_app_is_told_from_a_dead_one(phone: Phone) -> None:
    async def run() -> None:
        app = phone.launch("quicksend")
        rig = new_rig()
        async with recording(rig, app):
            await asyncio.sleep(1.2)
            app.background()
            app.suspend()
            await rig.until(lambda: rig.memory.of("process", phase="suspended"))
            app.resume()
            await rig.until(lambda: rig.memory.of("process", phase="resumed"))
            app.kill()
            await rig.until(lambda: rig.memory.of("process", phase="exited"))
        phases = [event["phase"] for event in rig.memory.of("process")]

        assert phases == ["attached", "ready", "suspended", "resumed", "exited"]

    asyncio.run(run())


def test_an_app_its_extension_and_assetsd_are_segments_of_one_session(phone: Phone) -> None:
    async def run() -> None:
        app = phone.launch("gallery")
        share = phone.launch("gallery", extension="share")
        assetsd = phone.assetsd
        targets = [Pid(process.pid) for process in (app, share, assetsd)]
        rig = new_rig()
        task = asyncio.create_task(record(rig.supervisor, targets, rig.stop))
        await rig.until(lambda: len(rig.memory.of("process", phase="ready")) == 3 or task.done())
        rig.stop.set()
        await asyncio.wait_for(task, 30)
        ready = {event["role"]: event for event in rig.memory.of("process", phase="ready")}

        assert {role: event["pid"] for role, event in ready.items()} == {
            "app": app.pid,
            "extension": share.pid,
            "assetsd": assetsd.pid,
        }
        assert ready["extension"]["identifier"].startswith(f"{ready['app']['identifier']}.")
        probes = {role: {e["probe"] for e in rig.memory.of("hook", segment=ready[role].segment)} for role in ready}
        assert probes["app"] == probes["extension"] != probes["assetsd"]
        assert is_gapless(rig.memory.events)
        assert not rig.memory.of("lost")

    asyncio.run(run())
