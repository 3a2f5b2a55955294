"""Measure ``show`` against ``compare`` on the same million events: processor time of both processes, in turns.

Required: ``show`` takes no longer than ``compare``, whatever part is shown and whatever a filter keeps.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.compare import story

EVENTS, ENTRIES, ROUNDS = 1_000_000, 10_000, 3
WAYS = {
    "show": [],
    "no_events": ["--events", "0"],
    "one_day": ["--from", "2025-10-12", "--to", "2025-10-12"],
    "one_event": ["--event", "1:777777"],
    "filter": ["--filter", "depth = data"],
    "filter_of_all": [
        "--from",
        "2025-10-12",
        "--filter",
        "(symbol ~ fetch or class = PHAsset) and time < 06:00 and not trigger = touch",
    ],
}
"""Name → options of ``show``."""


def run(events: int = EVENTS, entries: int = ENTRIES, rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure. Return the medians of the ratios to ``compare`` of the same round, and the processor time of ``compare``."""
    from lightleak.trace.ndjson import import_trace

    with tempfile.TemporaryDirectory(prefix="lightleak-bench-") as folder:
        trace, report = story(events, entries)
        source, rows, session = (Path(folder, name) for name in ("t.ndjson", "r.ndjson", "s.lightleak"))
        for path, lines in ((source, trace), (rows, report)):
            with path.open("w") as file:
                file.writelines(line + "\n" for line in lines)
        import_trace(source, session)
        compare = ["compare", session, "--report", rows, "--format", "json"]
        ratios: dict[str, list[float]] = {name: [] for name in WAYS}
        compared = []
        for _ in range(rounds):
            compared.append(_cpu_s(compare))
            for name, options in WAYS.items():
                ratios[name].append(_cpu_s(["show", session, *options]) / compared[-1])
        return {
            "compare_cpu_s": round(statistics.median(compared), 2),
            **{name: round(statistics.median(found), 2) for name, found in ratios.items()},
        }


def _cpu_s(arguments: list[Any]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "lightleak", "-q", *map(str, arguments)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    json.dump(run(), sys.stdout, indent=2)
    print()
