"""A replay comes at the pace of the recording, on a clock that the test turns."""

from __future__ import annotations

import pytest

import lightleak
from lightleak.views.live.replay_pace import BATCH_LINES, paced
from tracekit import line, lines, session


class Clock:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now_s = 1_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now_s += seconds


def replayed(path, speed):
    clock = Clock()
    batches = [
        (round(clock.now_s - 1_000, 6), batch)
        for batch in paced(lightleak.open(path), speed, now=clock.now, sleep=clock.sleep)
    ]
    return batches, clock


def at(seq: int, mono_s: float, segment: int = 1) -> bytes:
    return line(seq, segment, mono_ns=int(mono_s * 1e9))


@pytest.mark.parametrize(("speed", "times"), [(1, [0, 2, 2.5]), (2, [0, 1, 1.25]), (0.5, [0, 4, 5])])
def test_events_come_when_they_came(tmp_path, speed, times):
    events = [at(1, 70), at(2, 70), at(3, 72), at(4, 72.5)]
    batches, _ = replayed(session(tmp_path / "a", events), speed)

    assert [when for when, _ in batches] == times
    assert [batch for _, batch in batches] == [events[:2], events[2:3], events[3:]]


def test_as_fast_as_can_be_nobody_sleeps(tmp_path):
    batches, clock = replayed(session(tmp_path / "a", [at(1, 0), at(2, 900)]), None)

    assert clock.slept == []
    assert [batch for _, batch in batches] == [[at(1, 0), at(2, 900)]]


def test_a_clock_that_begins_again_is_not_waited_for(tmp_path):
    batches, clock = replayed(session(tmp_path / "a", [at(1, 500), at(1, 3, 2), at(2, 4, 2)]), 1)

    assert sum(clock.slept) == pytest.approx(1)
    assert [each for _, batch in batches for each in batch] == [at(1, 500), at(1, 3, 2), at(2, 4, 2)]


def test_time_that_the_sink_takes_is_not_added(tmp_path):
    clock = Clock()
    for _ in paced(
        lightleak.open(session(tmp_path / "a", [at(n, n) for n in range(1, 6)])), 1, now=clock.now, sleep=clock.sleep
    ):
        clock.now_s += 0.4

    assert clock.now_s - 1_000 == pytest.approx(4.4)


def test_batches_are_bounded(tmp_path):
    path = session(tmp_path / "a", lines(BATCH_LINES + 1), frame=5_000)
    batches, _ = replayed(path, None)

    assert [len(batch) for _, batch in batches] == [BATCH_LINES, 1]
