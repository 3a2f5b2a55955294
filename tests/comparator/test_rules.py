"""Each rule of contract section 4, with a case next to it in which it does not hold."""

from __future__ import annotations

import pytest

from stories import APP, Trace, entry_lines, ident, judge, only


def watched(**keys: object) -> Trace:
    trace = Trace()
    trace.ready(0, **keys)
    trace.add(0.1, "state", value="active")
    return trace


def test_an_out_of_process_entry_is_the_pickers_even_when_the_app_acts(tmp_path):
    trace = watched()
    trace.access(10, "data")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.1, 11, outOfProcess=True)))
    assert (verdict["cause"], verdict["match"], verdict["depth"]) == ("picker", "none", "data")


@pytest.mark.parametrize("phase", ["begin", "touch", "end"])
def test_the_apps_own_accounting_makes_it_a_query(tmp_path, phase):
    trace = watched()
    seq = trace.add(10, "accounting", phase=phase, identifier=ident(1).lower(), service="photos")
    trace.add(11, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.1, 70.2)))
    assert (verdict["cause"], verdict["match"]) == ("query", "identifier")
    assert f"1:1:{seq}" in verdict["evidence"]
    assert "lone-access" in verdict["flags"]


def test_only_assetsds_accounting_makes_it_an_open(tmp_path):
    trace = watched()
    trace.add(20, "mark", label="end")
    trace.ready(0, segment=2, role="assetsd", identifier=None, name="assetsd")
    trace.add(10, "accounting", segment=2, phase="begin", identifier=ident(1))
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.1, 12)))
    assert (verdict["cause"], verdict["match"]) == ("open", "identifier")
    assert "library-open" in verdict["flags"]


def test_an_extensions_accounting_counts_for_the_containers_entry(tmp_path):
    trace = watched()
    trace.add(20, "mark", label="end")
    trace.ready(0, segment=2, role="extension", identifier=f"{APP}.share")
    trace.add(10, "accounting", segment=2, phase="begin", identifier=ident(1))
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.1, 12)))
    assert (verdict["cause"], verdict["match"]) == ("query", "identifier")


@pytest.mark.parametrize(
    ("begin", "cause"), [(0.049, "unobserved"), (0.051, "unexplained"), (30.04, "unexplained"), (30.06, "unobserved")]
)
def test_covered_just_before_means_50_ms_before_the_begin(tmp_path, begin, cause):
    trace = Trace()
    trace.ready(0)
    trace.add(30, "process", phase="detached", reason="application-requested")
    assert only(judge(tmp_path, trace, entry_lines(1, begin, begin + 1)))["cause"] == cause


def test_a_process_that_was_never_recorded_leaves_its_entries_unobserved(tmp_path):
    verdict = only(judge(tmp_path, watched(), entry_lines(1, 10, 11, app="org.other"), apps=["org.other"]))
    assert (verdict["cause"], verdict["state"], verdict["depth"]) == ("unobserved", "unknown", "none")


def test_the_first_contact_near_the_begin_is_an_open(tmp_path):
    trace = watched()
    seq = trace.add(
        10, "observer", action="registered", observer={"class": "A", "id": "0x1", "image": "App"}, type="change"
    )
    trace.add(20, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))
    assert (verdict["cause"], verdict["match"], verdict["evidence"]) == ("open", "time", [f"1:1:{seq}"])


def test_observers_from_before_the_hooks_mean_that_the_first_contact_was_missed(tmp_path):
    trace = watched()
    trace.add(1, "observer", action="found", observer={"class": "A", "id": "0x1", "image": "App"}, type="change")
    trace.access(10, "open")
    trace.add(20, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))["cause"] == "unexplained"


@pytest.mark.parametrize(("again", "cause"), [("0x1", "open"), ("0x2", "unexplained")])
def test_an_observer_that_is_told_again_was_not_missed(tmp_path, again, cause):
    """When hooks come again, observers are listed again; one that was never seen to register was there before."""
    trace = watched()
    for at, action, number in ((10, "registered", "0x1"), (15, "found", again)):
        trace.add(at, "observer", action=action, observer={"class": "A", "id": number, "image": "App"}, type="change")
    trace.add(20, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))["cause"] == cause


