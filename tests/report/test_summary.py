"""The figures of an app count rows, moments, nights and durations as their names say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lightleak.report import Report
from report.written import Truth, export, lines, moment, text

Read = Callable[..., Report]
HOUR_MS = 3_600_000


def figures(read: Read, *entries: Truth) -> dict[str, Any]:
    return read(export(list(entries))).summary()["com.example.a"]["photos"]


def test_twins_are_one_moment_and_two_entries(read: Read) -> None:
    found = figures(read, moment(1, 0, 10), moment(2, 1500, 10), moment(3, 3000, 10), moment(4, 6000, 10))
    assert (found["entries"], found["moments"]) == (4, 2)


def test_a_picker_is_a_moment_of_its_own(read: Read) -> None:
    found = figures(read, moment(1, 0, 10), moment(2, 100, 900, out_of_process=True))
    assert (found["entries"], found["moments"], found["pickers"]) == (2, 2, 1)


def test_night_is_midnight_to_six_in_the_zone_of_the_report(read: Read) -> None:
    # Noon UTC is 00:00 in −12:00: the zone decides, not the clock of the reader.
    nights = [moment(1, 0, 10), moment(2, 6 * HOUR_MS - 1, 10), moment(3, 6 * HOUR_MS, 10), moment(4, -1, 10)]
    found = figures(read, *(truth._replace(offset_s=-12 * 3600) for truth in nights))
    assert found["night"] == 2
    assert {hour: n for hour, n in enumerate(found["hours"]) if n} == {0: 1, 5: 1, 6: 1, 23: 1}


def test_durations_are_sorted_by_what_they_can_mean(read: Read) -> None:
    long = [100, 199, 200, 19_999, 20_000, 59_899, 59_900, 75_600, 75_601]
    entries = [moment(n, n * 100_000, duration) for n, duration in enumerate(long)]
    durations = figures(read, *entries, moment(99, -5_000_000, None))["durations"]
    assert durations == {
        "instant": 2,
        "short": 2,
        "cut": 2,
        "lone_access": 2,
        "longer": 1,
        "not_meaningful": 1,
        "median_s": 20.0,
    }


def test_background_candidates_are_cut_at_once_and_no_pickers(read: Read) -> None:
    found = figures(read, moment(1, 0, 100), moment(2, 9000, 100, out_of_process=True), moment(3, 20_000, 300))
    assert found["background_candidates"] == 1


def test_an_instant_of_the_betas_has_no_duration(read: Read) -> None:
    line = lines(moment(1, 0, None))[0] | {"kind": "event"}
    found = read(text([line])).summary()["com.example.a"]["photos"]
    assert (found["entries"], found["background_candidates"], found["durations"]["median_s"]) == (1, 0, None)


def test_what_ends_before_it_begins_has_no_duration(read: Read) -> None:
    found = figures(read, moment(1, 5000, -2000), moment(2, 9000, 100))
    assert (found["background_candidates"], found["durations"]["not_meaningful"]) == (1, 1)


def test_finalised_rows_have_no_meaningful_end(read: Read) -> None:
    report = read(export([moment(1, 0, HOUR_MS), moment(2, 0, HOUR_MS + 100, app="com.example.b")]))
    for app in ("com.example.a", "com.example.b"):
        assert report.summary()[app]["photos"]["durations"]["not_meaningful"] == 1
        assert report.summary()[app]["photos"]["flags"] == {"finalised": 1}


def test_apps_and_categories_are_kept_apart_and_sorted(read: Read) -> None:
    report = read(
        export([moment(1, 0, 1, app="b"), moment(2, 0, 1, category="contacts", app="b"), moment(3, 0, 1, app="a")])
    )
    assert [(app, list(found)) for app, found in report.summary().items()] == [
        ("a", ["photos"]),
        ("b", ["contacts", "photos"]),
    ]
