"""Checks of Frida's own process on the device: its version, jailbreak, root, disk, clock.

Separate because these five need frida-server's process, and no app.
"""

from __future__ import annotations

from collections.abc import Iterable

import frida

from lightleak.device.clocks import ClockOffset
from lightleak.device.doctor.finding import Finding, Status, ok
from lightleak.device.doctor.known_issues import Jailbreak, known_issues
from lightleak.device.helpers.answers import ServerEnvironment
from lightleak.device.system import release
from lightleak.events import NS_PER_MS, NS_PER_S

ROOTLESS = ("/var/jb", "/var/jb/.procursus_strapped", "/var/jb/usr/lib/libellekit.dylib")
"""Source: The Apple Wiki, "Rootless" (all packages live below the link /var/jb); Theos documentation, "Rootless"."""
ROOTFUL = (
    "/Library/MobileSubstrate/DynamicLibraries",
    "/usr/lib/libsubstrate.dylib",
    "/usr/lib/libhooker.dylib",
    "/usr/lib/libellekit.dylib",
    "/.procursus_strapped",
    "/Applications/Cydia.app",
    "/Applications/Sileo.app",
)
"""Source: the same; packages on the system's own volume."""

MARKERS = [*ROOTLESS, *ROOTFUL]


def jailbreak_kind(present: Iterable[str]) -> Jailbreak:
    """Return the kind of jailbreak; rootless wins, because rootful tools may have left files behind."""
    there = set(present)
    if there & set(ROOTLESS):
        return "rootless"
    return "rootful" if there & set(ROOTFUL) else "none"


MB = 1_000_000
SCARCE_BYTES = 500 * MB
OFF_NS, FAR_OFF_NS = 2 * NS_PER_S, 60 * NS_PER_S
"""A phone that sets its clock from the network is off by tenths of a second; a host can be off by a little more."""


def check_device_frida(version: str, jailbreak: Jailbreak, ios: str | None, own: str | None = None) -> Finding:
    """Compare the device's Frida with the host's, and with the releases known to fail."""
    own = str(frida.__version__) if own is None else own
    found = f"Frida {version} on the device, {own} here"
    if release(version)[0] != release(own)[0]:
        return Finding(
            "device-frida", "problem", found, "different major versions are not compatible",
            f"install frida-server {own} on the device, or pip install frida=={version}",
        )  # fmt: skip
    faults = sorted(known_issues(version, "device", jailbreak=jailbreak, ios=ios), key=lambda fault: not fault.worst)
    for fault in faults:
        status: Status = "problem" if fault.worst else "warning"
        return Finding("device-frida", status, found, f"{fault.what} ({fault.source})", fault.remedy)
    if version != own:
        return Finding(
            "device-frida", "warning", found, "only equal versions are tested together",
            f"install frida-server {own} on the device, or pip install frida=={version}",
        )  # fmt: skip
    return ok("device-frida", found)


def check_jailbreak(environment: ServerEnvironment, access: str | None) -> tuple[Finding, Jailbreak]:
    """Check the kind of jailbreak, and return it too. ``access``: Frida's word for it, ``full`` or ``jailed``."""
    kind = jailbreak_kind(environment.present)
    if kind != "none":
        return ok("jailbreak", f"{kind} ({', '.join(environment.present[:3])})"), kind
    if environment.platform != "darwin":
        return ok("jailbreak", f"not a phone: {environment.platform}"), "unknown"
    if access == "full":
        return ok("jailbreak", "full access, but no files of a known jailbreak"), "unknown"
    return Finding(
        "jailbreak", "warning", "none found",
        "only apps with Gadget inside or with debugging allowed can be watched; assetsd and the store cannot",
        "see docs/doctor.md, Without a jailbreak",
    ), "none"  # fmt: skip


def check_root(environment: ServerEnvironment) -> Finding:
    """Check that Frida's process may attach to every app."""
    if environment.uid == 0:
        return ok("root", "Frida's process runs as root")
    return Finding(
        "root", "problem", f"Frida's process runs as user {environment.uid}",
        "it cannot attach to apps, nor read the privacy store",
        "start it as root: on the phone, sudo frida-server --daemonize",
    )  # fmt: skip


def check_device_disk(environment: ServerEnvironment) -> Finding:
    """Check that the phone has free space."""
    if environment.free_bytes is None:
        return Finding("device-disk", "unknown", "the device does not report it")
    found = f"{environment.free_bytes / 1e9:.1f} GB free on the device"
    if environment.free_bytes >= SCARCE_BYTES:
        return ok("device-disk", found)
    return Finding(
        "device-disk", "warning", f"{environment.free_bytes / MB:.0f} MB free on the device",
        "iOS ends apps and deletes what it can, and --spool has no space", "free space in Settings, General, iPhone Storage",
    )  # fmt: skip


def check_clock(offset: ClockOffset) -> Finding:
    """Compare the device's clock with the host's. No verdict uses the host's clock, but users write notes by it."""
    off_ns = offset.host_offset_ns
    bound_ms = offset.error_ns / NS_PER_MS
    found = f"the device's clock is {abs(off_ns) / NS_PER_S:.1f} s {'ahead' if off_ns > 0 else 'behind'} (± {bound_ms:.0f} ms)"
    if abs(off_ns) <= OFF_NS + offset.error_ns:
        return ok("clock", "the device's clock agrees with this one" if abs(off_ns) < NS_PER_S // 10 else found)
    return Finding(
        "clock",
        "problem" if abs(off_ns) >= FAR_OFF_NS else "warning",
        found,
        "if it is corrected during a recording, the times of session and report jump, and the times in your notes do not match",
        "Settings, General, Date & Time, Set Automatically (and the same here)",
    )
