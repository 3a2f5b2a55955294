"""The cost of watching touches and posted notifications: each call that is not an origin's, and a touch that moves.

In the stand-in's bench app, with the agent on each lane and without, in turns: ns added to ``-[UIApplication sendEvent:]`` with a moved touch, and to
``-[NSNotificationCenter postNotificationName:object:]`` with a name of the app's own. Required: ≤ 20,000 ns for the first.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from standin import App, Phone
from standin.attaching import attach

AGENT = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "agent.js"
CALLS = 10_000
ROUNDS = 5
MOVE_WANTED_NS = 20_000


def run(calls: int = CALLS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure. Return what was called → lane → figures."""
    with Phone(idle_s=60) as phone:
        app = phone.launch("bench")
        return {
            "move": {"wanted_ns": MOVE_WANTED_NS, **_lanes(app, "move", calls, rounds)},
            "post": _lanes(app, "post", calls, rounds),
        }


def _lanes(app: App, what: str, calls: int, rounds: int) -> dict[str, Any]:
    return {lane: _added(app, what, calls, rounds, lane) for lane in ("c", "js")}


def _added(app: App, what: str, calls: int, rounds: int, lane: str) -> dict[str, Any]:
    def once() -> dict[str, Any]:
        return app.order("call", what=what, count=calls, threads=1, timeout_s=120)

    once()
    bare, watched = [], []
    for _ in range(rounds):
        bare.append(once())
        with _agent(app, lane):
            if what == "move":
                # The sequence must have begun while the agent watches: else its moves have no origin.
                app.order("call", what="begin", count=1, threads=1)
            once()
            watched.append(once())
    figures = {}
    for key in ("p50_ns", "mean_ns", "p99_ns"):
        added = [with_agent[key] - without[key] for with_agent, without in zip(watched, bare, strict=True)]
        figures[key] = {
            "bare": round(statistics.median(one[key] for one in bare)),
            "added": round(statistics.median(added)),
        }
    return figures


@contextmanager
def _agent(app: App, lane: str) -> Iterator[None]:
    session = attach(app.pid)
    script = session.create_script(AGENT.read_text(encoding="utf-8"))
    script.load()
    script.exports_sync.start({"lane": lane})
    yield
    script.exports_sync.stop()
    script.unload()
