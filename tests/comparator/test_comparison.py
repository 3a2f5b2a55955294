"""What a comparison has besides verdicts: unreported runs, summary, sessions, clocks, and the same bytes every time."""

from __future__ import annotations

import json

import pytest

import lightleak
from lightleak import second_process
from lightleak.comparator import compare, comparison
from lightleak.comparator.policy.check import check, read_policy
from lightleak.errors import CompareError, UsageError
from stories import APP, T0_S, Trace, entry_lines, ident, judge, stamp


def watched() -> Trace:
    trace = Trace()
    trace.ready(0)
    trace.add(0.1, "state", value="background")
    return trace


def report_around(trace: Trace) -> str:
    """Entries at both ends, so that the report's span holds the story."""
    return entry_lines(101, -10, -9) + entry_lines(102, 5000, 5001)


def test_runs_under_no_entry_are_unreported(tmp_path):
    trace = watched()
    for at in (100, 160, 220.1, 300):
        trace.access(at, "metadata")
    trace.access(300.5, "data")
    trace.access(10, "data")
    trace.add(5000, "mark", label="end")
    runs = judge(tmp_path, trace, report_around(trace), entry_lines(1, 10.2, 12)).to_dict()["unreported"]
    assert [(run["begin"], run["end"], run["depth"], len(run["evidence"])) for run in runs] == [
        (stamp(100), stamp(160), "metadata", 2),
        (stamp(220.1), stamp(220.1), "metadata", 1),
        (stamp(300), stamp(300.5), "data", 2),
    ]


@pytest.mark.parametrize(("status", "count"), [("authorized", 1), ("limited", 1), ("denied", 0), ("not-determined", 0)])
def test_an_app_without_permission_leaves_nothing_unreported(tmp_path, status, count):
    trace = watched()
    trace.add(1, "authorization", symbol="s", action="read", level="read-write", status=status)
    trace.access(100, "metadata")
    trace.add(5000, "mark", label="end")
    assert len(judge(tmp_path, trace, report_around(trace)).to_dict()["unreported"]) == count


@pytest.mark.parametrize(("level", "count"), [("add-only", 1), ("addOnly", 1), (1, 1), (2, 0), ("read-write", 0)])
def test_who_may_not_add_may_read_all_the_same(tmp_path, level, count):
    trace = watched()
    trace.add(1, "authorization", symbol="s", action="read", level=level, status="denied")
    trace.access(100, "metadata")
    trace.add(5000, "mark", label="end")
    assert len(judge(tmp_path, trace, report_around(trace)).to_dict()["unreported"]) == count


@pytest.mark.parametrize("how", ["lost", "hole"])
def test_an_answer_that_can_be_among_what_was_lost_hides_no_read(tmp_path, how):
    trace = watched()
    trace.add(1, "authorization", symbol="s", action="read", level="read-write", status="denied")
    trace.access(50, "metadata")
    if how == "lost":
        trace.add(60, "lost", count=1, reason="overload")
    trace.add(61, "mark", skip=0 if how == "lost" else 2, label="x")
    trace.access(200, "data")
    trace.add(5000, "mark", label="end")
    runs = judge(tmp_path, trace, report_around(trace)).to_dict()["unreported"]
    assert [(run["begin"], run["depth"]) for run in runs] == [(stamp(200), "data")]


def test_nothing_is_unreported_outside_the_reports_span(tmp_path):
    trace = watched()
    trace.access(1, "data")
    trace.access(100, "data")
    trace.add(5000, "mark", label="end")
    found = judge(tmp_path, trace, entry_lines(1, 50, 52), entry_lines(2, 60, 61)).to_dict()
    assert found["unreported"] == []


