"""Checks of the process to watch: Objective-C, hooks, permission, recording.

Separate because these need an app, and none of the others does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lightleak.device.doctor.finding import Finding, ok, unknown
from lightleak.device.helpers.answers import AppAccess, SelfTest

_PHOTOS = "Settings, Privacy & Security, Photos"
_REPORT = "Settings, Privacy & Security, App Privacy Report, Turn On"


def check_bridge(bridge: bool, probes: list[dict[str, Any]]) -> Finding:
    """Check that the agent finds Objective-C, and which probes it could install."""
    if not bridge:
        return Finding(
            "bridge", "problem", "the process has no Objective-C runtime", "Photos cannot be hooked there",
            "name an app; lightleak apps lists them",
        )  # fmt: skip
    missing = [probe for probe in probes if probe.get("status") == "skipped"]
    required = [str(row.get("symbol")) for row in missing if row.get("required")]
    found = f"the bridge works; {len(probes) - len(missing)} of {len(probes)} probes would install"
    if not required:
        return ok("bridge", found)
    return Finding(
        "bridge", "problem", f"{found}; missing: {', '.join(required[:3])}",
        "events of these probes would be missing without a sign of it",
        "open the app's photo view once, so that Photos is loaded, and try again",
    )  # fmt: skip


def check_selftest(test: SelfTest) -> Iterator[Finding]:
    """Check that functions can be hooked there, and C can be compiled."""
    if test.hook is None:
        yield ok("hooks", "a system function was hooked and its call seen")
    else:
        yield Finding(
            "hooks", "problem", f"functions cannot be hooked: {test.hook}",
            "without a jailbreak, iOS allows code to be changed only under a debugger",
            "see docs/doctor.md, Without a jailbreak",
        )  # fmt: skip
    if test.compiler is None:
        yield ok("compiler", "C can be compiled in the process")
    else:
        yield Finding(
            "compiler", "warning", f"C cannot be compiled: {test.compiler}",
            "hooks are slower, and work that a callback dispatches is not followed",
            "install the frida-server of this machine's version on the device",
        )  # fmt: skip


def check_permission(access: AppAccess) -> Finding:
    """Check the app's permission for the photo library."""
    match access.permission:
        case None:
            return unknown("permission", "Photos is not loaded in this process", "open the app's photo view once")
        case "authorized":
            return ok("permission", "the app may read all photos")
        case "limited":
            return Finding(
                "permission", "warning", "the app may only read selected photos",
                "it behaves as with a small library, unlike for most users", f"{_PHOTOS}, the app, Full Access",
            )  # fmt: skip
        case "not-determined":
            return Finding(
                "permission", "warning", "the app has not asked yet",
                "until it has permission, it reads nothing and the report stays empty",
                "open the app, and answer its prompt with Full Access",
            )  # fmt: skip
    return Finding(
        "permission", "problem", f"the app's access to photos is {access.permission}",
        "it reads nothing and the report stays empty", f"{_PHOTOS}, the app, Full Access",
    )  # fmt: skip


def check_recording(access: AppAccess) -> Finding:
    """Check that accesses are logged for the report."""
    match access.recording:
        case None:
            return unknown("recording", "the process does not have the class PAAccessLogger", f"check {_REPORT}")
        case True:
            return ok("recording", "accesses are logged for App Privacy Report")
    return Finding(
        "recording", "problem", "App Privacy Report is off",
        "nothing is logged, so that nothing can be compared later", _REPORT,
    )  # fmt: skip
