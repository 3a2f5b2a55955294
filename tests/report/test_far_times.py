"""Times of any year: no difference of two overflows what a number holds, in the figures of a report and in verdicts."""

from __future__ import annotations

import datetime as dt
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lightleak
from lightleak.comparator import compare
from lightleak.report.timestamps import EARLIEST_NS, LATEST_NS, format_time
from lightleak.views.export.report_json import render
from stories import APP, NS, T0_S, Trace, ident

YEARS = st.integers(1, 9999).map(lambda year: f"{year:04d}-06-01T12:00:00.000+02:00")
EDGES = st.sampled_from([EARLIEST_NS, EARLIEST_NS + 1_000_000, 0, T0_S * NS, LATEST_NS - 1_000_000, LATEST_NS]).map(
    format_time
)
EXTREME = st.sampled_from(
    ["1677-09-21T00:12:43.145Z", "1677-09-23T00:00:00.000Z", "1970-01-01T00:00:00.000Z", "2262-04-11T23:47:16.854Z",
     "0001-01-01T00:00:00.000+14:00", "9999-12-31T23:59:59.999-14:00"]
)  # fmt: skip
STAMPS = YEARS | EDGES | EXTREME


def line(n: int, kind: str, stamp: str, app: str, picker: bool) -> str:
    return json.dumps(
        {"accessor": {"identifier": app, "identifierType": "bundleID"}, "category": "photos", "identifier": ident(n),
         "kind": kind, "timeStamp": stamp, "type": "access", "outOfProcess": picker}
    )  # fmt: skip


LINES = st.lists(
    st.builds(line, st.integers(0, 4), st.sampled_from(["intervalBegin", "intervalEnd"]), STAMPS,
              st.sampled_from([APP, "org.other"]), st.booleans()),
    min_size=1,
    max_size=9,
)  # fmt: skip
NETWORK = st.builds(
    lambda first, last: json.dumps(
        {
            "bundleID": APP,
            "domain": "d",
            "hits": 1,
            "type": "networkActivity",
            "firstTimeStamp": first,
            "timeStamp": last,
        }
    ),
    STAMPS,
    STAMPS,
)


def session(folder: Path) -> lightleak.Session:
    trace = Trace()
    trace.ready(0)
    trace.access(10, "data")
    trace.add(90, "mark", label="end")
    return trace.save(folder)


@pytest.mark.filterwarnings("error:.*overflow.*:RuntimeWarning")
def test_no_year_overflows_a_figure_or_a_verdict(tmp_path: Path) -> None:
    """Rows from 1677 to 2262 had "median -344073.7 s", and were counted under "< 0.2 s"."""
    recorded = session(tmp_path)
    report = tmp_path / "r.ndjson"

    @settings(max_examples=100, deadline=None)
    @given(LINES, st.lists(NETWORK, max_size=3))
    def judged(lines: list[str], network: list[str]) -> None:
        known = line(9, "intervalBegin", "2025-10-09T16:53:30.000+08:00", APP, False)
        report.write_text("".join(one + "\n" for one in [*lines, known, *network]))
        found = lightleak.read_report(report)
        render(found)
        for entry in found.entries:
            check_entry(entry, found.entries)
        for categories in found.summary().values():
            for figures in categories.values():
                check_figures(figures["durations"], found)
        document = compare([recorded], found, apps=[APP]).to_dict()
        assert json.dumps(document)
        for verdict in document["entries"]:
            at = next(entry for entry in found.entries if (entry.identifier, entry.app) == (verdict["identifier"], APP))
            near = at.begin_ns is not None and abs(at.begin_ns - T0_S * NS) < 3600 * NS
            assert near or verdict["cause"] in ("unobserved", "picker")

    judged()


def check_entry(entry: Any, entries: Any) -> None:
    """Say the flags again with numbers that have no bound."""
    if entry.begin_ns is not None and entry.end_ns is not None:
        length = entry.end_ns - entry.begin_ns
        assert ("lone-access" in entry.flags) == (59_900_000_000 <= length <= 75_600_000_000)
    twin = any(
        other is not entry
        and (other.identifier, other.app) != (entry.identifier, entry.app)
        and other.app == entry.app
        and not other.out_of_process
        and not entry.out_of_process
        and None not in (other.begin_ns, entry.begin_ns)
        and abs(other.begin_ns - entry.begin_ns) <= 2 * NS
        for other in entries
    )
    assert ("twin" in entry.flags) == twin


def check_figures(durations: dict[str, Any], found: Any) -> None:
    assert all(value >= 0 for name, value in durations.items() if name != "median_s")
    median_s = durations["median_s"]
    assert median_s is None or (median_s >= 0 and not math.isnan(median_s))


def test_the_bounds_leave_room_for_any_difference() -> None:
    with np.errstate(over="raise"):
        assert int(np.int64(LATEST_NS) - np.int64(EARLIEST_NS)) == LATEST_NS - EARLIEST_NS
    years = [
        dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(microseconds=ns // 1000)
        for ns in (EARLIEST_NS, LATEST_NS)
    ]
    assert [one.year for one in years] == [1823, 2116]


def test_what_is_too_far_away_is_a_problem_and_no_entry(tmp_path: Path) -> None:
    report = tmp_path / "r.ndjson"
    far = line(1, "intervalBegin", "2200-01-01T00:00:00.000Z", APP, False)
    report.write_text(far + "\n" + line(2, "intervalBegin", "2025-10-09T16:53:30.000+08:00", APP, False) + "\n")
    found = lightleak.read_report(report)
    assert len(found.entries) == 1
    (problem,) = found.problems
    assert "too far away" in problem.problem
