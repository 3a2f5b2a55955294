"""Small labs: sessions and reports of several apps and versions, and the store that they are added to."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from lightleak.built_assets import catalogue
from lightleak.cli import main
from stories import Trace, entry_lines, ident

HOOKS = (
    *((row.probe, row.symbol) for row in catalogue().probes if row.probe not in catalogue().internal),
    ("property", "-[PHAsset location]"),
    *(("handoff", symbol) for symbol in ("dispatch", "operations", "timers", "tasks")),
    ("callback", "-[Watcher photoLibraryDidChange:]"),
)
"""All that the agent installs where it can."""


def session(
    folder: Path,
    name: str,
    *,
    app: str = "org.example.app",
    version: str = "1.0",
    reads: int = 3,
    hours: float = 1.0,
    unhooked: Collection[str] = (),
    place_by: str = "-[PHAsset location]",
) -> tuple[Path, Path]:
    """Record an app in the background, with some reads in the first minutes, and make its report. Return both files.

    unhooked: symbols that could not be hooked. place_by: which call returned the place of a photo.
    """
    trace = Trace(app=app)
    trace.header["target"]["version"] = version
    trace.header["device"] |= {"model": "iPhone15,2", "os": "iOS", "os_version": "26.1"}
    trace.ready(0)
    for probe, symbol in HOOKS:
        status = {"status": "skipped", "reason": "not hooked"} if symbol in unhooked else {"status": "installed"}
        trace.add(0, "hook", probe=probe, symbol=symbol, **status)
    trace.add(0.1, "state", value="background")
    lines = []
    for n in range(reads):
        at_s = 100 + n * 120
        observer = {"class": "Watcher", "id": "1", "image": "/App.app/App"}
        seq = trace.add(at_s - 0.2, "notification", observer=observer, change="c", type="change")
        trace.add(at_s - 0.1, "return", of=seq, duration_ns=5_000_000, cpu_ns=2_000_000)
        trace.access(
            at_s, "metadata", cause=seq, caller={"image": "/App.app/Frameworks/Sdk.framework/Sdk", "offset": 1}
        )
        trace.add(at_s + 0.05, "accounting", phase="begin", identifier=ident(n + 1), service="photos")
        read = trace.access(at_s + 0.1, "data", cause=seq, caller={"image": "/App.app/App", "offset": 2})
        trace.add(at_s + 0.2, "delivery", of=read, bytes=1_000, degraded=False)
        trace.add(at_s + 0.3, "property", symbol=place_by, count=5, assets=2, cause=seq)
        lines.append(entry_lines(n + 1, at_s + 0.05, at_s + 62, app=app))
    trace.add(hours * 3600, "state", value="background")
    trace.save(folder, f"{name}.lightleak")
    report = folder / f"{name}.ndjson"
    # Another app's lines all the time: without any, the report would say nothing about hours of it.
    rest = entry_lines(900, -100, -50, app="com.other.app")
    for n in range(int(hours * 6) + 1):
        rest += entry_lines(901 + n, n * 600 + 50, n * 600 + 90, app="com.other.app")
    rest += entry_lines(990_000, hours * 3600 + 50, hours * 3600 + 90, app="com.other.app")
    report.write_text("".join(lines) + rest)
    return folder / f"{name}.lightleak", report


def run(*arguments: object) -> int:
    """Run the command line in this process, and return its exit code."""
    try:
        main([str(one) for one in arguments])
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


def ask(capfd, store: object, sql: str) -> list[dict]:
    """Return the rows of a query."""
    capfd.readouterr()
    assert run("fleet", "query", store, sql, "--format", "json") == 0
    rows = json.loads(capfd.readouterr().out)["rows"]
    assert isinstance(rows, list)
    return rows
