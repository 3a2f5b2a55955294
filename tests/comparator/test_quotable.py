"""What may be written claims no more than the verdicts and the recording carry, and what limits it is named."""

from __future__ import annotations

from typing import Any

import pytest

from lightleak.comparator import Comparison
from lightleak.comparator.explain import quotes as q
from lightleak.comparator.explain.quotes_english import share, words
from lightleak.comparator.quotable import Quotes, quotes_of
from page.pages import SEASON_NIGHT, dispute, season
from stories import APP, Trace, entry_lines, ident, judge


def quotes(comparison: Comparison, share: float = 0.4, app: str = APP) -> Quotes:
    found = next(one for one in comparison.apps if one.app == app)
    verdicts = [one for one in comparison.verdicts() if one.app == app]
    return quotes_of(comparison, found, verdicts, share=share)


def of(kind: type[Any], among: list[Any]) -> list[Any]:
    return [one for one in among if isinstance(one, kind)]


def reading(
    state: str, depth: str = "data", *, zone: str | None = "Asia/Shanghai", at: float = 100
) -> tuple[Trace, list[str]]:
    """Return a trace of an app that reads once in a state, and the report's lines about it."""
    trace = Trace(zone=zone)
    trace.ready(0)
    trace.add(1, "state", value=state)
    trace.access(at, "metadata")
    trace.add(at + 0.02, "accounting", phase="begin", identifier=ident(1), service="photos")
    trace.access(at + 0.1, depth)
    trace.add(at + 200, "mark", label="end")
    return trace, [entry_lines(1, at + 0.05, at + 61)]


def test_the_joint_figure_is_written_and_not_two_sums(tmp_path):
    """Someone multiplied three sums of the page. The joint figure is the story, with what set it off and the share that was watched."""
    may, may_not = quotes(season(tmp_path))
    deep = [one for one in of(q.EntriesWithReads, may) if one.state == "background"]
    assert [(one.depth, one.count, one.of, one.night, one.share) for one in deep] == [
        ("data", 28, 1500, len(SEASON_NIGHT), 0.4)
    ]
    (off,) = of(q.SetOffWithReads, may)
    assert sum(one.count for one in off.set_off) == off.count == 28
    assert {(one.kind, one.by): one.count for one in off.set_off} == {
        ("change", "link"): 25, ("wake", "link"): 1, ("none", "none"): 2,
    }  # fmt: skip
    assert "watched during 40% of the report’s time" in words(deep[0])
    assert of(q.OnlyThese, may_not)


def test_a_read_under_the_entry_for_another_reason_is_not_hidden(tmp_path):
    """An entry that a notification set off was quoted, although a timer read under it too."""
    trace, lines = reading("background")
    trace.access(120, "data")
    may, _ = quotes(judge(tmp_path, trace, *lines))
    (off,) = of(q.SetOffWithReads, may)
    assert [(one.kind, one.count) for one in off.set_off] == [("none", 1)]
    assert off.otherwise == 0
    trace, lines = reading("background")
    (second := tmp_path / "second").mkdir()
    touch = trace.add(119, "input", type="touch")
    trace.access(120, "data", cause=touch)
    (off,) = of(q.SetOffWithReads, quotes(judge(second, trace, *lines)).may)
    assert off.otherwise == 1
    assert "under 1 of them the app also queried or read for another or an unknown reason" in words(off)


def test_reads_are_counted_in_the_recording_too(tmp_path):
    trace, lines = reading("background")
    may, _ = quotes(judge(tmp_path, trace, *lines))
    (found,) = of(q.ReadsInBackground, may)
    assert (found.depth, found.count, found.night) == ("data", 1, 0)
    assert not of(q.NoReadInBackground, may)


def test_night_is_not_written_where_the_device_has_no_zone(tmp_path):
    trace, lines = reading("background", zone=None)
    may, _ = quotes(judge(tmp_path, trace, *lines))
    (found,) = of(q.ReadsInBackground, may)
    assert found.night is None
    assert "midnight" not in words(found)


@pytest.mark.parametrize("state", ["background", "unknown"])
def test_no_read_in_the_background_is_written_only_where_each_read_is_known_to_be_elsewhere(tmp_path, state):
    trace, lines = reading(state)
    may, _ = quotes(judge(tmp_path, trace, *lines))
    assert not of(q.NoReadInBackground, may)


