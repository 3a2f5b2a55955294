"""Sessions for the tests of exports: each shape of event once, and a hostile one."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import lightleak
from lightleak.filter import Filter
from lightleak.views.export.source import ExportSource
from tracekit import as_line, event, session

HOSTILE = '=cmd|"/c calc"!A1</script>\x1b]0;x\x07\u202e\u2028\n,;"'
STARTS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "\n=1")


def source_of(path: Path, *events: dict) -> ExportSource:
    """Make a session of events and open it for an export."""
    return ExportSource(lightleak.open(session(path / "s.lightleak", [as_line(each) for each in events])))


def written(module, reading: ExportSource, expression: str | None = None, how: str = "export") -> bytes:
    """Export, and return the bytes."""
    if expression:
        reading = ExportSource(reading.session, Filter(expression))
    file = BytesIO()
    getattr(module, how)(reading, file)
    return file.getvalue()


def each_kind() -> list[dict]:
    """Give one event of each kind, with all of its keys."""
    who = {"pid": 77, "name": "Example", "identifier": "com.example.app", "role": "app"}
    observer = {"class": "Watcher", "id": "0x1", "image": "Example"}
    caller = {"image": "Example", "offset": 4096}
    kinds = [
        ("process", {"phase": "attached", **who}),
        ("hook", {"probe": "accounting", "symbol": "-[PAAccessLogger log:]", "status": "installed"}),
        ("process", {"phase": "ready", **who}),
        ("state", {"value": "background"}),
        ("authorization", {"symbol": "+[PHPhotoLibrary requestAuthorization:]", "action": "asked", "level": 2, "status": None}),
        ("observer", {"action": "registered", "observer": observer, "type": "change", "caller": caller, "stack": 1}),
        ("notification", {"observer": observer, "change": "c1", "type": "change"}),
        ("access", {"depth": "data", "symbol": "-[PHImageManager requestImageDataForAsset:]", "detail": {"version": 0},
                    "asset": "a1b2", "cause": 7, "caller": caller, "stack": 1}),
        ("return", {"of": 8, "duration_ns": 5_000_000, "cpu_ns": 4_000_000}),
        ("return", {"of": 7, "duration_ns": 30_000_000, "cpu_ns": 9_000_000}),
        ("delivery", {"of": 8, "bytes": 2048, "degraded": True, "error": None}),
        ("delivery", {"of": 8, "bytes": 4096, "degraded": False, "error": None}),
        ("accounting", {"phase": "begin", "identifier": "A0B1", "service": "photos"}),
        ("accounting", {"phase": "end", "identifier": "A0B1", "service": "photos"}),
        ("stack", {"id": 1, "frames": [{"image": "Example", "uuid": "U", "offset": 1, "symbol": "main"}]}),
        ("clock", {"host_offset_ns": -5, "error_ns": 3}),
        ("mark", {"label": "locked"}),
        ("lost", {"count": 3, "reason": "full"}),
        ("weather", {"depth": "deep", "sun": [1, {"a": None}], "tid": None}),
        ("process", {"phase": "detached", "reason": "application-requested"}),
    ]  # fmt: skip
    return [event(n, kind=kind, **keys) for n, (kind, keys) in enumerate(kinds, 1)]


def origins_and_acts() -> list[dict]:
    """Give each origin, an act because of each, acts without one, and what the process used."""
    usage = {"cpu_ns": 1_500_000_000, "footprint_bytes": 34_500_000, "energy_nj": None, "wakeups": 12}
    kinds = [
        ("process", {"phase": "attached", "pid": 77, "name": "Example", "identifier": "com.example.app", "reason": "launch"}),
        ("process", {"phase": "ready"}),
        ("state", {"value": "inactive"}),
        ("state", {"value": "active", "reason": None, "changed": True}),
        ("usage", {**usage, "disk_read_bytes": 2_000_000}),
        ("notification", {"observer": {"class": "Watcher", "id": "0x1"}, "type": "change"}),
        ("input", {"type": "touch"}),
        ("state", {"value": "background", "reason": "silent-push"}),
        ("access", {"depth": "metadata", "symbol": "of the change", "cause": 6}),
        ("access", {"depth": "data", "symbol": "of the touch", "cause": 7, "resumed_by": 6, "tid": 300}),
        ("access", {"depth": "data", "symbol": "of the push", "cause": 8}),
        ("access", {"depth": "open", "symbol": "of the launch", "cause": 3}),
        ("property", {"symbol": "-[PHAsset location]", "count": 40, "assets": 12, "cause": 6}),
        ("access", {"depth": "data", "symbol": "of nothing"}),
        ("access", {"depth": "data", "symbol": "of what was lost", "cause": None, "cause_lost": True}),
        ("access", {"depth": "data", "symbol": "of no origin", "cause": 9}),
        ("return", {"of": 6, "duration_ns": 200_000_000, "cpu_ns": 1_000_000}),
        ("usage", {**usage, "cpu_ns": 1_900_000_000, "disk_read_bytes": None}),
        ("process", {"phase": "detached", "reason": "application-requested"}),
    ]  # fmt: skip
    return [event(n, kind=kind, **keys) for n, (kind, keys) in enumerate(kinds, 1)]


def hostile() -> list[dict]:
    """Give events whose every string is an attack, and whose every number is none."""
    who = {"pid": HOSTILE, "name": HOSTILE, "identifier": HOSTILE, "role": HOSTILE}
    observer = {"class": HOSTILE, "id": HOSTILE, "image": HOSTILE, HOSTILE: HOSTILE}
    caller = {"image": HOSTILE, "offset": HOSTILE}
    numbers = {"duration_ns": 2**70, "cpu_ns": -1.5, "bytes": HOSTILE, "degraded": HOSTILE, "count": HOSTILE}
    return [
        event(1, kind="process", phase=HOSTILE, **who),
        event(2, kind="state", value=HOSTILE),
        event(3, kind="observer", action=HOSTILE, observer=observer, type=HOSTILE, caller=caller, stack=HOSTILE),
        event(4, kind="notification", observer=observer, change=HOSTILE, type=HOSTILE),
        event(5, depth="data", symbol=HOSTILE, detail={HOSTILE: HOSTILE}, asset=HOSTILE, caller=caller, stack=HOSTILE),
        event(6, depth=HOSTILE, symbol=[HOSTILE], detail=HOSTILE, asset={}, caller=HOSTILE, stack=[1]),
        event(7, kind="return", of=5, **numbers),
        event(8, kind="delivery", of=5, error=HOSTILE, **numbers),
        event(9, kind="accounting", phase=HOSTILE, identifier=HOSTILE, service=HOSTILE),
        event(10, kind="stack", id=HOSTILE, frames=[HOSTILE]),
        event(11, kind="mark", label=HOSTILE),
        event(12, kind=HOSTILE, **{HOSTILE: HOSTILE}),
        event(13, kind="lost", reason=HOSTILE, count=HOSTILE),
        event(14, wall_ns=2**68, mono_ns=2**68, depth="open"),
        event(15, wall_ns=-(2**90), mono_ns=-(2**90), depth="open"),
        *(event(n, symbol=start, depth="open") for n, start in enumerate(STARTS, 16)),
    ]
