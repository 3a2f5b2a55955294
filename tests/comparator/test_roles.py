"""What a process is, its role says: an extension is not known by its name, and only an app or extension queries for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from stories import APP, Trace, entry_lines, ident, judge, only

PRO = f"{APP}.pro"


def accounted(role: str | None, name: str = "photoanalysisd", identifier: str | None = None) -> Trace:
    """The app was watched; another process logged the identifier of entry 1."""
    trace = Trace()
    trace.ready(0)
    trace.add(0.1, "state", value="background", reason=None)
    keys = {} if role is None else {"role": role}
    trace.ready(0, segment=2, identifier=identifier, name=name, **keys)
    if role is None:
        for event in trace.events:
            if event["kind"] == "process" and event["segment"] == 2:
                del event["role"]
    trace.add(10, "accounting", segment=2, phase="begin", identifier=ident(1), service="photos")
    trace.add(90, "mark", label="end")
    return trace


@pytest.mark.parametrize("role", ["daemon", "other", "a-word-of-tomorrow", None])
def test_what_a_process_of_another_role_accounts_for_is_an_opening(role: str | None, tmp_path: Path) -> None:
    """Photoanalysisd's accounting made "query" of an entry, as if the app had queried."""
    verdict = only(judge(tmp_path, accounted(role), entry_lines(1, 10.1, 20)))
    assert (verdict["cause"], verdict["match"]) == ("open", "identifier")
    assert (
        f"Only the accounting in photoanalysisd (pid 102), a process of the role {role or 'other'}, contains this identifier, "
        "100 ms before the report's time: that process opened the library for the app"
    ) in verdict["why"]
    assert "queried" not in verdict["why"]
    assert verdict["brief"].startswith("Another process opened the library for the app")


def test_what_an_app_logs_too_is_its_query(tmp_path: Path) -> None:
    """The app's own accounting goes before a daemon's, whichever came first."""
    trace = accounted("daemon")
    trace.access(10.5, "metadata")
    trace.add(10.6, "accounting", phase="touch", identifier=ident(1), service="photos")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.1, 20)))
    assert (verdict["cause"], verdict["match"]) == ("query", "identifier")
    assert "the app queried the library" in verdict["why"]


def test_what_a_daemon_begins_anew_continues_no_entry(tmp_path: Path) -> None:
    """It accounts for many apps: one access after another is no restart of the accounting."""
    trace = accounted("daemon")
    trace.add(20, "accounting", segment=2, phase="end", identifier=ident(1), service="photos")
    trace.add(20.1, "accounting", segment=2, phase="begin", identifier=ident(2), service="photos")
    found = judge(tmp_path, trace, entry_lines(1, 10.1, 20), entry_lines(2, 20.2, 25)).verdicts()
    assert [("it continues entry" in verdict["why"]) for verdict in found] == [False, False]


@pytest.mark.parametrize("role", ["app", "other", "daemon"])
def test_a_process_that_is_no_extension_is_not_called_one(role: str, tmp_path: Path) -> None:
    """com.ex.a.pro is an app of its own: it was called "the app's extension", which "queried the library"."""
    trace = Trace()
    trace.ready(0)
    trace.ready(0, segment=2, identifier=PRO, name="Pro", role=role)
    trace.add(10, "accounting", segment=2, phase="begin", identifier=ident(1), service="photos")
    trace.access(11, "data", segment=2)
    trace.add(90, "mark", segment=2, label="end")
    trace.add(90, "mark", label="end")
    verdicts = judge(tmp_path, trace, entry_lines(1, 10.1, 20), entry_lines(2, 40, 41), apps=[APP]).verdicts()
    said = " ".join(verdict["why"] + verdict["brief"] for verdict in verdicts)
    assert f"the extension {PRO}" not in said
    assert f"extension {PRO} queried" not in said
    assert "was seen to go as far as image data" not in said


def test_reads_of_another_app_with_an_alike_name_are_not_hidden_by_the_apps_entries(tmp_path: Path) -> None:
    """An entry in the app's name that this app's process opened covers no reads of com.ex.a.pro."""
    trace = Trace()
    trace.ready(0)
    trace.ready(0, segment=2, identifier=PRO, name="Pro", role="app")
    trace.add(10, "accounting", segment=2, phase="begin", identifier=ident(1), service="photos")
    trace.access(11, "data", segment=2)
    for segment in (1, 2):
        trace.add(90, "mark", segment=segment, label="end")
    document = judge(tmp_path, trace, entry_lines(1, 10.1, 20), entry_lines(2, 80, 81)).to_dict()
    assert [(run["app"], run["depth"]) for run in document["unreported"]] == [(PRO, "data")]


def test_a_name_of_the_report_that_nothing_recorded_may_be_an_extension(tmp_path: Path) -> None:
    """The report names com.ex.a.pro: nothing says whether it is an extension or an app, and the sentence says so."""
    trace = Trace()
    trace.ready(0)
    trace.ready(0, segment=2, identifier=f"{APP}.share", role="extension")
    for segment in (1, 2):
        trace.add(500, "mark", segment=segment, label="end")
    lines = [entry_lines(1, 400, 405), entry_lines(2, 300, 301, app=PRO)]
    said = only(judge(tmp_path, trace, *lines, apps=[APP]))["why"]
    assert f"not watched: {PRO}, which may be its extension and assetsd" in said
