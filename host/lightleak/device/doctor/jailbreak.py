"""Tell the kind of jailbreak by what lies on the phone: data and one rule."""

from __future__ import annotations

from collections.abc import Iterable

from lightleak.device.doctor.known_bad import Jailbreak

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
    """Tell the kind; a rootless one wins, because rootful tools may have left something behind."""
    there = set(present)
    if there & set(ROOTLESS):
        return "rootless"
    return "rootful" if there & set(ROOTFUL) else "none"
