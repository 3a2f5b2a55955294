"""One question to a device, asked from ordinary code: what is there, what could be hooked."""

from __future__ import annotations

import asyncio
from typing import Any

from lightleak.device.agent_bundle import agent_source
from lightleak.device.agent_link import START_S, Link
from lightleak.device.connection import DeviceConnection, DeviceInfo, list_devices
from lightleak.device.processes import ProcessInfo, find_process, list_processes, spawned
from lightleak.device.protocol import decode_probes
from lightleak.device.targets import Await, DeviceChoice, SpawnFile, Target
from lightleak.errors import UsageError


def devices() -> list[DeviceInfo]:
    """List the devices. Errors: DeviceError."""
    return asyncio.run(list_devices())


def processes(choice: DeviceChoice) -> list[ProcessInfo]:
    """List what runs on a device and the apps that do not. Errors: DeviceError."""

    async def ask() -> list[ProcessInfo]:
        reach = DeviceConnection(choice)
        try:
            return await list_processes(await reach.device())
        finally:
            await reach.close()

    return asyncio.run(ask())


def probes(choice: DeviceChoice, target: Target) -> list[dict[str, Any]]:
    """Ask the agent in a target what it would hook and what not, and why. Errors: DeviceError."""
    return asyncio.run(_probes(DeviceConnection(choice), target, agent_source()))


async def _probes(reach: DeviceConnection, target: Target, source: str) -> list[dict[str, Any]]:
    if isinstance(target, Await):
        raise UsageError("probes needs a target that is there", hint="name one that runs, or start one with -f")
    try:
        if isinstance(target, SpawnFile):
            async with spawned(reach, target, keep=False) as process:
                return await _ask(reach, process, source)
        return await _ask(reach, await find_process(await reach.device(), target), source)
    finally:
        await reach.close()


async def _ask(reach: DeviceConnection, process: ProcessInfo, source: str) -> list[dict[str, Any]]:
    link = Link(await reach.device(), process)
    description = await link.open(source)
    try:
        wanted = {"set": "assetsd" if description.process == "assetsd" else "app"}
        return decode_probes(await link.call("probe", wanted, timeout_s=START_S))
    finally:
        await link.close()
