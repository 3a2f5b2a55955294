"""Briefs: short, without method names, and never more than the verdict says, whatever the combination."""

from __future__ import annotations

import re

import pytest

from lightleak.comparator.assumptions import Assumptions
from lightleak.comparator.explain import brief as briefs
from lightleak.wording import exact_kind
from page.statements import every_brief
from simulator import Plan, simulate, verdicts
from stories import APP, Trace, entry_lines, ident, judge, only

REQUEST = re.compile(r"\brequested (thumbnails|photos)")
CERTAIN = re.compile(r"certain \(same identifier\)|match certain")
LIKELY = re.compile(r"likely \(matched by time\)|match likely")
CHANCE = re.compile(r"no better than chance|match may be chance")
ORIGINS = {
    "change": "a change notification|a library change",
    "touch": "a touch or key",
    "wake": "a wake-up",
    "launch": "the launch",
    "activation": "a change of the app's state|a state change",
    "return": "the return to the foreground|its return",
}


def test_every_combination_is_short_plain_and_no_more_than_was_seen():
    for one in every_brief():
        said = briefs.text(one)
        assert 20 < len(said) <= briefs.LONGEST, said
        assert said.endswith(".")
        assert said.isprintable()
        assert not set("[]@{}") & set(said), said
        assert not re.search(r":(?! )|\w+:\w", said), said
        assert bool(REQUEST.search(said)) == (one.depth in ("thumbnail", "data")), said
        assert bool(re.search("photos or video|photos/video", said)) == (one.depth == "data"), said
        assert ("asked iOS to upload" in said) == (one.depth == "upload"), said
        if one.act in ("unexplained", "unobserved", "start-missing", "never-watched", "picker", "picker-unsure"):
            assert not re.search(r"certain \(|likely", said), said
        elif one.certainty != "none":
            assert bool(CERTAIN.search(said)) == (one.certainty == "certain"), said
            assert bool(LIKELY.search(said)) == (one.certainty == "likely"), said
            assert bool(CHANCE.search(said)) == (one.certainty == "chance"), said
        has_state = one.act != "start-missing" or one.depth not in ("none", "picked")
        stated = re.sub("|".join(ORIGINS.values()), "", said)
        assert ("background" in stated) == (one.state == "background" and has_state), said
        assert ("foreground" in stated or "state active" in stated) == (one.state == "active" and has_state), said
        for kind, words in ORIGINS.items():
            assert bool(re.search(f"by ({words})|chance or ({words})", said)) == (one.trigger == kind), said
        assert ("(linked)" in said) == (one.trigger_by == "link"), said
        assert ("likely set off" in said or "likely by" in said) == (one.trigger_by == "time"), said
        assert bool(re.search("may be chance\\)|by chance or", said)) == (one.trigger_by == "chance"), said
        nothing = one.trigger == "none" and one.trigger_by == "none"
        assert bool(re.search("nothing (that was watched|seen) set it off", said)) == nothing, said
        assert bool(re.search("no trigger seen|trigger maybe unseen", said)) == (one.trigger_by == "unwatched"), said
        assert bool(re.search("set it off is unknown|trigger unknown", said)) == (one.trigger == "unknown"), said
        assert not ("app not watched then" in said and "else unwatched" in said), said
        assert ("partly watched" in said) == (one.watched == "partly"), said


@pytest.mark.parametrize("accounting", [True, False])
def test_briefs_of_weeks_go_with_their_verdicts(accounting):
    week = simulate(Plan(1, accounting, True))
    for verdict in verdicts(week.header, [week.events], week.report):
        said = verdict["brief"]
        assert len(said) <= briefs.LONGEST
        assert bool(REQUEST.search(said)) == (verdict["depth"] in ("thumbnail", "data"))
        assert bool(CERTAIN.search(said)) == (verdict["match"] == "identifier")
        trigger = verdict["trigger"]
        assert ("(linked)" in said) == (trigger is not None and trigger["by"] == "link")
        if trigger is not None and verdict["cause"] != "notification" and trigger["kind"] in ORIGINS:
            states = [clause.get("state") for clause in verdict["clauses"] if clause["code"] == "set-off-by"]
            assert re.search(ORIGINS[exact_kind(trigger["kind"], states[0])], said), said
        assert ("Unexplained" in said) == (verdict["cause"] == "unexplained")
        assert ("Cause unknown" in said) == (verdict["cause"] == "unobserved")
        assert ("photo picker" in said) == (verdict["cause"] == "picker")
        hooks_missing = "could not be hooked" in verdict["why"]
        assert ("partly watched" in said) or "partly-observed" not in verdict["flags"]
        assert "partly watched" not in said or "partly-observed" in verdict["flags"] or hooks_missing
        if verdict["match"] == "time":
            assert (
                LIKELY.search(said) or CHANCE.search(said) or re.search(r"ambiguous \(by time\)|match ambiguous", said)
            )


