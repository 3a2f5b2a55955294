"""The flags follow the words of the contract, one entry at a time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.report import Entry, Report, read_report
from report.written import Truth, export, lines, moment, network, text, truths

Read = Callable[..., Report]
MIN_MS = 60_000


def flags_of(read: Read, *entries: Truth) -> list[tuple[str, ...]]:
    return [entry.flags for entry in read(export(list(entries))).entries]


@pytest.mark.parametrize(
    ("duration_ms", "lone"), [(59_899, False), (59_900, True), (60_000, True), (75_600, True), (75_601, False)]
)
def test_lone_access_is_59_9_to_75_6_seconds_inclusive(duration_ms: int, lone: bool, read: Read) -> None:
    assert flags_of(read, moment(1, 0, duration_ms)) == [("lone-access",) if lone else ()]


@pytest.mark.parametrize(("apart_ms", "twins"), [(0, True), (2000, True), (2001, False)])
def test_twins_begin_within_two_seconds(apart_ms: int, twins: bool, read: Read) -> None:
    expected = ("twin",) if twins else ()
    assert flags_of(read, moment(1, 0, 10), moment(2, apart_ms, 30)) == [expected, expected]


@pytest.mark.parametrize(
    "other",
    [{"app": "com.example.b"}, {"category": "contacts"}, {"out_of_process": True}],
    ids=["app", "category", "oop"],
)
def test_other_apps_categories_and_pickers_are_not_twins(other: dict, read: Read) -> None:
    assert flags_of(read, moment(1, 0, 10), moment(2, 500, 30, **other)) == [(), ()]


def test_a_half_that_is_still_open_can_be_a_twin(read: Read) -> None:
    assert flags_of(read, moment(1, 0, None), moment(2, 500, 30)) == [("twin", "still-open"), ("twin",)]


@pytest.mark.parametrize(
    ("second", "finalised"),
    [
        ({"app": "com.example.b"}, True),
        ({"app": "com.example.b", "category": "location"}, True),
        ({"app": "com.example.a"}, False),
    ],
)
def test_finalised_needs_another_app(second: dict, finalised: bool, read: Read) -> None:
    ends_together = moment(2, 3 * MIN_MS, 20 * MIN_MS - 3 * MIN_MS + 500, **second)
    expected = ("finalised",) if finalised else ()
    assert flags_of(read, moment(1, 0, 20 * MIN_MS), ends_together) == [expected, expected]


@pytest.mark.parametrize(
    ("begin_ms", "duration_ms"), [(10 * MIN_MS, 10 * MIN_MS), (0, 20 * MIN_MS + 501)], ids=["10 min", "0.501 s"]
)
def test_finalised_is_over_ten_minutes_and_within_half_a_second(begin_ms: int, duration_ms: int, read: Read) -> None:
    second = moment(2, begin_ms, duration_ms, app="com.example.b")
    assert flags_of(read, moment(1, 0, 20 * MIN_MS), second) == [(), ()]


def test_an_event_of_the_betas_is_an_instant(read: Read) -> None:
    line = lines(moment(1, 0, None), "G1")[0] | {"kind": "event"}
    assert [(e.begin, e.flags) for e in read(text([line, network("G1")])).entries] == [
        ("2020-09-13T12:00:00.000+00:00", ())
    ]


def expected_flags(entry: Entry, entries: list[Entry]) -> set[str]:
    def long(e: Entry) -> bool:
        return e.duration_s is not None and e.end_ns - e.begin_ns > 600 * 10**9  # type: ignore[operator]

    others = [e for e in entries if e is not entry]
    found = set()
    if entry.end_ns is None:
        found.add("still-open")
    if entry.begin_ns is None:
        found.add("begin-missing")
    elif not entry.out_of_process and any(
        (e.app, e.category, e.out_of_process) == (entry.app, entry.category, False)
        and e.begin_ns is not None
        and abs(e.begin_ns - entry.begin_ns) <= 2 * 10**9
        for e in others
    ):
        found.add("twin")
    if entry.duration_s is not None and 59.9 <= entry.duration_s <= 75.6:
        found.add("lone-access")
    if long(entry) and any(
        e.app != entry.app and long(e) and abs(e.end_ns - entry.end_ns) <= 5 * 10**8 for e in others
    ):
        found.add("finalised")
    return found


times = st.sampled_from([0, 400, 900, 1500, 60_000, 75_000, 3_000_000, 3_000_400, 3_000_800, 3_001_000, 3_001_600])


@given(truths(begin_ms=times.map(lambda t: t + 1_600_000_000_000), end_ms=times.map(lambda t: t + 1_600_000_000_000)))
def test_all_at_once_agrees_with_one_by_one(scratch: Path, drawn: list[Truth]) -> None:
    path = scratch / "report.ndjson"
    path.write_text(export(drawn) + text([network()]))
    entries = list(read_report(path).entries)
    assert [set(e.flags) for e in entries] == [expected_flags(e, entries) for e in entries]
