"""One question to a device, asked from ordinary code: what is there, what could be hooked."""

from __future__ import annotations

import asyncio
from typing import Any

from lightleak.device.agent import agent_source
from lightleak.device.connect import DeviceInfo, Reach, list_devices
from lightleak.device.launch import abandon, spawn
from lightleak.device.link import Link
from lightleak.device.processes import ProcessInfo, find_process, list_processes
from lightleak.device.protocol import decode_probes
from lightleak.device.targets import Await, DeviceChoice, SpawnFile, Target
from lightleak.errors import UsageError


def devices() -> list[DeviceInfo]:
    """List the devices. Errors: DeviceError."""
    return asyncio.run(list_devices())


def processes(choice: DeviceChoice) -> list[ProcessInfo]:
    """List what runs on a device and the apps that do not. Errors: DeviceError."""

    async def ask() -> list[ProcessInfo]:
        reach = Reach(choice)
        try:
            return await list_processes(await reach.device())
        finally:
            await reach.close()

    return asyncio.run(ask())


def probes(choice: DeviceChoice, target: Target) -> list[dict[str, Any]]:
    """Ask the agent in a target what it would hook and what not, and why. Errors: DeviceError."""
    return asyncio.run(_probes(Reach(choice), target, agent_source()))


async def _probes(reach: Reach, target: Target, source: str) -> list[dict[str, Any]]:
    if isinstance(target, Await):
        raise UsageError("probes needs a target that is there", hint="name one that runs, or start one with -f")
    device = await reach.device()
    try:
        if isinstance(target, SpawnFile):
            process = await spawn(reach, target)
        else:
            process = await find_process(device, target)
        link = Link(device, process)
        try:
            description = await link.open(source)
            wanted = {"set": "assetsd" if description.process == "assetsd" else "app"}
            return decode_probes(await link.call("probe", wanted, timeout_s=15))
        finally:
            await link.close()
            if isinstance(target, SpawnFile):
                await abandon(device, process)
    finally:
        await reach.close()
