"""Read a block of ordinary lines in one go. What is not ordinary is left to the reading line by line.

Ordinary is what iOS 15 beta 2 and later write: only known keys, known kinds, every line one object. A block with a
single odd line is refused whole; nothing is added then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

import msgspec
import numpy as np

from lightleak.errors import ReportError
from lightleak.privacy.collected import KIND_CODES, Collected
from lightleak.privacy.growing import Ints
from lightleak.privacy.timecolumn import parse_times

_Count = Annotated[int, msgspec.Meta(ge=0, lt=1 << 53)]


class _Accessor(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    identifier: str
    identifierType: str = ""  # noqa: N815


class _Line(msgspec.Struct, forbid_unknown_fields=True, gc=False):
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
    domainType: _Count | None = None  # noqa: N815
    domainClassification: _Count | None = None  # noqa: N815
    context: str | None = None
    contextVerificationType: _Count | None = None  # noqa: N815
    initiatedType: str | None = None  # noqa: N815
    hits: _Count | None = None
    firstTimeStamp: str | None = None  # noqa: N815


_DECODER = msgspec.json.Decoder(_Line)


def add_plain(collected: Collected, file: int, first_line: int, data: bytes) -> int:
    """Add a block of lines; return how many, or 0 where the block is not plain and nothing was added."""
    data = data.replace(b"\r\n", b"\n")
    data = data if data.endswith(b"\n") else data + b"\n"
    count = data.count(b"\n")
    # Lines that begin and end with braces cannot share an object: then as many objects as lines is one for each.
    if not data.startswith(b"{") or data.count(b"}\n") != count or data.count(b"\n{") != count - 1:
        return 0
    try:
        lines = _DECODER.decode_lines(data)
        accesses = [(first_line + n, line) for n, line in enumerate(lines) if line.type == "access"]
        rows = [(first_line + n, line) for n, line in enumerate(lines) if line.type == "networkActivity"]
        if len(lines) != count or len(accesses) + len(rows) != count:
            return 0
        access_block = _access_block(collected, accesses)
        network_block = _network_block(collected, rows)
    except (_NotPlainError, ReportError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return 0
    if accesses:
        collected.identifiers += access_block[0]
        collected.accesses.add_block(**access_block[1], file=np.full(len(accesses), file))
    if rows:
        collected.network.add_block(**network_block, file=np.full(len(rows), file))
    return count


class _NotPlainError(Exception):
    pass


def _access_block(collected: Collected, numbered: list[tuple[int, _Line]]) -> tuple[list[str], dict[str, Ints]]:
    lines = [line for _, line in numbered]
    accessors = [line.accessor for line in lines]
    if None in accessors:
        raise _NotPlainError
    names = _whole([accessor.identifier for accessor in accessors if accessor])
    identifiers = [name.upper() for name in _whole([line.identifier for line in lines])]
    _whole([line.broadcaster.identifier for line in lines if line.broadcaster])
    categories = _whole([line.category for line in lines])
    try:
        kinds = _ints(KIND_CODES[line.kind or ""] for line in lines)
    except KeyError:
        raise _NotPlainError from None
    wall_ns, offset_s = parse_times([line.timeStamp for line in lines])
    return identifiers, {
        "app": collected.apps.numbers(names),
        "category": collected.categories.numbers(categories),
        "kind": kinds,
        "wall_ns": wall_ns,
        "offset_s": offset_s,
        "out_of_process": _ints(line.outOfProcess for line in lines),
        "broadcaster": _ints(collected.apps[line.broadcaster.identifier] if line.broadcaster else -1 for line in lines),
        "line": _ints(number for number, _ in numbered),
    }


def _network_block(collected: Collected, numbered: list[tuple[int, _Line]]) -> dict[str, Ints]:
    lines = [line for _, line in numbered]
    apps, domains = _whole([line.bundleID for line in lines]), _whole([line.domain for line in lines])
    first_ns, first_offset_s = parse_times(_whole([line.firstTimeStamp for line in lines]))
    last_ns, last_offset_s = parse_times([line.timeStamp for line in lines])
    texts = collected.texts
    return {
        "app": collected.apps.numbers(apps),
        "domain": texts.numbers(domains),
        "owner": texts.numbers([line.domainOwner or "" for line in lines]),
        "context": texts.numbers([line.context or "" for line in lines]),
        "initiated": texts.numbers([line.initiatedType or "" for line in lines]),
        "domain_type": _ints(-1 if line.domainType is None else line.domainType for line in lines),
        "classification": _ints(
            -1 if line.domainClassification is None else line.domainClassification for line in lines
        ),
        "context_verification": _ints(
            -1 if line.contextVerificationType is None else line.contextVerificationType for line in lines
        ),
        "hits": _ints(line.hits or 0 for line in lines),
        "first_ns": first_ns,
        "last_ns": last_ns,
        "first_offset_s": first_offset_s,
        "last_offset_s": last_offset_s,
        "line": _ints(number for number, _ in numbered),
    }


def _whole(texts: list[str | None]) -> list[str]:
    if None in texts or "" in texts:
        raise _NotPlainError
    return [text for text in texts if text is not None]


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, np.int64)
