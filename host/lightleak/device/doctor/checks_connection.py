"""Whether the device answers, and how safely: USB or network, token, certificate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from lightleak.device.connection import Device
from lightleak.device.doctor.finding import Finding, ok
from lightleak.device.targets import DeviceChoice
from lightleak.errors import DeviceError

_LOOPBACK = ("127.", "localhost", "[::1]", "::1")
_OPEN = "whoever reaches this server can read every app on the phone"


def name_of(choice: DeviceChoice) -> str:
    """Name the device as the person did."""
    match choice.kind:
        case "usb":
            return "the USB device"
        case "id":
            return f"device {choice.id}"
        case "remote":
            return choice.host or "127.0.0.1"
    return "this machine"


def reached(choice: DeviceChoice, device: Device) -> Iterator[Finding]:
    """Return of a device that answers."""
    if choice.kind != "remote":
        way = "over USB" if device.type == "usb" else "on this machine" if device.type == "local" else "through Frida"
        yield ok("reach", f"{device.name} answers {way}")
        yield ok("token", "not needed: no network")
        yield ok("certificate", "not needed: no network")
        return
    yield ok("reach", f"{name_of(choice)} answers over the network")
    near = choice.host is None or choice.host.startswith(_LOOPBACK)
    yield _safety("token", choice.token, near=near, taken="the server took the token", bare="no token is asked for")
    yield _safety(
        "certificate", choice.certificate, near=near, taken="TLS, with the certificate expected", bare="no TLS"
    )


def unreached(choice: DeviceChoice, problem: DeviceError) -> Iterator[Finding]:
    """Return of a device that refuses or does not answer: the check that failed."""
    why = f"nothing can be asked of {name_of(choice)}"
    for check in ("token", "certificate"):
        if check in problem.message:
            yield ok("reach", f"{name_of(choice)} answers over the network")
            yield Finding(check, "problem", problem.message, why, problem.hint)
            return
    yield Finding("reach", "problem", problem.message, why, problem.hint)


def _safety(check: Literal["token", "certificate"], given: str | None, *, near: bool, taken: str, bare: str) -> Finding:
    if given:
        return ok(check, taken)
    if near:
        return ok(check, f"{bare}; the connection is this machine's own (a tunnel, or the stand-in)")
    return Finding(check, "warning", bare, _OPEN, f"start frida-server with --{check}, and give the same here")
