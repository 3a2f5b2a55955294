"""Write a SEGB v2 file: for the stores of tests. Layout: see ``lightleak.report.segb``."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from typing import NamedTuple

from lightleak.report.segb import DELETED, ENTRY, HEADER, MAGIC, SLOT, WRITTEN


class NewRecord(NamedTuple):
    """One entry to write."""

    time_s: float
    """Seconds since 2001-01-01 UTC."""
    data: bytes
    deleted: bool = False
    """Pruned: the data are zeroed, the time stays."""


def segment_bytes(records: Iterable[NewRecord], created_s: float = 0.0, extra_slots: Iterable[bytes] = ()) -> bytes:
    """Return the file that holds these records; ``extra_slots`` are trailer slots as they stand (stale, shared, …)."""
    area, slots = bytearray(), list(extra_slots)
    for record in records:
        area += bytes(-len(area) % 4)
        area += ENTRY.pack(zlib.crc32(record.data), 0)
        area += bytes(len(record.data)) if record.deleted else record.data
        slots.append(SLOT.pack(len(area), DELETED if record.deleted else WRITTEN, record.time_s))
    return HEADER.pack(MAGIC, len(slots), created_s) + bytes(area) + b"".join(slots)
