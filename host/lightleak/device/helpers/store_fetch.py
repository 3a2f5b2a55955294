"""Fetch the privacy accounting store from a device: read as root there, written here under the same names.

Source: Frida's API has no file transfer (frida-python 17, ``Device``); frida-pull reads with a script in process 0,
which is frida-server itself and runs as root on a jailbroken phone. This does the same.
"""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import msgspec

from lightleak.device.agent_bundle import tool_source
from lightleak.device.connection import Device, DeviceConnection
from lightleak.device.frida_errors import translate_errors
from lightleak.device.processes import find_process
from lightleak.device.targets import DeviceChoice, Name
from lightleak.errors import DeviceError

DAEMON = "privacyaccountingd"

CHUNK_BYTES = 1 << 18
MAX_BYTES = 1 << 30
"""The phone caps its store at 104,857,600 bytes."""
CALL_S = 30.0
_TRIES = 3
_DISTRUST = "check that the server is your phone's own frida-server"


class _Listing(msgspec.Struct, frozen=True):
    """What the script found in a folder, or why it could not open it."""

    names: list[str] | None = None
    errno: int = 0
    """1 and 13 mean the same on Darwin and Linux."""
    reason: str = ""


@dataclass(slots=True)
class FetchedStore:
    """The files that were fetched."""

    files: list[Path] = field(default_factory=list)
    """Relative to the target folder."""
    bytes: int = 0
    changing: list[str] = field(default_factory=list)
    """Files that the phone was writing each time they were read: their last records may be missing."""


def pull_store(choice: DeviceChoice, store: str, into: Path, report: Callable[[str], None]) -> FetchedStore:
    """Copy all files below the folder ``store`` of the device into an existing folder. Raises: DeviceError, OSError."""
    return asyncio.run(_pull(DeviceConnection(choice), store, into, report))


async def _pull(connection: DeviceConnection, store: str, into: Path, report: Callable[[str], None]) -> FetchedStore:
    device = await connection.device()
    try:
        session, who = await _root_session(device)
        try:
            report(f"reading {store} on {device.name} in {who}")
            async with translate_errors("loading the script that reads", timeout_s=CALL_S):
                script = await session.create_script(tool_source("fetch-store"), name="lightleak-fetch-store")
                await script.load()
            return await _copy(script.exports, store, into)
        finally:
            async with translate_errors("detaching", timeout_s=CALL_S):
                await session.detach()
    finally:
        await connection.close()


async def _root_session(device: Device) -> tuple[Any, str]:
    """Attach to Frida's own process, or to the daemon that owns the store when there is none (a portal)."""
    try:
        async with translate_errors("attaching to frida-server", timeout_s=CALL_S):
            return await device.attach(0), "Frida's own process"
    except DeviceError as no_system:
        try:
            daemon = await find_process(device, Name(DAEMON))
        except DeviceError:
            raise no_system from None
    async with translate_errors(f"attaching to {DAEMON}", timeout_s=CALL_S):
        return await device.attach(daemon.pid), DAEMON


async def _copy(remote: Any, store: str, into: Path) -> FetchedStore:
    fetched = FetchedStore()
    for name in await _list(remote, store):
        relative = _safe(name)
        content, settled = await _read(remote, f"{store}/{name}", MAX_BYTES - fetched.bytes)
        path = into / relative
        for folder in reversed(relative.parents):
            (into / folder).mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)
        fetched.files.append(path.relative_to(into))
        fetched.bytes += len(content)
        if not settled:
            fetched.changing.append(name)
    return fetched


async def _list(remote: Any, store: str) -> list[str]:
    async with translate_errors(f"listing {store}", timeout_s=CALL_S):
        answer = await remote.list(store)
    try:
        listing = msgspec.convert(answer, _Listing)
    except (msgspec.ValidationError, RecursionError):
        listing = _Listing()
    if listing.errno:
        hint = "turn on App Privacy Report if it never was, or name another folder with --from"
        if listing.errno in {errno.EPERM, errno.EACCES}:
            hint = "the phone must be jailbroken with frida-server running as root, and unlocked once since it started"
        raise DeviceError(f"listing {store}: {listing.reason} [errno {listing.errno}]", hint=hint)
    if listing.names is None:
        raise DeviceError(f"listing {store}: the device sent something else than file names", hint=_DISTRUST)
    return sorted(listing.names)


async def _read(remote: Any, path: str, at_most: int) -> tuple[bytes, bool]:
    """Read a file until it does not change, at most three times; return its content and whether it settled."""
    content, before = b"", None
    for _ in range(_TRIES):
        async with translate_errors(f"reading {path}", timeout_s=CALL_S):
            before = await remote.look(path)
            content = await _chunks(remote, path, at_most)
            if await remote.look(path) == before:
                return content, True
    return content, False


async def _chunks(remote: Any, path: str, at_most: int) -> bytes:
    content = bytearray()
    while chunk := await remote.read(path, len(content), CHUNK_BYTES):
        content += chunk
        if len(content) > at_most:
            raise DeviceError(
                f"{path} and what was read before it exceed {MAX_BYTES >> 20} MB",
                hint="check that the folder is the privacy store",
            )
    return bytes(content)


def _safe(name: str) -> PurePosixPath:
    # The names come from the device: none may leave the folder.
    relative = PurePosixPath(name)
    if relative.is_absolute() or not relative.parts or ".." in relative.parts or "\0" in name or "\\" in name:
        raise DeviceError(f"the device sent an unsafe file name ({name!r})", hint=_DISTRUST)
    return relative