def test_a_second_contact_is_no_first(tmp_path):
    trace = watched()
    trace.access(1, "metadata")
    trace.access(10, "metadata")
    trace.add(20, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))["cause"] == "unexplained"


def test_a_query_explains_by_time_only_where_the_accounting_could_not_be_seen(tmp_path):
    trace = watched(accounting=False)
    trace.access(1, "metadata")
    seq = trace.access(10, "metadata")
    trace.add(20, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))
    assert (verdict["cause"], verdict["match"], verdict["evidence"]) == ("query", "time", [f"1:1:{seq}"])


def test_the_last_word_on_a_probe_counts(tmp_path):
    trace = watched(accounting=False)
    trace.access(1, "metadata")
    trace.add(2, "hook", probe="accounting", symbol="-[PAAccessLogger log:]", status="installed")
    trace.access(10, "metadata")
    trace.add(20, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))["cause"] == "unexplained"


def test_notifications_explain_when_nothing_else_is_near(tmp_path):
    trace = watched()
    seq = trace.add(10, "notification", observer={"class": "A", "id": "0x1"}, change="0x2", type="change")
    trace.add(20, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))
    assert (verdict["cause"], verdict["match"], verdict["depth"]) == ("notification", "time", "notification")
    assert verdict["evidence"] == [f"1:1:{seq}"]


@pytest.mark.parametrize("depth", ["thumbnail", "data", "metadata", "open"])
def test_a_notification_does_not_explain_beside_anything_deeper(tmp_path, depth):
    trace = watched()
    trace.access(1, "metadata")
    trace.add(10, "notification", observer={"class": "A", "id": "0x1"}, change="0x2", type="change")
    trace.access(10.1, depth)
    trace.add(20, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))["cause"] == "unexplained"


def test_what_a_framework_did_on_its_own_counts_nowhere(tmp_path):
    trace = watched()
    trace.add(10, "notification", observer={"class": "A", "id": "0x1"}, change="0x2", type="change")
    trace.access(10.1, "data", internal=True)
    trace.add(20, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))
    assert (verdict["cause"], verdict["depth"]) == ("notification", "notification")


@pytest.mark.parametrize(("call", "explained"), [(7.301, True), (7.299, False), (10.3005, True), (10.3011, False)])
def test_near_is_from_lag_before_the_begin_to_a_millisecond_after(tmp_path, call, explained):
    trace = watched()
    trace.add(call, "notification", observer={"class": "A", "id": "0x1"}, change="0x2", type="change")
    trace.add(20, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))
    assert (verdict["cause"] == "notification") is explained


def test_time_in_which_the_process_slept_does_not_count_towards_the_lag(tmp_path):
    trace = watched()
    trace.access(10, "metadata")
    trace.add(11, "process", phase="suspended")
    trace.add(1000, "process", phase="resumed")
    trace.add(1010, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 1000.5, 1001)))
    assert (verdict["cause"], verdict["depth"]) == ("open", "none")  # depth goes by the clock
    assert "partly-observed" not in verdict["flags"]


def test_a_lost_event_makes_its_surroundings_a_gap(tmp_path):
    trace = watched()
    trace.add(10, "mark", label="before")
    trace.add(12, "lost", count=7, reason="agent buffer full")
    trace.add(14, "mark", label="after")
    trace.add(60, "mark", label="end")
    lines = entry_lines(1, 11, 11.5) + entry_lines(2, 20, 21) + entry_lines(3, 9, 12)
    found = judge(tmp_path, trace, lines).to_dict()
    causes = {e["identifier"]: (e["cause"], "partly-observed" in e["flags"]) for e in found["entries"]}
    assert causes == {
        ident(1): ("unobserved", True), ident(2): ("unexplained", False), ident(3): ("unexplained", True)
    }  # fmt: skip
    (gap,) = found["sessions"][0]["gaps"]
    assert (gap["from"][17:23], gap["to"][17:23], gap["identifier"]) == ("30.000", "34.000", APP)
    assert "agent buffer full" in gap["reason"]
    assert found["sessions"][0]["lost"] == 7


