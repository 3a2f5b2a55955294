"""Connect to the chosen device, and list devices."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any, TypeAlias

import frida
import frida.aio

from lightleak.device.compiled_scripts import CompiledScripts
from lightleak.device.frida_errors import translate_errors
from lightleak.device.known_troubles import refuse_harm
from lightleak.device.system import REACH_S, DeviceSystem, ask_system
from lightleak.device.targets import DeviceChoice
from lightleak.errors import DeviceError

Device: TypeAlias = Any
"""frida.aio.Device; frida has no types."""

CLOSE_S = 1.0

_DEFAULT_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class DeviceInfo:
    """A device as ``lightleak devices`` shows it."""

    id: str
    name: str
    type: str
    """local, usb or remote."""


class DeviceConnection:
    """The connection to one device; it is found again after it was lost."""

    def __init__(self, choice: DeviceChoice) -> None:
        self._choice = choice
        self.system = DeviceSystem()
        """What the device said of its system."""
        self.scripts = CompiledScripts()
        """Bytecode for the device's apps."""
        self._manager: Any = None
        self._device: Device = None

    async def device(self) -> Device:
        """Return the device once it has answered.

        Raises: DeviceError when it cannot be reached; HarmError when the next request may harm it, and the user has not
        said ``--i-know``.
        """
        if self._device is None or self._device.is_lost:
            await self.close()
            device = await self._find()
            # Frida connects only at the first request: a wrong token shows here, not later.
            self.system = await ask_system(device, f"reaching {device.name}")
            if not self._choice.i_know:
                refuse_harm(str(device.name), self.system)
            self._device = device
        return self._device

    def doubt(self) -> None:
        """Connect again next time: a connection can be dead without a report of it."""
        if self._choice.kind == "remote":
            self._device = None

    async def close(self) -> None:
        """Disconnect from the device."""
        self.scripts.forget()
        self._device, manager, self._manager = None, self._manager, None
        if manager is not None:
            with contextlib.suppress(DeviceError):
                async with translate_errors("closing", timeout_s=CLOSE_S):
                    await manager.close()

    async def _find(self) -> Device:
        match self._choice.kind:
            case "local":
                return await frida.aio.get_local_device()
            case "usb":
                return await _usb_device()
            case "id":
                return await _device_by_id(str(self._choice.id))
            case "remote":
                return await self._remote_device(self._choice.host or _DEFAULT_HOST)

    async def _remote_device(self, host: str) -> Device:
        # Its own manager: one that waits for a dead connection would make the next connection wait too.
        self._manager = frida.aio.DeviceManager()
        async with translate_errors(f"adding {host}", timeout_s=REACH_S):
            return await self._manager.add_remote_device(host, **self._choice.remote_options)


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
    """List the devices that Frida sees, the local system first, without its debugger stub. Raises: DeviceError."""
    async with translate_errors("listing devices", timeout_s=REACH_S):
        devices = await frida.aio.enumerate_devices()
    return [DeviceInfo(d.id, d.name, d.type) for d in devices if d.id != "barebone"]
