"""The on-device store says what the export of the same time says, as far as both can."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.errors import ReportError
from lightleak.report import Report, read_report
from report.protobuf_writer import field
from report.segb_writer import NewRecord, segment_bytes
from report.stored import APPLE_EPOCH_MS, STREAM, message, records, segments, write
from report.written import Truth, export, moment, truths


def put(folder: Path, stream: str, content: bytes, name: str = "1") -> Path:
    path = folder / stream / "local" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def told(report: Report) -> list[tuple[object, ...]]:
    def ms(ns: int | None) -> int | None:
        return None if ns is None else ns // 1_000_000

    return [
        (e.identifier, e.app, e.category, ms(e.begin_ns), ms(e.end_ns), e.out_of_process, e.flags)
        for e in report.entries
    ]


@given(truths(category=st.sampled_from(["photos", "contacts"]), offset_s=st.just(0)))
def test_store_and_export_give_the_same_entries(scratch: Path, entries: list[Truth]) -> None:
    if not entries:
        return
    (scratch / "export.ndjson").write_text(export(entries))
    paths = []
    for number, (name, content) in enumerate(segments(entries).items()):
        paths.append(put(scratch, Path(name).parent.parent.name, content, str(number)))
    store = read_report(*paths)
    assert told(store) == told(read_report(scratch / "export.ndjson"))
    assert store.problems == []


def test_the_streams_are_found_in_a_folder(tmp_path: Path) -> None:
    entries = [
        moment(1, 0, 5000),
        moment(2, 10_000, 5000, category="location"),
        moment(3, 20_000, 5000, out_of_process=True),
        moment(4, 30_000, 5000, category="screenRecording", broadcaster="com.example.tv"),
        moment(5, 40_000, 5000, category="contacts", out_of_process=True),
    ]
    report = read_report(write(tmp_path, entries))
    assert [(e.category, e.out_of_process, e.broadcaster, e.duration_s) for e in report.entries] == [
        ("photos", False, None, 5.0),
        ("location", False, None, 5.0),
        ("photos", True, None, 5.0),
        ("screenRecording", False, "com.example.tv", 5.0),
        ("contacts", True, None, 5.0),
    ]
    assert len(report.files) == 4
    assert report.entries[0].begin == "2020-09-13T12:00:00.000+00:00"


def test_a_folder_in_the_middle_of_a_store_is_recognised_by_its_place(tmp_path: Path) -> None:
    biome = write(tmp_path, [moment(2, 0, 5000, category="location")])
    os.chdir(biome / f"{STREAM}.location" / "local")
    assert [e.category for e in read_report(".").entries] == ["location"]


def test_a_segment_out_of_its_folder_still_gives_photos(tmp_path: Path) -> None:
    path = tmp_path / "segment"
    path.write_bytes(segment_bytes(records(moment(1, 0, 5000)) + records(moment(2, 0, 1, out_of_process=True))))
    assert {(e.category, e.out_of_process) for e in read_report(path).entries} == {("photos", False), ("photos", True)}


def test_deleted_records_are_times_and_neither_entries_nor_span(tmp_path: Path) -> None:
    old = records(moment(1, -(10**9), 5000, category="location"), deleted=True)
    new = records(moment(2, 0, 5000, category="location"))
    report = read_report(put(tmp_path, f"{STREAM}.location", segment_bytes(old + new)))
    assert [(d.time, d.category) for d in report.deleted] == [
        ("2020-09-01T22:13:20.000+00:00", "location"),
        ("2020-09-01T22:13:25.000+00:00", "location"),
    ]
    assert len(report.entries) == 1
    assert report.first == "2020-09-13T12:00:00.000+00:00"


def test_a_deleted_record_whose_content_is_still_there_is_read(tmp_path: Path) -> None:
    file = bytearray(segment_bytes(records(moment(1, 0, 5000))))
    file[-16 + 4] = 3
    report = read_report(put(tmp_path, f"{STREAM}.tcc", bytes(file)))
    assert [e.duration_s for e in report.entries] == [5.0]


def test_tombstones_name_the_segment_that_is_gone(tmp_path: Path) -> None:
    tomb = field(1, "621691200000000") + field(5, "privacyaccountingd")
    put(tmp_path, f"{STREAM}.tcc", segment_bytes(records(moment(1, 0, 1))))
    put(tmp_path, f"{STREAM}.tcc", segment_bytes([NewRecord(7.0, tomb)]), "tombstone/2")
    (found,) = read_report(tmp_path).tombstones
    assert (found.segment, found.process, found.time) == (
        *("621691200000000", "privacyaccountingd", "2001-01-01T00:00:07.000+00:00"),
    )


def test_what_the_export_adds_to_a_records_time_is_added(tmp_path: Path) -> None:
    truth = moment(1, 0, None)
    record = NewRecord((truth.begin_ms - APPLE_EPOCH_MS) / 1000, message(truth, "begin", adjustment_s=-1.5))
    report = read_report(put(tmp_path, f"{STREAM}.tcc", segment_bytes([record])))
    assert report.entries[0].begin == "2020-09-13T11:59:58.500+00:00"


def test_asset_records_are_counted_and_do_not_disturb(tmp_path: Path) -> None:
    truth = moment(1, 0, 5000)
    extra = NewRecord((truth.begin_ms - APPLE_EPOCH_MS) / 1000 + 1, message(truth, "assets"))
    report = read_report(put(tmp_path, f"{STREAM}.tcc", segment_bytes([*records(truth), extra])))
    assert [(e.duration_s, e.flags) for e in report.entries] == [(5.0, ())]
    assert report.unknown.kinds == {"assets": 1}


@pytest.mark.parametrize(
    "bad",
    [
        b"\xff\xff",
        field(1, field(2, b"short")),
        field(1, field(1, field(2, "a")) + field(2, b"x" * 15)),
        field(1, field(1, field(2, b"\xff")) + field(2, b"x" * 16)),
        field(2, "kTCCServicePhotos"),
        field(1, field(1, field(2, "a")) + field(2, b"x" * 16) + field(4, float("nan"))),
    ],
)
def test_a_record_that_cannot_be_read_is_a_problem_with_its_slot(bad: bytes, tmp_path: Path) -> None:
    report = read_report(
        put(tmp_path, f"{STREAM}.tcc", segment_bytes([*records(moment(1, 0, 5)), NewRecord(1.0, bad)]))
    )
    assert [p.line for p in report.problems] == [3]
    assert len(report.entries) == 1


@pytest.mark.parametrize("time_s", [float("nan"), float("inf"), 1e300, 1.7e308, 9.3e9])
def test_a_record_with_an_invalid_time_is_a_problem(time_s: float, tmp_path: Path) -> None:
    good = records(moment(1, 0, 5))
    report = read_report(put(tmp_path, f"{STREAM}.tcc", segment_bytes([*good, NewRecord(time_s, good[0].data)])))
    assert [(p.line, p.problem) for p in report.problems] == [(3, "a record with an invalid time")]


def test_a_store_without_a_record_is_not_a_report(tmp_path: Path) -> None:
    put(tmp_path, f"{STREAM}.tcc", segment_bytes([]))
    with pytest.raises(ReportError, match="not one line"):
        read_report(tmp_path)
