"""Read a SEGB v2 file: the container of the streams that iOS keeps on the phone (Biome).

    header   32 bytes: ``SEGB``, int32 slots, float64 created (s since 2001-01-01), 16 unused
    entries  uint32 CRC-32 of the data, int32 unknown, data; each at the next multiple of 4
    trailer  the last 16 × slots bytes: int32 end of the data (from byte 32), int32 state, float64 time

Slots come in any order. Several may name one entry (written, later deleted); a stale one may point into a newer
entry. The CRC decides: an entry starts at the end of the nearest earlier slot from which it agrees.
Source: research published by Cellebrite and CCL; reader of iLEAPP.
"""

from __future__ import annotations

import struct
import zlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

from lightleak.errors import ReportError

MAGIC = b"SEGB"
HEADER = struct.Struct("<4sid16x")
ENTRY = struct.Struct("<Ii")
SLOT = struct.Struct("<iid")
V1_MAGIC_AT = 52

UNUSED, WRITTEN, DELETED, EMPTY = 0, 1, 3, 4

MAX_BYTES = 1 << 28
"""The phone caps the whole store at 104,857,600 bytes; a larger file is not one of its segments."""
_CRC_BYTES_PER_BYTE = 32
"""How often each byte may be checksummed on average before the search for entries is given up."""
_TRIES = 16
"""How many earlier slots are tried as the start of an entry."""


class Record(NamedTuple):
    """One entry of the file."""

    slot: int
    """Position in the trailer, from 1."""
    time_s: float
    """Seconds since 2001-01-01 UTC."""
    data: bytes | None
    """The content; None for a deleted entry whose content is gone."""


@dataclass
class SegbFile:
    """What a file holds, in the order of its entries."""

    created_s: float
    records: list[Record] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    """Slots with the state written for which no entry agrees with its CRC: stale, or damaged."""
    problem: str = ""
    """What is wrong with the file as a whole; empty in most."""


class _Slot(NamedTuple):
    number: int
    end: int
    state: int
    time_s: float


def read_segment(file: bytes) -> SegbFile:
    """Read a whole file. Raises: ReportError when it is not SEGB v2."""
    if file[:4] != MAGIC:
        if file[V1_MAGIC_AT : V1_MAGIC_AT + 4] == MAGIC:
            raise ReportError("SEGB version 1, but the privacy store is written in version 2")
        raise ReportError("not a SEGB file")
    if len(file) < HEADER.size:
        raise ReportError("a SEGB file cut off in its header")
    _, count, created_s = HEADER.unpack_from(file)
    entries_end = len(file) - SLOT.size * count
    if count < 0 or entries_end < HEADER.size:
        raise ReportError(f"a SEGB file too short for the {count} slots that it claims: cut off")
    segment = SegbFile(created_s)
    _read_entries(memoryview(file)[HEADER.size : entries_end], _slots(file, entries_end, segment), segment)
    return segment


def _slots(file: bytes, start: int, segment: SegbFile) -> list[_Slot]:
    slots = [_Slot(n, *SLOT.unpack_from(file, at)) for n, at in enumerate(range(start, len(file), SLOT.size), 1)]
    odd = sum(slot.state not in {UNUSED, WRITTEN, DELETED, EMPTY} for slot in slots)
    if odd:
        segment.problem = f"{odd} slots of an unknown state"
    return [slot for slot in slots if slot.state in {WRITTEN, DELETED}]


def _read_entries(area: memoryview, slots: list[_Slot], segment: SegbFile) -> None:
    by_end: dict[int, list[_Slot]] = defaultdict(list)
    for slot in slots:
        by_end[slot.end].append(slot)
    starts, budget = [0], _CRC_BYTES_PER_BYTE * (len(area) + 1024)
    for end in sorted(by_end):
        sharing, within = by_end[end], 0 < end <= len(area)
        # One slot says written, another deleted: the same entry, deleted later.
        slot, deleted = min(sharing), any(slot.state == DELETED for slot in sharing)
        data, cost = _entry(area, starts[-_TRIES:], end) if within and budget > 0 else (None, 0)
        budget -= cost
        # Pruning zeroes the data. Zeros may even agree with the CRC, and still mean nothing.
        if data is not None and any(data):
            segment.records.append(Record(slot.number, slot.time_s, data))
        elif deleted and within:
            segment.records.append(Record(slot.number, slot.time_s, None))
        else:
            segment.unreadable.append(slot.number)
        if within:
            starts.append((end + 3) & ~3)
    if budget <= 0:
        segment.problem = "too damaged: the search for entries was given up"


def _entry(area: memoryview, starts: list[int], end: int) -> tuple[bytes | None, int]:
    """Find the entry that ends at ``end``: return its data or None, and how many bytes were checksummed."""
    cost = 0
    for start in reversed(starts):
        data_start = start + ENTRY.size
        if data_start > end:
            continue
        data = area[data_start:end]
        cost += len(data)
        if zlib.crc32(data) == ENTRY.unpack_from(area, start)[0]:
            return bytes(data), cost
    return None, cost
