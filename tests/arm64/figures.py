"""Count the instructions that the agent adds, inside the machine whose clock counts instructions. Prints JSON.

The clock has steps of 16 instructions. What a call costs is the median on one thread of a machine with one processor: what other
threads do is in it only where the call waits for them. Reads of known stacks are timed as a whole, so the agent's own work is in them.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from bench.agent import METHODS, _watched
from standin import App, Phone

CALLS = {
    "status": 1000,
    "query": 400,
    "fetch": 300,
    "data": 100,
    "image": 100,
    "callback": 400,
    "move": 400,
    "dispatch": 1000,
    "sync": 1000,
}
TOUCHED_OR_HANDED_ON = ("move", "dispatch", "sync")
PATHS = 300
DEPTH = 13
"""Calls on each path, so frames that its walk passes more than one of depth 0."""


def main() -> int:
    """Measure each call bare, and on each lane."""
    figures: dict[str, Any] = {"unit": "instructions"}
    with Phone(idle_s=60) as phone:
        app = phone.launch("bench")
        bare = {what: _median(app, what) for what in CALLS}
        inside = _median(app, "dispatch", inside=True)
        figures["bare"] = bare
        for lane in ("c", "js"):
            with _watched(app, lane):
                watched = {what: _median(app, what) for what in CALLS}
                added = {what: watched[what] - bare[what] for what in CALLS}
                added["dispatch inside"] = _median(app, "dispatch", inside=True) - inside
            figures[lane] = {"added": added}
        status = figures["c"]["added"]["status"]
        figures["ratios"] = {
            f"{what} to status, c": round(figures["c"]["added"][what] / status, 2)
            for what in [*(name for name in METHODS if name != "status"), *TOUCHED_OR_HANDED_ON, "dispatch inside"]
        } | {"status, js to c": round(figures["js"]["added"]["status"] / status, 2)}
        figures |= _walk(phone)
    json.dump(figures, sys.stdout, indent=2)
    return 0


def _median(app: App, what: str, **more: Any) -> int:
    if what == "move":
        # The sequence must have begun while the agent watches: else its moves have no origin.
        app.order("call", what="begin", count=1, threads=1)
    # Once to warm up; the less of two, because an interrupt can only add.
    _order(app, what, **more)
    return min(_order(app, what, **more) for _ in range(2))


def _order(app: App, what: str, **more: Any) -> int:
    return int(app.order("call", what=what, count=CALLS[what], threads=1, timeout_s=120, **more)["p50_ns"])


def _walk(phone: Phone) -> dict[str, Any]:
    """Return instructions for a read of which the stack is known already, and for each frame of its walk."""
    app = phone.launch("hardcases")

    def once(depth: int) -> float:
        took = []
        for _ in range(3):
            begun_ns = time.monotonic_ns()
            app.order("case", name="paths", count=PATHS, depth=depth, timeout_s=120)
            took.append(time.monotonic_ns() - begun_ns)
        return min(took) / PATHS

    bare = {depth: once(depth) for depth in (0, DEPTH)}
    with _watched(app, "c"):
        added = {depth: once(depth) - bare[depth] for depth in (0, DEPTH)}
    return {
        "read with its stack": round(added[0]),
        "each frame more": round((added[DEPTH] - added[0]) / DEPTH),
    }


if __name__ == "__main__":
    sys.exit(main())