@pytest.mark.parametrize(("count", "lost"), [(0, 1), (None, 1), ("7", 1), (1, 1), (7, 7)])
def test_a_loss_that_does_not_say_how_much_is_one_event_at_least(tmp_path, count, lost):
    trace = watched()
    trace.add(12, "lost", count=count, reason=None)
    trace.add(14, "mark", label="after")
    (session,) = judge(tmp_path, trace, entry_lines(1, 11, 11.5)).to_dict()["sessions"]
    assert (session["lost"], session["gaps"][0]["reason"]) == (lost, "lost")


def test_a_hole_in_seq_is_a_gap_too(tmp_path):
    trace = watched()
    trace.add(10, "mark", label="before")
    trace.add(14, "mark", skip=5, label="after")
    trace.add(60, "mark", label="end")
    found = judge(tmp_path, trace, entry_lines(1, 12, 12.5)).to_dict()
    assert found["entries"][0]["cause"] == "unobserved"
    assert found["sessions"][0]["lost"] == 5


def test_depth_is_the_furthest_from_lag_before_the_begin_to_the_end(tmp_path):
    trace = watched()
    trace.access(6, "data")
    trace.access(10, "metadata")
    thumbnails = [trace.access(at, "thumbnail") for at in (20, 30)]
    trace.access(70.4, "data")
    trace.access(71, "write")
    trace.add(80, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.3, 70.3)))
    assert verdict["depth"] == "thumbnail"
    assert verdict["evidence"][-2:] == [f"1:1:{seq}" for seq in thumbnails]


def test_write_and_picker_stand_beside_the_ladder(tmp_path):
    trace = watched()
    trace.access(10, "write")
    trace.access(10, "picker")
    trace.add(80, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))
    assert (verdict["cause"], verdict["depth"]) == ("unexplained", "none")


def test_an_entry_without_a_begin_has_a_cause_by_identifier_only(tmp_path):
    trace = watched()
    trace.access(10, "metadata")
    trace.add(10, "accounting", phase="begin", identifier=ident(2))
    trace.add(80, "mark", label="end")
    found = judge(tmp_path, trace, entry_lines(1, None, 12), entry_lines(2, None, 13)).to_dict()["entries"]
    assert [(e["begin"], e["cause"], "begin-missing" in e["flags"]) for e in found] == [
        (None, "unobserved", True), (None, "query", True)
    ]  # fmt: skip


def test_a_still_open_entry_ends_with_the_report(tmp_path):
    trace = watched()
    trace.access(50, "data")
    trace.access(70, "data")
    trace.add(80, "mark", label="end")
    found = judge(tmp_path, trace, entry_lines(1, 30, None), entry_lines(2, 59, 60)).to_dict()["entries"]
    assert (found[0]["end"], found[0]["depth"], len(found[0]["evidence"])) == (None, "data", 1)
    assert "still-open" in found[0]["flags"]


def test_a_finalised_entry_counts_to_75_6_s(tmp_path):
    trace = watched()
    trace.access(80, "thumbnail")
    trace.access(300, "data")
    trace.add(2000, "mark", label="end")
    found = judge(tmp_path, trace, entry_lines(1, 10, 1000), entry_lines(2, 20, 1000.4, app="org.other"))
    verdict = only(found)
    assert (verdict["depth"], "finalised" in verdict["flags"]) == ("thumbnail", True)


def test_twins_begin_within_two_seconds_and_pickers_stand_apart(tmp_path):
    lines = (
        entry_lines(1, 10, 12)
        + entry_lines(2, 12, 13)
        + entry_lines(3, 14.001, 15)
        + entry_lines(4, 14, 15, outOfProcess=True)
    )
    found = judge(tmp_path, watched(), lines).to_dict()["entries"]
    assert {e["identifier"] for e in found if "twin" in e["flags"]} == {ident(1), ident(2)}


