"""Very many calls: what finds no room is counted, and what the agent keeps is bounded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.watching import Watch
from bench.endurance import calls_under_links, hooks_in_and_out
from standin import App, Phone
from standin.waiting import until

pytestmark = pytest.mark.standin

MOST_GROWTH_MB = 32
BESIDE = {"state", "stack", "accounting", "usage"}
"""What the agent tells beside the calls: the state that is in force after a loss, stacks, the app's first query, accounted late."""


def flood(app: App, count: int, threads: int = 4) -> int:
    """Call as fast as the app can; returns how many calls it made."""
    answer = app.order("call", what="status", count=count // threads, threads=threads, timeout_s=60)
    return int(answer["calls"])


def peak_mb(app: App) -> float:
    """Read the most memory that a process has had, MB."""
    [line] = [row for row in Path(f"/proc/{app.pid}/status").read_text().splitlines() if row.startswith("VmHWM")]
    return int(line.split()[1]) / 1000


class Account(Watch):
    """A watch that acknowledges what it hears, where it is asked to."""

    acknowledging = True

    def numbers(self) -> set[int]:
        """Return the numbers that have come."""
        if self.acknowledging and self.events:
            self.call("acknowledge", max(event["number"] for event in list(self.events)))
        return {event["number"] for event in list(self.events)}


def test_under_overload_every_call_is_told_or_counted_as_lost(phone: Phone) -> None:
    app = phone.launch("bench")
    with Account(app, bound=1_000_000) as watch:
        flood(app, 100)
        before = watch.call("flush")
        # Hooks of which the host may not know are told again after a loss, and would be counted here.
        watch.call("acknowledge", before - 1)
        made = flood(app, 200_000)
        after = watch.until(lambda: (following := watch.call("flush")) - 1 in watch.numbers() and following)
        # What came after `after` was read, such as the state that is told again, is not of these numbers.
        told = [event for event in watch.events if before <= event["number"] < after]
        calls = sum(event["kind"] == "authorization" for event in told)
        lost = after - before - len({event["number"] for event in told})
        assert lost > 0
        assert {event["kind"] for event in told} <= {"authorization", *BESIDE}
        assert not watch.faults
        # Every number is a call, or one of the few things that the agent says of itself, which can be lost too.
        assert made <= calls + lost <= made + 200
        beat = watch.until(lambda: [beat for beat in watch.beats if beat["next"] >= after])[-1]
        assert beat["dropped"]["count"] >= lost


def test_events_of_one_thread_come_in_the_order_of_its_calls(phone: Phone) -> None:
    app = phone.launch("bench")
    with Watch(app) as watch:
        app.order("call", what="query", count=500, threads=4, timeout_s=30)
        watch.until(lambda: len(watch.of("return")) >= 2000)
        for tid in {event["tid"] for event in watch.of("return")}:
            mine = [e for e in sorted(watch.events, key=lambda e: e["number"]) if e["tid"] == tid]
            assert [e["at"][2:] for e in mine] == sorted(e["at"][2:] for e in mine)
            calls = [e for e in mine if e["kind"] in ("access", "return")]
            for call, back in zip(calls[::2], calls[1::2], strict=True):
                assert (call["kind"], back["of"]) == ("access", call["number"])


def test_without_a_host_that_takes_events_memory_stays_bounded(phone: Phone) -> None:
    app = phone.launch("bench")
    with Watch(app) as watch:
        flood(app, 400)
        until(lambda: watch.call("flush"))
        Path(f"/proc/{app.pid}/clear_refs").write_text("5")
        idle = peak_mb(app)
        flood(app, 400_000)
        watch.call("flush")
        assert peak_mb(app) - idle < MOST_GROWTH_MB


def test_requests_that_are_never_answered_cost_only_their_own_event(phone: Phone) -> None:
    phone.new_photo(behaviour="never")
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        for _ in range(20):
            app.order("case", name="data", behaviour="never")
        watch.until(lambda: len(watch.of("access", depth="data")) == 20)
        assert not watch.of("delivery")
        assert not watch.faults


def test_eight_threads_go_on_while_carriers_come_and_go(lane: str) -> None:
    figures: dict[str, Any] = calls_under_links(80_000, rate=20_000, lane=lane)
    assert figures["app_lives"]
    assert figures["links"] > 1
    assert figures["calls"] == 80_000
    assert -figures["events_of_the_agents_own"] <= figures["unaccounted"] <= 0


def test_hooks_are_taken_out_and_put_in_under_eight_threads(lane: str) -> None:
    figures = hooks_in_and_out(60_000, rate=15_000, lane=lane)
    assert figures["app_lives"]
    assert figures["rounds"] > 1
    assert figures["told"] > 1000
    assert (figures["twice"], figures["unaccounted"]) == (0, 0)
