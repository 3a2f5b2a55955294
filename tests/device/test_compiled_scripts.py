"""Bytecode of the agent: made by the device's own Frida, used where it is there, never waited for."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import frida
import pytest

from device.rig import fake_agent, sleeper
from lightleak.device.agent_link import Link
from lightleak.device.compiled_scripts import CompiledScripts
from lightleak.device.connection import DeviceConnection
from lightleak.device.processes import ProcessInfo
from lightleak.device.targets import DeviceChoice

COMPILE = """
import sys, frida
sys.stdout.buffer.write(frida.get_local_device().attach(0).compile_script(sys.stdin.read(), name="lightleak"))
"""


class Phone:
    """A device with a server, whose system session compiles."""

    type = "usb"

    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.asked: list[int] = []
        self.detached = 0

    async def attach(self, pid: int) -> Any:
        self.asked.append(pid)
        if self.problem is not None:
            raise self.problem
        return self

    async def compile_script(self, source: str, name: str) -> bytes:
        return f"{name} {source}".encode()

    async def detach(self) -> None:
        self.detached += 1


async def settled() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_a_script_is_compiled_once_for_a_device_and_never_waited_for() -> None:
    async def run() -> None:
        scripts, phone, other = CompiledScripts(), Phone(), Phone()

        assert scripts.of(phone, "one") is None
        await settled()
        assert scripts.of(phone, "one") == b"lightleak one"
        assert (phone.asked, phone.detached) == ([0], 1)
        assert scripts.of(other, "one") is None
        scripts.forget()

    asyncio.run(run())


@pytest.mark.parametrize("problem", [frida.InvalidArgumentError("no"), frida.TransportError("closed")])
def test_a_device_that_cannot_compile_is_asked_once(problem: Exception) -> None:
    async def run() -> None:
        scripts, phone = CompiledScripts(), Phone(problem)
        for _ in range(3):
            assert scripts.of(phone, "one") is None
            await settled()

        assert phone.asked == [0]

    asyncio.run(run())


def test_frida_is_not_loaded_into_this_process_for_it() -> None:
    phone = Phone()
    phone.type = "local"

    assert CompiledScripts().of(phone, "one") is None
    assert phone.asked == []


class Ready(CompiledScripts):
    """Scripts that are compiled already, for this machine too."""

    def __init__(self, compiled: bytes) -> None:
        super().__init__()
        self.compiled = compiled

    def of(self, device: Any, source: str) -> bytes | None:
        return None if source in self._refused else self.compiled


@pytest.mark.parametrize("good", [True, False])
def test_bytecode_of_another_process_is_loaded_and_what_is_refused_is_loaded_from_source(good: bool) -> None:
    source = fake_agent()
    made = subprocess.run([sys.executable, "-c", COMPILE], input=source.encode(), capture_output=True, check=True)
    scripts = Ready(made.stdout if good else b"no bytecode")

    async def run() -> None:
        with sleeper() as process:
            device = await DeviceConnection(DeviceChoice()).device()
            link = Link(device, ProcessInfo(process.pid, "sleep"), None, scripts)
            try:
                assert not (await link.open(source, client="A")).busy
            finally:
                await link.close()

    asyncio.run(run())

    assert (source in scripts._refused) is not good
