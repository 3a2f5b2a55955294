"""Sentences that could accuse or acquit wrongly: each claims no more than was seen, and says what was not."""

from __future__ import annotations

import pytest

from lightleak.comparator.assumptions import Assumptions
from lightleak.comparator.explain.english import process
from stories import APP, Trace, entry_lines, ident, judge, only

OBSERVER = {"class": "A", "id": "0x1", "image": "App"}
SHARE = f"{APP}.share"


def watched(**keys: object) -> Trace:
    trace = Trace()
    trace.ready(0, **keys)
    trace.add(0.1, "state", value="active")
    return trace


def ended(trace: Trace, at_s: float = 500) -> Trace:
    trace.add(at_s, "mark", label="end")
    return trace


def notifies(trace: Trace, at_s: float) -> None:
    trace.add(at_s, "notification", observer=OBSERVER, change="0x2", type="change")


def why(tmp_path, trace: Trace, *lines: str, **options: object) -> str:
    return str(only(judge(tmp_path, trace, *lines, **options))["why"])


def test_nobody_is_told_to_have_queried_what_another_process_logged(tmp_path):
    """A forged line, or two apps under one identifier: the process that logged is named, and that it is not the app's."""
    trace = watched()
    trace.ready(0, segment=2, identifier="org.other", name="Other")
    trace.access(9.9, "metadata")
    trace.add(10, "accounting", segment=2, phase="begin", identifier=ident(1))
    trace.add(500, "mark", segment=2, label="end")
    said = why(tmp_path, ended(trace), entry_lines(1, 10.1, 12), apps=[APP])
    assert "The accounting in Other (pid 102)" in said
    assert f"is not known to belong to {APP}" in said
    assert "the app queried" not in said
    assert "after +[PHAsset" not in said, "the app's own query is not what the other process logged"


def test_an_extension_that_queried_is_named_and_so_is_how_far_it_went(tmp_path):
    trace = watched()
    trace.ready(0, segment=2, role="extension", identifier=SHARE, name="Share")
    trace.access(9.9, "metadata", segment=2)
    trace.add(10, "accounting", segment=2, phase="begin", identifier=ident(1))
    for at in (11, 11.5):
        trace.access(at, "data", segment=2)
    trace.add(500, "mark", segment=2, label="end")
    found = judge(tmp_path, ended(trace), entry_lines(1, 10.1, 12), entry_lines(2, 400, 401))
    verdict = next(iter(found.verdicts()))
    assert f"the app's extension {SHARE} queried the library" in verdict["why"]
    assert "no opening, query, read or notification of the app was seen" in verdict["why"]
    assert f"the extension {SHARE} was seen to go as far as image data in that time, 2 times" in verdict["why"]
    assert found.to_dict()["unreported"] == [], "its entry has its container's name"


def test_an_extensions_reads_are_unreported_where_its_accounting_opened_no_entry(tmp_path):
    trace = watched()
    trace.ready(0, segment=2, role="extension", identifier=SHARE, name="Share")
    trace.access(11, "data", segment=2)
    trace.add(500, "mark", segment=2, label="end")
    found = judge(tmp_path, ended(trace), entry_lines(1, 10.1, 12), entry_lines(2, 400, 401)).to_dict()
    assert [run["app"] for run in found["unreported"]] == [SHARE]


@pytest.mark.parametrize(("at", "named"), [(100, False), (300, True)])
def test_who_was_not_watched_is_asked_for_each_entry(tmp_path, at, named):
    trace = watched()
    trace.ready(90, segment=2, role="extension", identifier=SHARE)
    trace.add(200, "process", segment=2, phase="exited", reason="done")
    trace.ready(90, segment=3, role="assetsd", identifier=None, name="assetsd")
    trace.add(200, "process", segment=3, phase="detached", reason="cut")
    said = why(tmp_path, ended(trace), entry_lines(1, at, at + 1), apps=[APP])
    assert (f"not watched: the extension {SHARE} and assetsd" in said) is named


def test_a_write_beside_a_notification_is_not_told_away(tmp_path):
    trace = watched()
    notifies(trace, 10)
    trace.access(10.1, "write")
    verdict = only(judge(tmp_path, ended(trace), entry_lines(1, 10.3, 12)))
    assert verdict["cause"] == "notification"
    assert "no opening, query or read by the app was seen in the 3 s before it" in verdict["why"]
    assert "nothing" not in verdict["why"]


