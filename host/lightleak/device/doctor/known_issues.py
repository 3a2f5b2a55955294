"""Frida releases that are known to fail with some phones: data.

Source of all: Frida's release notes and issues, as ``source`` names them; nothing here was seen on a phone of ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Jailbreak: TypeAlias = Literal["rootful", "rootless", "none", "unknown"]
Release: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class KnownBad:
    """Releases from ``first`` on and before ``fixed``; ``fixed`` None: open when this was written."""

    first: str
    fixed: str | None
    where: Literal["host", "device"]
    what: str
    remedy: str
    source: str
    jailbreak: Jailbreak | None = None
    """Only with this kind; None: any."""
    ios: tuple[str, str] | None = None
    """Only from this iOS on and before that; None: any."""
    worst: bool = True
    """Whether it stands in the way; otherwise it limits."""


KNOWN_BAD: tuple[KnownBad, ...] = (
    KnownBad(
        "17.16.0", "17.16.4", "host", "its regenerated Python interface had lost names", "pip install -U frida",
        "frida-python 17.16.3 and 17.16.4",
    ),
    KnownBad(
        "17.15.5", "17.16.1", "device", "its code segments can panic the kernel of iOS 15.6.1 and later",
        "install frida-server 17.16.1 or later on the phone", "Frida 17.16.1 release notes", ios=("15.6.1", "999"),
    ),
    KnownBad(
        "17.15.0", "17.16.1", "device", "attaching to arm64e processes (Apple's own, assetsd too) crashed them until 17.16.0",
        "install frida-server 17.16.1 or later on the phone", "Frida 17.16.0 release notes", worst=False,
    ),
    KnownBad(
        "0", "17.10.0", "device", "it can hang where an exception passes a hooked function, until 17.10.0",
        "install frida-server 17.16.1 or later on the phone", "Frida 17.10.0 release notes", worst=False,
    ),
    KnownBad(
        "0", "17.9.6", "device", "the place of its agent on rootless jailbreaks was mended in 17.9.6",
        "install frida-server 17.16.1 or later on the phone", "Frida 17.9.6 release notes", jailbreak="rootless", worst=False,
    ),
    KnownBad(
        "0", "17.10.1", "device", "with ElleKit (palera1n) it was injected twice, and starting apps failed, until 17.10.1",
        "install frida-server 17.16.1 or later on the phone, or attach to running apps", "Frida 17.10.1 release notes",
        jailbreak="rootless", worst=False,
    ),
    KnownBad(
        "16.4.4", "16.5.0", "device", "it restarts phones with iOS 15 and Dopamine", "install a later frida-server",
        "frida issue 2916", jailbreak="rootless", ios=("15", "16"),
    ),
    KnownBad(
        "17.0.0", None, "device", "starting apps (-f, -W) fails on iOS 15.8.4; attaching works",
        "attach to running apps", "frida issue 3562, open", ios=("15.8.4", "15.9"), worst=False,
    ),
    KnownBad(
        "17.2.0", "17.2.17", "device", "Gadget under required code signing was still being mended",
        "embed Gadget 17.2.17 or later", "Frida 17.2.9, 17.2.15 and 17.2.17 release notes", jailbreak="none", worst=False,
    ),
)  # fmt: skip
"""One row a fault. Where it is not known since when, ``first`` is 0 and the text says until when; it only warns then."""


def release(text: str) -> Release:
    """Read the numbers of a version: 17.16.4 → (17, 16, 4); what is no number ends it."""
    return tuple(int(number) for number in re.findall(r"\d+", text.split("-", maxsplit=1)[0])) or (0,)


def known_faults(
    version: str, where: Literal["host", "device"], *, jailbreak: Jailbreak = "unknown", ios: str | None = None
) -> Iterable[KnownBad]:
    """Find the rows that speak of this release; those for another jailbreak or iOS are left out.

    Where kind or iOS are not known, a row that needs them is left out too: a warning must have been earned.
    """
    at = release(version)
    for row in KNOWN_BAD:
        within = release(row.first) <= at and (row.fixed is None or at < release(row.fixed))
        fits = row.jailbreak is None or row.jailbreak == jailbreak
        if row.where == where and within and fits and _has_ios(row, ios):
            yield row


def _has_ios(row: KnownBad, ios: str | None) -> bool:
    if row.ios is None:
        return True
    return ios is not None and release(row.ios[0]) <= release(ios) < release(row.ios[1])
