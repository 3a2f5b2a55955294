"""Every iOS's way of writing gives the same entries, in any key order, line order and packaging of the text."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.report import Entry, Report, read_report
from lightleak.report.timestamps import parse_time
from report import written
from report.written import GENERATIONS, TEAM, Truth, export, lines, network, text, truths

Read = Callable[..., Report]


def as_truth(entry: Entry) -> Truth:
    return Truth(
        entry.identifier,
        entry.app,
        entry.category,
        None if entry.begin_ns is None else entry.begin_ns // 1_000_000,
        None if entry.end_ns is None else entry.end_ns // 1_000_000,
        entry.begin_offset_s,
        entry.out_of_process,
        entry.broadcaster,
    )


def in_order(entries: list[Truth]) -> list[Truth]:
    never = 1 << 62
    entries = [truth._replace(app=truth.app.removeprefix(TEAM)) for truth in entries]
    return sorted(entries, key=lambda t: (t.begin_ms or never, t.end_ms or never, t.identifier))


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_written_report_is_read_back(generation: str, scratch: Path) -> None:
    path = scratch / "any name"
    old = {"out_of_process": st.just(False)} if generation in {"G1", "G2"} else {}

    @given(truths(**old), st.randoms(use_true_random=False))
    def round_trip(entries: list[Truth], chance: random.Random) -> None:
        rows = [json.loads(row) for row in export(entries, generation).splitlines()]
        rows.append(network(generation))
        chance.shuffle(rows)
        rows = [dict(chance.sample(sorted(row.items()), len(row))) for row in rows]
        path.write_text(text(rows))
        report = read_report(path)
        assert [as_truth(entry) for entry in report.entries] == in_order(entries)
        assert len(report.network) == 1
        assert report.problems == []

    round_trip()


def test_the_published_fixture_has_eight_access_lines_and_64_network_lines(fixture_path) -> None:
    report = read_report(fixture_path)
    assert [(e.app, e.category, e.begin, e.end, e.begin_line, e.end_line) for e in report.entries] == [
        *(
            (
                "com.apple.mobileslideshow",
                "photos",
                "2022-04-27T10:53:24.555-04:00",
                "2022-04-27T10:53:28.495-04:00",
                1,
                2,
            ),
            ("com.apple.mobilecal", "location", "2022-04-27T11:01:09.166-04:00", "2022-04-27T11:01:19.289-04:00", 3, 5),
            ("com.apple.mobilecal", "contacts", "2022-04-27T11:01:09.897-04:00", "2022-04-27T11:01:54.767-04:00", 4, 6),
            (
                "com.apple.mobilemail",
                "contacts",
                "2022-04-27T11:06:11.505-04:00",
                "2022-04-27T11:06:56.496-04:00",
                7,
                8,
            ),
        )
    ]
    assert all(entry.flags == () and not entry.out_of_process for entry in report.entries)
    assert len(report.network) == 64
    assert sorted(row.line for row in report.network) == list(range(9, 73))
    assert report.problems == []
    assert (report.first, report.last) == ("2022-04-27T10:41:46.523-04:00", "2022-04-27T11:07:14.951-04:00")


def test_every_documented_line_says_what_its_source_says(documented_lines: list[str], read: Read) -> None:
    report = read("\n".join(documented_lines))
    assert report.problems == []
    wifi, wechat = report.entries
    assert (wifi.identifier, wifi.app, wifi.category, wifi.begin, wifi.end) == (
        *("BE766661-F44C-46F8-A3E5-258FAE68D603", "com.google.ProjectFi", "contacts"),
        *("2021-06-09T14:19:48.270-05:00", "2021-06-09T14:19:48.270-05:00"),
    )
    assert (wechat.app, wechat.category, wechat.begin, wechat.duration_s) == (
        *("com.tencent.xin", "photos", "2021-10-09T06:41:51.896+08:00", 191.917),
    )
    (row,) = report.network
    assert (row.app, row.domain, row.hits, row.initiated, row.classification) == (
        *("com.sonos.SonosController", "mask.icloud.com", 7, "AppInitiated", None),
    )


def test_a_header_alone_is_a_report_of_nothing(documented_lines: list[str], read: Read) -> None:
    report = read(documented_lines[0])
    assert (len(report.entries), report.first, report.last) == (0, None, None)


@pytest.mark.parametrize(
    "change",
    [
        lambda t: "\ufeff" + t,
        lambda t: t.replace("\n", "\r\n"),
        lambda t: t.replace("\n", "\n\n \n"),
        lambda t: t + "\0" * 600,
        lambda t: t.rstrip("\n"),
        lambda t: t.replace("{", " {  ").replace('":', '" : '),
        lambda t: t.replace("com.example.a", r"com\u002eexample.a").replace("2020", r"20\u00320"),
    ],
    ids=["BOM", "CRLF", "blank lines", "NULs after a crash", "no last line end", "blanks", "escapes"],
)
def test_what_happens_to_files_on_their_way_changes_nothing(change: Callable[[str], str], read: Read) -> None:
    whole = text([*lines(written.moment(1, 0, 5000)), *lines(written.moment(2, 9000, 5000)), network()])
    changed, plain = read(change(whole)), read(whole)
    assert [as_truth(e) for e in changed.entries] == [as_truth(e) for e in plain.entries]
    assert len(changed.entries) == 2
    assert len(changed.network) == 1
    assert changed.problems == []


def test_an_escaped_slash_in_a_path_is_a_slash(read: Read) -> None:
    raw = text(lines(written.moment(1, 0, 1, app="/usr/libexec/x"))).replace("/", r"\/")
    assert read(raw).entries[0].app == "/usr/libexec/x"


@pytest.mark.parametrize(
    ("time", "exact_ns"),
    [("2020-09-13T12:00:00Z", 0), ("2020-09-13T14:00:00.123456789+02:00", 123_456_789)],
)
def test_times_are_kept_to_the_last_digit(time: str, exact_ns: int, read: Read) -> None:
    first, second = lines(written.moment(1, 0, 1))
    report = read(text([first | {"timeStamp": time}, second]))
    assert report.entries[0].begin_ns == parse_time("2020-09-13T12:00:00Z")[0] + exact_ns


def test_a_report_over_a_change_of_the_clock_keeps_both_offsets(read: Read) -> None:
    first, second = lines(written.moment(1, 0, 1))
    rows = [
        first | {"timeStamp": "2025-03-30T01:59:59.900+01:00"},
        second | {"timeStamp": "2025-03-30T03:00:00.100+02:00"},
    ]
    (entry,) = read(text(rows)).entries
    assert (entry.begin, entry.end) == ("2025-03-30T01:59:59.900+01:00", "2025-03-30T03:00:00.100+02:00")
    assert entry.duration_s == 0.2


def test_a_screen_recording_names_its_broadcaster(read: Read) -> None:
    truth = written.moment(1, 0, 1, category="screenRecording", broadcaster="com.example.streamer")
    assert read(text(lines(truth))).entries[0].broadcaster == "com.example.streamer"


def test_categories_that_no_one_knows_are_entries_like_others(read: Read) -> None:
    assert read(text(lines(written.moment(1, 0, 1, category="heartRate")))).entries[0].category == "heartRate"


def test_keys_that_no_one_knows_are_kept_and_counted(read: Read) -> None:
    first, second = lines(written.moment(1, 0, 1))
    report = read(text([first | {"new": {"x": 1}}, second]))
    assert report.unknown.keys == {"new": 1}
    assert [(line, extra) for (_, line), extra in report.unknown.kept.items()] == [(1, {"new": {"x": 1}})]
    assert len(report.entries) == 1
    assert report.problems == []


def test_kinds_that_no_one_knows_do_not_disturb_the_pair_they_belong_to(read: Read) -> None:
    first, second = lines(written.moment(1, 0, 5))
    report = read(text([first | {"kind": "intervalTouch"}, first, second]))
    assert [(e.duration_s, e.flags) for e in report.entries] == [(0.005, ())]
    assert report.unknown.kinds == {"intervalTouch": 1}


def test_an_access_of_an_unknown_kind_alone_is_an_instant(read: Read) -> None:
    first, _ = lines(written.moment(1, 0, 5))
    report = read(text([first | {"kind": "somethingNew"}]))
    assert [(e.begin, e.end) for e in report.entries] == [("2020-09-13T12:00:00.000+00:00",) * 2]
    assert report.unknown.kinds == {"somethingNew": 1}


def test_an_accessor_that_is_not_a_bundle_is_named_as_written(read: Read) -> None:
    first, second = lines(written.moment(1, 0, 5))
    accessor = {"identifier": {"version": 2, "pid": 7}, "identifierType": "auditToken"}
    report = read(text([first | {"accessor": accessor}, second | {"accessor": accessor}]))
    assert report.entries[0].app == '{"pid":7,"version":2}'
