"""Where the comparator says something else than the contract: the smallest story of each, until it is mended.

Each came from a world of ``worlds.py`` (rough ones too) and is named by the sentence of the contract that it breaks.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from stories import APP, Trace, entry_lines, ident, judge, only


@pytest.mark.parametrize("role", ["daemon", "other"])
def test_only_daemons_that_logged_the_identifier_make_it_open(role: str, tmp_path: Path) -> None:
    """4, cause 2: "``open`` when only processes of other roles do (assetsd, daemons, other)"."""
    trace = Trace()
    trace.ready(0)
    trace.ready(0, segment=2, identifier=None, role=role)
    trace.add(10, "accounting", segment=2, phase="begin", identifier=ident(1), service="photos")
    trace.add(90, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.1, 20)))["cause"] == "open"


def test_the_sleep_of_another_process_does_not_lengthen_the_lag(tmp_path: Path) -> None:
    """4, near: "time in which the process was suspended does not count", that is the process of the event."""
    trace = Trace()
    trace.ready(0)
    trace.add(10, "notification", observer={"class": "A", "id": "1"}, change="c", type="change")
    trace.add(10.1, "process", phase="exited", role="app", identifier=APP, pid=101)
    trace.ready(10.5, segment=2)
    trace.add(11, "process", segment=2, phase="suspended", role="app", identifier=APP, pid=102)
    trace.add(80, "process", segment=2, phase="resumed", role="app", identifier=APP, pid=102)
    trace.add(90, "mark", segment=2, label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 80.5, 85)))["cause"] == "unexplained"


def test_background_counts_entries_that_were_touched_in_part(tmp_path: Path) -> None:
    """4: "``background`` … count every entry that was touched in that state or time, in part too"."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "state", value="background", reason=None)
    trace.add(10, "notification", observer={"class": "A", "id": "1"}, change="c", type="change")
    trace.add(11, "state", value="active", reason=None)
    trace.add(12, "notification", observer={"class": "A", "id": "1"}, change="c", type="change")
    trace.add(90, "mark", label="end")
    comparison = judge(tmp_path, trace, entry_lines(1, 12.5, 20))
    assert only(comparison)["state"] == "mixed"
    assert comparison.to_dict()["summary"][APP]["background"] == 1


def test_an_internal_state_counts_nowhere(tmp_path: Path) -> None:
    """4, made precise: "What is ``internal`` counts nowhere, of every kind"."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "state", value="active", reason=None)
    trace.add(2, "state", value="background", reason=None, internal=True)
    trace.access(10, "metadata")
    trace.add(10.01, "accounting", phase="begin", identifier=ident(1), service="photos")
    trace.add(90, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.1, 20)))["state"] == "active"


def test_an_internal_permission_counts_nowhere(tmp_path: Path) -> None:
    """4, made precise: "What is ``internal`` counts nowhere, of every kind"."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "authorization", symbol="s", action="read", level="readWrite", status="denied", internal=True)
    trace.access(30, "data")
    trace.add(90, "mark", label="end")
    comparison = judge(tmp_path, trace, entry_lines(1, 10, 10.1), entry_lines(2, 80, 81))
    assert len(comparison.to_dict()["unreported"]) == 1


def test_depth_goes_by_the_clock_sleep_included(tmp_path: Path) -> None:
    """4, made precise: "Depth, ``unreported`` and *under an entry* go by the clock, sleep included"."""
    trace = Trace()
    trace.ready(0)
    trace.access(10, "data")
    trace.add(11, "process", phase="suspended", role="app", identifier=APP, pid=101)
    trace.add(80, "process", phase="resumed", role="app", identifier=APP, pid=101)
    trace.add(90, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 80.5, 85)))["depth"] == "none"


def test_a_sleep_ends_with_what_only_a_running_process_makes(tmp_path: Path) -> None:
    """4, made precise: "A ``suspended`` without ``resumed`` ends at the next event that only a running process makes"."""
    trace = Trace()
    trace.ready(0)
    trace.add(10, "notification", observer={"class": "A", "id": "1"}, change="c", type="change")
    trace.add(11, "process", phase="suspended", role="app", identifier=APP, pid=101)
    trace.access(12, "write")
    trace.add(90, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 80.5, 85)))["cause"] == "unexplained"


def test_an_accessor_with_a_team_prefix_is_the_app_without_it(tmp_path: Path) -> None:
    """4, made precise: "An accessor with a team prefix … is the app without it"."""
    trace = Trace()
    trace.ready(0)
    trace.access(10, "metadata")
    trace.add(10.01, "accounting", phase="begin", identifier=ident(1), service="photos")
    trace.add(90, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.1, 20, app=f"5Q4J53EFRC.{APP}")))["cause"] == "query"


def test_a_probe_that_was_removed_later_had_watched_until_then(tmp_path: Path) -> None:
    """4, made precise: "A probe watched from its ``hook`` installed to its ``hook`` removed"."""
    trace = Trace()
    trace.ready(0)
    trace.add(1, "observer", action="found", observer={"class": "A", "id": "1"}, type="change")
    trace.access(10, "metadata")
    trace.add(60, "hook", probe="accounting", symbol="-[PAAccessLogger log:]", status="removed")
    trace.add(90, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.1, 20)))["cause"] == "unexplained"


def test_figures_without_events_that_measure_them_are_null(tmp_path: Path) -> None:
    """4: "``bytes``, ``cpu_ms`` without ``delivery`` or ``return`` events is null, never 0"."""
    trace = Trace()
    trace.ready(0)
    trace.access(10, "data")
    trace.add(90, "mark", label="end")
    summary = judge(tmp_path, trace, entry_lines(1, 10.1, 20)).to_dict()["summary"][APP]
    assert (summary["bytes"], summary["cpu_ms"]) == (None, None)
