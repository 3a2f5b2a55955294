"""Store and export are compared: what only one of them has is listed with its reason."""

from __future__ import annotations

from pathlib import Path

from lightleak.report import Report, read_report
from report.segb_writer import segment_bytes
from report.stored import STREAM, records, write
from report.written import Truth, export, identifier, moment

COMMON = [moment(1, 0, 5000), moment(2, 900_000, 5000)]


def both(tmp_path: Path, stored: list[Truth], exported: list[Truth]) -> Report:
    (tmp_path / "export.ndjson").write_text(export(exported))
    return read_report(tmp_path / "export.ndjson", write(tmp_path / "image", stored))


def store_only(tmp_path: Path, *extra: Truth) -> list[tuple[str, str]]:
    found = both(tmp_path, [*COMMON, *extra], COMMON).reconciliation()
    assert found is not None
    assert (found.both, found.export_only) == (2, [])
    return [(entry.identifier, entry.why.split(":")[0]) for entry in found.store_only]


def export_only(tmp_path: Path, *extra: Truth) -> list[tuple[str, str]]:
    found = both(tmp_path, COMMON, [*COMMON, *extra]).reconciliation()
    assert found is not None
    assert (found.both, found.store_only) == (2, [])
    return [(entry.identifier, entry.why.split(":")[0]) for entry in found.export_only]


def test_the_same_access_in_both_is_one_entry_without_contradiction(tmp_path: Path) -> None:
    report = both(tmp_path, COMMON, COMMON)
    assert [e.flags for e in report.entries] == [(), ()]
    assert report.problems == []
    assert report.reconciliation() is not None
    assert report.reconciliation().both == 2  # type: ignore[union-attr]


def test_the_zone_of_the_export_is_kept_whichever_was_named_first(tmp_path: Path) -> None:
    local = [truth._replace(offset_s=7200) for truth in COMMON]
    (tmp_path / "export.ndjson").write_text(export(local))
    store = write(tmp_path / "image", COMMON)
    for paths in ((tmp_path / "export.ndjson", store), (store, tmp_path / "export.ndjson")):
        assert {(e.begin_offset_s, e.end_offset_s) for e in read_report(*paths).entries} == {(7200, 7200)}


def test_one_source_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    (tmp_path / "export.ndjson").write_text(export(COMMON))
    assert read_report(tmp_path / "export.ndjson").reconciliation() is None


def test_an_app_that_the_export_never_names_is_hidden_or_gone(tmp_path: Path) -> None:
    assert store_only(tmp_path, moment(3, 500, 1, app="com.example.hidden")) == [
        (identifier(3), "the app is not in the export at all")
    ]


def test_a_picker_row_may_be_left_out(tmp_path: Path) -> None:
    assert store_only(tmp_path, moment(3, 500, 1, out_of_process=True)) == [
        (identifier(3), "a picker row, left out as Settings does")
    ]


def test_what_came_after_the_export_is_not_in_it(tmp_path: Path) -> None:
    assert store_only(tmp_path, moment(3, 10**7, 1)) == [
        (identifier(3), "after the export was made, or at its very end")
    ]


def test_what_is_older_than_the_store_was_pruned(tmp_path: Path) -> None:
    assert export_only(tmp_path, moment(3, -(10**7), 1)) == [(identifier(3), "pruned from the store since")]


def test_a_category_whose_stream_was_not_given_is_not_missing(tmp_path: Path) -> None:
    assert export_only(tmp_path, moment(3, 500, 1, category="location")) == [
        (identifier(3), "the stream of this category was not among the files")
    ]


def test_a_blank_record_of_the_same_time_shows_that_it_was_deleted(tmp_path: Path) -> None:
    gone = moment(3, 5000, 1)
    (tmp_path / "export.ndjson").write_text(export([*COMMON, gone]))
    path = tmp_path / f"{STREAM}.tcc" / "local" / "1"
    path.parent.mkdir(parents=True)
    path.write_bytes(segment_bytes([*records(COMMON[0]), *records(gone, deleted=True), *records(COMMON[1])]))
    found = read_report(tmp_path).reconciliation()
    assert found is not None
    assert found.reasons()["export_only"] == {"deleted from the store since: a record of that time is blank": 1}
