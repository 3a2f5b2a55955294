"""Who is at the other end of a connection: the kernel says which process, its bundle says which app."""

from __future__ import annotations

import plistlib
import socket
import struct
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Client:
    """A process that logs. Daemons are entitled to name another accessor than themselves."""

    pid: int
    executable: str
    identifier: str | None
    entitled: bool


def client_of(connection: socket.socket) -> Client:
    """Identify the process that connected."""
    pid, _, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return client_with_pid(pid)


def client_with_pid(pid: int) -> Client:
    """Identify a process by its executable: a bundle's, or a daemon's in usr/libexec."""
    try:
        executable = Path(f"/proc/{pid}/exe").readlink()
    except OSError:
        return Client(pid, "", None, entitled=False)
    return Client(pid, executable.name, bundle_identifier(executable), entitled=executable.parent.name == "libexec")


def bundle_identifier(executable: Path) -> str | None:
    """Return CFBundleIdentifier of the bundle that holds the executable, null where there is none."""
    try:
        with (executable.parent / "Info.plist").open("rb") as file:
            identifier = plistlib.load(file).get("CFBundleIdentifier")
    except (OSError, plistlib.InvalidFileException):
        return None
    return identifier if isinstance(identifier, str) else None


def is_suspended(pid: int) -> bool:
    """Say whether the process is stopped, as SIGSTOP does; a debugger's stop is not one."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] == "T"
