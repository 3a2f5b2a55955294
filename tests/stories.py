"""Small stories: a trace of one app and a report about the same time, in seconds from a fixed moment."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import lightleak
from lightleak.comparator import Comparison, compare
from lightleak.trace.ndjson import import_trace

T0_S = 1_760_000_000
APP = "org.example.app"
NS = 1_000_000_000


def stamp(seconds: float, offset: str = "+08:00") -> str:
    """Write a moment of the story as a report would."""
    import datetime as dt

    hours = int(offset[:3])
    ms = round(seconds * 1000)
    moment = dt.datetime.fromtimestamp(T0_S, dt.timezone(dt.timedelta(hours=hours))) + dt.timedelta(milliseconds=ms)
    return moment.isoformat(timespec="milliseconds")


def ident(n: int) -> str:
    """Return the n-th identifier."""
    return str(uuid.UUID(int=n + 0xABC)).upper()


class Trace:
    """A trace under construction; each call adds an event at a moment of the story and returns its seq."""

    def __init__(self, app: str | None = APP, zone: str | None = "Asia/Shanghai", session: str | None = None) -> None:
        self.header = {
            "kind": "header", "format": "lightleak-trace", "version": 2, "session": session or str(uuid.uuid4()),
            "tool": "test", "device": {"name": "phone", "time_zone": zone}, "target": {"identifier": app},
        }  # fmt: skip
        self.app = app
        self.events: list[dict[str, Any]] = []
        self.seqs: dict[int, int] = {}

    def add(self, at_s: float, kind: str, segment: int = 1, skip: int = 0, **keys: Any) -> int:
        seq = self.seqs.get(segment, 0) + 1 + skip
        self.seqs[segment] = seq
        wall_ns = T0_S * NS + round(at_s * NS)
        self.events.append(
            {
                "kind": kind,
                "segment": segment,
                "seq": seq,
                "wall_ns": wall_ns,
                "mono_ns": round((at_s + 1e6) * NS),
                **keys,
            }
        )
        return seq

    def ready(self, at_s: float, segment: int = 1, *, accounting: bool = True, **keys: Any) -> None:
        """Attach: process attached, hooks, process ready."""
        who = {"pid": 100 + segment, "name": "App", "identifier": self.app, "role": "app", **keys}
        self.add(at_s - 0.2, "process", segment, phase="attached", **who)
        status = {"status": "installed"} if accounting else {"status": "skipped", "reason": "no such class"}
        self.add(at_s - 0.1, "hook", segment, probe="accounting", symbol="-[PAAccessLogger log:]", **status)
        self.add(at_s, "process", segment, phase="ready", **who)

    def access(self, at_s: float, depth: str, segment: int = 1, **keys: Any) -> int:
        symbol = {"metadata": "+[PHAsset fetchAssetsWithOptions:]"}.get(depth, f"-[PHImageManager {depth}]")
        return self.add(at_s, "access", segment, **{"depth": depth, "symbol": symbol, **keys})

    def lines(self) -> str:
        return "".join(json.dumps(line) + "\n" for line in [self.header, *self.events])

    def save(self, folder: Path, name: str = "s.lightleak") -> lightleak.Session:
        source = folder / f"{name}.ndjson"
        source.write_text(self.lines())
        import_trace(source, folder / name)
        return lightleak.open(folder / name)


def entry_lines(n: int, begin_s: float | None, end_s: float | None, app: str = APP, **keys: Any) -> str:
    """Write an entry as the two lines of a report, or one of them."""
    halves = [("intervalBegin", begin_s), ("intervalEnd", end_s)]
    return "".join(
        json.dumps(
            {"accessCount": 0, "accessor": {"identifier": app, "identifierType": "bundleID"}, "category": "photos",
             "identifier": ident(n), "kind": kind, "timeStamp": stamp(at_s), "type": "access", **keys}
        ) + "\n"
        for kind, at_s in halves
        if at_s is not None
    )  # fmt: skip


def judge(folder: Path, trace: Trace, *lines: str, **options: Any) -> Comparison:
    """Compare one trace with a report of these lines."""
    report = folder / "report.ndjson"
    report.write_text("".join(lines))
    return compare([trace.save(folder)], lightleak.read_report(report), **options)


def only(comparison: Comparison) -> dict[str, Any]:
    """Return the single entry's verdict."""
    (verdict,) = comparison.verdicts()
    return verdict
