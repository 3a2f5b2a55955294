"""Find the files of a path and open them: itself, what a folder holds, what an archive holds.

Nothing is unpacked to disk, and an archive that unpacks to far more than its own size is refused.
Separate because this is where hostile archives are met: no other module unpacks, follows paths or knows the bounds.
"""

from __future__ import annotations

import contextlib
import gzip
import io
import lzma
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO, Literal, NamedTuple, cast

from lightleak.errors import ReportError
from lightleak.file_names import as_text

if TYPE_CHECKING:
    from typing_extensions import Buffer

MAX_UNPACKED_BYTES = 4 << 30
"""Of one member, and of all members of a path together. No report comes near it: sixty days of a busy phone are below 1 GB."""
MAX_MEMBERS = 2_000_000
"""Files in a folder or an archive. An image of a whole phone has about a million."""
FIRST_BYTES = 1 << 16
"""What is read of every member to recognise it, which is not counted in sum: of a million files it is 64 GB."""
MAX_HEADER_BYTES = 1 << 20
"""Longest name or header that a member of a tar file may have, for those are read into memory whole."""
FREE_BYTES = 64 << 20
"""Below this size nothing is compared: only what is large can do harm."""
MAX_RATIO = 200
"""How many times its packed size a stream may reach. Reports pack to a fifteenth or so, zeros to a thousandth."""
_UNKNOWN_SIZE = 1 << 40
"""For members of a tar file, which are not packed: the compression around the file is bounded already."""

DAMAGE = (
    *(OSError, EOFError, ValueError, OverflowError, RuntimeError, NotImplementedError, struct.error),
    *(zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError),
)
"""What the readers of archives raise for a damaged, encrypted, unknown or hostile one."""