def test_the_summary_adds_up(tmp_path):
    trace = watched()
    for number in ("0x1", "0x1", "0x2"):
        trace.add(
            1, "observer", action="registered", observer={"class": "A", "id": number, "image": "App"}, type="change"
        )
    notified = trace.add(10, "notification", observer={"class": "A", "id": "0x1"}, change="0x9", type="change")
    inside = trace.access(10.1, "data", cause=notified)
    trace.add(10.2, "return", of=inside, duration_ns=5, cpu_ns=1_000_000)
    trace.add(10.3, "return", of=notified, duration_ns=9, cpu_ns=3_500_000)
    trace.add(11, "delivery", of=inside, bytes=None, degraded=True, error=None)
    trace.add(11, "delivery", of=inside, bytes=1234, degraded=False, error=None)
    trace.add(11, "delivery", of=inside, bytes=None, degraded=False, error=None, reason="its handler cannot be hooked")
    trace.add(20, "accounting", phase="begin", identifier=ident(1))
    trace.add(5000, "mark", label="end")
    summary = judge(tmp_path, trace, entry_lines(1, 20.1, 22), entry_lines(2, 4000, 4001)).to_dict()["summary"]
    assert summary[APP].pop("observer_cost")["callbacks"] == 1
    assert summary[APP].pop("usage") is None, "nothing was measured"
    assert summary[APP] == {
        "entries": 2, "by_cause": {"query": 1, "unexplained": 1}, "by_depth": {"none": 2}, "background": 2, "night": 0,
        "observers": 2, "notifications": 1, "bytes": 1234, "deliveries_not_watched": 1, "cpu_ms": 3.5,
        "by_trigger": {"unknown": 1}, "background_by_trigger": {"unknown": {"none": 1}}, "unlinked_reads": 0, "uploads": [],
        "claims": [{"claim": "background-only-on-change", "entries": 2, "opens": 0, "fits_by_link": 0, "fits_by_time": 0,
                    "contradicts": 0, "undecided": 2, "deepest_fitting": "none"}],
    }  # fmt: skip


def test_an_observer_of_availability_observes_no_changes(tmp_path):
    trace = watched()
    for action, kind in (
        ("registered", "availability"),
        ("found", "change"),
        ("unregistered", "change"),
        ("registered", None),
    ):
        observer = {"class": "A", "id": f"{action} {kind}", "image": "App"}
        trace.add(1, "observer", action=action, observer=observer, type=kind)
    assert judge(tmp_path, trace, entry_lines(1, 40, 41)).to_dict()["summary"][APP]["observers"] == 2


def test_what_a_framework_did_on_its_own_costs_the_app_nothing_twice(tmp_path):
    trace = watched()
    outer = trace.access(10, "data")
    inner = trace.access(10, "data", internal=True)
    notified = trace.add(20, "notification", observer={"class": "A", "id": "0x1"}, change="0x9", type="change")
    inside = trace.access(20.1, "metadata", cause=notified)
    for at, cpu_ms in ((inner, 2), (outer, 3), (inside, 5)):
        trace.add(30, "return", of=at, duration_ns=5, cpu_ns=cpu_ms * 1_000_000)
    trace.add(31, "delivery", of=inner, bytes=1000, degraded=False, error=None)
    trace.add(31, "delivery", of=outer, bytes=1000, degraded=False, error=None)
    summary = judge(tmp_path, trace, entry_lines(1, 40, 41)).to_dict()["summary"][APP]
    # The callback's own time is not known, so that of the query in it counts.
    assert (summary["bytes"], summary["cpu_ms"]) == (1000, 8.0)


def test_night_is_before_six_in_the_reports_zone(tmp_path):
    offset_s = (T0_S + 8 * 3600) % 86_400
    six = 86_400 - offset_s + 6 * 3600
    lines = entry_lines(1, six - 0.001, six + 1) + entry_lines(2, six, six + 1) + entry_lines(3, six - 21_600, six)
    found = judge(tmp_path, watched(), lines).to_dict()
    assert found["summary"][APP]["night"] == 2


def of_day(hours: float) -> float:
    """Return the next such time of day, by the report's offset, in seconds of the story."""
    return 86_400 - (T0_S + 8 * 3600) % 86_400 + hours * 3600