def test_a_write_is_no_silence(tmp_path):
    trace = watched()
    trace.access(10, "write")
    said = why(tmp_path, ended(trace), entry_lines(1, 10.3, 12))
    assert "no access" not in said
    assert "no opening, query, read or notification of the app was seen from 3 s before its start to its end" in said


@pytest.mark.parametrize(
    ("accounting", "said"), [(True, "its accounting did not contain this identifier"), (False, "could not be seen")]
)
def test_unexplained_says_what_was_seen_and_what_could_be(tmp_path, accounting, said):
    """The other segment's accounting says nothing of this entry."""
    trace = watched(accounting=accounting)
    trace.access(1, "data")
    for at in (10, 10.1):
        trace.access(at, "thumbnail")
    trace.add(100, "process", phase="exited", reason="done")
    trace.ready(110, segment=2, accounting=not accounting)
    shown = why(tmp_path, trace, entry_lines(1, 10.3, 12))
    assert said in shown
    assert "in the 3 s before the start (2 acts, the deepest a thumbnail) does not explain the entry" in shown


def test_what_was_not_watched_where_the_cause_is_is_said(tmp_path):
    """Events lost just where the read would be, watched again just before the entry."""
    trace = watched()
    trace.add(8, "mark", label="before")
    trace.add(9, "lost", count=7, reason="agent buffer full")
    trace.add(9.5, "mark", label="after")
    verdict = only(judge(tmp_path, ended(trace), entry_lines(1, 10, 70)))
    assert verdict["cause"] == "unexplained"
    assert (
        "1.5 s of the 3.0 s before the start were not watched, so what made the entry may have been missed"
        in verdict["why"]
    )


def test_the_first_contact_is_the_first_that_was_seen(tmp_path):
    """Attached to a running app, what it did before is not known."""
    trace = watched()
    trace.access(10, "metadata")
    said = why(tmp_path, ended(trace), entry_lines(1, 10.3, 12))
    assert "The first contact with the library that was seen after lightleak attached to the app (+[PHAsset" in said
    assert "300 ms before it" in said


def test_what_was_done_before_a_sleep_is_not_under_the_entry(tmp_path):
    """It made the entry, because work that was waiting went on waiting; how far the app went is by the clock."""
    trace = watched()
    trace.access(8, "data")
    trace.add(8.5, "process", phase="suspended")
    trace.add(90_000, "process", phase="resumed")
    said = why(tmp_path, ended(trace, 90_010), entry_lines(1, 90_000.5, 90_001))
    assert "(1 act, the deepest image data)" in said
    assert "no opening, query, read or notification of the app was seen from 3 s before its start to its end" in said


def test_another_day_is_shown_with_its_date(tmp_path):
    midnight_s = 25_600
    trace = watched()
    trace.access(midnight_s - 0.5, "data")
    said = why(tmp_path, ended(trace, midnight_s + 10), entry_lines(1, midnight_s + 0.5, midnight_s + 1))
    assert "first at 2025-10-09 23:59:59.500" in said


@pytest.mark.parametrize(
    ("lines", "window"),
    [
        (entry_lines(1, 30, None), "from 3 s before its start to the report's last line"),
        (entry_lines(1, None, 40), "from the report's first line to the entry's end"),
        (entry_lines(1, 30, 40), "from 3 s before its start to its end"),
        (entry_lines(1, 30, 25), "from 3 s before its start to its start (the report gives an end before it)"),
        (entry_lines(1, 30, 1000), "from 3 s before its start to 75.6 s after its start"),
    ],
)
def test_from_when_to_when_the_depth_counts_is_said(tmp_path, lines, window):
    trace = ended(watched(), 2000)
    others = entry_lines(2, 5, 6, app="org.other") + entry_lines(3, 20, 1000.1, app="org.other")
    assert f"no opening, query, read or notification of the app was seen {window}" in why(
        tmp_path, trace, lines, others
    )


def test_that_nobody_watched_is_not_told_as_nothing_seen(tmp_path):
    trace = watched()
    trace.add(30, "process", phase="detached", reason="cut")
    said = why(tmp_path, trace, entry_lines(1, 300, 310))
    assert "of the app was seen" not in said
    assert "The app was not watched from 3 s before its start to its end: watching ended" in said
    assert said.count("not watched from") == 1
    assert "just before" not in said


