"""Read an export: cut it into blocks of whole lines in bounded memory, and add the lines of each to the raw rows.

A block of ordinary lines is decoded in one go, any other one line by line (``line_schema``), with the same result.
Ordinary lines are what iOS 15 beta 2 and later write: only known keys, known kinds, one object a line. A block with a
single other line is refused whole, and nothing of it is added in one go.

Separate because the bounds on memory and on damaged files are its concern, and speed is.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, BinaryIO, NamedTuple, cast

import msgspec
import numpy as np

from lightleak.arrays import AnyInts
from lightleak.errors import ReportError
from lightleak.report.line_schema import read_line
from lightleak.report.raw_rows import FROM_EXPORT, KIND_CODES, RawRows
from lightleak.report.timestamps import parse_times

BLOCK_BYTES = 1 << 19
MAX_LINE_BYTES = 1 << 20
"""A line of a report has some 250 bytes. A longer one than this is skipped and noted as a problem."""
_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FILLERS = b"\0 \t\r"
"""A phone that lost power leaves NULs behind; Windows adds CR."""


class Block(NamedTuple):
    """Whole lines, or the fact that one was too long."""

    first_line: int
    data: bytes
    """The lines with their line ends; empty when the line was too long."""
    too_long: bool = False


def read_export(stream: BinaryIO, name: str, raw: RawRows, path: Path | None = None) -> None:
    """Add an export's lines; what could not be read is noted as a problem. path: None inside an archive. Raises: what the stream raises."""
    file = raw.add_file(name, FROM_EXPORT, path)
    for block in blocks(stream):
        if block.first_line == 1 and block.data.startswith(_UTF16_MARKS):
            raw.problems.add(name, 1, "UTF-16, but a report is UTF-8")
            return
        if block.too_long:
            raw.problems.add(name, block.first_line, f"a line of more than {MAX_LINE_BYTES} bytes, skipped")
            continue
        if block.first_line == 1:
            block = block._replace(data=block.data.removeprefix(_UTF8_MARK))  # noqa: PLW2901
        added = add_ordinary(raw, file, block.first_line, block.data)
        raw.recognised += added
        if not added:
            _add_singly(raw, file, block)


def _add_singly(raw: RawRows, file: int, block: Block) -> None:
    for number, text in enumerate(block.data.split(b"\n"), block.first_line):
        line = text.strip(_FILLERS)
        if not line:
            continue
        try:
            raw.add(file, number, read_line(line))
            raw.recognised += 1
        except ReportError as problem:
            raw.problems.add(raw.files[file], number, problem.message)


def blocks(stream: BinaryIO) -> Iterator[Block]:
    """Yield the stream's lines, some thousand at a time. Keeps at most ``MAX_LINE_BYTES`` and one chunk in memory.

    Raises: what the stream raises, after the whole lines before it.
    """
    line, rest, skipping = 1, b"", False
    for chunk in _chunks(stream):
        first_end, start = chunk.find(b"\n"), 0
        if skipping or len(rest) + (first_end if first_end >= 0 else len(chunk)) > MAX_LINE_BYTES:
            rest, skipping = b"", first_end < 0
            if skipping:
                continue
            yield Block(line, b"", too_long=True)
            line, start = line + 1, first_end + 1
        cut = chunk.rfind(b"\n") + 1
        if cut > start:
            data = rest + chunk[start:cut]
            yield Block(line, data)
            line, rest = line + data.count(b"\n"), chunk[cut:]
        else:
            rest += chunk[start:]
    if skipping:
        yield Block(line, b"", too_long=True)
    elif rest:
        yield Block(line, rest)


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    parts: list[bytes] = []
    size = 0
    while True:
        try:
            # One read at a time: a longer one would lose what it has gathered when it meets damage.
            part = cast("io.BufferedReader", stream).read1(BLOCK_BYTES)
        except (OSError, ReportError):
            yield b"".join(parts)
            raise
        parts.append(part)
        size += len(part)
        if not part or size >= BLOCK_BYTES:
            yield b"".join(parts)
            parts, size = [], 0
        if not part:
            return


_Code = Annotated[int, msgspec.Meta(ge=0, lt=1 << 31)]
_Count = Annotated[int, msgspec.Meta(ge=0, lt=1 << 53)]