_GZIP_MAGIC = b"\x1f\x8b"
_ZIP_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
_TAR_HEADERS = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
_TAR_MAGIC, _TAR_MAGIC_AT = b"ustar", 257
_UNSUPPORTED = {b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd", b"7z\xbc\xaf": "7-Zip", b"Rar!": "RAR"}


class Source(NamedTuple):
    """One file, ready to be read; closed when the next one is asked for."""

    name: str
    """What was given by its name, and the way from there: ``export.zip/App_Privacy_Report.ndjson``."""
    place: str
    """Its full path, as far as that is known: a store is recognised by its folders."""
    stream: BinaryIO
    """Supports ``peek``."""
    inside: bool
    """Whether it was found in a folder or archive, among files that may be anything."""
    path: Path | None = None
    """Where it is on this machine; None inside an archive."""


class Budget:
    """What may still be read of one path."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._members = 0
        self._unpacked_bytes = 0

    def take_member(self) -> None:
        """Count a file. Raises: ReportError when there are too many, or all before it were too large together."""
        self._members += 1
        if self._members > MAX_MEMBERS:
            raise ReportError(f"more than {MAX_MEMBERS:,} files in {self._name}", hint=_NAME_ONE)
        self.take_bytes(0)

    def take_bytes(self, count: int) -> None:
        """Count what was read. Raises: ReportError when that is too much."""
        self._unpacked_bytes += count
        if self._unpacked_bytes > MAX_UNPACKED_BYTES:
            size = f"{MAX_UNPACKED_BYTES >> 20:,} MB"
            raise ReportError(
                f"the files in {self._name} are larger than {size} together, far more than reports are", hint=_NAME_ONE
            )


_NAME_ONE = "unpack it, and name the export or the PrivacyAccounting folder itself"


class BoundedTarInfo(tarfile.TarInfo):
    """A member of a tar file whose own header does not fill the memory."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in _TAR_HEADERS and self.size > MAX_HEADER_BYTES:
            raise tarfile.ReadError(f"a header of {self.size} bytes")
        found: tarfile.TarInfo = super()._proc_member(archive)  # type: ignore[misc]
        return found


Note = Callable[[str, str], None]
"""Takes a file's name and what is wrong with it."""


def sources(path: Path, name: str, note: Note) -> Iterator[Source]:
    """Yield the files of a path one by one. name: how results call the path.

    Raises: ReportError and each of ``DAMAGE`` when the path or the archive as a whole cannot be read.
    """
    budget = Budget(path.as_posix())
    if path.is_dir():
        yield from _in_folder(path, name, budget)
        return
    with path.open("rb") as file, ExitStack() as stack:
        stream = stack.enter_context(unpacked(file))
        start = peek(stream, _TAR_MAGIC_AT + len(_TAR_MAGIC))
        if start.startswith(_ZIP_MAGICS):
            yield from _in_zip(stack.enter_context(zipfile.ZipFile(stream)), name, note, budget)
        elif start[_TAR_MAGIC_AT:] == _TAR_MAGIC:
            mode: Literal["r:", "r|"] = "r:" if stream is file and file.seekable() else "r|"
            archive = tarfile.open(fileobj=stream, mode=mode, tarinfo=BoundedTarInfo)  # noqa: SIM115
            yield from _in_tar(stack.enter_context(archive), name, note, budget)
        else:
            unsupported = next((kind for magic, kind in _UNSUPPORTED.items() if start.startswith(magic)), None)
            if unsupported:
                raise ReportError(f"packed with {unsupported}", hint="unpack it first")
            yield Source(name, path.resolve().as_posix(), stream, inside=False, path=path)


def peek(stream: BinaryIO, count: int) -> bytes:
    """Return the first bytes without consuming them: ``count``, or fewer when the stream is shorter."""
    return cast("io.BufferedReader", stream).peek(count)[:count]


def bounded(stream: BinaryIO, packed_bytes: Callable[[], int], budget: Budget | None = None) -> BinaryIO:
    """Return a stream that supports ``peek``; reading it raises ReportError once it unpacks to too much.

    budget: what may still be read of all members together.
    """
    return cast("BinaryIO", io.BufferedReader(CountedStream(stream, packed_bytes, budget), FIRST_BYTES))


@contextlib.contextmanager
def unpacked(stream: BinaryIO, budget: Budget | None = None) -> Iterator[BinaryIO]:
    """Yield the stream itself, or its content where it is gzipped. budget: what may still be read of all members."""
    if not peek(stream, 2).startswith(_GZIP_MAGIC):
        yield stream
        return
    packed = CountedStream(stream)
    with gzip.GzipFile(fileobj=io.BufferedReader(packed, 1 << 16)) as content:
        yield bounded(cast("BinaryIO", content), lambda: packed.passed, budget)


class CountedStream(io.RawIOBase):
    """Pass a stream on and count its bytes; with ``packed_bytes``, refuse one that has grown out of proportion."""

    def __init__(
        self, stream: BinaryIO, packed_bytes: Callable[[], int] | None = None, budget: Budget | None = None
    ) -> None:
        self._stream = stream
        self._budget = budget
        self._packed_bytes = packed_bytes
        self.passed = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        """Fill the buffer from the stream. Raises: ReportError when it is damaged or a decompression bomb."""
        view = memoryview(buffer).cast("B")
        try:
            data = cast("io.BufferedReader", self._stream).read1(len(view))
        except DAMAGE as problem:
            raise ReportError(f"damaged ({problem})") from problem
        view[: len(data)] = data
        self.passed += len(data)
        if self._budget and self.passed > FIRST_BYTES:
            self._budget.take_bytes(len(data))
        if self._packed_bytes and self.passed > FREE_BYTES:
            limit = min(MAX_UNPACKED_BYTES, MAX_RATIO * max(self._packed_bytes(), 1))
            if self.passed > limit:
                raise ReportError(
                    f"unpacks to more than {self.passed >> 20} MB, far too much for its size: a decompression bomb"
                )
        return len(data)


def _in_folder(folder: Path, name: str, budget: Budget) -> Iterator[Source]:
    for base, folders, names in os.walk(folder, onerror=_raise):
        folders.sort()
        for path in (Path(base, each) for each in sorted(names)):
            # Links are not followed: an unpacked image may hold some that lead out of it.
            if path.is_symlink() or not path.is_file() or path.name.startswith("."):
                continue
            budget.take_member()
            with path.open("rb") as file, unpacked(bounded(file, lambda: _UNKNOWN_SIZE, budget), budget) as stream:
                full_name = as_text(f"{name}/{path.relative_to(folder).as_posix()}")
                yield Source(full_name, path.resolve().as_posix(), stream, inside=True, path=path)


def _in_zip(archive: zipfile.ZipFile, name: str, note: Note, budget: Budget) -> Iterator[Source]:
    for member in archive.infolist():
        budget.take_member()
        if member.filename.endswith("/") or not _stays_inside(member.filename, name, note):
            continue
        full_name, packed_bytes = as_text(f"{name}/{member.filename}"), member.compress_size
        with ExitStack() as stack:
            try:
                file = cast("BinaryIO", stack.enter_context(archive.open(member)))
                contents = bounded(file, lambda packed=packed_bytes: packed, budget)  # type: ignore[misc]
                stream = stack.enter_context(unpacked(contents, budget))
                peek(stream, 1)
            except (*DAMAGE, ReportError) as problem:
                note(full_name, f"cannot be unpacked ({problem})")
                continue
            yield Source(full_name, full_name, stream, inside=True)


def _in_tar(archive: tarfile.TarFile, name: str, note: Note, budget: Budget) -> Iterator[Source]:
    while member := archive.next():
        budget.take_member()
        # An image has a million files: the archive's list of those that have passed is not kept.
        archive.members = []  # type: ignore[attr-defined]
        file = archive.extractfile(member) if member.isreg() and _stays_inside(member.name, name, note) else None
        if file is None:
            continue
        full_name = as_text(f"{name}/{member.name}")
        with ExitStack() as stack:
            try:
                stream = stack.enter_context(
                    unpacked(bounded(cast("BinaryIO", file), lambda: _UNKNOWN_SIZE, budget), budget)
                )
                peek(stream, 1)
            except (*DAMAGE, ReportError) as problem:
                note(full_name, f"cannot be unpacked ({problem})")
                continue
            yield Source(full_name, full_name, stream, inside=True)


def _stays_inside(member: str, archive: str, note: Note) -> bool:
    parts = PurePosixPath(member.replace("\\", "/")).parts
    if ".." in parts or parts[:1] == ("/",) or (parts and parts[0].endswith(":")):
        note(as_text(f"{archive}/{member}"), "climbs out of the archive: skipped")
        return False
    return bool(parts) and not parts[-1].startswith(".")


def _raise(problem: OSError) -> None:
    raise problem
