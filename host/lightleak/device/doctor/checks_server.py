"""What Frida's own process on the device tells: its version, the jailbreak, root, room."""

from __future__ import annotations

from collections.abc import Iterable

import frida

from lightleak.device.clocks import ClockOffset
from lightleak.device.doctor.finding import Finding, Status, ok
from lightleak.device.doctor.known_issues import Jailbreak, known_faults, release
from lightleak.device.helpers.answers import Ground
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
"""Source: the same: packages on the system's own volume."""

MARKERS = [*ROOTLESS, *ROOTFUL]


def jailbreak_kind(present: Iterable[str]) -> Jailbreak:
    """Return the kind; a rootless one wins, because rootful tools may have left something behind."""
    there = set(present)
    if there & set(ROOTLESS):
        return "rootless"
    return "rootful" if there & set(ROOTFUL) else "none"


MB = 1_000_000
SCARCE_BYTES = 500 * MB
OFF_NS, FAR_OFF_NS = 2 * NS_PER_S, 60 * NS_PER_S
"""A phone that sets its clock by the network is some tenths of a second off; a host may be a little more."""


def check_device_frida(version: str, jailbreak: Jailbreak, ios: str | None, own: str | None = None) -> Finding:
    """Compare the device's Frida with the host's, and with what is known to fail."""
    own = str(frida.__version__) if own is None else own
    found = f"Frida {version} on the device, {own} here"
    if release(version)[0] != release(own)[0]:
        return Finding(
            "device-frida", "problem", found, "major versions do not understand each other",
            f"install frida-server {own} on the device, or pip install frida=={version}",
        )  # fmt: skip
    faults = sorted(known_faults(version, "device", jailbreak=jailbreak, ios=ios), key=lambda fault: not fault.worst)
    for fault in faults:
        status: Status = "problem" if fault.worst else "warning"
        return Finding("device-frida", status, found, f"{fault.what} ({fault.source})", fault.remedy)
    if version != own:
        return Finding(
            "device-frida", "warning", found, "only equal versions are tested together",
            f"install frida-server {own} on the device, or pip install frida=={version}",
        )  # fmt: skip
    return ok("device-frida", found)


def check_jailbreak(ground: Ground, access: str | None) -> tuple[Finding, Jailbreak]:
    """Return the kind of jailbreak. ``access``: Frida's own word for it, ``full`` or ``jailed``."""
    kind = jailbreak_kind(ground.present)
    if kind != "none":
        return ok("jailbreak", f"{kind} ({', '.join(ground.present[:3])})"), kind
    if ground.platform != "darwin":
        return ok("jailbreak", f"no phone: {ground.platform}"), "unknown"
    if access == "full":
        return ok("jailbreak", "full access, though no known jailbreak's files are there"), "unknown"
    return Finding(
        "jailbreak", "warning", "none found",
        "only apps with Gadget inside or with debugging allowed can be watched; assetsd and the store cannot",
        "see docs/doctor.md, Without a jailbreak",
    ), "none"  # fmt: skip


def check_root(ground: Ground) -> Finding:
    """See that Frida's process may watch everybody."""
    if ground.uid == 0:
        return ok("root", "Frida's process runs as root")
    return Finding(
        "root", "problem", f"Frida's process runs as user {ground.uid}",
        "it cannot attach to apps, nor read the privacy store",
        "start it as root: on the phone, sudo frida-server --daemonize",
    )  # fmt: skip


def check_device_disk(ground: Ground) -> Finding:
    """See that the phone itself has room."""
    if ground.free_bytes is None:
        return Finding("device-disk", "unknown", "the device does not say")
    found = f"{ground.free_bytes / 1e9:.1f} GB free on the device"
    if ground.free_bytes >= SCARCE_BYTES:
        return ok("device-disk", found)
    return Finding(
        "device-disk", "warning", f"{ground.free_bytes / MB:.0f} MB free on the device",
        "iOS ends apps and prunes what it keeps, and --spool has no room", "make room in Settings, General, iPhone Storage",
    )  # fmt: skip


def check_clock(offset: ClockOffset) -> Finding:
    """Compare the device's clock with the host's. Nothing is judged by the host's clock, but people write notes by it."""
    off_ns = offset.host_offset_ns
    bound_ms = offset.error_ns / NS_PER_MS
    found = f"the device's clock is {abs(off_ns) / NS_PER_S:.1f} s {'ahead' if off_ns > 0 else 'behind'} (± {bound_ms:.0f} ms)"
    if abs(off_ns) <= OFF_NS + offset.error_ns:
        return ok("clock", "the device's clock agrees with this one" if abs(off_ns) < NS_PER_S // 10 else found)
    return Finding(
        "clock",
        "problem" if abs(off_ns) >= FAR_OFF_NS else "warning",
        found,
        "when it is set right during a recording, times in session and report jump apart, and notes of yours name other times",
        "Settings, General, Date & Time, Set Automatically (and the same here)",
    )
