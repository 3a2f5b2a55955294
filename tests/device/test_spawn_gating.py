"""Launches that are held. Frida cannot hold any on Linux without eBPF: the device here is made up, nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import frida
import pytest

from device.rig import Heard
from lightleak.device.processes import ProcessInfo
from lightleak.device.spawn_gating import SpawnGate
from lightleak.device.target_matcher import TargetMatcher
from lightleak.device.targets import Either
from lightleak.errors import DeviceError


class MadeUpDevice:
    """A phone whose launches are held."""

    type = "usb"

    def __init__(self, *, able: bool = True) -> None:
        self.able = able
        self.gated = 0
        self.resumed: list[int] = []
        self.pending: list[Any] = []
        self.launched: Callable[[Any], None]

    def on(self, signal: str, callback: Callable[[Any], None]) -> None:
        assert signal == "spawn-added"
        self.launched = callback

    async def enable_spawn_gating(self) -> None:
        if not self.able:
            raise frida.NotSupportedError("not supported")
        self.gated += 1

    async def disable_spawn_gating(self) -> None:
        self.gated = 0

    async def enumerate_pending_spawn(self) -> list[Any]:
        return self.pending

    async def resume(self, pid: int) -> None:
        self.resumed.append(pid)


def spawn(pid: int, identifier: str) -> Any:
    return SimpleNamespace(pid=pid, identifier=identifier)


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_what_is_watched_is_hooked_and_then_resumed_and_all_else_at_once() -> None:
    async def run() -> None:
        device, order = MadeUpDevice(), []

        async def catch(process: ProcessInfo) -> None:
            order.append(("caught", process.pid, process.identifier, list(device.resumed)))

        gate = SpawnGate(TargetMatcher([Either("com.tencent.xin")]), Heard(), catch)
        device.pending = [spawn(1, "com.apple.mobilemail")]
        await gate.keep(device)
        for pid, identifier in ((2, "/usr/libexec/locationd"), (3, "com.tencent.xin"), (4, "com.tencent.xin.share")):
            await asyncio.to_thread(device.launched, spawn(pid, identifier))
        await settle()

        assert sorted(device.resumed) == [1, 2, 3, 4]
        assert [(pid, identifier) for _, pid, identifier, _ in order] == [
            (3, "com.tencent.xin"),
            (4, "com.tencent.xin.share"),
        ]
        assert all(pid not in before for _, pid, _, before in order)

    asyncio.run(run())


def test_a_slow_process_does_not_delay_others() -> None:
    async def run() -> None:
        device, hooked = MadeUpDevice(), asyncio.Event()

        async def catch(_process: ProcessInfo) -> None:
            await hooked.wait()

        gate = SpawnGate(TargetMatcher([Either("com.tencent.xin")]), Heard(), catch)
        await gate.keep(device)
        device.launched(spawn(3, "com.tencent.xin"))
        await settle()
        for pid in (4, 5):
            device.launched(spawn(pid, "com.apple.mobilemail"))
        await settle()
        assert device.resumed == [4, 5]
        hooked.set()
        await settle()
        assert device.resumed == [4, 5, 3]

    asyncio.run(run())


def test_a_process_that_is_never_hooked_is_let_go_before_the_device_would_be_wedged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> None:
        device, heard = MadeUpDevice(), Heard()
        monkeypatch.setattr("lightleak.device.spawn_gating.ATTACH_S", 0.05)

        async def catch(_process: ProcessInfo) -> None:
            await asyncio.Event().wait()

        gate = SpawnGate(TargetMatcher([Either("com.tencent.xin")]), heard, catch)
        await gate.keep(device)
        device.launched(spawn(3, "com.tencent.xin"))
        await settle()
        await gate.close()

        assert device.resumed == [3]
        assert heard.said == ["warning: com.tencent.xin was let go before it was hooked: no answer in time"]

    asyncio.run(run())


def test_a_process_that_cannot_be_hooked_is_resumed_and_said() -> None:
    async def run() -> None:
        device, heard = MadeUpDevice(), Heard()

        async def catch(_process: ProcessInfo) -> None:
            raise DeviceError("no")

        gate = SpawnGate(TargetMatcher([Either("com.tencent.xin")]), heard, catch)
        await gate.keep(device)
        device.launched(spawn(3, "com.tencent.xin"))
        await settle()

        assert device.resumed == [3]
        assert heard.said == ["warning: com.tencent.xin was let go before it was hooked: no"]

    asyncio.run(run())


def test_a_device_that_cannot_hold_launches_is_asked_once() -> None:
    async def run() -> None:
        device = MadeUpDevice(able=False)
        gate = SpawnGate(TargetMatcher([]), Heard(), lambda _process: settle())
        await gate.keep(device)
        device.able = True
        gate._due_s = 0
        await gate.keep(device)

        assert device.gated == 0

    asyncio.run(run())


def test_this_machine_is_never_held() -> None:
    async def run() -> None:
        device = MadeUpDevice()
        device.type = "local"
        await SpawnGate(TargetMatcher([]), Heard(), lambda _process: settle()).keep(device)

        assert device.gated == 0

    asyncio.run(run())


def test_holding_ends_with_the_recording_and_is_renewed_before() -> None:
    async def run() -> None:
        device = MadeUpDevice()
        gate = SpawnGate(TargetMatcher([]), Heard(), lambda _process: settle())
        await gate.keep(device)
        await gate.keep(device)
        assert device.gated == 1
        gate._due_s = 0
        await gate.keep(device)
        assert device.gated == 2
        await gate.close()

        assert device.gated == 0

    asyncio.run(run())
