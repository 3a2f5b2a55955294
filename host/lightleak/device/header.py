"""Make the first line of a session: which device, which app, which tool."""

from __future__ import annotations

from typing import Any

from lightleak._version import __version__
from lightleak.device.connect import REACH_S, Device
from lightleak.device.protocol import Description
from lightleak.device.trouble import device_trouble
from lightleak.errors import DeviceError
from lightleak.events import FORMAT, FORMAT_VERSION


async def session_header(session: str, device: Device, description: Description) -> dict[str, Any]:
    """Ask the device who it is, and add what the agent knows better; what nobody says is null."""
    system = await _system(device)
    return {
        "kind": "header",
        "format": FORMAT,
        "version": FORMAT_VERSION,
        "session": session,
        "tool": f"lightleak {__version__}",
        "device": {
            "name": system.get("name") or device.name,
            "model": description.model,
            "os": (system.get("os") or {}).get("name"),
            "os_version": description.os_version or (system.get("os") or {}).get("version"),
            "time_zone": description.time_zone,
        },
        "target": {
            "identifier": description.identifier,
            "name": description.bundle_name or description.process,
            "version": description.bundle_version,
        },
    }


async def _system(device: Device) -> dict[str, Any]:
    try:
        async with device_trouble("asking for the system's parameters", timeout_s=REACH_S):
            parameters: dict[str, Any] = await device.query_system_parameters()
    except DeviceError:
        # A portal has none: the names below then come from the agent.
        return {}
    return parameters
