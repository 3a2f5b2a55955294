"""Measure the page of a week: its size, the time to make it, its first paint and its frames in headless Chromium."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TOP / "tests"))

_CHILD = """
import sys, time
import lightleak
from lightleak.comparator import compare
from lightleak.views.page.build import render
found = compare([lightleak.open(sys.argv[1])], lightleak.read_report(sys.argv[2]))
start = time.process_time()
page = render(found)
print(time.process_time() - start)
open(sys.argv[3], "w").write(page)
"""


def run() -> dict[str, Any]:
    """Measure. Required for 1,000,000 events and 10,000 entries: ≤ 6 MB, first paint ≤ 2 s, ≥ 30 frames a second."""
    from bench.compare import ENTRIES, EVENTS, story
    from lightleak.trace.ndjson import import_trace

    subprocess.run([TOP / "scripts" / "build-page"], check=True)
    with tempfile.TemporaryDirectory(prefix="lightleak-bench-") as folder:
        trace, report = story(EVENTS, ENTRIES)
        source, rows, session, page = (Path(folder, name) for name in ("t.ndjson", "r.ndjson", "s.lightleak", "p.html"))
        for path, lines in ((source, _with_stacks(trace)), (rows, report)):
            with path.open("w") as file:
                file.writelines(line + "\n" for line in lines)
        import_trace(source, session)
        made = subprocess.run([sys.executable, "-c", _CHILD, session, rows, page], capture_output=True, check=True)
        shown = subprocess.run(
            ["node", TOP / "tests" / "page" / "speed.mjs", page], capture_output=True, check=True, env=os.environ
        )
        return {
            "events": EVENTS,
            "entries": ENTRIES,
            "mb": round(page.stat().st_size / 1e6, 2),
            "limit_mb": 6,
            "render_cpu_s": round(float(made.stdout), 2),
            **{name: _rounded(value) for name, value in json.loads(shown.stdout).items()},
            "limit_first_paint_ms": 2000,
            "limit_fps": 30,
        }


def _rounded(value: Any) -> Any:
    return {name: _rounded(one) for name, one in value.items()} if isinstance(value, dict) else round(value, 1)


def _with_stacks(trace: Iterator[str]) -> Iterator[str]:
    """Insert the stacks that the story's accesses name before them, numbered in their segment."""
    head, first = next(trace), next(trace)
    yield head
    event = json.loads(first)
    for number in range(50):
        frames = [
            {"image": f"/App{k}", "uuid": "A", "offset": 4096 * k + number, "symbol": f"-[C{number} m{k}]"}
            for k in range(16)
        ]
        yield json.dumps({**_stamp(event), "seq": number + 1, "kind": "stack", "id": number, "frames": frames})
    for line in itertools.chain([first], trace):
        later = json.loads(line)
        yield json.dumps({**later, "seq": later["seq"] + 50}, separators=(",", ":"))


def _stamp(event: dict[str, Any]) -> dict[str, Any]:
    return {name: event[name] for name in ("segment", "wall_ns", "mono_ns", "tid")}


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