def test_a_pickers_silence_is_bounded_too(tmp_path):
    trace = watched()
    trace.add(30, "process", phase="detached", reason="cut")
    said = why(tmp_path, trace, entry_lines(1, 29, 36, outOfProcess=True))
    assert (
        "no opening, query, read or notification of the app was seen from 3 s before its start to its end; only 40 % of that time was watched"
        in said
    )


def test_a_share_that_rounds_to_nothing_is_not_told_as_nothing(tmp_path):
    trace = watched()
    trace.add(30, "process", phase="detached", reason="cut")
    assert "less than 1 % of that time was watched" in why(tmp_path, trace, entry_lines(1, 32.9, 60))


@pytest.mark.parametrize("again", [True, False])
def test_a_hook_that_was_removed_could_be_set_before(tmp_path, again):
    """A hook that was in place and then removed was called one that could not be set."""
    trace = watched()
    hook = {"probe": "image-manager.request-image-for-asset", "symbol": "-[PHImageManager requestImageForAsset:]"}
    trace.add(0.2, "hook", **hook, status="installed")
    trace.add(5, "hook", **hook, status="removed")
    if again:
        trace.add(6, "hook", **hook, status="installed")
    trace.access(9.9, "metadata")
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    said = why(tmp_path, ended(trace), entry_lines(1, 10.1, 12))
    assert f"hooked for part of the time only, so not ruled out: {hook['symbol']}" in said
    assert "could not be hooked" not in said


def test_what_one_process_had_in_part_and_another_never_could_not_be_hooked(tmp_path):
    trace = watched()
    hook = {"probe": "image-manager.request-image-for-asset", "symbol": "-[PHImageManager requestImageForAsset:]"}
    trace.add(0.2, "hook", **hook, status="installed")
    trace.add(5, "hook", **hook, status="removed")
    trace.ready(0, segment=2)
    trace.add(5, "hook", segment=2, **hook, status="skipped", reason="x")
    trace.add(90, "mark", segment=2, label="end")
    trace.access(9.9, "metadata")
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    said = why(tmp_path, ended(trace), entry_lines(1, 10.1, 12))
    assert f"could not be hooked, so not ruled out: {hook['symbol']}" in said
    assert "part of the time" not in said


@pytest.mark.parametrize(("depth", "named"), [("metadata", True), ("data", False)])
def test_a_probe_of_pixels_that_is_missing_leaves_the_depth_open_even_where_the_cause_is_sure(tmp_path, depth, named):
    trace = watched()
    symbol = "-[PHImageManager requestImageForAsset:]"
    trace.add(0.2, "hook", probe="image-manager.request-image-for-asset", symbol=symbol, status="skipped", reason="x")
    trace.access(9.9, depth)
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    verdict = only(judge(tmp_path, ended(trace), entry_lines(1, 10.1, 12)))
    assert verdict["match"] == "identifier"
    assert (f"could not be hooked, so not ruled out: {symbol}" in verdict["why"]) is named


@pytest.mark.parametrize(
    ("begin", "said"),
    [
        (10.02, "watching began 20 ms before it"),
        (9.5, "watching began 500 ms after it"),
        (30.5, "watching ended 500 ms before it and resumed 29.5 s after it"),
        (100.5, "where events are missing: watching ended 500 ms before it and resumed 500 ms after it"),
        (9000, "The app was not watched from 3 s before its start to its end: watching ended 2.5 h before the start"),
    ],
)
def test_unobserved_says_when_it_was_watched(tmp_path, begin, said):
    trace = Trace()
    trace.ready(10)
    trace.add(30, "process", phase="detached", reason="cut")
    trace.ready(60, segment=2)
    trace.add(100, "mark", segment=2, label="x")
    trace.add(101, "mark", segment=2, skip=4, label="x")
    trace.add(110, "process", segment=2, phase="exited", reason="done")
    verdict = only(judge(tmp_path, trace, entry_lines(1, begin, begin + 1)))
    assert verdict["cause"] == "unobserved"
    assert said in verdict["why"]


def test_an_app_that_was_attached_to_but_never_hooked_was_not_watched(tmp_path):
    trace = Trace()
    trace.add(0, "process", phase="attached", pid=7, name="App", identifier=APP, role="app")
    trace.access(5, "metadata")
    said = why(tmp_path, ended(trace), entry_lines(1, 10, 12))
    assert f"No process of {APP} was fully watched: lightleak attached to one" in said


