"""The agent that stays (ADR 0040), in a real app: what it keeps for whom, in memory and on the app's own disk."""

from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
from collections import Counter
from pathlib import Path

import frida
import pytest

from device.real import FETCH, fetches, new_rig, photos, record_and_vanish, recording
from device.rig import Memory, is_gapless
from lightleak.device.agent_bundle import agent_source
from lightleak.device.recorder.watch import watch
from lightleak.device.targets import Either
from lightleak.trace.session import open_session
from lightleak.trace.verify import verify
from standin import App, Phone
from standin.attaching import attach
from standin.waiting import until, within

pytestmark = pytest.mark.standin


def spools(phone: Phone) -> list[Path]:
    return sorted(phone.folder.glob("mobile/Library/*.spool*"))


def installed(memory: Memory, segment: int) -> dict[object, object]:
    """Return the last status of each probe, as readers do."""
    return {event["probe"]: event["status"] for event in memory.of("hook", segment=segment)}


async def calls(app: App, count: int) -> None:
    await asyncio.to_thread(app.order, "call", what="status", count=count, threads=1, timeout_s=120)


def test_a_recorder_killed_with_9_again_and_again_costs_no_event_of_a_real_app(phone: Phone, tmp_path: Path) -> None:
    async def run() -> None:
        app = phone.launch("bench")
        files = [tmp_path / f"{n}.lightleak" for n in range(4)]
        for n, path in enumerate(files[:-1]):
            with lightleak_record(app, path) as host:
                await begun(path, host, 1 if n == 0 else 2)
                await calls(app, 500)
                host.kill()
            await calls(app, 500)
        with lightleak_record(app, files[-1]) as host:
            await begun(files[-1], host, 2)
            host.terminate()

        sessions = [list(open_session(path).events()) for path in files]
        # What a dead recorder had not acknowledged is sent to the next one too: by its stamp it is the same.
        reads = Counter(
            (e["tid"], e.wall_ns, e.mono_ns) for events in sessions for e in events if e.kind == "authorization"
        )
        assert len(reads) == 3_000
        assert all(map(is_gapless, sessions))
        assert [verify(path).ok for path in files] == [False, False, False, True]
        assert not [event for events in sessions for event in events if event.kind == "lost"]

    asyncio.run(run())


def lightleak_record(app: App, path: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "lightleak", "record", str(app.pid), "-o", path, "--quiet"])


async def begun(path: Path, host: subprocess.Popen[bytes], segment: int) -> None:
    """Wait until the recorder has begun its own segment."""
    async with asyncio.timeout(within(60)):
        while not await asyncio.to_thread(is_ready, path, segment):
            assert host.poll() is None
            await asyncio.sleep(0.05)


def is_ready(path: Path, segment: int) -> bool:
    return path.exists() and any(
        event.get("phase") == "ready" and event.segment == segment for event in open_session(path).events()
    )


def test_who_takes_over_in_the_middle_is_told_what_was_installed(phone: Phone) -> None:
    async def run() -> None:
        app = phone.launch("refetch")
        first, second = new_rig(), new_rig()
        await record_and_vanish(first, app)
        await photos(phone, app, first, 1)
        async with recording(second, app):
            await second.until(lambda: second.memory.of("process", segment=2, phase="ready"))
        memory = second.memory

        assert memory.of("process", segment=1)[0]["reason"] == "kept by the agent without a host"
        assert installed(memory, 1) == installed(first.memory, 1) == installed(memory, 2)
        assert "installed" in installed(memory, 1).values()
        assert memory.of("state", segment=1)
        # Without these the first query kept would be taken for the first contact of all.
        assert memory.of("observer", segment=1, action="found")

    asyncio.run(run())


def test_recordings_that_follow_each_other_at_once_take_nothing_from_one_another(phone: Phone) -> None:
    async def run() -> None:
        app = phone.launch("refetch")
        rigs = [new_rig() for _ in range(5)]
        for rig in rigs:
            async with recording(rig, app):
                await rig.until(lambda rig=rig: rig.memory.of("process", phase="ready"))
                await photos(phone, app, rig, 1)

        for rig in rigs:
            assert not rig.memory.of("lost")
            assert is_gapless(rig.memory.events)
            assert installed(rig.memory, 1) == installed(rigs[0].memory, 1)
            assert len(rig.memory.of("notification")) == 1

    asyncio.run(run())


def test_what_an_untethered_app_did_before_it_died_is_told_at_its_next_launch(phone: Phone) -> None:
    async def run() -> None:
        app = phone.launch("refetch")
        first, second = new_rig(spool=True), new_rig()
        await record_and_vanish(first, app)
        before = len(fetches(phone, app))
        await photos(phone, app, first, 3)
        # Long enough for the agent to notice that no recorder is there any more.
        await asyncio.sleep(4.5)
        done = len(fetches(phone, app)) - before
        app.kill()

        [spool] = spools(phone)
        assert stat.S_IMODE(spool.stat().st_mode) == 0o600
        again = phone.launch("refetch")
        async with recording(second, again):
            await second.until(lambda: second.memory.of("process", segment=2, phase="ready"))
        memory = second.memory
        told = memory.of("access", segment=1, symbol=FETCH)

        assert len(told) == done
        assert memory.of("process", segment=1)[-1]["phase"] == "exited"
        assert {event["pid"] for event in memory.of("process", segment=1)} <= {None, app.pid}
        [*_, lost, exited] = [event for event in memory.events if event.segment == 1]
        assert (lost.kind, lost["count"], exited["role"]) == ("lost", 0, "app")
        assert told[-1].wall_ns <= lost.wall_ns <= exited.wall_ns < told[-1].wall_ns + 10**9
        assert installed(memory, 1) == installed(first.memory, 1)
        assert is_gapless(memory.events)
        assert not spool.exists()

    asyncio.run(run())