def test_what_another_process_queried_is_not_told_of_the_app(tmp_path):
    trace = Trace()
    trace.ready(0)
    trace.ready(0, segment=2, identifier="org.other", name="Other")
    trace.add(10, "accounting", segment=2, phase="begin", identifier=ident(1))
    trace.add(500, "mark", label="end")
    trace.add(500, "mark", segment=2, label="end")
    said = only(judge(tmp_path, trace, entry_lines(1, 10.1, 12), apps=["org.example.app"]))["brief"]
    assert said.startswith("Queried by a process not known as the app's")


def test_where_reads_count_too_it_is_not_said_to_have_queried(tmp_path):
    trace = Trace()
    trace.ready(0, accounting=False)
    trace.access(1, "metadata")
    trace.access(50, "data")
    trace.add(500, "mark", label="end")
    said = only(judge(tmp_path, trace, entry_lines(1, 50.3, 60), facts=Assumptions(reads_make_no_entry=False)))["brief"]
    assert said.startswith("Used the photo library")


def test_an_app_that_was_never_watched_is_not_said_to_have_done_nothing(tmp_path):
    trace = Trace()
    trace.add(0, "process", phase="attached", pid=7, name="App", identifier="org.example.app", role="app")
    trace.add(500, "mark", label="end")
    said = only(judge(tmp_path, trace, entry_lines(1, 10, 12), apps=["org.example.app"]))["brief"]
    assert said == "Cause unknown: the app was not recorded."


def watched_app(*, accounting: bool = True) -> Trace:
    """Begin a trace of an app in the foreground."""
    trace = Trace()
    trace.ready(0, accounting=accounting)
    trace.add(0.1, "state", value="active")
    return trace


def queried(trace: Trace, at_s: float, n: int = 1) -> None:
    trace.access(at_s, "metadata")
    trace.add(at_s + 0.01, "accounting", phase="begin", identifier=ident(n))


def brief(folder, trace: Trace, *lines: str, **options) -> str:
    for segment in list(trace.seqs):
        trace.add(500, "mark", segment=segment, label="end")
    return only(judge(folder, trace, *lines, **options))["brief"]


@pytest.mark.parametrize("keys", [{"error": "PHPhotosErrorDomain 3303"}, {"degraded": True}, None])
def test_what_was_requested_is_not_said_to_have_been_read(tmp_path, keys):
    trace = watched_app()
    queried(trace, 10)
    call = trace.access(11, "data")
    if keys:
        trace.add(11.1, "delivery", of=call, **{"bytes": None, "degraded": False, "error": None, **keys})
    said = brief(tmp_path, trace, entry_lines(1, 10.1, 20))
    assert "requested photos or video" in said
    assert "read" not in said


def test_what_an_extension_requested_is_not_denied(tmp_path):
    trace = watched_app()
    trace.ready(0, segment=2, role="extension", identifier=f"{APP}.share")
    queried(trace, 10)
    trace.access(11, "data", segment=2)
    said = brief(tmp_path, trace, entry_lines(1, 10.1, 20), apps=[APP])
    # The subject is the app itself: of a photo as such nothing is denied.
    assert said.startswith("Queried the photo library in the foreground; not seen requesting a photo;")


@pytest.mark.parametrize("depth", ["none", "notification", "open", "metadata"])
def test_negatives_are_of_the_app_alone(depth):
    for one in every_brief():
        said = briefs.text(one).replace("; no trigger seen", "")
        if one.depth == depth and re.search(r"; (around then )?(no|only) ", said):
            assert re.search(r"by the app seen|(only|no) app |; no better than chance", said), said


def test_where_hooks_of_reads_are_missing_it_was_watched_in_part(tmp_path):
    trace = watched_app()
    trace.add(
        0.2, "hook", probe="image-manager.request-image-data", symbol="-[PHImageManager requestImageData]",
        status="skipped", reason="could not be hooked",
    )  # fmt: skip
    queried(trace, 10)
    said = brief(tmp_path, trace, entry_lines(1, 10.1, 20))
    assert "; not seen requesting a photo; " in said
    assert said.endswith("; match certain; partly watched.")


def test_a_method_that_the_process_does_not_have_is_not_missed(tmp_path):
    trace = watched_app()
    trace.add(
        0.2, "hook", probe="image-manager.av-proxy", symbol="-[PHImageManager requestAVProxyForAsset:]",
        status="skipped", reason="PHImageManager has no method requestAVProxyForAsset:",
    )  # fmt: skip
    queried(trace, 10)
    assert "partly" not in brief(tmp_path, trace, entry_lines(1, 10.1, 20))


def test_a_hook_of_writes_that_is_missing_takes_nothing_from_reads(tmp_path):
    trace = watched_app()
    trace.add(
        0.2, "hook", probe="photo-library.perform-changes", symbol="-[PHPhotoLibrary performChanges:]",
        status="skipped", reason="could not be hooked",
    )  # fmt: skip
    queried(trace, 10)
    assert "partly" not in brief(tmp_path, trace, entry_lines(1, 10.1, 20))


