"""The daemon's records: the begin and end of every interval, in the order in which they came, kept on disk."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO


@dataclass(frozen=True)
class Record:
    """One begin (kind 2) or end (kind 3), stamped with the daemon's own wall clock. `reason` and `writer` stay inside."""

    wall_ns: int
    identifier: str
    kind: int
    accessor: str
    category: str
    service: str | None
    out_of_process: bool
    writer_pid: int
    writer: str
    reason: str


class Store:
    """Appends records to a file and knows which intervals are open."""

    def __init__(self, path: Path) -> None:
        self.records: list[Record] = []
        self.open: dict[str, Record] = {}
        if path.exists():
            for line in path.read_text(encoding="utf-8").splitlines():
                self._take(Record(**json.loads(line)))
        self._file: IO[str] = path.open("a", encoding="utf-8", buffering=1)

    def _take(self, record: Record) -> None:
        self.records.append(record)
        if record.kind == 2:
            self.open[record.identifier] = record
        else:
            self.open.pop(record.identifier, None)

    def add(self, record: Record) -> None:
        """Keep a record."""
        self._take(record)
        self._file.write(json.dumps(asdict(record)) + "\n")

    def end(self, begin: Record, reason: str, *, wall_ns: int | None = None) -> None:
        """End an open interval now, or at the given time."""
        stamp = time.time_ns() if wall_ns is None else wall_ns
        self.add(Record(**asdict(begin) | {"wall_ns": stamp, "kind": 3, "reason": reason}))

    def finalise(self) -> None:
        """End every interval that an earlier life of the daemon left open, all at one time, as at the first unlock."""
        now_ns = time.time_ns()
        for begin in list(self.open.values()):
            self.end(begin, "finalised", wall_ns=now_ns)
