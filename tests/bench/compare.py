"""Measure the comparator: a week from files to JSON, and matching compared with a C sweep over the same arrays."""

from __future__ import annotations

import ctypes
import dataclasses
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

EVENTS, ENTRIES = 1_000_000, 10_000
WEEK_S = 7 * 86_400
T0_NS = 1_760_000_000 * 10**9
APP = "org.example.app"


def story(events: int, entries: int, *, accounting: bool = True) -> tuple[Iterator[str], Iterator[str]]:
    """Make a week of one app: bursts of queries and reads, callbacks, states; and its report.

    Without the accounting hook, everything is matched by time, so that the chance test is needed.
    """
    chance = random.Random(1)
    begins = sorted(chance.uniform(10, WEEK_S - 100) for _ in range(entries))
    ids = [str(uuid.UUID(int=chance.getrandbits(128))).upper() for _ in range(entries)]
    per_burst = events // entries

    def trace() -> Iterator[str]:
        head = {"kind": "header", "format": "lightleak-trace", "version": 2, "session": str(uuid.uuid4()),
                "device": {"time_zone": "Asia/Shanghai"}, "target": {"identifier": APP}}  # fmt: skip
        yield json.dumps(head)
        seq = 0

        def event(at_s: float, **keys: Any) -> str:
            nonlocal seq
            seq += 1
            wall = T0_NS + int(at_s * 1e9)
            kind = keys.pop("kind")
            return json.dumps(
                {"kind": kind, "segment": 1, "seq": seq, "wall_ns": wall, "mono_ns": wall - T0_NS, "tid": 7, **keys},
                separators=(",", ":"),
            )

        who = {"pid": 7, "name": "App", "identifier": APP, "role": "app"}
        yield event(0, kind="process", phase="attached", **who)
        status = "installed" if accounting else "skipped"
        yield event(0, kind="hook", probe="accounting", symbol="-[PAAccessLogger log:]", status=status)
        yield event(0, kind="process", phase="ready", **who)
        for n, (begin, identifier) in enumerate(zip(begins, ids, strict=True)):
            yield event(begin - 0.2, kind="state", value="background" if n % 3 else "active")
            if accounting:
                yield event(begin - 0.1, kind="accounting", phase="begin", identifier=identifier, service="photos")
            for k in range(per_burst - 2):
                depth = ("metadata", "thumbnail", "data", "metadata")[k % 4]
                at = begin - 0.05 + 30 * k / per_burst
                if k % 3 == 2:
                    yield event(at, kind="return", of=seq, duration_ns=120_000, cpu_ns=80_000)
                else:
                    caller = {"image": "/App", "offset": 4096 + k}
                    yield event(at, kind="access", depth=depth, symbol=f"-[PHImageManager request{k % 9}:]",
                                detail={"count": k}, asset=None, cause=None, caller=caller, stack=k % 50)  # fmt: skip

    def report() -> Iterator[str]:
        import datetime as dt

        for begin, identifier in zip(begins, ids, strict=True):
            for kind, at in (("intervalBegin", begin), ("intervalEnd", begin + 62)):
                moment = dt.datetime.fromtimestamp(T0_NS / 1e9 + at, dt.UTC).isoformat(timespec="milliseconds")
                yield json.dumps({"accessCount": 0, "accessor": {"identifier": APP, "identifierType": "bundleID"},
                                  "category": "photos", "identifier": identifier, "kind": kind, "timeStamp": moment,
                                  "type": "access"})  # fmt: skip

    return trace(), report()


_CHILD = """
import resource, sys, time
start = time.perf_counter()
import lightleak
from lightleak.comparator import compare
opened = lightleak.open(sys.argv[1]); report = lightleak.read_report(sys.argv[2])
text = compare([opened], report).to_json()
own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
print(time.perf_counter() - start, cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, len(text))
"""


def week(*, accounting: bool = True) -> dict[str, float]:
    """Time files → JSON in a new process: wall time, and the processor time of both processes."""
    from lightleak.trace.ndjson import import_trace

    with tempfile.TemporaryDirectory() as folder:
        trace, report = story(EVENTS, ENTRIES, accounting=accounting)
        source, rows, session = (Path(folder, name) for name in ("t.ndjson", "r.ndjson", "s.lightleak"))
        for path, lines in ((source, trace), (rows, report)):
            with path.open("w") as file:
                file.writelines(line + "\n" for line in lines)
        import_trace(source, session)
        runs = []
        # With its code compiled, as an installed program has it: the first run compiles.
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment["PYTHONPYCACHEPREFIX"] = folder
        for _ in range(4):
            found = subprocess.run(
                [sys.executable, "-c", _CHILD, session, rows], capture_output=True, check=True, env=environment
            )
            runs.append([float(figure) for figure in found.stdout.split()])
        seconds, cpu, megabytes, size = min(runs)
        return {
            "seconds": round(seconds, 2),
            "cpu_seconds": round(cpu, 2),
            "peak_mb": round(megabytes),
            "json_mb": round(size / 1e6, 1),
        }


