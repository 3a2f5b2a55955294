"""Build traces and session files for tests: one call each, fixed times."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from lightleak.trace.frame_writer import FrameWriter
from lightleak.trace.header import encode_header

SESSION = "0b8f7f3e-53b1-4c53-9d2f-4ac5e0a1b111"
HEADER: dict[str, Any] = {
    "kind": "header",
    "format": "lightleak-trace",
    "version": 2,
    "session": SESSION,
    "tool": "lightleak 0.1.0",
    "device": {"name": "phone", "model": "iPhone15,2", "os": "iOS", "os_version": "18.1", "time_zone": "Europe/Paris"},
    "target": {"identifier": "com.example.app", "name": "Example", "version": "1.0"},
}
WALL_NS = 1_790_000_000_000_000_000
STEP_NS = 10_000_000


def event(seq: int, segment: int = 1, kind: str = "access", **fields: Any) -> dict[str, Any]:
    """Make an event: the required keys, then what is given."""
    at = {"wall_ns": WALL_NS + seq * STEP_NS, "mono_ns": seq * STEP_NS, "tid": 259}
    return {"kind": kind, "segment": segment, "seq": seq, **at, **fields}


def line(seq: int, segment: int = 1, kind: str = "access", **fields: Any) -> bytes:
    """Make an event's line, without the newline."""
    return as_line(event(seq, segment, kind, **fields))


def as_line(value: Any) -> bytes:
    """Encode anything as one line."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def lines(count: int, segment: int = 1) -> list[bytes]:
    """Make the lines of a segment, seq 1 to count."""
    return [
        line(seq, segment, depth="metadata", symbol="+[PHAsset fetchAssetsWithOptions:]") for seq in range(1, count + 1)
    ]


def trace(path: Path, events: Iterable[bytes], header: dict[str, Any] | None = None) -> Path:
    """Write a trace in the interchange format."""
    path.write_bytes(b"".join(each + b"\n" for each in [as_line(header or HEADER), *events]))
    return path


def session(
    path: Path,
    events: Sequence[bytes],
    *,
    header: dict[str, Any] | None = None,
    frame: int = 10,
    closed: bool = True,
) -> Path:
    """Write a session file with ``frame`` events in each frame."""
    journal = FrameWriter(path, encode_header(header or HEADER))
    for first in range(0, len(events), frame):
        journal.append(events[first : first + frame])
    if closed:
        journal.close()
    journal.publish()
    journal.abandon()
    return path