def test_the_spool_of_an_app_killed_while_recorded_adds_no_event_twice(phone: Phone) -> None:
    async def run() -> None:
        rig = new_rig(spool=True)
        task = asyncio.create_task(
            watch(rig.supervisor, [Either("org.lightleak.refetch"), Either("refetch")], rig.stop)
        )
        await rig.until(lambda: rig.heard.said)
        done = 0
        for launch in (1, 2):
            app = await asyncio.to_thread(phone.launch, "refetch")
            await rig.until(lambda app=app: rig.memory.of("process", phase="ready", pid=app.pid))
            # Nothing is acknowledged any more: all that follows is still in the spool when the app dies.
            rig.memory.holds_back = True
            before = len(fetches(phone, app))
            await photos(phone, app, rig, 2)
            await asyncio.sleep(0.3)
            done += len(fetches(phone, app)) - before
            app.kill()
            await rig.until(lambda launch=launch: len(rig.memory.of("process", phase="exited")) == launch)
            rig.memory.holds_back = False
        app = await asyncio.to_thread(phone.launch, "refetch")
        await rig.until(lambda: rig.memory.of("process", phase="ready", pid=app.pid))
        rig.stop.set()
        await asyncio.wait_for(task, 20)

        told = Counter((e["tid"], e.mono_ns) for e in rig.memory.of("access", symbol=FETCH))
        assert set(told.values()) == {1}
        assert len(told) == done
        assert is_gapless(rig.memory.events)

    asyncio.run(run())


def test_a_long_absence_fits_on_the_disk_where_it_does_not_fit_in_memory(phone: Phone) -> None:
    async def run() -> None:
        app = phone.launch("bench")
        first, second = new_rig(spool=True), new_rig(spool=True)
        await record_and_vanish(first, app)
        for _ in range(12):
            # Fewer than the ring of the C lane holds; it is emptied between two of these.
            await calls(app, 5_000)
            await asyncio.sleep(0.2)
        assert sum(path.stat().st_size for path in spools(phone)) > 8 << 20
        async with recording(second, app):
            await second.until(lambda: second.memory.of("process", segment=2, phase="ready"), within_s=60)

        assert len(second.memory.of("authorization", segment=1)) == 60_000
        assert not second.memory.of("lost")
        assert is_gapless(second.memory.events)
        assert spools(phone) == []

    asyncio.run(run())


def test_a_host_that_dies_before_its_agent_was_made_to_stay_leaves_no_open_door(phone: Phone) -> None:
    app = phone.launch("refetch")
    session = attach(app.pid)
    script = session.create_script(agent_source())
    script.load()
    script.exports_sync.reside()
    session.detach()

    session = attach(app.pid)
    script = session.create_script(agent_source())
    script.load()
    assert script.exports_sync.describe({"client": "B"})["resident"] is False
    session.detach()
    assert app.process.poll() is None


def test_what_a_recorder_asks_that_lost_the_process_to_another_changes_nothing_and_it_is_told(phone: Phone) -> None:
    app = phone.launch("refetch")
    (_, first, said), (_, second, _) = carriers = [carrier(app), carrier(app)]
    # The same client's newer carrier always has it; another client's has it after three seconds of silence.
    first.exports_sync.describe({"client": "A"})
    first.exports_sync.start({"lane": "js"})
    kept = second.exports_sync.describe({"client": "A"})

    until(lambda: {"type": "displaced", "agent": kept["agent"]} in said)
    for call, *arguments in (("acknowledge", kept["next"]), ("stop",), ("resend", 1), ("flush",), ("start", {})):
        with pytest.raises(frida.core.RPCException, match="another recorder has this process now"):
            getattr(first.exports_sync, call)(*arguments)
    again = second.exports_sync.describe({})
    assert (again["started"], again["first"], again["agent"]) == (True, 1, kept["agent"])
    assert second.exports_sync.stop() >= kept["next"]
    for session, _, _ in carriers:
        session.detach()


def carrier(app: App) -> tuple[frida.core.Session, frida.core.Script, list[object]]:
    """Return a script that carries for the app's resident, which is settled where there is none."""
    session = attach(app.pid)
    script, said = session.create_script(agent_source()), list[object]()
    script.on("message", lambda message, _: said.append(message.get("payload")))
    script.load()
    if script.exports_sync.describe({})["resident"] is False:
        resident = session.create_script(agent_source())
        resident.load()
        resident.exports_sync.reside()
        resident.eternalize()
        script.exports_sync.describe({})
    return session, script, said
