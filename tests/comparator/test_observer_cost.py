"""What observers cost is the same whether a recording tells it at its end or the comparator from its file."""

from __future__ import annotations

import random

import pytest

from lightleak.costs import Costs
from lightleak.events import Event
from stories import APP, Trace, entry_lines, judge


def figures(callbacks, cpu_ms, size, wakeups):
    return {"callbacks": callbacks, "cpu_ms": cpu_ms, "bytes": size, "wakeups": wakeups}


def summary(tmp_path, trace):
    return judge(tmp_path, trace, entry_lines(1, -10, -9)).to_dict()["summary"][APP]["observer_cost"]


def told_at_the_end(trace):
    costs = Costs()
    costs.feed([Event(event) for event in trace.events])
    return costs.summary(APP)


def callback(trace, at_s, cpu_ns):
    notification = trace.add(
        at_s, "notification", observer={"class": "A", "id": "0x1"}, change="0x9", type="change", tid=7
    )
    trace.add(at_s + 0.01, "return", of=notification, duration_ns=9, cpu_ns=cpu_ns, tid=7)
    return notification


def test_callbacks_and_what_they_handed_on_are_told_by_state(tmp_path):
    trace = Trace()
    trace.ready(0)
    trace.add(0.1, "state", value="active")
    first = callback(trace, 1, 2_000_000)
    trace.add(2, "state", value="background")
    callback(trace, 10, 1_000_000)
    late = trace.access(10.5, "data", cause=first, tid=8)
    trace.add(10.6, "return", of=late, duration_ns=5, cpu_ns=4_000_000, tid=8)
    trace.add(11, "delivery", of=late, bytes=1234, degraded=False, error=None, tid=8)
    alone = trace.access(12, "data", cause=None, tid=8)
    trace.add(12.1, "return", of=alone, duration_ns=5, cpu_ns=9_000_000, tid=8)
    trace.add(12.2, "delivery", of=alone, bytes=99, degraded=False, error=None, tid=8)
    assert summary(tmp_path, trace) == {
        **figures(2, 7.0, 1234, 1),
        "by_state": {"active": figures(1, 6.0, 1234, 0), "background": figures(1, 1.0, 0, 1)},
    }


def test_what_is_read_inside_a_callback_is_in_its_time_already(tmp_path):
    trace = Trace()
    trace.ready(0)
    notification = trace.add(
        1, "notification", observer={"class": "A", "id": "0x1"}, change="0x9", type="change", tid=7
    )
    inside = trace.access(1.1, "data", cause=notification, tid=7)
    trace.add(1.2, "return", of=inside, duration_ns=5, cpu_ns=1_000_000, tid=7)
    trace.add(1.3, "return", of=notification, duration_ns=9, cpu_ns=3_000_000, tid=7)
    assert summary(tmp_path, trace)["cpu_ms"] == told_at_the_end(trace)["cpu_ms"] == 3.0


def test_an_app_without_callbacks_costs_nothing(tmp_path):
    trace = Trace()
    trace.ready(0)
    trace.access(1, "data")
    assert summary(tmp_path, trace) == {**figures(0, 0.0, 0, 0), "by_state": {}}


@pytest.mark.parametrize("seed", range(8))
def test_both_ways_say_the_same_of_a_random_story(tmp_path, seed):
    dice = random.Random(seed)
    trace = Trace()
    trace.ready(0)
    at_s, notification, reads = 1.0, [], []
    for _ in range(300):
        at_s += dice.choice((0.02, 0.5, 1.5))
        what = dice.choice(("state", "callback", "read", "internal", "return", "delivery", "lost"))
        if what == "state":
            trace.add(at_s, "state", value=dice.choice(("active", "inactive", "background")), tid=1)
        elif what == "callback":
            notification.append(callback(trace, at_s, dice.randrange(1, 10**7)))
        elif what in ("read", "internal"):
            extra = {"internal": True} if what == "internal" else {}
            reads.append(trace.access(at_s, "data", cause=dice.choice([None, *notification]), tid=8, **extra))
        elif what == "return" and reads:
            trace.add(at_s, "return", of=reads.pop(), duration_ns=1, cpu_ns=dice.randrange(10**6), tid=8)
        elif what == "delivery" and reads:
            trace.add(at_s, "delivery", of=dice.choice(reads), bytes=dice.randrange(10**6), degraded=False, tid=8)
        elif what == "lost" and dice.random() < 0.2:
            trace.add(at_s, "lost", count=2, reason="test", tid=1)
    assert summary(tmp_path, trace) == told_at_the_end(trace)
