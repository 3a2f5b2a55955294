"""The cost of the hooks on the runtime's functions for methods that nothing watches, which are nearly all.

The bench app replaces a method 10,000 times, and sets the class of an object as often, with an observer registered, with the
agent and without, in turns: how long a call took (p50: other work on the machine counts less), ns, and the ratio.
"""

from __future__ import annotations

import statistics
from typing import Any

from bench.dispatch import _agent
from standin import App, Phone

CALLS = 10_000
ROUNDS = 7


def run(calls: int = CALLS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Measure. Return function → figures; ``ratio``: a call with the agent against one without."""
    with Phone(idle_s=60) as phone:
        app = phone.launch("bench")
        _call(app, "swizzle", 1)
        return {
            "method_setImplementation": _figures(app, "swizzle", calls, rounds),
            "object_setClass": _figures(app, "set-class", calls, rounds),
        }


def _figures(app: App, what: str, calls: int, rounds: int) -> dict[str, Any]:
    bare, watched = [], []
    for _ in range(rounds):
        bare.append(_call(app, what, calls))
        with _agent(app):
            _call(app, what, calls)
            watched.append(_call(app, what, calls))
    without, with_agent = statistics.median(bare), statistics.median(watched)
    return {"bare_ns": round(without), "with_agent_ns": round(with_agent), "ratio": round(with_agent / without, 2)}


def _call(app: App, what: str, calls: int) -> float:
    return float(app.order("call", what=what, count=calls, threads=1, timeout_s=120)["p50_ns"])
