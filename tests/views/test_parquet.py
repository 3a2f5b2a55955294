"""Parquet: typed columns, strings as they were recorded."""

from __future__ import annotations

import io

import pytest

from lightleak.views.export import parquet
from tracekit import event
from views.exports import HOSTILE, each_kind, hostile, origins_and_acts, source_of, written

pq = pytest.importorskip("pyarrow.parquet")


def read(raw: bytes):
    return pq.read_table(io.BytesIO(raw))


def test_columns_have_their_types_and_times_their_zone(tmp_path):
    table = read(written(parquet, source_of(tmp_path, *each_kind())))
    types = {field.name: str(field.type) for field in table.schema}
    assert types["time"] == "timestamp[ns, tz=Europe/Paris]"
    assert {types[name] for name in ("wall_ns", "seq", "duration_ns", "bytes", "pid")} == {"int64"}
    assert {types[name] for name in ("degraded", "internal")} == {"bool"}
    rows = table.drop_columns(["time"]).to_pylist()
    assert rows[11]["degraded"] is False
    assert (rows[7]["depth"], rows[7]["state"], rows[7]["asset"]) == ("data", "background", "a1b2")
    assert b'"format":"lightleak-trace"' in table.schema.metadata[b"lightleak.header"]


def test_a_process_number_that_is_too_large_is_kept_in_the_rest(tmp_path):
    who = event(1, kind="process", phase="attached", pid=2**70)
    rows = read(written(parquet, source_of(tmp_path, who, event(2)))).drop_columns(["time"]).to_pylist()
    assert [row["pid"] for row in rows] == [None, None]
    assert rows[0]["rest"] == f'{{"pid":{2**70}}}'


def test_an_act_has_its_trigger_and_what_was_not_measured_is_null(tmp_path):
    rows = read(written(parquet, source_of(tmp_path, *origins_and_acts()))).drop_columns(["time"]).to_pylist()
    assert [(row["cause"], row["trigger"], row["trigger_by"]) for row in rows[8:15]] == [
        (6, "change", "link"), (7, "touch", "link"), (8, "wake", "link"), (3, "launch", "link"), (6, "change", "link"),
        (None, None, None), (None, "unknown", "none"),
    ]  # fmt: skip
    assert [row["energy_nj"] for row in rows] == [None] * len(rows)
    assert (rows[4]["wakeups"], rows[14]["cause_lost"]) == (12, True)


def test_strings_stay_as_they_were_recorded_and_numbers_that_are_none_go_to_rest(tmp_path):
    rows = read(written(parquet, source_of(tmp_path, *hostile()))).drop_columns(["time"]).to_pylist()
    assert rows[0]["app"] == HOSTILE
    assert (rows[4]["symbol"], rows[4]["asset"]) == (HOSTILE, HOSTILE)
    assert rows[6]["duration_ns"] is None
    assert "1180591620717411303424" in rows[6]["rest"]
    assert (rows[13]["wall_ns"], rows[13]["rest"]) == (None, f'{{"wall_ns":{2**68},"mono_ns":{2**68}}}')


def test_more_rows_than_one_group_holds_come_in_groups(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet, "_ROWS_AT_ONCE", 6)
    raw = written(parquet, source_of(tmp_path, *each_kind()))
    assert pq.ParquetFile(io.BytesIO(raw)).num_row_groups == 4
    assert read(raw).column("seq").to_pylist() == list(range(1, 21))


def test_a_session_without_events_has_columns_all_the_same(tmp_path):
    assert read(written(parquet, source_of(tmp_path))).num_rows == 0
