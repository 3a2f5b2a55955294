"""Write stores as privacyaccountingd does, from entries that are known."""

from __future__ import annotations

import uuid
from pathlib import Path

from report.protobuf_writer import field
from report.segb_writer import NewRecord, segment_bytes
from report.written import SERVICES, Truth

STREAM = "com.apple.privacy.accounting.stream"
BIOME = "private/var/mobile/Library/PrivacyAccounting/Biome"
APPLE_EPOCH_MS = 978_307_200_000
_KINDS = {"event": 1, "begin": 2, "end": 3, "assets": 4}


def message(truth: Truth, kind: str, *, adjustment_s: float | None = None) -> bytes:
    """Return one record's content."""
    access = (
        field(1, field(1, 1) + field(2, truth.app))
        + field(2, uuid.UUID(truth.identifier).bytes)
        + field(3, _KINDS[kind])
        + (b"" if adjustment_s is None else field(4, adjustment_s))
    )
    match truth:
        case Truth(out_of_process=True):
            extra = field(2, {"photos": 1, "contacts": 2}[truth.category])
        case Truth(category="location"):
            extra = b""
        case Truth(category="screenRecording"):
            extra = field(2, field(1, 1) + field(2, truth.broadcaster)) if truth.broadcaster else b""
        case _:
            extra = field(2, SERVICES[truth.category])
    return field(1, access) + extra


def stream(truth: Truth) -> str:
    """Tell which stream an entry is written to."""
    if truth.out_of_process:
        return f"{STREAM}.oop"
    return {"location": f"{STREAM}.location", "screenRecording": f"{STREAM}.replay-kit"}.get(
        truth.category, f"{STREAM}.tcc"
    )


def records(truth: Truth, *, deleted: bool = False) -> list[NewRecord]:
    """Return the records of one entry."""
    halves = (("begin", truth.begin_ms), ("end", truth.end_ms))
    return [
        NewRecord((time_ms - APPLE_EPOCH_MS) / 1000, message(truth, kind), deleted)
        for kind, time_ms in halves
        if time_ms is not None
    ]


def segments(entries: list[Truth]) -> dict[str, bytes]:
    """Return path → content of a whole store, one segment a stream."""
    by_stream: dict[str, list[NewRecord]] = {}
    for truth in entries:
        by_stream.setdefault(stream(truth), []).extend(records(truth))
    return {f"{BIOME}/{name}/local/700000000000000": segment_bytes(found) for name, found in by_stream.items()}


def write(folder: Path, entries: list[Truth]) -> Path:
    """Write a store below a folder; return the folder of its streams."""
    for name, content in segments(entries).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder / BIOME
