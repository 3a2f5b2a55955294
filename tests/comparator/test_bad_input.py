"""Sessions and reports that do not belong together are named in one sentence with what would help; exit 1 only where nothing can be said."""

from __future__ import annotations

import json

import pytest

import lightleak
from lightleak.comparator import compare
from lightleak.errors import CompareError
from lightleak.trace import Writer
from stories import APP, Trace, entry_lines, ident, judge, stamp


def watched(zone: str | None = "Asia/Shanghai") -> Trace:
    trace = Trace(zone=zone)
    trace.ready(0)
    trace.access(10, "metadata")
    trace.add(80, "mark", label="end")
    return trace


def only_notice(found) -> str:
    (notice,) = found.notices
    assert notice.endswith(".")
    assert ": " in notice or "; " in notice, "a notice says what would help"
    return notice


def test_what_belongs_together_is_not_remarked_on(tmp_path):
    assert judge(tmp_path, watched(), entry_lines(1, 10.1, 12)).notices == []


def test_a_session_outside_of_the_reports_time_leaves_its_entries_unobserved(tmp_path):
    found = judge(tmp_path, watched(), entry_lines(1, 9000, 9001))
    found.ensure_comparable()
    assert "do not overlap in time" in only_notice(found)
    assert [verdict["cause"] for verdict in found.verdicts()] == ["unobserved"]


def test_neither_time_nor_app_in_common_leaves_nothing_to_compare(tmp_path):
    found = judge(tmp_path, watched(), entry_lines(1, 9000, 9001, app="org.other"))
    assert "do not overlap in time" in only_notice(found)
    with pytest.raises(CompareError, match=r"no time in common .* export the report") as caught:
        found.ensure_comparable()
    assert caught.value.exit_code == 1


def test_a_report_without_an_entry_leaves_nothing_to_compare(tmp_path):
    marker = json.dumps({"version": 2, "recordType": "access", "exportTimestamp": stamp(0), "_marker": "<metadata>"})
    with pytest.raises(CompareError, match="has no entry at all"):
        judge(tmp_path, watched(), marker + "\n").ensure_comparable()


def test_no_app_in_common_still_tells_what_the_report_does_not_show(tmp_path):
    lines = entry_lines(1, 1, 2, app="org.other") + entry_lines(2, 70, 71, app="org.other")
    found = judge(tmp_path, watched(), lines)
    assert f"no photos entry of {APP}" in only_notice(found)
    assert len(found.to_dict()["unreported"]) == 1


def test_an_app_that_was_not_watched_is_named(tmp_path):
    found = judge(tmp_path, watched(), entry_lines(1, 10, 11, app="org.other"), apps=["org.other"])
    assert "No process of org.other was watched" in only_notice(found)


@pytest.mark.parametrize(("logged", "said"), [(3, True), (2, False)])
def test_a_report_that_knows_none_of_the_logged_identifiers_is_of_another_device(tmp_path, logged, said):
    trace = watched()
    for n in range(logged):
        trace.add(20 + n, "accounting", phase="begin", identifier=ident(100 + n))
    found = judge(tmp_path, trace, entry_lines(1, 10.1, 12) + entry_lines(2, 70, 71))
    assert any("from another device" in notice for notice in found.notices) is said


def test_a_report_that_knows_some_of_them_is_this_devices(tmp_path):
    trace = watched()
    for n in range(5):
        trace.add(20 + n, "accounting", phase="begin", identifier=ident(n))
    assert judge(tmp_path, trace, entry_lines(1, 20.1, 22) + entry_lines(9, 70, 71)).notices == []


@pytest.mark.parametrize(
    ("zone", "said"), [("Asia/Shanghai", False), ("Europe/Berlin", True), ("+08:00", False), (None, False)]
)
def test_a_report_of_another_zone_is_told_and_judged_alike(tmp_path, zone, said):
    found = judge(tmp_path, watched(zone), entry_lines(1, 10.1, 12))
    assert bool(found.notices) is said
    if said:
        assert "+08:00, the device was in +02:00" in only_notice(found)
    assert [verdict["cause"] for verdict in found.verdicts()] == ["open"]


