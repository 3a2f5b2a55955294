"""Reach the device that was chosen, and list what is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import frida
import frida.aio

from lightleak.device.targets import DeviceChoice
from lightleak.device.trouble import device_trouble
from lightleak.errors import DeviceError

Device: TypeAlias = Any
"""frida.aio.Device; frida has no types."""

REACH_S = 4.0
"""How long a device may take to answer: under the 5 s in which a person is told."""

_DEFAULT_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A device as ``lightleak devices`` shows it."""

    id: str
    name: str
    type: str
    """local, usb or remote."""


async def open_device(choice: DeviceChoice) -> Device:
    """Find the device and hear one answer of it. Errors: DeviceError."""
    device = await _find(choice)
    if choice.kind == "remote":
        # Frida connects at the first request only: a wrong token or certificate shows here, not in the middle.
        async with device_trouble(f"reaching {device.name}", timeout_s=REACH_S):
            await device.enumerate_processes()
    return device


async def _find(choice: DeviceChoice) -> Device:
    match choice.kind:
        case "local":
            return await frida.aio.get_local_device()
        case "usb":
            return await _usb_device()
        case "id":
            return await _device_by_id(str(choice.id))
        case "remote":
            async with device_trouble(f"adding {choice.host or _DEFAULT_HOST}", timeout_s=REACH_S):
                manager = frida.aio.get_device_manager()
                return await manager.add_remote_device(choice.host or _DEFAULT_HOST, **choice.remote_options)


async def _usb_device() -> Device:
    try:
        return await frida.aio.get_usb_device(timeout=1)
    except (frida.InvalidArgumentError, frida.TimedOutError) as problem:
        raise DeviceError(
            "no USB device is connected", hint="plug the phone in, unlock it and trust this computer"
        ) from problem


async def _device_by_id(wanted: str) -> Device:
    try:
        return await frida.aio.get_device(wanted, timeout=1)
    except (frida.InvalidArgumentError, frida.TimedOutError) as problem:
        ids = [device.id for device in await list_devices()]
        raise DeviceError(f"there is no device {wanted}", hint="there are " + ", ".join(ids)) from problem


async def list_devices() -> list[DeviceInfo]:
    """List what Frida sees, the local system first, without the stubs for debuggers."""
    async with device_trouble("listing devices", timeout_s=REACH_S):
        devices = await frida.aio.enumerate_devices()
    return [DeviceInfo(d.id, d.name, d.type) for d in devices if d.id != "barebone"]