@pytest.mark.parametrize(("lost", "continued"), [(False, True), (True, False)])
def test_nothing_is_said_to_continue_over_lost_events(tmp_path, lost, continued):
    trace = watched()
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    trace.add(30, "accounting", phase="end", identifier=ident(1))
    if lost:
        trace.add(30.005, "lost", count=1, reason="x")
    trace.add(30.01, "accounting", phase="begin", identifier=ident(2))
    found = judge(tmp_path, ended(trace), entry_lines(1, 10.1, 30.1) + entry_lines(2, 30.2, 70)).to_dict()["entries"]
    assert (f"continues entry {ident(1)}" in found[1]["why"]) is continued


def test_the_accounting_of_the_very_first_event_counts(tmp_path):
    trace = Trace()
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    trace.ready(10.5)
    trace.add(10.6, "state", value="background")
    verdict = only(judge(tmp_path, ended(trace), entry_lines(1, 11, 12)))
    assert (verdict["cause"], verdict["evidence"], verdict["state"]) == ("query", ["1:1:1"], "unknown")


def test_facts_that_no_phone_confirmed_are_those_of_this_entry(tmp_path):
    """That another segment was blind does not take the identifier's premise away."""
    trace = watched()
    trace.add(100, "process", phase="exited", reason="done")
    trace.ready(110, segment=2, accounting=False)
    assert "assumptions 1, 2, 5 and 7" in why(tmp_path, trace, entry_lines(1, 50, 51))
    (tmp_path / "s.lightleak").unlink()
    assert "assumptions 1," not in why(
        tmp_path, trace, entry_lines(1, 50, 51), facts=Assumptions(identifier_is_shown=True)
    )


def test_a_process_prolonged_what_it_prolonged_itself(tmp_path):
    trace = watched()
    trace.ready(0, segment=2, role="assetsd", identifier=None, name="assetsd")
    for segment, phases in ((1, ("begin", "touch", "touch", "end")), (2, ("touch", "touch", "touch"))):
        for n, phase in enumerate(phases):
            trace.add(10 + n, "accounting", segment=segment, phase=phase, identifier=ident(1))
    trace.add(500, "mark", segment=2, label="end")
    assert ", and extended it 2 times: the app queried" in why(tmp_path, ended(trace), entry_lines(1, 10.1, 72))


@pytest.mark.parametrize(("until", "names"), [(500, []), (200, [f"the extension {SHARE}", "assetsd"])])
def test_who_was_not_watched_for_some_entry_is_named_for_all_of_them(tmp_path, until, names):
    trace = watched()
    trace.ready(0, segment=2, role="extension", identifier=SHARE)
    trace.ready(0, segment=3, role="assetsd", identifier=None, name="assetsd")
    for segment in (2, 3):
        trace.add(until, "process", segment=segment, phase="exited", reason="done")
    found = judge(tmp_path, ended(trace), entry_lines(1, 100, 101), entry_lines(2, 300, 301), apps=[APP])
    assert list(map(process, found.apps[0].explainer.visibility.unwatched())) == names


def test_a_probe_of_writes_leaves_no_depth_open(tmp_path):
    trace = watched()
    symbol = "+[PHAssetChangeRequest creationRequestForAssetFromImage:]"
    trace.add(0.2, "hook", probe="asset-change-request.creation", symbol=symbol, status="skipped", reason="x")
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    assert symbol not in why(tmp_path, ended(trace), entry_lines(1, 10.1, 12))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("data", "in the 3 s before the start, not counting sleep (1 act, the deepest image data) does not explain"),
        (
            "notification",
            "One change notification (8.0 h before it, asleep in between) near the start, matched by time",
        ),
        ("open", "(-[PHImageManager open], 8.0 h before it, asleep in between) is near the start, matched by time"),
    ],
)
def test_what_came_before_a_long_sleep_is_not_put_within_seconds_of_the_entry(tmp_path, act, said):
    """It is near, for sleep does not count; but the sentence put it into the 3 s before the start, and it was 8 h earlier."""
    trace = Trace()
    trace.ready(0)
    if act == "notification":
        trace.add(10, "notification", change="c", type="change")
    else:
        trace.access(10, act)
    trace.add(11, "process", phase="suspended", role="app", identifier=APP, pid=101)
    trace.add(28_810, "process", phase="resumed", role="app", identifier=APP, pid=101)
    trace.add(30_000, "mark", label="end")
    assert said in only(judge(tmp_path, trace, entry_lines(1, 28_810.6, 28_812)))["why"]
