"""Silence is reported as silence, with its possible causes."""

from __future__ import annotations

from collections.abc import Callable

from lightleak.report import Report
from lightleak.report.silences import BETWEEN, QUIET, RESTARTED
from report.written import export, moment, network, text

Read = Callable[..., Report]
HOUR_MS = 3_600_000


def test_three_hours_without_any_record_are_a_hole(read: Read) -> None:
    report = read(export([moment(1, 0, 1000), moment(2, 3 * HOUR_MS, 1000), moment(3, 6 * HOUR_MS + 1000, 0)]))
    assert [(h.start, h.end, h.reason) for h in report.holes()] == [
        ("2020-09-13T15:00:01.000+00:00", "2020-09-13T18:00:01.000+00:00", QUIET)
    ]


def test_network_fills_holes_too(read: Read) -> None:
    row = network(firstTimeStamp="2020-09-13T13:30:00.000Z", timeStamp="2020-09-13T14:00:00.000Z")
    assert read(export([moment(1, 0, 1000), moment(2, 4 * HOUR_MS, 1000)]) + text([row])).holes() == []


def test_a_hole_that_ends_with_finalised_entries_is_a_restart(read: Read) -> None:
    open_together = [moment(1, 0, 5 * HOUR_MS), moment(2, 1000, 5 * HOUR_MS - 900, app="com.example.b")]
    assert [h.reason for h in read(export(open_together)).holes()] == [RESTARTED]
    later = moment(3, 9 * HOUR_MS, 1000)
    assert [h.reason for h in read(export([*open_together, later])).holes()] == [RESTARTED, QUIET]


def test_the_time_between_two_reports_has_its_own_reason(read: Read) -> None:
    holes = read(export([moment(1, 0, 1000)]), export([moment(2, 90 * HOUR_MS, 1000)])).holes()
    assert [h.reason for h in holes] == [BETWEEN]