@pytest.mark.parametrize(
    ("begin_h", "end_h", "counts"),
    [
        (-1, -0.5, False),
        (-1, 0.5, True),  # into the night
        (5.9, 6.1, True),  # out of it
        (6, 7, False),
        (-1, 7, True),  # across it, with neither end in it
        (6.5, 24.5, True),
        (6.5, 23.5, False),
        (None, 3, True),  # without a begin, its end is all that is known
        (None, 9, False),
        (2, None, True),
        (-1, None, True),  # still open: it ends with the report, at 8:00
        (7, None, False),
    ],
)
def test_an_entry_is_at_night_where_any_part_of_it_is(tmp_path, begin_h, end_h, counts):
    begin, end = (None if hours is None else of_day(hours) for hours in (begin_h, end_h))
    last = entry_lines(2, of_day(7.9), of_day(8), app="org.other")
    found = judge(tmp_path, watched(), entry_lines(1, begin, end), last)
    assert found.to_dict()["summary"][APP]["night"] == counts


def test_an_entry_that_ends_in_the_night_by_a_clock_that_was_set_back_is_at_night(tmp_path):
    begin, end = entry_lines(1, of_day(6.5), of_day(6.7)).splitlines()
    moved = json.loads(end)
    moved["timeStamp"] = stamp(of_day(6.7), "+07:00")
    found = judge(tmp_path, watched(), f"{begin}\n{json.dumps(moved)}\n")
    assert found.to_dict()["summary"][APP]["night"] == 1


@pytest.mark.parametrize(
    ("states", "state", "counts"),
    [
        (["active"], "active", 0),
        (["background"], "background", 1),
        (["active", "background"], "mixed", 1),
        (["active", "inactive"], "mixed", 0),
    ],
)
def test_an_entry_touched_in_the_background_in_part_counts_as_background(tmp_path, states, state, counts):
    trace = watched()
    for at, value in enumerate(states, 10):
        trace.add(at, "state", value=value)
        trace.access(at + 0.1, "data")
    trace.add(5000, "mark", label="end")
    found = judge(tmp_path, trace, entry_lines(1, 10.05, 15)).to_dict()
    assert found["entries"][0]["state"] == state
    summary = found["summary"][APP]
    assert summary["background"] == counts
    assert summary["claims"][0]["entries"] == (state == "background"), "the claim is about whole entries"


@pytest.mark.parametrize(("step_s", "median", "bound"), [(0.01, 105.0, 500.0), (0.1, 1050.0, 3000.0)])
def test_lag_is_measured_over_identifier_matches(tmp_path, step_s, median, bound):
    trace = watched()
    lines = ""
    for n in range(20):
        trace.add(100 * n, "accounting", phase="begin", identifier=ident(n))
        lines += entry_lines(n, 100 * n + step_s * (n + 1), 100 * n + 50)
    found = judge(tmp_path, trace, lines, lag="auto").to_dict()["clock"]["lag_ms"]
    assert (found["median"], found["n"], found["bound"]) == (median, 20, bound)


def test_the_lag_is_from_begin_to_begin(tmp_path):
    """Attached late, only the end of an entry's accounting is seen: that it comes after the begin is no lag."""
    trace = watched()
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    trace.add(11, "accounting", phase="touch", identifier=ident(1))
    trace.add(99, "accounting", phase="end", identifier=ident(2))
    for n, at in ((3, 110), (4, 120)):
        trace.add(at, "accounting", phase="begin", identifier=ident(n))
    lines = entry_lines(1, 10.25, 90) + entry_lines(2, 30, 100)
    lines += entry_lines(3, 112, 115, outOfProcess=True) + entry_lines(4, None, 130) + entry_lines(5, 140, 141)
    found = judge(tmp_path, trace, lines).to_dict()
    assert {key: found["clock"]["lag_ms"][key] for key in ("median", "p95", "n")} == {
        "median": 250.0,
        "p95": 250.0,
        "n": 1,
    }
    assert [entry["match"] for entry in found["entries"]] == ["identifier", "identifier", "none", "none", "identifier"]


