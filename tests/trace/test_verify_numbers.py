"""What is missing, what was reported as lost, and when no one watched."""

from __future__ import annotations

import pytest

from lightleak.coverage import Gap
from lightleak.trace.verify import Continuity, SequenceFields


def row(seq: int, segment: int = 1, kind: str = "access", at: int | None = None, **fields) -> SequenceFields:
    wall_ns = seq * 100 if at is None else at
    return SequenceFields(kind, segment, seq, wall_ns, wall_ns, **fields)


def fed(*rows: SequenceFields, from_the_start: bool = True) -> Continuity:
    continuity = Continuity(from_the_start=from_the_start)
    for each in rows:
        continuity.feed(each)
    continuity.finish()
    return continuity


def test_numbers_without_holes_are_not_a_problem():
    found = fed(row(1), row(1, 2), row(2), row(2, 2), row(3))

    assert (found.problems, found.gaps, found.events, sum(each.losses.events for each in found.segments.values())) == (
        [],
        [],
        5,
        0,
    )


@pytest.mark.parametrize(
    ("seqs", "problem"),
    [
        ((1, 3), "1 event is missing between seq 1 and seq 3"),
        ((1, 9), "7 events are missing between seq 1 and seq 9"),
        ((3, 4), "2 events are missing before seq 3"),
    ],
)
def test_a_hole_that_nothing_explains_is_a_problem_and_a_gap(seqs, problem):
    found = fed(*map(row, seqs))

    assert found.problems == [f"segment 1: {problem}, and nothing says why"]
    assert [gap.reason for gap in found.gaps] == ["numbers missing"]


def test_a_part_that_is_not_the_first_can_begin_anywhere():
    assert fed(row(30), row(31), from_the_start=False).problems == []


@pytest.mark.parametrize("seqs", [(1, 2, 2), (1, 3, 2)])
def test_a_number_that_comes_again_or_late_is_a_problem(seqs):
    assert "follows" in fed(*map(row, seqs)).problems[-1]


@pytest.mark.parametrize(
    "rows",
    [
        (row(1), row(2, kind="lost", count=3), row(6)),
        (row(1), row(5, kind="lost", count=3), row(6)),
        (row(4, kind="lost", count=3), row(5)),
        (row(1), row(2, kind="lost", count=9), row(6)),
        (row(1), row(3, kind="lost", count=3), row(6)),
    ],
)
def test_a_loss_next_to_a_hole_of_its_size_explains_it(rows):
    assert fed(*rows).problems == []


@pytest.mark.parametrize(
    "rows",
    [
        (row(1), row(2, kind="lost", count=2), row(6)),
        (row(1), row(2, kind="lost", count=3), row(3), row(7)),
        (row(1), row(2), row(6), row(7, kind="lost", count=3)),
        (row(1), row(4, kind="lost", count=2), row(6)),
        (row(1), row(5, kind="lost", count=2), row(6)),
        (row(1), row(2, kind="lost", count=None), row(6)),
        (row(1), row(2, kind="lost", count=True), row(4)),
        (row(1), row(2, kind="lost", count="9"), row(6)),
        (row(1), row(1, 2, kind="lost", count=9), row(6)),
    ],
)
def test_a_loss_that_is_smaller_or_elsewhere_explains_nothing(rows):
    assert len(fed(*rows).problems) == 1


def test_a_loss_is_a_gap_from_the_event_before_to_the_event_after():
    found = fed(row(1), row(2, kind="lost", count=3, reason="outbox full"), row(3))

    assert found.gaps == [Gap(1, 100, 300, None, 3, "outbox full")]
    assert sum(each.losses.events for each in found.segments.values()) == 3


def test_a_loss_at_either_end_is_a_gap_to_itself():
    found = fed(row(1, kind="lost", count=1), row(2), row(3, kind="lost", count=2))

    assert [(gap.from_ns, gap.to_ns, gap.reason) for gap in found.gaps] == [
        (100, 200, "no reason given"),
        (200, 300, "no reason given"),
    ]


def process(
    seq: int, phase: str, at: int, segment: int, *, identifier: str = "a.b", reason: str | None = None
) -> SequenceFields:
    return row(seq, segment, "process", at, phase=phase, identifier=identifier, reason=reason)


def test_the_time_between_two_segments_of_one_process_is_a_gap():
    found = fed(
        process(1, "ready", 100, 1),
        process(2, "exited", 300, 1, reason="killed"),
        process(1, "attached", 800, 2),
        process(2, "ready", 900, 2),
    )

    assert found.gaps == [Gap(2, 300, 900, "a.b", None, "exited: killed")]
    assert found.problems == []


def test_a_segment_without_an_end_ends_with_its_last_event():
    found = fed(process(1, "ready", 100, 1), row(2, at=250), process(1, "ready", 900, 2))

    assert found.gaps == [Gap(2, 250, 900, "a.b", None, "the segment before it has no end")]


def test_two_processes_at_once_leave_no_gap_where_one_of_them_is_watched():
    found = fed(
        process(1, "ready", 100, 1),
        process(1, "ready", 200, 2),
        process(2, "exited", 300, 2),
        process(1, "ready", 400, 3),
        process(2, "exited", 500, 1),
    )

    assert found.gaps == []


def test_segments_of_different_processes_leave_no_gap():
    assert fed(process(1, "ready", 100, 1), process(1, "ready", 900, 2, identifier="c.d")).gaps == []


def test_the_longest_watch_counts_and_gaps_are_in_order_of_time():
    times = {1: (500, 600), 2: (0, 100), 3: (10, 20), 4: (50, 60), 5: (150, 160)}
    rows = [(process(1, "ready", at, n), process(2, "detached", end, n)) for n, (at, end) in times.items()]

    found = fed(*(row for pair in rows for row in pair))

    assert [(gap.from_ns, gap.to_ns, gap.segment) for gap in found.gaps] == [(100, 150, 5), (160, 500, 1)]


def test_an_accounting_events_identifier_is_not_the_apps():
    found = fed(row(1, kind="accounting", identifier="5C0A", phase="end"), row(2, kind="process", identifier="app"))

    assert found.segments[1].identifier == "app"
    assert found.segments[1].end_ns is None


def test_a_cause_that_names_no_origin_before_it_is_counted_and_is_no_damage():
    found = fed(
        row(1, kind="notification"),
        row(2, kind="input"),
        row(3, kind="state", cause=1),
        row(4, cause=1),
        row(5, cause=2),
        row(6, cause=3),
        row(7, cause=4),
        row(8, cause=99),
        row(9, cause="1"),
        row(1, 2, cause=1),
        row(10, kind="notification", internal=True),
        row(11, cause=10),
        row(12, cause=None),
        row(13, kind="usage"),
        row(14, kind="property", cause=2),
    )
    assert (found.problems, found.gaps, found.astray) == ([], [], 5)


def test_a_later_part_has_its_origins_in_another_file():
    assert fed(row(30, cause=2), row(31), from_the_start=False).astray == 0
