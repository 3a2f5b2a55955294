"""Checks of this machine: its Frida, the agent and its disk.

Separate because these need no device.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import frida

from lightleak.device.agent_bundle import agent_source, agent_version
from lightleak.device.doctor.finding import Finding, ok
from lightleak.device.doctor.known_issues import known_issues
from lightleak.errors import AgentError
from lightleak.wording import DISKS, size

MB = 1_000_000
FULL_BYTES = 200 * MB
"""A full disk ends a recording too early; a busy week takes about 100 MB."""
SCARCE_BYTES = 1_000 * MB


def check_host_frida(version: str | None = None) -> Finding:
    """Check the installed Frida, or the one of ``version``, for known faults."""
    version = str(frida.__version__) if version is None else version
    for fault in known_issues(version, "host"):
        return Finding(
            "host-frida",
            "problem",
            f"Frida {version} here is known to fail",
            f"{fault.what} ({fault.source})",
            fault.remedy,
        )
    return ok("host-frida", f"Frida {version} here")


def check_agent() -> Finding:
    """Check that the agent, which is loaded into apps, is part of this installation."""
    try:
        agent_source()
    except AgentError as problem:
        return Finding("agent", "problem", problem.message, "nothing can be recorded without it", problem.hint)
    return ok("agent", f"agent {agent_version() or 'of an unknown version'} is built")


def check_host_disk(folder: Path) -> Finding:
    """Check the free space where recordings are written."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError as problem:
        return Finding(
            "host-disk", "problem", f"{folder} cannot be written to ({problem.strerror})",
            "recordings are written there", "name a folder with --folder",
        )  # fmt: skip
    found = f"{size(free, DISKS)} free in {folder}"
    if free >= SCARCE_BYTES:
        return ok("host-disk", found)
    return Finding(
        "host-disk",
        "problem" if free < FULL_BYTES else "warning",
        found,
        "a recording ends when the disk is full; what was written until then stays intact",
        "free space, or record elsewhere with -o",
    )