def test_no_match_by_identifier_is_no_lag(tmp_path):
    lag = judge(tmp_path, watched(), entry_lines(1, 10, 12)).to_dict()["clock"]["lag_ms"]
    assert lag == {"median": None, "p95": None, "n": 0, "bound": 3000.0, "proposed": None, "outliers": 0}


def test_a_clock_that_was_set_is_listed(tmp_path):
    trace = watched()
    trace.add(10, "mark", label="before")
    trace.add(20, "mark", label="after")
    trace.events[-1]["wall_ns"] -= 300 * 10**9
    trace.add(21, "clock", host_offset_ns=2_500_000, error_ns=1000)
    trace.events[-1]["wall_ns"] -= 300 * 10**9
    clock = judge(tmp_path, trace, entry_lines(1, 1, 2)).to_dict()["clock"]
    assert clock["steps"] == [{"session": 1, "segment": 1, "at": stamp(-280), "step_ms": -300_000.0}]
    assert clock["host_offset_ms"] == 2.5


def test_another_process_has_another_clock_and_that_is_no_step(tmp_path):
    trace = watched()
    trace.ready(10, segment=2)
    for event in trace.events:
        event["mono_ns"] += event["segment"] * 10**12
    assert judge(tmp_path, trace, entry_lines(1, 1, 2)).to_dict()["clock"]["steps"] == []


def test_the_hosts_offset_is_that_of_the_surest_sample(tmp_path):
    trace = watched()
    for at, offset_ns, error_ns in ((1, 9_000_000, 500), (2, 2_500_000, 10), (3, 1_000_000, None)):
        trace.add(at, "clock", host_offset_ns=offset_ns, error_ns=error_ns)
    assert judge(tmp_path, trace, entry_lines(1, 1, 2)).to_dict()["clock"]["host_offset_ms"] == 2.5


def test_files_of_one_recording_are_one_session(tmp_path):
    trace = watched()
    trace.access(10, "metadata")
    seq = trace.add(10, "accounting", phase="begin", identifier=ident(1))
    trace.add(30, "mark", label="end")
    report = tmp_path / "r.ndjson"
    report.write_text(entry_lines(1, 10.1, 12) + entry_lines(2, 20, 21))
    whole = compare([trace.save(tmp_path, "whole")], lightleak.read_report(report))
    first, second = Trace(session=trace.header["session"]), Trace(session=trace.header["session"])
    first.events, second.events = trace.events[:5], trace.events[3:]
    parts = compare([first.save(tmp_path, "a"), second.save(tmp_path, "b")], lightleak.read_report(report)).to_dict()
    assert len(parts["sessions"]) == 1
    assert len(parts["sessions"][0]["files"]) == 2
    assert parts["entries"] == whole.to_dict()["entries"]
    assert f"1:1:{seq}" in parts["entries"][0]["evidence"]


def test_two_sessions_are_numbered_in_argument_order(tmp_path):
    one, two = watched(), watched()
    two.add(10, "accounting", phase="begin", identifier=ident(1))
    report = tmp_path / "r.ndjson"
    report.write_text(entry_lines(1, 10.1, 12))
    found = compare([one.save(tmp_path, "one"), two.save(tmp_path, "two")], lightleak.read_report(report)).to_dict()
    assert [session["n"] for session in found["sessions"]] == [1, 2]
    assert found["entries"][0]["evidence"] == ["2:1:5"]


def test_entries_keep_the_reports_offset_and_sessions_the_devices(tmp_path):
    trace = Trace(zone="Europe/Berlin")
    trace.ready(0)
    trace.add(10, "mark", label="end")
    found = judge(tmp_path, trace, entry_lines(1, 5, 6)).to_dict()
    assert found["entries"][0]["begin"] == stamp(5)
    assert found["sessions"][0]["ended"] == stamp(10, "+02:00")


