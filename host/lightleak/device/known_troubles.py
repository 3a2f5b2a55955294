"""What is known to go wrong between a machine, Frida and a phone, and what to do about it: data, and when each applies.

Faults of single releases of Frida are in ``doctor/known_issues.py``. None was reproduced by us on a phone.
"""

from __future__ import annotations

import platform
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from lightleak.device.system import DeviceSystem, release
from lightleak.errors import HarmError


def _in_virtual_machine() -> bool:
    """Return whether the processor says that this machine is virtual; False where it does not say."""
    try:
        # Source: Linux, arch/x86/include/asm/cpufeatures.h, X86_FEATURE_HYPERVISOR.
        return " hypervisor" in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Machine:
    """What matters of this machine."""

    system: str = field(default_factory=lambda: sys.platform)
    kernel: str = field(default_factory=platform.release)
    virtual: bool = field(default_factory=_in_virtual_machine)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known before the first contact."""

    system: DeviceSystem
    """Empty where the device was not reached."""
    usb: bool = False
    """Whether the device is on the cable."""
    machine: Machine = field(default_factory=Machine)


@dataclass(frozen=True, slots=True)
class KnownTrouble:
    """One trouble, when it applies, and what to do."""

    name: str
    when: str
    """``applies`` in words."""
    applies: Callable[[Circumstances], bool]
    seen: str
    """What one sees."""
    remedy: str
    source: str
    severity: Literal["stop", "warning"] = "warning"
    """``stop``: even a list of processes can harm the phone, so that it is not asked for one."""


def _jailbroken_26(now: Circumstances) -> bool:
    return now.system.access == "full" and now.system.ios_within("26")


def _jailed(now: Circumstances, first: str, before: str = "9999") -> bool:
    return now.system.access == "jailed" and now.system.ios_within(first, before)


KNOWN_TROUBLES: tuple[KnownTrouble, ...] = (
    KnownTrouble(
        "enumeration panics",
        "a jailbroken phone with iOS 26 or later",
        _jailbroken_26,
        "listing processes panics the phone (“initproc exited”): it restarts, and the jailbreak is lost",
        "install a frida-server that patches memory through the jailbreak (frida-gum pull request 1150) and a Dopamine with its"
        " counterpart (pull requests 999 and 1000), or use a phone with iOS 15 to 18",
        "frida issue 3773, open; Dopamine issues 938 and 979",
        "stop",
    ),
    KnownTrouble(
        "spawn panics",
        "a jailbroken phone with iOS 26 or later",
        _jailbroken_26,
        "starting an app (-f, -W, and watch, which holds launches) panics the phone in the same way",
        "the same; and attach to running apps",
        "frida issue 3773, open; Dopamine issue 938",
        "stop",
    ),
    KnownTrouble(
        "injection fails",
        "a jailbroken phone with iOS 26 or later",
        _jailbroken_26,
        "with Dopamine 3.0.9, nothing can be injected into an app that has a sandbox",
        "the same, with another version of Dopamine",
        "Dopamine issue 985",
        "stop",
    ),
    KnownTrouble(
        "Gadget on iOS 26",
        "a phone without frida-server, with iOS 26 or later",
        lambda now: _jailed(now, "26"),
        "an app with Gadget inside ends at its start (brk #0x539), unless a debugger is attached",
        "embed Gadget 17.9.8 or later, or start the app from Xcode",
        "frida issues 3650, 3621, 3622, 3668 and 3770; Frida 17.9.7 and 17.9.8",
    ),
    KnownTrouble(
        "Developer Mode",
        "a phone without frida-server, with iOS 16 or later",
        lambda now: _jailed(now, "16"),
        "with Developer Mode off, apps that you built do not start and cannot be attached to",
        "on the phone: Settings, Privacy & Security, Developer Mode, On",
        "Apple, Enabling Developer Mode on a device",
    ),
    KnownTrouble(
        "disk image",
        "a phone without frida-server",
        lambda now: _jailed(now, "0"),
        "“requires an iOS Developer Disk Image to be mounted”, when an app is listed, started or attached to",
        "connect the phone to Xcode once, or run pymobiledevice3 mounter auto-mount; again after each restart of the phone",
        "frida-core, src/fruity/fruity-host-session.vala",
    ),
    KnownTrouble(
        "tunnel",
        "a phone without frida-server, with iOS 17.0 to 17.3, on a machine that is no Mac",
        lambda now: _jailed(now, "17", "17.4") and now.machine.system != "darwin",
        "the phone's services for developers cannot be reached: they need a tunnel, which only macOS makes by itself",
        "update the phone to iOS 17.4 or later, whose tunnel needs no driver, or use a Mac",
        "frida issue 2663; pymobiledevice3 issue 977 and pull request 1944",
    ),
    KnownTrouble(
        "USB in a virtual machine",
        "a virtual machine with a Linux kernel up to 6.11, and a phone on the cable",
        lambda now: now.usb and now.machine.system == "linux" and now.machine.virtual
        and release(now.machine.kernel) < (6, 12),
        "the phone disconnects from the virtual machine as soon as Frida uses it",
        "use a kernel from 6.12 on, or the machine outside, or frida-server over the network (-H)",
        "frida issue 3429",
    ),
)  # fmt: skip
"""In the order in which they are shown."""


def known_troubles(now: Circumstances) -> Iterator[KnownTrouble]:
    """Yield the troubles that apply."""
    for trouble in KNOWN_TROUBLES:
        if trouble.applies(now):
            yield trouble


def refuse_harm(name: str, system: DeviceSystem) -> None:
    """Check that listing processes is not known to harm the device. Raises: HarmError."""
    if any(trouble.severity == "stop" for trouble in known_troubles(Circumstances(system))):
        raise HarmError(
            f"{name} runs iOS {system.version or 'of an unknown version'} with frida-server: even a list of its processes"
            " can panic it, and the jailbreak is then lost",
            hint="lightleak doctor shows what is known and what helps; --i-know goes on, also for a Gadget on a network",
        )