_SWEEP = r"""
#include <stdint.h>
// For each interval, sorted by begin: how many events are in it. Events sorted.
void sweep(const int64_t *at, int64_t n, const int64_t *from, const int64_t *to, int64_t m, int64_t *count) {
  int64_t first = 0, last = 0;
  for (int64_t i = 0; i < m; i++) {
    while (first < n && at[first] < from[i]) first++;
    if (last < first) last = first;
    while (last < n && at[last] < to[i]) last++;
    count[i] = last - first;
  }
}
"""


def matching(events: int = 10_000_000, entries: int = 1_000_000) -> dict[str, float]:
    """Time matching and all verdicts, compared with a C sweep over the same sorted arrays."""
    import numpy as np

    from lightleak.arrays import Intervals
    from lightleak.comparator.columns.event_columns import EventColumns
    from lightleak.comparator.rules.rules import apply_rules
    from lightleak.comparator.timeline.accounting import AccountingIndex
    from lightleak.comparator.timeline.app_timeline import AppTimeline
    from lightleak.comparator.timeline.session_set import SessionSet

    generator = np.random.default_rng(1)
    span = WEEK_S * 10**9
    at = np.sort(generator.integers(0, span, events))
    begin = np.sort(generator.integers(0, span, entries))
    until = begin + 62 * 10**9
    counts = np.zeros(entries, np.int64)
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "sweep.c"), Path(folder, "sweep.so")
        source.write_text(_SWEEP)
        subprocess.run(["gcc", "-O2", "-shared", "-fPIC", "-o", library, source], check=True)
        c = ctypes.CDLL(str(library))
    pointers = [array.ctypes.data_as(ctypes.c_void_p) for array in (at, begin, until, counts)]

    def sweep() -> None:
        c.sweep(pointers[0], ctypes.c_int64(events), pointers[1], pointers[2], ctypes.c_int64(entries), pointers[3])

    levels = generator.integers(0, 6, events).astype(np.uint8)
    none = np.zeros((0, 3), np.int64)
    columns = EventColumns(segment=np.ones(events, np.int64), seq=np.arange(1, events + 1), wall_ns=at, mono_ns=at, level=levels,
                kind=np.zeros(events, np.uint8), symbol=np.full(events, -1, np.int32), symbols=[], returns=none, deliveries=none, caused=none, resumed=none, rows=[])  # fmt: skip
    sessions = SessionSet([({}, [], [], columns)])
    watched = dataclasses.replace(sessions.segments[0], identifier=APP, covered=Intervals.union([(0, span)]))
    timeline = AppTimeline(sessions, [watched])
    _ = timeline.levels, timeline.first_contacts, timeline.unaccounted_queries
    rows = _Rows(begin, until, generator)
    accounting = AccountingIndex.of(sessions)
    floor = _best(sweep)
    return {
        "c_sweep_ms": round(1000 * floor, 1),
        "matching_ratio": round(_best(lambda: timeline.find(until) - timeline.find(begin)) / floor, 2),
        "verdicts_ratio": round(
            _best(lambda: apply_rules(timeline, accounting, rows, np.arange(entries), 3 * 10**9)) / floor, 2
        ),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


class _Rows:
    """A substitute for ``Entries`` with the columns that the rules read."""

    def __init__(self, begin: Any, until: Any, generator: Any) -> None:
        import numpy as np

        self.begin_ns, self.until_ns, self.has_begin = begin, until, np.ones(len(begin), bool)
        self.columns = self
        self.identifier = np.array([str(n) for n in range(len(begin))], dtype=object)
        self.out_of_process = generator.random(len(begin)) < 0.05


def _best(action: Any, rounds: int = 7) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def run() -> dict[str, Any]:
    """Measure. Required: a week ≤ 1.5 s, ≤ 5 s with the chance test, ≤ 1,500 MB; matching ≤ 4, verdicts ≤ 25 times a C sweep, ≤ 1,000 MB."""
    return {"week": week(), "week_by_time": week(accounting=False), "large": matching()}


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