def test_the_same_input_gives_the_same_bytes(tmp_path):
    trace = watched()
    trace.access(10, "metadata")
    session = trace.save(tmp_path)
    report = tmp_path / "r.ndjson"
    report.write_text(entry_lines(1, 10.1, 12) + entry_lines(2, 20, 21))
    texts = {compare([session], lightleak.read_report(report)).to_json() for _ in range(2)}
    assert len(texts) == 1
    assert json.loads(texts.pop())["version"] == 2


def test_a_session_without_an_app_needs_one_named(tmp_path):
    with pytest.raises(CompareError, match="--app"):
        judge(tmp_path, Trace(app=None), entry_lines(1, 1, 2))


def test_a_lag_that_is_none_is_refused(tmp_path):
    with pytest.raises(UsageError):
        judge(tmp_path, watched(), entry_lines(1, 1, 2), lag=-1)


def test_hostile_values_of_the_right_keys_do_no_harm(tmp_path):
    trace = watched()
    hostile = [[], {}, "x", -1, 1e300, None, True, 2**61, 10**400]
    for n, value in enumerate(hostile):
        for kind in ("access", "notification", "observer", "authorization", "process", "hook", "state", "accounting",
                     "return", "delivery", "lost", "clock", "stack", "mark", "unheard-of"):  # fmt: skip
            keys = ("depth", "action", "status", "observer", "identifier", "phase", "role", "pid", "name", "reason", "probe",
                    "symbol", "value", "level", "type", "count", "of", "cpu_ns", "bytes", "cause", "host_offset_ns",
                    "error_ns", "internal")  # fmt: skip
            number = value if isinstance(value, int) and not isinstance(value, bool) else None
            trace.add(n + 1, kind, **{**dict.fromkeys(keys, value), "of": number, "cause": number})
    found = judge(tmp_path, trace, report_around(trace), entry_lines(1, 4, 5), entry_lines(2, 6, None))
    assert len(json.loads(found.to_json())["entries"]) == 4


def test_a_damaged_session_is_compared_and_said_to_be_damaged(tmp_path):
    trace = watched()
    trace.add(30, "mark", label="end")
    path = trace.save(tmp_path).path
    path.write_bytes(path.read_bytes()[:-5])
    report = tmp_path / "r.ndjson"
    report.write_text(entry_lines(1, 10, 11))
    found = compare([lightleak.open(path)], lightleak.read_report(report)).to_dict()
    assert any("an incomplete frame" in notice for notice in found["notices"])
    (session,) = found["sessions"]
    assert session["damage"], "who reads only what was watched has to see the damage too"
    assert all(damage["to"] is None for damage in session["damage"])
    (tmp_path / "whole").mkdir()
    assert judge(tmp_path / "whole", watched(), entry_lines(1, 10, 11)).to_dict()["sessions"][0]["damage"] == []


def test_what_could_not_be_measured_is_null_and_no_zero(tmp_path):
    trace = watched()
    notified = trace.add(10, "notification", observer={"class": "A", "id": "0x1"}, change="0x9", type="change")
    read = trace.access(10.1, "data", cause=notified)
    figures = judge(tmp_path, trace, entry_lines(1, 40, 41)).to_dict()["summary"][APP]
    assert (figures["bytes"], figures["cpu_ms"]) == (None, None)
    cost = figures["observer_cost"]
    assert (cost["callbacks"], cost["bytes"], cost["cpu_ms"]) == (1, None, None)
    assert cost["by_state"]["background"]["bytes"] is None

    trace.add(10.2, "return", of=read, duration_ns=5, cpu_ns=0)
    trace.add(10.3, "delivery", of=read, bytes=None, degraded=False, error=None)
    (tmp_path / "again").mkdir()
    figures = judge(tmp_path / "again", trace, entry_lines(1, 40, 41)).to_dict()["summary"][APP]
    assert (figures["bytes"], figures["cpu_ms"]) == (0, 0.0), "measured, and nothing"
    assert (figures["observer_cost"]["bytes"], figures["observer_cost"]["cpu_ms"]) == (0, 0.0)