def test_an_event_near_two_entries_without_identifiers_is_ambiguous(tmp_path):
    trace = watched()
    trace.add(10, "notification", observer={"class": "A", "id": "0x1"}, change="0x2", type="change")
    trace.add(10, "accounting", phase="begin", identifier=ident(3))
    trace.add(80, "mark", label="end")
    lines = entry_lines(1, 10.5, 11) + entry_lines(2, 11.5, 12) + entry_lines(3, 10.1, 12) + entry_lines(4, 20, 21)
    found = judge(tmp_path, trace, lines).to_dict()["entries"]
    assert {e["identifier"] for e in found if "ambiguous" in e["flags"]} == {ident(1), ident(2)}


@pytest.mark.parametrize(
    ("first", "second", "state"),
    [
        ("background", "background", "background"),
        ("active", "background", "mixed"),
        ("inactive", "inactive", "inactive"),
    ],
)
def test_state_is_that_in_force_at_the_evidence(tmp_path, first, second, state):
    trace = watched(accounting=False)
    trace.add(9, "state", value=first)
    trace.access(10, "metadata")
    trace.add(10.05, "state", value=second)
    trace.access(10.1, "metadata")
    trace.add(10.2, "state", value="active")
    trace.add(80, "mark", label="end")
    trace.events = [e for e in trace.events if e["kind"] != "observer"]
    trace.add(81, "observer", action="found", observer={"class": "A", "id": "0x1", "image": "App"}, type="change")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))["state"] == state


def test_what_assetsd_did_for_an_app_was_done_in_the_apps_state(tmp_path):
    trace = watched()
    trace.add(9, "state", value="background")
    trace.add(80, "mark", label="end")
    trace.ready(0, segment=2, role="assetsd", identifier=None, name="assetsd")
    trace.add(10, "accounting", segment=2, phase="begin", identifier=ident(1))
    assert only(judge(tmp_path, trace, entry_lines(1, 10.1, 12)))["state"] == "background"


def test_what_was_not_covered_has_no_known_state(tmp_path):
    trace = watched()
    trace.add(30, "process", phase="exited", reason="killed")
    assert only(judge(tmp_path, trace, entry_lines(1, 40, 41)))["state"] == "unknown"


def test_without_evidence_the_state_is_that_at_the_begin(tmp_path):
    trace = watched()
    trace.add(9, "state", value="background")
    trace.add(80, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))["state"] == "background"


def test_the_lag_bound_is_the_callers(tmp_path):
    trace = watched()
    trace.add(10, "notification", observer={"class": "A", "id": "0x1"}, change="0x2", type="change")
    trace.add(80, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 15, 16)))["cause"] == "unexplained"
    (tmp_path / "s.lightleak").unlink()
    assert only(judge(tmp_path, trace, entry_lines(1, 15, 16), lag=6))["cause"] == "notification"


def test_unwatched_extensions_and_assetsd_are_named(tmp_path):
    why = only(judge(tmp_path, watched(), entry_lines(1, 10, 12), entry_lines(2, 10, 12, app=f"{APP}.share")))["why"]
    assert f"{APP}.share" in why
    assert "assetsd" in why
    assert why.count(".\n") == 0
    assert why.endswith(".")


@pytest.mark.parametrize(
    ("between", "later_s", "continued"), [(False, 0.01, True), (True, 0.01, False), (False, 5, False)]
)
def test_a_restart_of_the_accounting_daemon_makes_two_entries_of_one_access(tmp_path, between, later_s, continued):
    trace = watched()
    trace.access(9.99, "metadata")
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    trace.add(30, "accounting", phase="end", identifier=ident(1))
    if between:
        trace.access(30, "metadata")
    trace.add(30 + later_s, "accounting", phase="begin", identifier=ident(2))
    trace.add(80, "mark", label="end")
    found = judge(tmp_path, trace, entry_lines(1, 10.1, 30.1) + entry_lines(2, 30.2 + later_s, 70)).to_dict()["entries"]
    assert [entry["cause"] for entry in found] == ["query", "query"]
    assert (f"continues entry {ident(1)}" in found[1]["why"]) is continued


