"""Begin and end find each other by identifier, whatever file, order and repetition they come in."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.report import Report, read_report
from report.written import Truth, half, identifier, lines, moment, network, text, truths

Read = Callable[..., Report]


def flags(report: Report) -> list[tuple[str, ...]]:
    return [entry.flags for entry in report.entries]


def test_halves_are_entries_that_say_so(read: Read) -> None:
    begin, end = lines(moment(1, 0, 5)), lines(moment(2, 0, 5))
    report = read(text([begin[0], end[1]]))
    assert [(e.begin is None, e.end is None, e.begin_line, e.end_line, e.flags) for e in report.entries] == [
        (False, True, 1, None, ("still-open",)),
        (True, False, None, 2, ("begin-missing",)),
    ]


@pytest.mark.parametrize("extra", [{}, {"unknown": 1}], ids=["plain", "line by line"])
def test_a_lower_case_identifier_is_the_same(extra: dict, read: Read) -> None:
    begin, end = lines(moment(0xABC, 0, 5))
    report = read(text([begin, end | {"identifier": end["identifier"].lower()} | extra]))
    assert [(e.identifier, e.flags) for e in report.entries] == [(identifier(0xABC), ())]


def test_begin_begin_end_is_one_entry_from_the_last_begin(read: Read) -> None:
    truth = moment(1, 0, 5000)
    again = half(truth, "G3c", "intervalBegin", truth.begin_ms + 1000)
    report = read(text([again, *lines(truth)]))
    assert [(e.begin, e.duration_s, e.flags) for e in report.entries] == [
        ("2020-09-13T12:00:01.000+00:00", 4.0, ("duplicate",))
    ]
    assert [(p.line, "line 1" in p.problem) for p in report.problems] == [(2, True)]


def test_a_line_twice_in_one_file_is_a_duplicate_and_no_contradiction(read: Read) -> None:
    begin, end = lines(moment(1, 0, 5))
    report = read(text([begin, end, end]))
    assert flags(report) == [("duplicate",)]
    assert report.problems == []


def test_overlapping_exports_have_each_access_once(read: Read) -> None:
    week = [line for n in range(10) for line in lines(moment(n, n * 10_000, 5000))]
    report = read(text([*week[:12], network()]), text([*week[8:], network()]))
    assert len(report.entries) == 10
    assert set(flags(report)) == {()}
    assert len(report.network) == 1
    assert report.problems == []


def test_a_later_export_closes_what_was_open(read: Read) -> None:
    begin, end = lines(moment(1, 0, 5000))
    (entry,) = read(text([begin]), text([end])).entries
    assert (entry.duration_s, entry.flags) == (5.0, ())
    assert (entry.file[-8:], entry.end_file[-8:]) == ("0.ndjson", "1.ndjson")


def test_exports_that_contradict_each_other_are_a_problem_with_both_lines(read: Read) -> None:
    report = read(text(lines(moment(1, 0, 5000))), text([{}, *lines(moment(1, 100, 4900))][1:]))
    assert [e.duration_s for e in report.entries] == [4.9]
    assert flags(report) == [("duplicate",)]
    (problem,) = report.problems
    assert (problem.file[-8:], problem.line) == ("0.ndjson", 1)
    assert "1.ndjson line 1" in problem.problem


@pytest.mark.parametrize(
    "change", [{"accessor": {"identifier": "com.example.b", "identifierType": "bundleID"}}, {"category": "contacts"}]
)
def test_one_identifier_of_two_apps_or_categories_stays_two_entries(change: dict, read: Read) -> None:
    begin, end = lines(moment(1, 0, 5000))
    report = read(text([begin, end | change]))
    assert flags(report) == [("still-open",), ("begin-missing",)]
    assert len({(e.app, e.category) for e in report.entries}) == 2
    assert [p.line for p in report.problems] == [2]


def test_entries_of_one_time_are_ordered_by_identifier(read: Read) -> None:
    rows = [line for n in (5, 3, 9, 7, 4, 8, 6) for line in lines(moment(n, 0, 5000, app=f"a{n}"))]
    report = read(text([*rows, lines(moment(1, 1, None))[0], lines(moment(2, 0, 4999))[1]]))
    assert [e.identifier for e in report.entries] == [identifier(n) for n in (3, 4, 5, 6, 7, 8, 9, 1, 2)]


def test_network_rows_come_by_time_and_stand_as_often_as_their_file_has_them(read: Read) -> None:
    early = network(firstTimeStamp="2020-09-13T12:00:00Z", timeStamp="2020-09-13T12:00:09Z")
    report = read(text([network(), early, network()]), text([network(), network(), network()]))
    assert [row.first for row in report.network] == [
        "2020-09-13T12:00:00.000+00:00",
        *["2020-09-13T12:26:40.000+00:00"] * 2,
    ]
    assert report.network == list(report.network)
    assert report.network[-1] == report.network[1:][1]


def test_identifiers_with_one_hash_are_distinguished(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    from lightleak.report import pairing

    monkeypatch.setattr(pairing, "hash", lambda _: 0, raising=False)
    alone = read(text([lines(moment(1, 0, 5000))[0], lines(moment(2, 0, 5000))[1]]))
    assert flags(alone) == [("still-open",), ("begin-missing",)]
    report = read(text([line for n in range(3) for line in lines(moment(n, n * 9000, 5000))]))
    assert [(e.identifier, e.duration_s, e.flags) for e in report.entries] == [
        (identifier(n), 5.0, ()) for n in range(3)
    ]
    assert report.problems == []


@given(truths(), st.randoms(use_true_random=False), st.integers(1, 3))
def test_order_and_files_do_not_matter(scratch: Path, entries: list[Truth], chance: random.Random, files: int) -> None:
    rows = [line for truth in entries for line in lines(truth)]
    folder = scratch
    (folder / "whole.ndjson").write_text(text([*rows, network()]))
    whole = read_report(folder / "whole.ndjson")
    chance.shuffle(rows)
    paths = []
    for n in range(files):
        # Each line stands in at least one file, some in several.
        mine = [row for m, row in enumerate(rows) if m % files == n or chance.random() < 0.5]
        paths.append(folder / f"{n}.ndjson")
        paths[-1].write_text(text([*mine, network()]))
    parts = read_report(*paths)
    told = [(e.identifier, e.begin, e.end, e.flags) for e in parts.entries]
    assert told == [(e.identifier, e.begin, e.end, e.flags) for e in whole.entries]
    assert len(parts.network) == 1
    assert parts.problems == []