def test_no_read_in_the_background_names_the_share_and_the_probes_that_were_missing(tmp_path):
    trace, lines = reading("active")
    trace.add(2, "hook", probe="image-data", symbol="-[PHImageManager requestImageData]", status="skipped", reason="x")
    may, may_not = quotes(judge(tmp_path, trace, *lines))
    (found,) = of(q.NoReadInBackground, may)
    assert (found.share, found.missing) == (0.4, 1)
    assert of(q.NothingElse, may_not) == [q.NothingElse(1)]


def test_an_app_that_was_never_watched_is_written_nothing_of_but_what_the_report_lists(tmp_path):
    comparison = judge(tmp_path, Trace(), entry_lines(1, 10, 70))
    may, may_not = quotes(comparison, 0.0)
    assert [one.__class__ for one in may] == [q.ReportLists]
    assert may_not == [q.WhyNeverWatched(APP, 1)]


def test_reads_of_pixels_under_no_entry_are_expected_and_queries_are_not(tmp_path):
    """A list of reads that the report does not show was taken for a scandal."""
    trace, lines = reading("active")
    trace.access(400, "data")
    trace.access(600, "metadata")
    trace.access(601, "data")
    trace.add(900, "mark", label="end")
    may, may_not = quotes(judge(tmp_path, trace, *lines, entry_lines(2, 800, 860)))
    assert of(q.RunsExpected, may) == [q.RunsExpected(APP, 1, 5, None)]
    assert of(q.RunsWithQueries, may) == [q.RunsWithQueries(APP, 1)]
    assert of(q.ReportHides, may_not) == [q.ReportHides(APP, 2)]
    assert "no sign of evasion" in words(of(q.RunsExpected, may)[0])


def test_matches_by_time_are_likely_and_no_sentence_calls_them_certain(tmp_path):
    trace = Trace()
    trace.ready(0, accounting=False)
    trace.add(1, "state", value="background")
    trace.access(100, "metadata")
    trace.add(300, "mark", label="end")
    may, may_not = quotes(judge(tmp_path, trace, entry_lines(1, 100.1, 161)))
    (matched,) = of(q.Matched, may)
    assert (matched.identifier, matched.time) == (0, 1)
    assert "likely and not certain" in words(matched)
    assert of(q.CertainByTime, may_not) == [q.CertainByTime(1, 3.0)]


def test_the_claims_answer_is_the_terminals(tmp_path):
    may, _ = quotes(dispute(tmp_path), app="com.example.scanner")
    (found,) = of(q.ClaimAnswered, may)
    answer = "The claim does not hold: 1 of 18 entries in the background is linked to something else."
    assert answer in words(found)


def test_the_claims_answer_has_its_limits(tmp_path):
    """“The claim holds” was quoted alone: without how long the app was watched, and without the entries that were not counted."""
    trace, lines = reading("unknown")
    watcher = {"class": "Watcher", "id": "0x1", "image": "App"}
    trace.add(300, "state", value="background")
    seen = trace.add(400, "notification", observer=watcher, change="c", type="change")
    trace.access(400.1, "metadata", cause=seen)
    trace.add(400.12, "accounting", phase="begin", identifier=ident(2), service="photos")
    trace.add(700, "mark", label="end")
    may, _ = quotes(judge(tmp_path, trace, *lines, entry_lines(2, 400.15, 461)))
    (found,) = of(q.ClaimAnswered, may)
    assert (found.entries, found.elsewhere) == (1, 1)
    assert words(found).endswith(
        "It was watched during 40% of the report’s time; 1 entry in several states, or in an unknown one, is not counted."
    )


def test_a_read_shortly_before_an_entry_is_not_quoted_as_during_it(tmp_path):
    """An entry's depth takes in the lag before its start, and the sentence said “during”."""
    trace = Trace()
    trace.ready(0, accounting=False)
    trace.add(1, "state", value="background")
    trace.access(99, "metadata")
    trace.access(99.1, "data")
    trace.add(300, "mark", label="end")
    may, _ = quotes(judge(tmp_path, trace, entry_lines(1, 100.1, 161)))
    (found,) = of(q.EntriesWithReads, may)
    assert words(found).startswith(
        f"During the one photos entry of {APP}, or up to 3 s before, the app was seen to request"
    )


