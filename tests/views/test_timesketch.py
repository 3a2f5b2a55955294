"""Timesketch: what its importer asks for, as JSONL and as CSV."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

from lightleak.views.export import timesketch
from views.exports import each_kind, hostile, origins_and_acts, source_of, written


def lines(raw: bytes) -> list[dict]:
    return [json.loads(line) for line in raw.splitlines()]


def test_every_line_has_what_the_importer_requires(tmp_path):
    found = lines(written(timesketch, source_of(tmp_path, *each_kind())))
    assert len(found) == 20
    for line in found:
        assert {"message", "datetime", "timestamp", "timestamp_desc"} <= line.keys()
        moment = dt.datetime.fromisoformat(line["datetime"])
        assert round(moment.timestamp() * 1e6) == line["timestamp"]
    assert found[7]["message"] == (
        "com.example.app: data: -[PHImageManager requestImageDataForAsset:], because of notification #7 [app background]"
    )
    assert (found[7]["timestamp"], found[7]["timestamp_desc"]) == (1_790_000_000_080_000, "Photo library accessed")


def test_a_message_names_what_set_the_act_off(tmp_path):
    found = lines(written(timesketch, source_of(tmp_path, *origins_and_acts())))
    said = {line["seq"]: line["message"].removeprefix("com.example.app: ").rpartition(" [")[0] for line in found}
    assert {seq: said[seq] for seq in (4, 5, 7, 8)} == {
        4: "state active",
        5: "used so far: CPU 1.5 s, memory 34.5 MB, 12 wake-ups, 2.0 MB read from disk",
        7: "input: touch",
        8: "state background (silent-push)",
    }
    assert [said[seq] for seq in range(9, 17)] == [
        "metadata: of the change, because of notification #6",
        "data: of the touch, because of input #7, resumed with a value of notification #6",
        "data: of the push, because of state #8",
        "open: of the launch, because of state #3",
        "property: -[PHAsset location], 40 times of 12 assets, because of notification #6",
        "data: of nothing",
        "data: of what was lost, because of an event that was lost",
        "data: of no origin, because of event #9",
    ]
    assert [line.get("trigger") for line in found[8:16]] == [
        "change", "touch", "wake", "launch", "change", None, "unknown", "unknown",
    ]  # fmt: skip


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
