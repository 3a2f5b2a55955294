"""Measure sessions of many short segments: processor time of each command at n, 2n and 4n segments, as a ratio.

A command that is linear takes at most twice as long for twice as many, and less while starting up is the larger part.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tracekit import line, session

SEGMENTS = int(os.environ.get("LIGHTLEAK_SEGMENTS", "25000"))
APP = "com.example.app"
POLICY = Path(__file__).parent.parent / "data" / "policy" / "strict.toml"
_RUN = "from lightleak.cli import main; main()"


def run() -> dict[str, Any]:
    """Return command → CPU seconds at n, 2n and 4n; for frames of 1,000 events, and for all events in one frame."""
    found: dict[str, Any] = {"segments": [SEGMENTS, 2 * SEGMENTS, 4 * SEGMENTS]}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = _report(folder / "report.ndjson")
        for title, frame, most in (("frames of 1,000", 1_000, 4), ("one frame", 10**9, 2)):
            sizes = [SEGMENTS * times for times in (1, 2, 4) if times <= most]
            paths = [_session(folder / f"{frame}-{size}.lightleak", size, frame) for size in sizes]
            found[title] = {
                command: [_cpu_s(arguments(path)) for path in paths]
                for command, arguments in _commands(report, folder / "out").items()
            }
    return found


def _commands(report: Path, out: Path) -> dict[str, Any]:
    reported = ("--report", report)
    return {
        "show": lambda path: ("show", path),
        **{
            f"export {form}": lambda path, form=form: ("export", path, "--format", form)
            for form in ("ndjson", "csv", "timesketch", "perfetto", "parquet")
        },
        "export --redact": lambda path: ("export", path, "--redact", "-o", out, "--force"),
        "compare": lambda path: ("compare", path, *reported, "--format", "json"),
        "page": lambda path: ("compare", path, *reported, "--format", "html", "-o", out, "--force"),
        "check": lambda path: ("check", path, *reported, "--policy", POLICY),
        "diff": lambda path: ("diff", path, path),
        "verify": lambda path: ("verify", path),
        "replay": lambda path: ("replay", path, "--speed", "max"),
    }


def _session(path: Path, segments: int, frame: int) -> Path:
    who = {"phase": "ready", "identifier": APP, "role": "app", "name": "A"}
    return session(
        path, [line(1, number, "process", pid=number, **who) for number in range(1, segments + 1)], frame=frame
    )


def _report(path: Path) -> Path:
    halves = (("intervalBegin", "2026-09-21T16:13:30.000+02:00"), ("intervalEnd", "2026-09-21T16:14:40.000+02:00"))
    common = {"type": "access", "identifier": "0" * 8 + "-0000-0000-0000-" + "0" * 12, "category": "photos"}
    accessor = {"identifier": APP, "identifierType": "bundleID"}
    lines = [{**common, "kind": kind, "timeStamp": at, "accessor": accessor} for kind, at in halves]
    path.write_text("".join(json.dumps(each) + "\n" for each in lines))
    return path


def _cpu_s(arguments: tuple[Any, ...]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", _RUN, *map(str, arguments)], capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1)
