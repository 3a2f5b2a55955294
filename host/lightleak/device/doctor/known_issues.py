"""Frida releases that are known to fail with some phones: data.

Source of all: Frida's release notes and issues, as ``source`` names them; none was reproduced by us on a phone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from lightleak.device.system import release

Jailbreak: TypeAlias = Literal["rootful", "rootless", "none", "unknown"]


@dataclass(frozen=True, slots=True)
class KnownIssue:
    """Releases from ``first`` on and before ``fixed``; ``fixed`` None: open when this was written."""

    first: str
    fixed: str | None
    where: Literal["host", "device"]
    what: str
    remedy: str
    source: str
    jailbreak: Jailbreak | None = None
    """Only with this kind of jailbreak; None: with any."""
    ios: tuple[str, str] | None = None
    """Only from the first iOS version and before the second; None: with any."""
    worst: bool = True
    """Whether it prevents a recording; otherwise it limits one."""


KNOWN_ISSUES: tuple[KnownIssue, ...] = (
    KnownIssue(
        "17.16.0", "17.16.4", "host", "its regenerated Python interface had lost names", "pip install -U frida",
        "frida-python 17.16.3 and 17.16.4",
    ),
    KnownIssue(
        "17.15.5", "17.16.1", "device", "its code segments can panic the kernel of iOS 15.6.1 and later",
        "install frida-server 17.16.1 or later on the phone", "Frida 17.16.1 release notes", ios=("15.6.1", "999"),
    ),
    KnownIssue(
        "17.15.0", "17.16.1", "device", "attaching to arm64e processes (Apple's own, assetsd too) crashed them until 17.16.0",
        "install frida-server 17.16.1 or later on the phone", "Frida 17.16.0 release notes", worst=False,
    ),
    KnownIssue(
        "0", "17.10.0", "device", "it can hang where an exception passes a hooked function, until 17.10.0",
        "install frida-server 17.16.1 or later on the phone", "Frida 17.10.0 release notes", worst=False,
    ),
    KnownIssue(
        "0", "17.9.6", "device", "the path of its agent on rootless jailbreaks was wrong until 17.9.6",
        "install frida-server 17.16.1 or later on the phone", "Frida 17.9.6 release notes", jailbreak="rootless", worst=False,
    ),
    KnownIssue(
        "0", "17.10.1", "device", "with ElleKit (palera1n) it was injected twice, and starting apps failed, until 17.10.1",
        "install frida-server 17.16.1 or later on the phone, or attach to running apps", "Frida 17.10.1 release notes",
        jailbreak="rootless", worst=False,
    ),
    KnownIssue(
        "16.4.4", "16.5.0", "device", "it restarts phones with iOS 15 and Dopamine", "install a later frida-server",
        "frida issue 2916", jailbreak="rootless", ios=("15", "16"),
    ),
    KnownIssue(
        "17.0.0", None, "device", "starting apps (-f, -W) fails on iOS 15.8.4; attaching works",
        "attach to running apps", "frida issue 3562, open", ios=("15.8.4", "15.9"), worst=False,
    ),
    KnownIssue(
        "17.15.3", "17.16.1", "device", "it ends with a segmentation fault on iOS 15 and 16 with Dopamine", "install frida-server 17.16.1 or later on the phone",
        "frida issues 3761 (17.15.3; gone in 17.16.1) and 3759 (iOS 15)", jailbreak="rootless", ios=("15", "17"),
    ),
    KnownIssue(
        "0", None, "device", "starting apps (-f, -W) can fail with “unexpected early end-of-stream” (Dopamine 2.4 and later, arm64e); attaching works",
        "attach to running apps, or install Dopamine 2.2.2", "frida issues 3484 and 3584, Dopamine issue 695", jailbreak="rootless", ios=("15", "16"), worst=False,
    ),
    KnownIssue(
        "17.2.0", "17.2.17", "device", "Gadget under required code signing was not yet reliable",
        "embed Gadget 17.2.17 or later", "Frida 17.2.9, 17.2.15 and 17.2.17 release notes", jailbreak="none", worst=False,
    ),
)  # fmt: skip
"""One entry a fault. When its first release is unknown, ``first`` is 0 and the text says until when; it then only warns."""


def known_issues(
    version: str, where: Literal["host", "device"], *, jailbreak: Jailbreak = "unknown", ios: str | None = None
) -> Iterable[KnownIssue]:
    """Yield the faults of this release; those of another jailbreak or iOS are left out.

    When the jailbreak or iOS is unknown, a fault that needs it is left out too: no warning without evidence.
    """
    at = release(version)
    for fault in KNOWN_ISSUES:
        within = release(fault.first) <= at and (fault.fixed is None or at < release(fault.fixed))
        fits = fault.jailbreak is None or fault.jailbreak == jailbreak
        if fault.where == where and within and fits and _has_ios(fault, ios):
            yield fault


def _has_ios(fault: KnownIssue, ios: str | None) -> bool:
    if fault.ios is None:
        return True
    return ios is not None and release(fault.ios[0]) <= release(ios) < release(fault.ios[1])