def test_events_without_clocks_are_left_out_and_named(tmp_path):
    """A tool of another hand may have written the file: what has no clock cannot be compared with a report."""
    trace = watched()
    del trace.events[-2]["wall_ns"]
    trace.events[-1]["mono_ns"] = None
    with Writer(tmp_path / "s.lightleak", trace.header) as writer:
        writer.write([json.dumps(event).encode() for event in trace.events])
    (tmp_path / "r").write_text(entry_lines(1, -0.05, 12))
    found = compare([lightleak.open(tmp_path / "s.lightleak")], lightleak.read_report(tmp_path / "r"))
    assert any("2 events without readable numbers and clocks" in notice for notice in found.notices)
    assert found.to_dict()["sessions"][0]["events"] == len(trace.events) - 2


def test_events_of_a_clock_that_was_not_set_are_named(tmp_path):
    trace = watched()
    for event in trace.events[-2:]:
        event["wall_ns"] = 5
    found = judge(tmp_path, trace, entry_lines(1, -1, 12))
    assert any("stamped before 2007" in notice for notice in found.notices)


def test_a_session_that_names_no_app_says_which_option_names_one(tmp_path):
    trace = watched()
    trace.header["target"] = {}
    for event in trace.events:
        event.pop("identifier", None)
    with pytest.raises(CompareError, match="--app"):
        judge(tmp_path, trace, entry_lines(1, 10, 11))


def test_two_reports_and_two_sessions_are_one_comparison(tmp_path):
    """An entry that one export leaves open, another closes: what was watched by either session counts."""
    one, two = watched(), Trace()
    two.ready(100)
    two.access(110, "data")
    two.add(200, "mark", label="end")
    for name, lines in (("a", entry_lines(1, 10.1, None)), ("b", entry_lines(1, 10.1, 120))):
        (tmp_path / name).write_text(lines)
    report = lightleak.read_report(tmp_path / "a", tmp_path / "b")
    sessions = [one.save(tmp_path, "1"), two.save(tmp_path, "2")]
    (verdict,) = compare(sessions, report).verdicts()
    assert (verdict["depth"], verdict["flags"]) == ("data", ["partly-observed", "library-open"])
    assert {name.split(":")[0] for name in verdict["evidence"]} == {"1", "2"}


@pytest.mark.parametrize(("pid", "at_s", "is_warned"), [(101, 40, True), (101, 81, False), (999, 40, False)])
def test_one_process_that_two_sessions_saw_is_said_to_be_counted_twice(tmp_path, pid, at_s, is_warned):
    two = Trace()
    two.ready(at_s, pid=pid)
    two.add(at_s + 100, "mark", label="end")
    (tmp_path / "r").write_text(entry_lines(1, 10.1, 12) + entry_lines(2, 90, 91))
    sessions = [watched().save(tmp_path, "one"), two.save(tmp_path, "two")]
    notices = compare(sessions, lightleak.read_report(tmp_path / "r")).notices
    said = (
        f"Process 101 of {APP} was recorded twice at the same time, in segments 1:1 and 2:1 (40.0 s): what both saw "
        "is counted twice; for figures, compare only one of the two."
    )
    assert [notice for notice in notices if "counted twice" in notice] == ([said] if is_warned else [])


@pytest.mark.parametrize(("other", "is_warned"), [(2000, False), (None, True)])
def test_what_is_unreported_while_the_report_is_silent_about_all_apps_proves_nothing(tmp_path, other, is_warned):
    trace = watched()
    trace.access(7000, "data")
    trace.add(14_000, "mark", label="end")
    lines = [entry_lines(1, 10.1, 12), entry_lines(2, 14_000, 14_001)]
    if other:
        lines.append(entry_lines(3, other, other + 5000, app="org.other", category="location"))
    found = judge(tmp_path, trace, *lines)
    assert len(found.to_dict()["unreported"]) == 1
    first, last = (stamp(at_s)[:16].replace("T", " ") for at_s in (12, 14_000))
    assert [f"between {first} and {last}" in notice for notice in found.notices] == ([True] if is_warned else [])
