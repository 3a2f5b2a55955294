"""Write the on-device store: SEGB version 2 files with protobuf records.

Source: published research on Biome's SEGB files (Cellebrite, CCL, iLEAPP). Little endian; header of 32 bytes; entries of 8 bytes and data, at multiples of
4; one 16-byte slot per entry at the end of the file. Slots that are allocated and not used yet are zero.
"""

from __future__ import annotations

import struct
import uuid
import zlib
from pathlib import Path

from .store import Record

APPLE_EPOCH_S = 978_307_200  # 2001-01-01 UTC
SEGMENT_RECORDS = 64
_SPARE_SLOTS = 3
_WRITTEN, _DELETED = 1, 3


def apple_s(wall_ns: int) -> float:
    """Seconds since 2001, as the store counts them."""
    return wall_ns / 1e9 - APPLE_EPOCH_S


def _varint(value: int) -> bytes:
    out = b""
    while value > 0x7F:
        out += bytes((value & 0x7F | 0x80,))
        value >>= 7
    return out + bytes((value,))


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def message(record: Record) -> bytes:
    """Encode a record: `1{1{1: 1 (bundle id), 2: identifier}, 2: uuid, 3: kind}`, then `2`: the service or the picker's type."""
    accessor = _number(1, 1) + _bytes(2, record.accessor.encode())
    access = _bytes(1, accessor) + _bytes(2, uuid.UUID(record.identifier).bytes) + _number(3, record.kind)
    what = _number(2, 1) if record.out_of_process else _bytes(2, (record.service or "").encode())
    return _bytes(1, access) + what


def segment(records: list[Record], deleted: set[int]) -> bytes:
    """Build one file; of deleted records (by index) the data is zeroed, and the time and the checksum stay."""
    body = b""
    slots = []
    for index, record in enumerate(records):
        data = message(record)
        head = struct.pack("<Ii", zlib.crc32(data), 0)
        body += bytes(-len(body) % 4) + head + (bytes(len(data)) if index in deleted else data)
        slots.append((len(body), _DELETED if index in deleted else _WRITTEN, apple_s(record.wall_ns)))
    body += bytes(-len(body) % 4)
    slots += [(0, 0, 0.0)] * _SPARE_SLOTS
    header = struct.pack("<4sid16x", b"SEGB", len(slots), apple_s(records[0].wall_ns))
    return header + body + b"".join(struct.pack("<iid", *slot) for slot in slots)


def write_store(folder: Path, records: list[Record], deleted: int = 0) -> Path:
    """Write the streams below `folder/Biome`; the oldest `deleted` records of each are marked as such. Returns Biome."""
    biome = folder / "Biome"
    for suffix, picker in (("tcc", False), ("oop", True)):
        mine = [record for record in records if record.out_of_process is picker]
        local = biome / f"com.apple.privacy.accounting.stream.{suffix}" / "local"
        local.mkdir(parents=True, exist_ok=True)
        for start in range(0, len(mine), SEGMENT_RECORDS):
            part = mine[start : start + SEGMENT_RECORDS]
            gone = {index for index in range(len(part)) if start + index < deleted}
            name = str(round(apple_s(part[0].wall_ns) * 1e6))
            (local / name).write_bytes(segment(part, gone))
    return biome
