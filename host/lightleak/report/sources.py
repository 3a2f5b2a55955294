"""Find the files of a path: itself, what a folder holds, what an archive holds. Nothing is unpacked to disk."""

from __future__ import annotations

import os
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple, cast

from lightleak.errors import ReportError
from lightleak.report.safe_archive import DAMAGE, bounded, peek, plain

_ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_MAGIC, _TAR_MAGIC_AT = b"ustar", 257
_FOREIGN = {b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR"}


class Source(NamedTuple):
    """One file, ready to be read; closed when the next one is asked for."""

    name: str
    place: str
    """Where it stands, as far as that is known: a store is told by its folders."""
    stream: BinaryIO
    """Can be peeked into."""
    inside: bool
    """Whether it was found in a folder or archive, beside others that may be anything."""


Note = Callable[[str, str], None]
"""Takes a file's name and what is wrong with it."""


def sources(path: Path, note: Note) -> Iterator[Source]:
    """Yield the files of a path one by one. Errors: ReportError and ``DAMAGE``."""
    if path.is_dir():
        yield from _in_folder(path)
        return
    with path.open("rb") as file, ExitStack() as stack:
        stream = stack.enter_context(plain(file))
        start = peek(stream, _TAR_MAGIC_AT + len(_TAR_MAGIC))
        if start.startswith(_ZIP_MAGICS):
            yield from _in_zip(stack.enter_context(zipfile.ZipFile(stream)), path.as_posix(), note)
        elif start[_TAR_MAGIC_AT:] == _TAR_MAGIC:
            archive = tarfile.open(fileobj=stream, mode="r:" if stream is file and file.seekable() else "r|")  # noqa: SIM115
            yield from _in_tar(stack.enter_context(archive), path.as_posix(), note)
        else:
            foreign = next((what for magic, what in _FOREIGN.items() if start.startswith(magic)), None)
            if foreign:
                raise ReportError(f"packed with {foreign}", hint="unpack it first")
            yield Source(str(path), path.resolve().as_posix(), stream, inside=False)


def _in_folder(folder: Path) -> Iterator[Source]:
    for base, folders, names in os.walk(folder, onerror=_raise):
        folders.sort()
        for path in (Path(base, name) for name in sorted(names)):
            # Links are not followed: an unpacked image may hold some that lead out of it.
            if path.is_symlink() or not path.is_file() or path.name.startswith("."):
                continue
            with path.open("rb") as file, plain(file) as stream:
                yield Source(str(path), path.resolve().as_posix(), stream, inside=True)


def _in_zip(archive: zipfile.ZipFile, name: str, note: Note) -> Iterator[Source]:
    for member in archive.infolist():
        if member.filename.endswith("/") or not _stays_inside(member.filename, name, note):
            continue
        full_name, packed_bytes = f"{name}/{member.filename}", member.compress_size
        with ExitStack() as stack:
            try:
                file = cast("BinaryIO", stack.enter_context(archive.open(member)))
                stream = stack.enter_context(plain(bounded(file, lambda packed=packed_bytes: packed)))  # type: ignore[misc]
                peek(stream, 1)
            except (*DAMAGE, ReportError) as problem:
                note(full_name, f"cannot be unpacked ({problem})")
                continue
            yield Source(full_name, full_name, stream, inside=True)


def _in_tar(archive: tarfile.TarFile, name: str, note: Note) -> Iterator[Source]:
    while member := archive.next():
        # The list of what was passed is of no use, and an image has a million files.
        archive.members = []  # type: ignore[attr-defined]
        file = archive.extractfile(member) if member.isreg() and _stays_inside(member.name, name, note) else None
        if file is None:
            continue
        full_name = f"{name}/{member.name}"
        with ExitStack() as stack:
            try:
                stream = stack.enter_context(plain(bounded(cast("BinaryIO", file), lambda: 1 << 40)))
                peek(stream, 1)
            except (*DAMAGE, ReportError) as problem:
                note(full_name, f"cannot be unpacked ({problem})")
                continue
            yield Source(full_name, full_name, stream, inside=True)


def _stays_inside(member: str, archive: str, note: Note) -> bool:
    parts = PurePosixPath(member.replace("\\", "/")).parts
    if ".." in parts or parts[:1] == ("/",) or (parts and parts[0].endswith(":")):
        note(f"{archive}/{member}", "climbs out of the archive: skipped")
        return False
    return bool(parts) and not parts[-1].startswith(".")


def _raise(problem: OSError) -> None:
    raise problem
