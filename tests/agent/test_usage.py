"""What the process uses: at every state, and again after ten seconds."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from agent.watching import Event, Watch
from standin import Phone

pytestmark = pytest.mark.standin

FIGURES = ("cpu_ns", "footprint_bytes", "energy_nj", "wakeups", "disk_read_bytes")


def usages(watch: Watch, count: int) -> list[Event]:
    """Return the usage events, once there are so many."""
    return list(watch.until(lambda: len(found := watch.of("usage")) >= count and found))


def test_usage_is_recorded_at_every_state(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        usages(watch, 1)
        app.inactive()
        usages(watch, 2)
        app.background()
        found = usages(watch, 3)
        states = [event["number"] for event in watch.of("state")]
        assert [sum(state < event["number"] for state in states) for event in found] == [1, 2, 3]
        assert all(set(event) == {"kind", "at", "tid", "number", *FIGURES} for event in found)
        assert {event["tid"] for event in found} == {None}
        assert not watch.faults


def test_the_figures_are_those_of_the_system(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        usages(watch, 1)
        before = sum(os_times(app.pid))
        app.inactive()
        used = usages(watch, 2)[-1]
        after = sum(os_times(app.pid))
        assert before <= used["cpu_ns"] <= after
        assert 1 << 20 < used["footprint_bytes"] < resident_bytes(app.pid)
        assert isinstance(used["disk_read_bytes"], int)
        # This system counts neither for a process: null, never 0.
        assert (used["energy_nj"], used["wakeups"]) == (None, None)


def test_usage_comes_again_while_nothing_happens(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        first = usages(watch, 1)[0]
        time.sleep(10)
        second = usages(watch, 2)[1]
        apart_ns = (second["at"][2] - first["at"][2]) * 10**9 + second["at"][3] - first["at"][3]
        assert 9 * 10**9 <= apart_ns <= 12 * 10**9


def os_times(pid: int) -> tuple[int, int]:
    """Return user and system time of a process, ns."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    tick_ns = 10**9 // os.sysconf("SC_CLK_TCK")
    return int(fields[11]) * tick_ns, int(fields[12]) * tick_ns


def resident_bytes(pid: int) -> int:
    """Return how much of a process is in memory, what it shares with others included."""
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="utf-8").split()[1]) * os.sysconf("SC_PAGE_SIZE")
