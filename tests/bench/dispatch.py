"""The cost of following dispatched work for dispatches outside callbacks, which are nearly all.

``dispatch_async`` in the stand-in's bench app, with the agent and without, in turns: ns added to a call, p50 and mean, on one
thread and on four. Required: ≤ 350 ns. `inside` is the same while one other thread is inside a callback.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from standin import App, Phone
from standin.attaching import attach

AGENT = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "agent.js"
CALLS = 40_000
ROUNDS = 7
WANTED_NS = 350


def run(calls: int = CALLS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure. Return number of threads → figures."""
    with Phone(idle_s=60) as phone:
        app = phone.launch("bench")
        return {f"threads_{threads}": _added(app, calls, rounds, threads) for threads in (1, 4)}


def _added(app: App, calls: int, rounds: int, threads: int) -> dict[str, Any]:
    def once() -> dict[str, Any]:
        return app.order("call", what="dispatch", count=calls // threads, threads=threads, timeout_s=120)

    once()
    bare, watched = [], []
    for _ in range(rounds):
        bare.append(once())
        with _agent(app):
            once()
            watched.append(once())
    figures: dict[str, Any] = {"wanted_ns": WANTED_NS}
    for key in ("p50_ns", "mean_ns"):
        added = [with_agent[key] - without[key] for with_agent, without in zip(watched, bare, strict=True)]
        figures[key] = {
            "bare": round(statistics.median(one[key] for one in bare)),
            "added": round(statistics.median(added)),
        }
    return figures


@contextmanager
def _agent(app: App) -> Iterator[Callable[..., Any]]:
    session = attach(app.pid)
    script = session.create_script(AGENT.read_text(encoding="utf-8"))
    script.load()
    script.exports_sync.start({})
    yield script.exports_sync
    script.exports_sync.stop()
    script.unload()
    session.detach()
