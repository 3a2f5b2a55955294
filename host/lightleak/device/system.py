"""What a device says of its system: the first question to it, because nothing is enumerated or injected for the answer.

Source: frida-core, ``query_system_parameters``. frida-server answers by itself, with access ``full`` (lib/base/session.vala,
compute_system_parameters). On a cable without frida-server the phone's lockdown service answers, with access ``jailed``
(src/fruity/fruity-host-session.vala). A simulator has access ``full`` too (src/simmy/simmy-host-session.vala). A Gadget that is
reached over a network answers as frida-server does (lib/gadget/gadget.vala). A portal does not answer (src/portal-service.vala).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import frida

from lightleak.device.frida_errors import translate_errors
from lightleak.errors import DeviceError

Release: TypeAlias = tuple[int, ...]
Access: TypeAlias = Literal["full", "jailed"]

REACH_S = 4.0
"""How long a device may take to answer: less than the 5 s after which the user must see an error."""

_SIMULATOR_UDID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
"""A phone's is 40 digits, or 8 and 16."""


def release(text: str) -> Release:
    """Return the numbers of a version: 17.16.4 → (17, 16, 4); (0,) where it has none."""
    return tuple(int(number) for number in re.findall(r"\d{1,9}", text.split("-", maxsplit=1)[0])) or (0,)


@dataclass(frozen=True, slots=True)
class DeviceSystem:
    """A device's system, as far as the device names it."""

    id: str | None = None
    """``ios``, ``macos``, or the name of a Linux distribution."""
    name: str | None = None
    version: str | None = None
    access: Access | None = None
    """``full``: frida-server runs there. ``jailed``: it does not."""
    device: str | None = None
    """The name that its user gave it."""
    simulator: bool = False
    product: str | None = None
    """Its type, such as iPhone15,2, where the phone's lockdown service answered."""
    board: str | None = None
    """The name of its board, such as D73AP, where the phone's lockdown service answered."""

    @property
    def is_phone(self) -> bool:
        """Whether it runs iOS, and is no simulator."""
        return self.id == "ios" and not self.simulator

    def ios_within(self, first: str, before: str = "9999") -> bool:
        """Return whether it is a phone with an iOS from ``first`` on and before ``before``; True when the version is unknown."""
        if not self.is_phone:
            return False
        version = release(self.version or "")
        # No iOS is 0: a version without numbers is as good as none.
        return version == (0,) or release(first) <= version < release(before)


async def ask_system(device: Any, doing: str) -> DeviceSystem:
    """Return the system of a ``frida.aio.Device``; an empty one when it has no answer. ``doing`` is for the error.

    Raises: DeviceError.
    """
    try:
        async with translate_errors(doing, timeout_s=REACH_S):
            parameters = await device.query_system_parameters()
    except DeviceError as problem:
        if isinstance(problem.__cause__, frida.NotSupportedError):
            return DeviceSystem()
        raise
    return read_system(parameters)


def read_system(parameters: dict[str, Any]) -> DeviceSystem:
    """Read Frida's answer."""
    system = parameters.get("os") or {}
    access = parameters.get("access")
    # Only a simulator names its hardware and has full access; both signs are asked for, since a phone must not pass for one.
    simulator = (
        access == "full" and "hardware" in parameters
        and _SIMULATOR_UDID.fullmatch(str(parameters.get("udid"))) is not None
    )  # fmt: skip
    hardware = parameters.get("hardware")
    # A simulator's product is the name that its user gave it.
    named = hardware if isinstance(hardware, dict) and not simulator else {}
    return DeviceSystem(
        id=system.get("id"),
        name=system.get("name"),
        version=system.get("version"),
        access=access if access in ("full", "jailed") else None,
        device=parameters.get("name"),
        simulator=simulator,
        product=_text(named.get("product")),
        board=_text(named.get("model")),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
