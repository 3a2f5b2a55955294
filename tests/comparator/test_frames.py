"""Verdicts as data frames: typed, in order, and a sentence where the library is missing."""

from __future__ import annotations

import datetime as dt
import sys

import pytest

from lightleak.errors import LightleakError
from stories import APP, Trace, entry_lines, ident, judge

FRAMES = ["to_pandas", "to_polars"]


def compared(tmp_path, *lines: str):
    trace = Trace()
    trace.ready(0)
    trace.add(0.1, "state", value="background")
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    trace.access(11, "data")
    trace.add(100, "mark", label="end")
    return judge(tmp_path, trace, *lines)


def lines() -> tuple[str, ...]:
    return entry_lines(3, None, 5), entry_lines(1, 10.1, 30), entry_lines(2, 40.25, None)


@pytest.mark.parametrize("method", FRAMES)
def test_a_library_that_is_missing_is_said_with_its_remedy(tmp_path, monkeypatch, method):
    monkeypatch.setitem(sys.modules, method.removeprefix("to_"), None)
    with pytest.raises(LightleakError, match=r"lightleak\[frames\]"):
        getattr(compared(tmp_path, *lines()), method)()


@pytest.mark.parametrize("method", FRAMES)
def test_a_frame_says_what_the_json_says(tmp_path, method):
    pytest.importorskip(method.removeprefix("to_"))
    found = compared(tmp_path, *lines())
    frame = getattr(found, method)()
    entries = found.to_dict()["entries"]
    assert [entry["identifier"] for entry in entries] == [ident(1), ident(2), ident(3)]
    for name in (
        "identifier",
        "app",
        "category",
        "cause",
        "depth",
        "match",
        "state",
        "flags",
        "evidence",
        "brief",
        "why",
        "out_of_process",
    ):
        assert [list(v) if name in ("flags", "evidence") else v for v in frame[name]] == [
            entry[name] for entry in entries
        ], name
    for name in ("begin", "end"):
        shown = [entry[name] and dt.datetime.fromisoformat(entry[name]) for entry in entries]
        assert [None if str(at) in ("NaT", "None") else at for at in frame[name]] == shown
    assert list(frame["offset_s"]) == [8 * 3600] * 3


@pytest.mark.parametrize("method", FRAMES)
def test_columns_have_types_also_without_a_row(tmp_path, method):
    pytest.importorskip(method.removeprefix("to_"))
    (tmp_path / "some").mkdir()
    empty = getattr(compared(tmp_path, entry_lines(1, 1, 2, app="org.other")), method)()
    some = getattr(compared(tmp_path / "some", *lines()), method)()
    assert len(empty) == 0
    assert list(map(str, empty.dtypes)) == list(map(str, some.dtypes))
    assert "datetime64[ns, UTC]" in map(str, some.dtypes) or "Datetime(time_unit='ns', time_zone='UTC')" in map(
        str, some.dtypes
    )


def test_depths_have_their_order_in_pandas(tmp_path):
    pytest.importorskip("pandas")
    frame = compared(tmp_path, *lines()).to_pandas()
    assert frame[frame["depth"] >= "metadata"]["app"].tolist() == [APP]
