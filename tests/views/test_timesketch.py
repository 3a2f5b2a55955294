"""Timesketch: what its importer asks for, as JSONL and as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

from lightleak.views.export import timesketch
from views.exports import each_kind, hostile, source_of, written


def lines(raw: bytes) -> list[dict]:
    return [json.loads(line) for line in raw.splitlines()]


def test_every_line_has_what_the_importer_requires(tmp_path):
    found = lines(written(timesketch, source_of(tmp_path, *each_kind())))
    assert len(found) == 20
    for line in found:
        assert {"message", "datetime", "timestamp", "timestamp_desc"} <= line.keys()
        moment = dt.datetime.fromisoformat(line["datetime"])
        assert round(moment.timestamp() * 1e6) == line["timestamp"]
    assert found[7]["message"] == "com.example.app: data: -[PHImageManager requestImageDataForAsset:] [app background]"
    assert (found[7]["timestamp"], found[7]["timestamp_desc"]) == (1_790_000_000_080_000, "Photo library accessed")


def test_csv_has_the_same_lines(tmp_path):
    reading = source_of(tmp_path, *each_kind())
    rows = list(csv.DictReader(io.StringIO(written(timesketch, reading, how="export_csv").decode(), newline="")))
    for row, line in zip(rows, lines(written(timesketch, reading)), strict=True):
        assert (row["message"], row["datetime"], int(row["timestamp"])) == (
            line["message"],
            line["datetime"],
            line["timestamp"],
        )


def test_messages_are_harmless_the_file_is_ascii_and_an_event_outside_of_the_calendar_is_left_out(tmp_path):
    reading = source_of(tmp_path, *hostile())
    raw = written(timesketch, reading)
    assert raw.isascii()
    assert all(line["message"].isprintable() for line in lines(raw))
    assert len(lines(raw)) == len(hostile()) - 2
    cells = [c for row in csv.reader(io.StringIO(written(timesketch, reading, how="export_csv").decode())) for c in row]
    assert [c for c in cells if c.startswith(("=", "+", "-", "@")) and not c.lstrip("-").isdigit()] == []