def test_a_recording_of_something_else_than_a_phone_says_so(tmp_path):
    trace, lines = reading("active")
    trace.header["device"]["os"] = "Debian GNU/Linux"
    _, may_not = quotes(judge(tmp_path, trace, *lines))
    assert of(q.RealPhone, may_not) == [q.RealPhone("Debian GNU/Linux")]


@pytest.mark.parametrize(("kind", "device"), [("virtual", "a virtual device"), ("simulator", "a simulator")])
def test_a_virtual_device_is_never_called_a_phone(tmp_path, kind, device):
    trace, lines = reading("active")
    trace.header["device"] |= {"model": "iPhone99,11", "os": "iOS", "kind": kind}
    comparison = judge(tmp_path, trace, *lines)
    may, may_not = quotes(comparison)
    assert of(q.RealPhone, may_not) == [q.RealPhone("iOS", kind)]
    assert f"the recording was made on {device} (iOS)" in words(of(q.RealPhone, may_not)[0])
    allowed = [one for one in (*may, *may_not) if not isinstance(one, q.RealPhone | q.PhoneConfirmed)]
    assert allowed
    for quote in allowed:
        assert "hone" not in words(quote).replace("on a phone", ""), quote

    assert comparison.to_dict()["sessions"][0]["device"] == {
        "model": "iPhone99,11", "os": "iOS", "os_version": trace.header["device"].get("os_version"), "kind": kind,
    }  # fmt: skip
    assert [notice for notice in comparison.notices if f"recorded on {device}, which is not a phone" in notice]


@pytest.mark.parametrize("kind", [None, "physical", "a phone", 7, ["virtual"]])
def test_what_is_not_known_to_be_virtual_is_not_called_so(tmp_path, kind):
    trace, lines = reading("active")
    trace.header["device"] |= {"os": "iOS", "kind": kind}
    comparison = judge(tmp_path, trace, *lines)
    assert not of(q.RealPhone, quotes(comparison)[1])
    assert comparison.to_dict()["sessions"][0]["device"]["kind"] == ("physical" if kind == "physical" else None)
    assert not [notice for notice in comparison.notices if "not a phone" in notice]


@pytest.mark.parametrize(
    ("part", "written"), [(1.0, "100%"), (0.99999, "99.9%"), (0.0, "0%"), (0.0004, "less than 0.1%"), (0.4, "40%")]
)
def test_only_a_whole_is_a_hundred_percent(part, written):
    assert share(part) == written


def test_no_read_in_the_background_is_not_written_where_an_access_has_an_unknown_depth(tmp_path):
    """It can be a request for a photo: "was not seen to request a photo" was written next to it."""
    trace, lines = reading("active")
    trace.add(400, "state", value="background")
    trace.access(401, "original")
    trace.add(500, "mark", label="end")
    may, _ = quotes(judge(tmp_path, trace, *lines))
    assert not of(q.NoReadInBackground, may)


@pytest.mark.parametrize("state", ["background", "active"])
def test_an_upload_alone_is_not_quoted_as_a_request_for_a_photo(tmp_path, state):
    """ "During 1 of 1 a request for photos or thumbnails was seen" was written of an app that only asked iOS to upload."""
    trace, lines = reading(state, "upload")
    trace.access(150, "upload")
    trace.access(400, "upload")
    may, may_not = quotes(judge(tmp_path, trace, *lines, entry_lines(2, 900, 901)))
    for one in of(q.SetOffWithReads, may) + of(q.EntryIsRead, may_not):
        assert "upload" in words(one)
    deep = of(q.EntriesWithReads, may) + of(q.ReadsInBackground, may)
    assert deep
    assert all("ask iOS to upload photos (no byte of an upload passes through the app)" in words(one) for one in deep)
    assert not of(q.RunsExpected, may)
    assert not of(q.RunsWithQueries, may)
    trace, lines = reading(state)
    (read := tmp_path / "read").mkdir()
    may, may_not = quotes(judge(read, trace, *lines))
    assert not any("upload" in words(one) for one in of(q.SetOffWithReads, may) + of(q.EntryIsRead, may_not))
