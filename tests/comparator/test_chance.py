"""Matches by time are held against what events at other times would match."""

from __future__ import annotations

import random

from stories import APP, Trace, entry_lines, judge


def notified(seconds: list[float]) -> Trace:
    trace = Trace()
    trace.ready(0)
    for at in sorted(seconds):
        trace.add(at, "notification", observer={"class": "A", "id": "0x1"}, change="0x2", type="change")
    trace.add(36_000, "mark", label="end")
    return trace


def test_rare_events_just_before_each_entry_are_no_chance(tmp_path):
    begins = [1000.0 * n for n in range(1, 30)]
    found = judge(
        tmp_path, notified([b - 0.5 for b in begins]), *[entry_lines(n, b, b + 1) for n, b in enumerate(begins)]
    )
    chance = found.to_dict()["chance"][APP]
    assert (chance["explained"], chance["of"], chance["shifts"] >= 1000) == (29, 29, True)
    assert chance["p"] < 0.001
    assert chance["expected"] < 1
    assert "chance" not in found.to_dict()["entries"][0]["why"]


def test_events_that_are_always_near_prove_nothing(tmp_path):
    chance = random.Random(3)
    begins = sorted(chance.uniform(10, 35_000) for _ in range(40))
    steady = notified([2.0 * n + 1 for n in range(17_990)])
    found = judge(tmp_path, steady, *[entry_lines(n, b, b + 1) for n, b in enumerate(begins)]).to_dict()
    figures = found["chance"][APP]
    assert figures["expected"] > 39
    assert figures["p"] > 0.5
    assert "no better than chance" in found["entries"][0]["why"]


def test_without_matches_by_time_there_is_nothing_to_doubt(tmp_path):
    assert judge(tmp_path, notified([]), entry_lines(1, 10, 11)).to_dict()["chance"] == {APP: None}