def test_a_choice_in_the_picker_is_not_put_where_a_later_read_was(tmp_path):
    trace = watched_app()
    trace.add(60, "state", value="background")
    trace.access(70, "data")
    said = brief(tmp_path, trace, entry_lines(1, 10, 80, outOfProcess=True))
    assert said == (
        "The person chose something in the photo picker; around then the app requested photos or video in the background."
    )


def test_asking_for_permission_is_not_opening_the_library(tmp_path):
    trace = watched_app()
    trace.add(1, "observer", action="found", observer={"class": "O", "id": "o", "image": "App"}, type="change")
    trace.add(10, "notification", observer="o", change="c", type="change")
    trace.add(12, "authorization", action="asked", symbol="+[PHPhotoLibrary requestAuthorization:]", level="read-write")
    said = brief(tmp_path, trace, entry_lines(1, 10.1, 20))
    assert said.startswith("Was notified of a photo library change in the foreground; no query or read by the app seen")


def test_a_known_and_an_unknown_state_are_not_several(tmp_path):
    trace = Trace()
    trace.ready(0)
    queried(trace, 10)
    trace.add(11, "state", value="background")
    trace.access(12, "data")
    said = brief(tmp_path, trace, entry_lines(1, 10.1, 20))
    assert "in mixed/unknown states" in said


def test_what_was_seen_before_all_hooks_were_in_place_was_not_watched(tmp_path):
    trace = Trace()
    trace.add(0, "process", phase="attached", pid=7, name="App", identifier=APP, role="app")
    trace.access(10, "data")
    said = brief(tmp_path, trace, entry_lines(1, 10.1, 20), apps=[APP])
    assert (
        said
        == "Cause unknown: the app was never fully watched; around then the app requested photos or video; else unwatched."
    )


def test_what_was_seen_in_a_gap_only_was_else_unwatched(tmp_path):
    trace = watched_app()
    trace.add(5, "lost", count=3, reason="full")
    trace.access(30, "metadata")
    trace.add(30.001, "lost", count=3, reason="full")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10, 40)))
    assert "partly-observed" not in verdict["flags"]
    assert verdict["brief"].endswith("only queries by the app seen; else unwatched.")
    assert "less than 1 % of that time was watched" in verdict["why"]


def test_where_reports_stamp_early_a_match_by_time_is_possible_only(tmp_path):
    trace = watched_app(accounting=False)
    trace.access(0.5, "metadata")
    trace.access(400, "metadata")
    said = brief(tmp_path, trace, entry_lines(1, 400.2, 460), facts=Assumptions(stamp_is_later=False))
    assert "possible (by time)" in said


def test_another_app_whose_name_begins_alike_is_no_extension(tmp_path):
    trace = watched_app()
    trace.ready(0, segment=2, role="app", identifier=f"{APP}.pro", name="Pro")
    trace.access(10, "metadata", segment=2)
    trace.add(10.01, "accounting", segment=2, phase="begin", identifier=ident(1))
    found = judge(tmp_path, trace, entry_lines(1, 10.1, 20), apps=[APP])
    assert only(found)["brief"].startswith("Queried by a process not known as the app's")
    assert "the extension" not in only(found)["why"]


@pytest.mark.parametrize("nap", [False, True])
def test_a_call_that_was_seen_is_not_said_to_be_unseen(tmp_path, nap):
    """The report stamped 4 s after the query, so the query is not under the entry; but it was seen, and ``why`` names it."""
    trace = watched_app()
    trace.access(10, "metadata")
    if nap:  # ``why`` went by the wall clock, and did not find the query before a sleep
        trace.add(10.1, "process", phase="suspended", identifier=APP, role="app", pid=101)
        trace.add(90, "process", phase="resumed", identifier=APP, role="app", pid=101)
    at = 90.5 if nap else 10.5
    trace.add(at, "accounting", phase="begin", identifier=ident(1))
    trace.add(500, "mark", label="end")
    found = only(judge(tmp_path, trace, entry_lines(1, at + 3.6, at + 5)))
    assert found["depth"] == "none"
    assert "after +[PHAsset fetchAssetsWithOptions:]" in found["why"]
    assert found["brief"].startswith("Queried the photo library in the foreground; not seen requesting a photo;")


def test_a_call_that_was_not_seen_is_said_to_be_unseen(tmp_path):
    trace = watched_app()
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    said = brief(tmp_path, trace, entry_lines(1, 10.1, 20))
    assert said.startswith("Queried the photo library in the foreground; the call itself was not seen;")


def test_a_query_before_a_step_of_the_clock_is_not_the_call(tmp_path):
    """The clock was set back by an hour: a query of an hour ago is on the wall clock a second before."""
    trace = watched_app()
    trace.access(10, "metadata")
    for event in trace.events:
        event["wall_ns"] += 3600 * 10**9
    trace.add(3612, "accounting", phase="begin", identifier=ident(1))
    for event in trace.events[-1:]:
        event["wall_ns"] = trace.events[-2]["wall_ns"] + 10**9
    trace.add(9000, "mark", label="end")
    found = only(judge(tmp_path, trace, entry_lines(1, 3611.1, 3620)))
    assert "after +[PHAsset" not in found["why"]
