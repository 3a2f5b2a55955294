"""Single questions to a device: which devices there are, what runs there, which hooks could be set."""

from __future__ import annotations

import asyncio
from typing import Any

from lightleak.device.agent_bundle import agent_source
from lightleak.device.agent_link import START_S, Link
from lightleak.device.connection import Device, DeviceConnection, DeviceInfo, list_devices
from lightleak.device.processes import ProcessInfo, find_process, list_processes, spawned
from lightleak.device.protocol import Description, decode_probes
from lightleak.device.targets import Await, DeviceChoice, SpawnFile, Target
from lightleak.errors import UsageError


def devices() -> list[DeviceInfo]:
    """List the devices. Raises: DeviceError."""
    return asyncio.run(list_devices())


def processes(choice: DeviceChoice) -> list[ProcessInfo]:
    """List the processes of a device and the apps that do not run. Raises: DeviceError."""

    async def ask() -> list[ProcessInfo]:
        connection = DeviceConnection(choice)
        try:
            return await list_processes(await connection.device())
        finally:
            await connection.close()

    return asyncio.run(ask())


def probes(choice: DeviceChoice, target: Target) -> list[dict[str, Any]]:
    """Ask which hooks could be set in a target, and why not the others. Raises: DeviceError, UsageError."""
    return asyncio.run(_probes(DeviceConnection(choice), target, agent_source()))


async def _probes(connection: DeviceConnection, target: Target, source: str) -> list[dict[str, Any]]:
    if isinstance(target, Await):
        raise UsageError("probes needs a target that is running", hint="name a running app, or start a program with -f")
    try:
        device = await connection.device()
        if isinstance(target, SpawnFile):
            async with spawned(connection, target, keep=False) as process:
                _, rows = await query_hooks(device, process, source)
        else:
            _, rows = await query_hooks(device, await find_process(device, target), source)
        return rows
    finally:
        await connection.close()


async def query_hooks(device: Device, process: ProcessInfo, source: str) -> tuple[Description, list[dict[str, Any]]]:
    """Load the agent into a process and ask which hooks it could set: who it is, and a row for each probe.

    Nothing is hooked, and the agent is unloaded again. Raises: DeviceError.
    """
    link = Link(device, process)
    description = await link.open(source)
    try:
        wanted = {"set": "assetsd" if description.process == "assetsd" else "app"}
        return description, decode_probes(await link.call("probe", wanted, timeout_s=START_S))
    finally:
        await link.close()
