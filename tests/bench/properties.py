"""The cost of a getter that is counted, against the same getter without hooks and with frida-trace's handler, in one run.

`added_ns` is the median with the agent minus the median without, the best of three. `rate`: four threads that call it
1,000,000 times a second together, for three seconds: how many calls a second came about, and whether each was counted.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from bench.agent import _best, _traced
from standin import App, Phone
from standin.attaching import attach

AGENT = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "agent.js"
CALLS = 400_000
RATE = 1_000_000
SECONDS = 3
PLACE = ("PHAsset", "location", False)


def run(calls: int = CALLS) -> dict[str, Any]:
    """Measure. Return threads → figures, and those of the rate."""
    with Phone(idle_s=60, ios="26") as phone:
        app = phone.launch("bench")
        figures: dict[str, Any] = {f"threads_{threads}": _measure(app, calls, threads) for threads in (1, 4)}
        figures["rate"] = _rate(app)
        return figures


def _measure(app: App, calls: int, threads: int) -> dict[str, Any]:
    bare = _best(app, "location", calls, threads)
    with _traced(app, PLACE):
        traced = _best(app, "location", calls // 20, threads)
    figures: dict[str, Any] = {"bare_ns": bare["p50_ns"], "frida_trace_added_ns": traced["p50_ns"] - bare["p50_ns"]}
    for lane in ("c", "js"):
        with _counted(app, lane) as counted:
            watched = _best(app, "location", calls if lane == "c" else calls // 20, threads)
        figures[lane] = {
            "added_ns": watched["p50_ns"] - bare["p50_ns"],
            "p99_added_ns": watched["p99_ns"] - bare["p99_ns"],
            "ratio": round((watched["p50_ns"] - bare["p50_ns"]) / max(1, traced["p50_ns"] - bare["p50_ns"]), 4),
            "events": len(counted),
        }
    return figures


def _rate(app: App) -> dict[str, Any]:
    order = {"what": "location", "threads": 4, "count": RATE * SECONDS // 4, "rate": RATE, "timeout_s": 120}
    bare = app.order("call", **order)
    with _counted(app, "c") as counted:
        watched = app.order("call", **order)
    return {
        "calls": watched["calls"],
        "counted": sum(event["count"] for event in counted),
        "events": len(counted),
        "calls_a_second": round(watched["calls"] / watched["elapsed_ns"] * 1e9),
        "mean_added_ns": round(watched["mean_ns"] - bare["mean_ns"]),
        "p50_added_ns": watched["p50_ns"] - bare["p50_ns"],
        "p99_added_ns": watched["p99_ns"] - bare["p99_ns"],
    }


@contextmanager
def _counted(app: App, lane: str) -> Iterator[list[dict[str, Any]]]:
    """Keep the agent in the process. Yield a list that has every `property` event at the end."""
    session = attach(app.pid)
    script = session.create_script(AGENT.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = []

    def take(_message: Any, data: bytes | None) -> None:
        if data is not None:
            found.extend(event for event in msgspec.json.decode(data) if event["kind"] == "property")

    script.on("message", take)
    script.load()
    script.exports_sync.start({"lane": lane})
    found.clear()
    yield found
    script.exports_sync.stop()
    over = threading.Event()
    over.wait(0.3)
    script.unload()
