"""Network use near photos is listed as coincidence: after a photos entry of the same app, new or grown."""

from __future__ import annotations

from collections.abc import Callable

from lightleak.report import Report, format_time
from report.written import export, identifier, moment, network, text

Read = Callable[..., Report]
NOON_MS = 1_599_998_400_000


def at(ms: int) -> str:
    return format_time((NOON_MS + ms) * 1_000_000)


def row(first_ms: int, last_ms: int, hits: int = 1, **changes: object) -> dict[str, object]:
    return network(firstTimeStamp=at(first_ms), timeStamp=at(last_ms), hits=hits, **changes)


def coincidences(report: Report) -> list[tuple[object, ...]]:
    return [
        (c.what, c.domain, c.identifier, c.after_s, c.hits, c.hits_before)
        for u in report.beside_photos()
        for c in u.coincidences
    ]


def test_a_first_contact_within_ten_minutes_of_a_photos_entry_is_listed(read: Read) -> None:
    report = read(export([moment(1, 0, 5000), moment(2, 60_000, 5000)]) + text([row(61_500, 70_000)]))
    assert coincidences(report) == [("first contact", "example.org", identifier(2), 1.5, 1, 0)]


def test_contacts_before_or_long_after_are_not(read: Read) -> None:
    rows = [row(-10, 5000), row(600_001, 700_000, domain="late.example")]
    assert coincidences(read(export([moment(1, 0, 5000)]) + text(rows))) == []


def test_other_apps_and_other_categories_are_not(read: Read) -> None:
    entries = [moment(1, 0, 5000, category="contacts"), moment(2, 0, 5000, app="com.example.b")]
    report = read(export(entries) + text([row(1000, 2000)]))
    assert coincidences(report) == []
    assert [(u.app, u.domains) for u in report.beside_photos()] == [("com.example.b", 0)]


def test_hits_that_grew_in_a_later_export_after_photos_are_listed(read: Read) -> None:
    before = export([moment(9, -(10**7), 1)]) + text(
        [row(-(10**8), -1000, hits=5), row(-(10**8), -1000, hits=2, context="x")]
    )
    after = export([moment(1, 0, 5000)]) + text([row(-(10**8), 4000, hits=9)])
    assert coincidences(read(before, after)) == [("more hits", "example.org", identifier(1), 4.0, 9, 7)]


def test_hits_that_did_not_grow_or_grew_before_are_not(read: Read) -> None:
    before = export([moment(9, -(10**7), 1)]) + text(
        [row(-(10**8), 1000, hits=5), row(-(10**8), 1000, hits=5, domain="b.example")]
    )
    after = export([moment(1, 0, 5000)]) + text(
        [row(-(10**8), 4000, hits=9), row(-(10**8), 4000, hits=5, domain="b.example")]
    )
    assert coincidences(read(before, after)) == []


def test_an_apps_use_is_summed_up_without_counting_overlapping_exports_twice(read: Read) -> None:
    rows = [row(-(10**8), 1000, hits=5), row(-(10**8), 1000, hits=4, domain="b.example")]
    report = read(
        export([moment(1, 0, 1)]) + text(rows), export([moment(1, 0, 1)]) + text([row(-(10**8), 2000, hits=6)])
    )
    assert [(u.domains, u.hits) for u in report.beside_photos()] == [(2, 10)]
