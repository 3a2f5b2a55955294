"""CSV: a row an event, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.views.export import csv as csv_view
from tracekit import event
from views.exports import STARTS, each_kind, hostile, origins_and_acts, source_of, written


def table(raw: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(raw.decode(), newline="")))


def test_each_event_is_a_row_with_what_holds_at_it(tmp_path):
    rows = table(written(csv_view, source_of(tmp_path, *each_kind())))
    assert [int(row["seq"]) for row in rows] == list(range(1, 21))
    data = rows[7]
    assert data["time"] == "2026-09-21T16:13:20.080000+02:00"
    assert (data["app"], data["pid"], data["state"], data["depth"]) == ("com.example.app", "77", "background", "data")
    assert (data["caller_image"], data["caller_offset"], data["cause"]) == ("Example", "4096", "7")
    assert (rows[9]["of"], rows[9]["duration_ns"]) == ("7", "30000000")
    assert (rows[11]["bytes"], rows[11]["degraded"]) == ("4096", "false")
    assert rows[6]["depth"] == "notification"
    assert rows[4]["depth"] == "open"


def test_what_has_no_column_is_in_rest(tmp_path):
    rows = table(written(csv_view, source_of(tmp_path, *each_kind())))
    assert rows[18]["rest"] == '{"depth":"deep","sun":[1,{"a":null}]}'
    assert [row["rest"] for n, row in enumerate(rows) if n != 18] == [""] * 19


def test_an_act_has_its_trigger_by_link_and_one_without_a_cause_has_none(tmp_path):
    rows = table(written(csv_view, source_of(tmp_path, *origins_and_acts())))
    assert [(row["cause"], row["cause_kind"], row["trigger"], row["trigger_by"]) for row in rows[8:16]] == [
        ("6", "notification", "change", "link"),
        ("7", "input", "touch", "link"),
        ("8", "state", "wake", "link"),
        ("3", "state", "launch", "link"),
        ("6", "notification", "change", "link"),
        ("", "", "", ""),
        ("", "", "unknown", "none"),
        ("9", "", "unknown", "none"),
    ]
    assert {row["trigger"] for row in [*rows[:8], *rows[16:]]} == {""}
    assert (rows[9]["resumed_by"], rows[14]["cause_lost"], rows[12]["count"], rows[12]["assets"]) == (
        "6", "true", "40", "12",
    )  # fmt: skip
    assert [(row["cpu_ns"], row["footprint_bytes"], row["disk_read_bytes"], row["energy_nj"]) for row in rows if row["kind"] == "usage"] == [
        ("1500000000", "34500000", "2000000", ""), ("1900000000", "34500000", "", ""),
    ]  # fmt: skip
    assert [row["rest"] for row in rows] == [""] * len(rows)


def test_a_notification_has_a_cause_and_is_no_act_that_has_a_trigger(tmp_path):
    told = [event(1, kind="input", type="touch"), event(2, kind="notification", type="change", cause=1)]
    row = table(written(csv_view, source_of(tmp_path, *told)))[1]
    assert (row["cause_kind"], row["trigger"], row["trigger_by"]) == ("input", "", "")


def test_no_cell_starts_a_formula_and_none_steers_a_terminal(tmp_path):
    raw = written(csv_view, source_of(tmp_path, *hostile()))
    cells = [cell for row in csv.reader(io.StringIO(raw.decode(), newline="")) for cell in row]
    risky = [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "\t", "\r", "＝"))]
    assert [cell for cell in risky if not cell.lstrip("-").isdigit()] == []
    assert all(c.isprintable() or c in "\r\n" for c in raw.decode())
    assert len(table(raw)) == 15 + len(STARTS)


def test_a_selector_gets_an_apostrophe(tmp_path):
    assert table(written(csv_view, source_of(tmp_path, *each_kind())))[1]["symbol"] == "'-[PAAccessLogger log:]"


def test_a_filter_leaves_rows_out_but_not_the_state(tmp_path):
    rows = table(written(csv_view, source_of(tmp_path, *each_kind()), "kind = access"))
    assert [(row["seq"], row["state"]) for row in rows] == [("8", "background")]


@pytest.mark.parametrize("events", [[], each_kind()[:1]])
def test_a_short_session_has_a_header_row_all_the_same(tmp_path, events):
    raw = written(csv_view, source_of(tmp_path, *events))
    assert raw.startswith(b"time,wall_ns,mono_ns,segment,seq,kind,")
    assert len(table(raw)) == len(events)


@given(
    st.lists(
        st.lists(
            st.one_of(
                st.none(),
                st.booleans(),
                st.integers(),
                st.floats(allow_nan=False),
                st.text(max_size=8),
                st.text(alphabet="\",;\r\n=+' é", max_size=8),
            ),
            min_size=2,
            max_size=6,
        ),
        max_size=5,
    )
)
def test_rows_are_what_pythons_writer_makes_of_their_cells(rows):
    expected = io.StringIO()
    writer = csv.writer(expected, lineterminator="\r\n")
    writer.writerows([["a", 'b"'], *([csv_view.cell(value) for value in row] for row in rows)])
    file = io.BytesIO()
    csv_view.write(file, ["a", 'b"'], rows)
    assert file.getvalue().decode() == expected.getvalue()