@pytest.mark.parametrize(("segment", "cause"), [(1, "unexplained"), (2, "query")])
def test_a_query_by_time_is_one_of_a_segment_that_was_blind(tmp_path, segment, cause):
    """Another attachment to the app without the accounting hook does not make this one's queries explain anything."""
    trace = watched()
    trace.ready(0, segment=2, accounting=False)
    for number in (1, 2):
        trace.access(1, "metadata", segment=number)
    trace.access(10, "metadata", segment=segment)
    for number in (1, 2):
        trace.add(80, "mark", segment=number, label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))["cause"] == cause


def test_a_segment_that_begins_with_a_notification_had_no_contact(tmp_path):
    trace = Trace()
    trace.add(10, "notification", observer={"class": "A", "id": "0x1"}, change="0x2", type="change")
    trace.ready(10.2)
    trace.add(80, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))["cause"] == "notification"


def test_a_loss_while_the_clock_was_set_back_is_a_gap_on_both_sides(tmp_path):
    trace = watched()
    trace.add(100, "mark", label="before")
    trace.add(102, "lost", count=1, reason="overload")
    trace.add(104, "mark", label="after")
    trace.add(200, "mark", label="end")
    for event in trace.events[-3:]:
        event["wall_ns"] -= 50 * 10**9
    entries = entry_lines(1, 53, 53.5) + entry_lines(2, 60, 61) + entry_lines(3, 40, 41)
    found = judge(tmp_path, trace, entries).to_dict()["entries"]
    assert {verdict["identifier"]: verdict["cause"] for verdict in found} == {
        ident(1): "unobserved", ident(2): "unexplained", ident(3): "unexplained"
    }  # fmt: skip


@pytest.mark.parametrize(("second", "state"), [("background", "background"), ("active", "mixed"), (None, "background")])
def test_two_processes_of_one_app_can_be_in_two_states(tmp_path, second, state):
    trace = watched()
    trace.add(5, "state", value="background")
    trace.add(80, "mark", label="end")
    trace.ready(6, segment=2)
    if second:
        trace.add(7, "state", segment=2, value=second)
    trace.add(80, "mark", segment=2, label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 10, 12)))["state"] == state


def test_each_event_has_the_sleep_of_its_own_process(tmp_path):
    """One process slept between its query and the entry, the other ran: only the sleeper's query is near."""
    trace = watched(accounting=False)
    first = trace.access(10, "metadata")
    second = trace.access(10.5, "metadata")
    trace.add(11, "process", phase="suspended")
    trace.add(50, "process", phase="resumed")
    trace.add(80, "mark", label="end")
    near = entry_lines(1, 50.5, 51)
    assert only(judge(tmp_path, trace, near))["cause"] == "open"
    (tmp_path / "s.lightleak").unlink()
    trace.ready(5, segment=2, accounting=False)
    trace.access(6, "metadata", segment=2)
    trace.access(20, "metadata", segment=2)
    trace.add(80, "mark", segment=2, label="end")
    found = judge(tmp_path, trace, entry_lines(1, 51, 51.1) + entry_lines(2, 52.2, 52.3))
    one, two = found.to_dict()["entries"]
    assert (one["cause"], one["evidence"]) == ("open", [f"1:1:{first}"])
    assert (two["cause"], two["evidence"]) == ("query", [f"1:1:{second}"])
    assert (one["depth"], two["depth"]) == ("none", "none")


def test_who_sleeps_at_the_end_sleeps_to_the_end(tmp_path):
    trace = watched()
    trace.access(10, "metadata")
    trace.add(11, "process", phase="suspended")
    trace.add(100, "process", phase="exited", reason="killed")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 60, 61)))
    assert (verdict["cause"], verdict["depth"]) == ("open", "none")  # depth goes by the clock


def test_a_waking_without_a_falling_asleep_is_no_sleep(tmp_path):
    trace = watched()
    trace.access(10, "metadata")
    trace.add(50, "process", phase="resumed")
    trace.add(80, "mark", label="end")
    assert only(judge(tmp_path, trace, entry_lines(1, 51, 52)))["cause"] == "unexplained"
