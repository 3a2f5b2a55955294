"""What the process that is to be watched tells: bridge, hooks, permission, recording."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lightleak.device.doctor.finding import Finding, ok, unknown
from lightleak.device.helpers.answers import AppAccess, SelfTest

_PHOTOS = "Settings, Privacy & Security, Photos"
_REPORT = "Settings, Privacy & Security, App Privacy Report, Turn On"


def check_bridge(bridge: bool, probes: list[dict[str, Any]]) -> Finding:
    """See that the agent finds Objective-C, and what it would hook."""
    if not bridge:
        return Finding(
            "bridge", "problem", "the process has no Objective-C runtime", "nothing of Photos can be hooked there",
            "name an app; lightleak apps lists them",
        )  # fmt: skip
    missing = [row for row in probes if row.get("status") == "skipped"]
    required = [str(row.get("symbol")) for row in missing if row.get("required")]
    found = f"the bridge works; {len(probes) - len(missing)} of {len(probes)} probes would install"
    if not required:
        return ok("bridge", found)
    return Finding(
        "bridge", "problem", f"{found}; missing: {', '.join(required[:3])}",
        "what these would have seen cannot be told from what did not happen",
        "open the app's photo view once, so that Photos is loaded, and try again",
    )  # fmt: skip


def check_selftest(test: SelfTest) -> Iterator[Finding]:
    """See that functions can be hooked there, and C be compiled."""
    if test.hook is None:
        yield ok("hooks", "a function of the system's was hooked and seen")
    else:
        yield Finding(
            "hooks", "problem", f"functions cannot be hooked: {test.hook}",
            "without a jailbreak, iOS lets code be changed only under a debugger",
            "see docs/doctor.md, Without a jailbreak",
        )  # fmt: skip
    if test.compiler is None:
        yield ok("compiler", "C can be compiled in the process")
    else:
        yield Finding(
            "compiler", "warning", f"C cannot be compiled: {test.compiler}",
            "hooks are slower, and work that a callback hands on is not followed",
            "install the frida-server of this machine's version on the device",
        )  # fmt: skip


def check_permission(look: AppAccess) -> Finding:
    """Return what the app may see of the library."""
    match look.permission:
        case None:
            return unknown("permission", "Photos is not loaded in this process", "open the app's photo view once")
        case "authorized":
            return ok("permission", "the app may read all photos")
        case "limited":
            return Finding(
                "permission", "warning", "the app may read chosen photos only",
                "it behaves as with few photos, which is not how most people use it", f"{_PHOTOS}, the app, Full Access",
            )  # fmt: skip
        case "not-determined":
            return Finding(
                "permission", "warning", "the app has not asked yet",
                "until it is allowed to, it reads nothing and the report stays empty",
                "open the app, and answer its question with Full Access",
            )  # fmt: skip
    return Finding(
        "permission", "problem", f"the app's access to photos is {look.permission}",
        "it reads nothing and the report stays empty", f"{_PHOTOS}, the app, Full Access",
    )  # fmt: skip


def check_recording(look: AppAccess) -> Finding:
    """Return whether accesses are noted for the report."""
    match look.recording:
        case None:
            return unknown("recording", "the process has no class PAAccessLogger, which knows", f"look in {_REPORT}")
        case True:
            return ok("recording", "accesses are noted for App Privacy Report")
    return Finding(
        "recording", "problem", "App Privacy Report is off",
        "nothing is noted, and later nothing can be compared", _REPORT,
    )  # fmt: skip
