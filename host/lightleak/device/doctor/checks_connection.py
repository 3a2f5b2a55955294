"""Checks of the connection: whether the device answers, and how safe that is.

Separate because these need only the choice of a device and its first answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from lightleak.device.connection import Device
from lightleak.device.doctor.finding import Finding, ok
from lightleak.device.known_troubles import Circumstances, known_troubles
from lightleak.device.targets import DeviceChoice
from lightleak.errors import CredentialError, DeviceError

_LOOPBACK = ("127.", "localhost", "[::1]", "::1")
_OPEN = "anyone who can connect to this server can read every app on the phone"


def name_of(choice: DeviceChoice) -> str:
    """Return the device as the user named it."""
    match choice.kind:
        case "usb":
            return "the USB device"
        case "id":
            return f"device {choice.id}"
        case "remote":
            return choice.host or "127.0.0.1"
    return "this machine"


def reached(choice: DeviceChoice, device: Device) -> Iterator[Finding]:
    """Yield the findings for a device that answers. ``device``: None when it is not to be asked any more."""
    if choice.kind != "remote":
        kind = choice.kind if device is None else device.type
        medium = "over USB" if kind == "usb" else "on this machine" if kind == "local" else "through Frida"
        yield ok("reach", f"{name_of(choice) if device is None else device.name} answers {medium}")
        yield ok("token", "not needed: no network")
        yield ok("certificate", "not needed: no network")
        return
    yield ok("reach", f"{name_of(choice)} answers over the network")
    near = choice.host is None or choice.host.startswith(_LOOPBACK)
    yield _safety("token", choice.token, near=near, taken="the server accepted the token", bare="no token is required")
    yield _safety(
        "certificate", choice.certificate, near=near, taken="TLS, with the expected certificate", bare="no TLS"
    )


def unreached(choice: DeviceChoice, problem: DeviceError) -> Iterator[Finding]:
    """Yield the check that failed for a device that refuses or does not answer."""
    why = f"nothing can be checked on {name_of(choice)}"
    if isinstance(problem, CredentialError):
        yield ok("reach", f"{name_of(choice)} answers over the network")
        yield Finding(problem.credential, "problem", problem.message, why, problem.hint)
        return
    yield Finding("reach", "problem", problem.message, why, problem.hint)


def check_troubles(now: Circumstances, *, warned: bool = False) -> Finding:
    """Check what is known to go wrong here. ``warned``: the user goes on all the same, so that nothing prevents it."""
    troubles = list(known_troubles(now))
    if not troubles:
        return ok(
            "known-troubles", "none is known for this phone and machine" if now.system.is_phone else "none is known"
        )
    stops = not warned and any(trouble.severity == "stop" for trouble in troubles)
    version = f"iOS {now.system.version or 'of an unknown version'}" if now.system.is_phone else "this machine"
    return Finding(
        "known-troubles",
        "problem" if stops else "warning",
        f"known for {version}: {', '.join(trouble.name for trouble in troubles)}",
        "; ".join(f"{trouble.name}: {trouble.seen} ({trouble.source})" for trouble in troubles),
        "; ".join(f"{trouble.name}: {trouble.remedy}" for trouble in troubles)
        + ("; --i-know goes on all the same" if stops else ""),
    )


def _safety(check: Literal["token", "certificate"], given: str | None, *, near: bool, taken: str, bare: str) -> Finding:
    if given:
        return ok(check, taken)
    if near:
        return ok(check, f"{bare}; the connection stays on this machine (a tunnel, or the stand-in)")
    return Finding(check, "warning", bare, _OPEN, f"start frida-server with --{check}, and pass the same here")