@pytest.mark.parametrize("keys", [{"cpu_ns": None}, {}])
def test_a_return_without_cpu_time_measures_none(tmp_path, keys):
    trace = watched()
    trace.add(10.2, "return", of=trace.access(10, "data"), duration_ns=5, **keys)
    assert judge(tmp_path, trace, entry_lines(1, 40, 41)).to_dict()["summary"][APP]["cpu_ms"] is None


def test_what_another_app_was_given_measures_nothing_of_this_one(tmp_path):
    trace = watched()
    trace.ready(1, 2, identifier="org.other")
    trace.add(10.3, "delivery", 2, of=trace.access(10, "data", 2), bytes=7, degraded=False, error=None)
    summary = judge(tmp_path, trace, entry_lines(1, 40, 41)).to_dict()["summary"]
    assert (summary[APP]["bytes"], summary["org.other"]["bytes"]) == (None, 7)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            {"kind": "access", "depth": "original", "symbol": "s"},
            "One access has a depth that this version does not know",
        ),
        ({"kind": "access", "symbol": "s"}, "One access has a depth that this version does not know, or none"),
        ({"kind": "hologram"}, "One event is of a kind that this version does not know (hologram)"),
    ],
)
def test_what_this_version_cannot_read_is_reported(tmp_path, event, said):
    """An access of the depth ``original`` counted as none, and no word was said of it next to "no access by the app seen"."""
    trace = Trace()
    trace.ready(0)
    trace.add(10, **event)
    trace.add(11, **event, internal=True)
    trace.add(500, "mark", label="end")
    notices = judge(tmp_path, trace, entry_lines(1, 10.1, 20)).notices
    assert sum(one.startswith(said) for one in notices) == 1, notices


@pytest.mark.parametrize(
    ("models", "said"), [(("iPhone15,2", "iPad14,1"), True), (("iPhone15,2", "iPhone15,2"), False)]
)
def test_sessions_of_several_devices_are_reported(tmp_path, models, said):
    """What was watched on an iPad made an entry of the phone ``unexplained``: "the app was watched"."""
    sessions = []
    for n, model in enumerate(models):
        trace = Trace()
        trace.header["device"]["model"] = model
        trace.ready(2000 * n)
        trace.add(2000 * n + 1000, "mark", label="end")
        sessions.append(trace.save(tmp_path, f"{n}.lightleak"))
    (tmp_path / "r.ndjson").write_text(entry_lines(1, 500, 501) + entry_lines(2, 2500, 2501))
    found = compare(sessions, lightleak.read_report(tmp_path / "r.ndjson"))
    assert any("of several devices (iPhone15,2, iPad14,1)" in one for one in found.notices) == said
    policy = read_policy('version = 1\n[[rule]]\nrule = "no-unreported"\n', "p.toml")
    (outcome,) = check(found, policy).outcomes
    assert ("of several devices (iPhone15,2, iPad14,1), and the report is of one" in outcome.why) == said


def test_two_processes_write_what_one_writes(tmp_path, monkeypatch):
    trace = watched()
    for at in range(10, 60):
        trace.access(at, ("metadata", "data", "thumbnail")[at % 3])
    apps = [APP, "org.example.other"]
    lines = [entry_lines(n, 10.1 + n, 10.2 + n, app=apps[n % 3 == 0]) for n in range(11)]
    found = judge(tmp_path, trace, *lines, apps=apps)
    alone = found.to_json()
    assert json.loads(alone) == found.to_dict()
    monkeypatch.setattr(comparison, "WORTH_ENTRIES", 2)
    monkeypatch.setattr(comparison, "can_fork", lambda: True)
    assert found.to_json() == alone
    monkeypatch.setattr(second_process, "_send", lambda *_: None)
    assert found.to_json() == alone