class _Accessor(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    identifier: str
    identifierType: str = ""  # noqa: N815


class _AppleLine(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """The keys as Apple writes them."""

    type: str
    timeStamp: str  # noqa: N815
    accessor: _Accessor | None = None
    broadcaster: _Accessor | None = None
    category: str | None = None
    identifier: str | None = None
    kind: str | None = None
    outOfProcess: bool = False  # noqa: N815
    accessCount: int = 0  # noqa: N815
    bundleID: str | None = None  # noqa: N815
    domain: str | None = None
    domainOwner: str | None = None  # noqa: N815
    domainType: _Code | None = None  # noqa: N815
    domainClassification: _Code | None = None  # noqa: N815
    context: str | None = None
    contextVerificationType: _Code | None = None  # noqa: N815
    initiatedType: str | None = None  # noqa: N815
    hits: _Count | None = None
    firstTimeStamp: str | None = None  # noqa: N815


_DECODER = msgspec.json.Decoder(_AppleLine)


def add_ordinary(raw: RawRows, file: int, first_line: int, data: bytes) -> int:
    """Add a block of lines; return how many, or 0 when a line is not ordinary and nothing was added."""
    data = data.replace(b"\r\n", b"\n") if b"\r" in data else data
    count = _count_objects(data)
    if not count:
        return 0
    try:
        lines = _DECODER.decode_lines(data)
        types = [line.type for line in lines]
        accesses, network = _numbers(types, "access", first_line), _numbers(types, "networkActivity", first_line)
        if len(lines) != count or len(accesses) + len(network) != count:
            return 0
        # Real exports list all accesses, then all network rows: most blocks hold a single type.
        access_lines = lines if len(accesses) == count else [line for line in lines if line.type == "access"]
        network_lines = lines if len(network) == count else [line for line in lines if line.type != "access"]
        identifiers, access_block = _access_block(raw, access_lines)
        network_block = _network_block(raw, network_lines)
    except (_NotOrdinaryError, ReportError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return 0
    raw.identifiers += identifiers
    raw.accesses.add_block(**access_block, line=accesses, file=np.full(len(accesses), file))
    raw.network.add_block(**network_block, line=network, file=np.full(len(network), file))
    return count


class _NotOrdinaryError(Exception):
    pass


def _count_objects(data: bytes) -> int:
    """Return the number of lines when each starts and ends with a brace, else 0.

    Such lines cannot share an object: as many objects as lines means one object a line.
    """
    text = np.frombuffer(data if data.endswith(b"\n") else data + b"\n", np.uint8)
    ends = np.flatnonzero(text == ord("\n"))
    starts = np.append(0, ends[:-1] + 1)
    braced = (text[starts] == ord("{")).all() and (text[ends - 1] == ord("}")).all()
    return len(ends) if braced else 0


def _numbers(types: list[str], wanted: str, first_line: int) -> AnyInts:
    """Return the line numbers of one type; shape (n,)."""
    count = types.count(wanted)
    if count in {0, len(types)}:
        return np.arange(first_line, first_line + count)
    return np.flatnonzero([found == wanted for found in types]) + first_line


def _access_block(raw: RawRows, lines: list[_AppleLine]) -> tuple[list[str], dict[str, AnyInts]]:
    accessors = [line.accessor for line in lines]
    names = _all_given([accessor.identifier if accessor else None for accessor in accessors])
    identifiers = [identifier.upper() for identifier in _all_given([line.identifier for line in lines])]
    categories = _all_given([line.category for line in lines])
    broadcasters = [line.broadcaster for line in lines]
    kinds = _all_given([line.kind for line in lines])
    if not set(kinds) <= KIND_CODES.keys():
        raise _NotOrdinaryError
    wall_ns, offset_s = parse_times([line.timeStamp for line in lines])
    return identifiers, {
        "app": raw.apps.numbers(names),
        "category": raw.categories.numbers(categories),
        "kind": _ints([KIND_CODES[kind] for kind in kinds]),
        "wall_ns": wall_ns,
        "offset_s": offset_s,
        "out_of_process": _ints([line.outOfProcess for line in lines]),
        "broadcaster": _broadcasters(raw, broadcasters),
    }


def _broadcasters(raw: RawRows, broadcasters: list[_Accessor | None]) -> AnyInts:
    if broadcasters.count(None) == len(broadcasters):
        return np.full(len(broadcasters), -1)
    _all_given([broadcaster.identifier for broadcaster in broadcasters if broadcaster])
    return _ints([raw.apps[broadcaster.identifier] if broadcaster else -1 for broadcaster in broadcasters])


def _network_block(raw: RawRows, lines: list[_AppleLine]) -> dict[str, AnyInts]:
    apps, domains = _all_given([line.bundleID for line in lines]), _all_given([line.domain for line in lines])
    first_ns, first_offset_s = parse_times(_all_given([line.firstTimeStamp for line in lines]))
    last_ns, last_offset_s = parse_times([line.timeStamp for line in lines])
    texts = raw.texts
    return {
        "app": raw.apps.numbers(apps),
        "domain": texts.numbers(domains),
        "owner": texts.numbers([line.domainOwner or "" for line in lines]),
        "context": texts.numbers([line.context or "" for line in lines]),
        "initiated": texts.numbers([line.initiatedType or "" for line in lines]),
        "domain_type": _optional([line.domainType for line in lines]),
        "classification": _optional([line.domainClassification for line in lines]),
        "context_verification": _optional([line.contextVerificationType for line in lines]),
        "hits": _ints([line.hits or 0 for line in lines]),
        "first_ns": first_ns,
        "last_ns": last_ns,
        "first_offset_s": first_offset_s,
        "last_offset_s": last_offset_s,
    }


def _all_given(texts: list[str | None]) -> list[str]:
    if not all(texts):
        raise _NotOrdinaryError
    return texts  # type: ignore[return-value]


def _ints(values: list[int]) -> AnyInts:
    return np.array(values, np.int64)


def _optional(values: list[int | None]) -> AnyInts:
    return _ints([-1 if value is None else value for value in values])
