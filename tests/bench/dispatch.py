"""The cost of origins: what following handed-on work adds to a hand-off, and an origin to a query.

In the stand-in's bench app, with the agent and without, in turns: ns added to a call, p50 and mean, on one thread and on four.
`outside`: `dispatch_async` outside of any origin, which nearly all are: at most 100 ns. `sync`: the same of `dispatch_sync`,
which has a listener, because it waits. `inside`: `dispatch_async` in a callback, whose work is followed. `query`: the time of
a query in a callback divided by that of one outside, both with the agent: at most 1.2.
`task`: making a Swift task outside of any origin, processor time, best of rounds, on one thread: at most 100 ns; `task after`: the same when tasks
have been made because of an origin, so that each must be looked up; null where there is no Swift (scripts/fetch-swift).
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from standin import App, Phone
from standin.attaching import attach
from standin.swift import why_no_swift

AGENT = Path(__file__).parents[2] / "host" / "lightleak" / "assets" / "agent.js"
CALLS = 40_000
ROUNDS = 7
WANTED_NS = 100
WANTED_RATIO = 1.2


def run(calls: int = CALLS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure. Return what → number of threads → figures."""
    with Phone(idle_s=60) as phone:
        app = phone.launch("bench")
        figures: dict[str, Any] = {"wanted_ns": WANTED_NS, "wanted_ratio": WANTED_RATIO}
        for name, order in {
            "outside": {"what": "dispatch"},
            "sync": {"what": "sync"},
            "inside": {"what": "dispatch", "inside": True},
        }.items():
            figures[name] = {f"threads_{n}": _added(app, order, calls // n, rounds, n) for n in (1, 4)}
        figures["query"] = {lane: _ratio(app, calls // 10, rounds, lane) for lane in ("c", "js")}
        figures |= {"task": None, "task after": None} if why_no_swift() else _tasks(phone, calls, rounds)
        return figures


def _tasks(phone: Phone, calls: int, rounds: int) -> dict[str, Any]:
    app = phone.launch("swiftapp")
    app.order("load")
    app.order("pattern", number=10)

    def once() -> int:
        return int(app.order("call", count=calls, timeout_s=120)["best_ns"])

    once()
    bare, fresh, after = [], [], []
    for _ in range(rounds):
        bare.append(once())
        with _agent(app):
            fresh.append(once())
            app.order("many", threads=1, count=1)
            after.append(once())
    return {
        name: {"bare": min(bare), "added": min(watched) - min(bare)}
        for name, watched in (("task", fresh), ("task after", after))
    }


def _added(app: App, order: dict[str, Any], count: int, rounds: int, threads: int) -> dict[str, Any]:
    def once() -> dict[str, Any]:
        return app.order("call", **order, count=count, threads=threads, timeout_s=120)

    once()
    bare, watched = [], []
    for _ in range(rounds):
        bare.append(once())
        with _agent(app):
            once()
            watched.append(once())
    figures: dict[str, Any] = {}
    for key in ("p50_ns", "mean_ns"):
        added = [with_agent[key] - without[key] for with_agent, without in zip(watched, bare, strict=True)]
        figures[key] = {
            "bare": round(statistics.median(one[key] for one in bare)),
            "added": round(statistics.median(added)),
        }
    return figures


def _ratio(app: App, count: int, rounds: int, lane: str) -> float:
    def once(inside: bool) -> float:
        return float(app.order("call", what="query", inside=inside, count=count, timeout_s=120)["p50_ns"])

    ratios = []
    with _agent(app, lane=lane):
        once(True)
        for _ in range(rounds):
            outside = once(False)
            ratios.append(once(True) / outside)
    return round(statistics.median(ratios), 3)


@contextmanager
def _agent(app: App, **options: Any) -> Iterator[Callable[..., Any]]:
    session = attach(app.pid)
    script = session.create_script(AGENT.read_text(encoding="utf-8"))
    script.load()
    script.exports_sync.start(options)
    yield script.exports_sync
    script.exports_sync.stop()
    script.unload()
    session.detach()
