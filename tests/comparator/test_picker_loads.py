"""What an app loads of a person's choice is said, and is no step of the ladder, no cause, no read and none of the library's bytes."""

from __future__ import annotations

import re

import pytest

from lightleak.comparator.explain import clauses as c
from lightleak.costs import Costs
from lightleak.events import Event
from lightleak.views.live.event_text import sentence
from policy_stories import OBSERVER, rule, watched
from stories import APP, entry_lines, ident, judge, only

LOAD = "-[NSItemProvider loadDataRepresentationForTypeIdentifier:completionHandler:]"
SAID = "in that time the app also loaded {} what a person had chosen in a picker: within that choice, and outside the ladder"


def load(trace, at_s, segment=1, **keys):
    of = trace.access(at_s, "picker", segment, symbol=LOAD, detail={"type": "public.jpeg"}, asset="ab", **keys)
    trace.add(at_s + 0.1, "delivery", segment, of=of, bytes=5000, degraded=False, error=None, **keys)
    return of


def judged(tmp_path, trace, *lines, **options):
    trace.add(3600, "mark", label="end")
    return judge(tmp_path, trace, *lines, **options)


@pytest.mark.parametrize(("count", "words"), [(1, "once"), (3, "3 times")])
def test_an_entry_with_nothing_but_loads_has_no_depth_and_is_not_explained_by_them(tmp_path, count, words):
    trace = watched()
    for n in range(count):
        load(trace, 99 + n)
    verdict = only(judged(tmp_path, trace, entry_lines(1, 100, 170)))
    assert (verdict["cause"], verdict["depth"], verdict["evidence"], verdict["trigger"]) == (
        "unexplained",
        "none",
        [],
        None,
    )
    assert SAID.format(words) in verdict["why"]
    assert c.PickerLoads(count) in verdict["clauses"]
    assert "; the app loaded what was chosen" in verdict["brief"]
    assert "no access" not in verdict["brief"]


def test_the_picker_wrote_the_entry_and_the_app_loaded_the_choice(tmp_path):
    trace = watched()
    load(trace, 100.5)
    comparison = judged(tmp_path, trace, entry_lines(1, 100, 101, outOfProcess=True))
    verdict = only(comparison)
    assert (verdict["cause"], verdict["depth"]) == ("picker", "none")
    assert verdict["brief"] == (
        "The person chose something in the photo picker, app in the foreground; the app loaded what was chosen."
    )
    assert comparison.to_dict()["unreported"] == []


def test_a_read_with_a_load_keeps_its_depth_and_both_are_said(tmp_path):
    trace = watched()
    trace.access(100, "metadata")
    load(trace, 101)
    trace.access(102, "thumbnail")
    verdict = only(judged(tmp_path, trace, entry_lines(1, 100.1, 170)))
    assert (verdict["cause"], verdict["depth"]) == ("open", "thumbnail")
    assert SAID.format("once") in verdict["why"]
    assert "chosen" not in verdict["brief"]


def test_a_query_with_a_load_is_not_said_to_have_requested_no_photo(tmp_path):
    trace = watched()
    trace.access(100, "metadata")
    trace.add(100.01, "accounting", phase="begin", identifier=ident(1), service="photos")
    load(trace, 101)
    verdict = only(judged(tmp_path, trace, entry_lines(1, 100.02, 170)))
    assert (verdict["cause"], verdict["depth"]) == ("query", "metadata")
    assert verdict["brief"].startswith("Queried the photo library in the foreground; the app loaded what was chosen;")


def test_only_the_apps_own_loads_under_the_entry_count(tmp_path):
    trace = watched()
    trace.ready(0, 2, identifier="org.other")
    load(trace, 101, 2)
    load(trace, 102, internal=True)
    load(trace, 90)
    load(trace, 200)
    trace.access(103, "picker", symbol="-[PHPickerViewController initWithConfiguration:]")
    verdict = only(judged(tmp_path, trace, entry_lines(1, 100, 170), apps=[APP]))
    assert "chosen" not in verdict["why"]


def test_bytes_of_a_choice_are_not_the_librarys(tmp_path):
    trace = watched()
    load(trace, 100)
    read = trace.access(101, "data")
    trace.add(101.1, "delivery", of=read, bytes=70, degraded=False, error=None)
    trace.add(
        102, "delivery", of=trace.access(102, "picker", symbol=LOAD), bytes=None, degraded=False, error=None, reason="x"
    )
    summary = judged(tmp_path, trace, entry_lines(1, 100, 170)).to_dict()["summary"][APP]
    assert (summary["bytes"], summary["by_depth"]) == (70, {"data": 1})


def test_a_load_in_a_callback_costs_the_observer_nothing(tmp_path):
    trace = watched()
    trace.add(50, "observer", action="registered", observer=OBSERVER, type="change")
    callback = trace.add(100, "notification", observer=OBSERVER, change="0x9", type="change", tid=7)
    trace.add(100.01, "return", of=callback, duration_ns=9, cpu_ns=1_000_000, tid=7)
    load(trace, 100.02, cause=callback, tid=8)
    costs = Costs()
    costs.feed([Event(event) for event in trace.events])
    shown = judged(tmp_path, trace, entry_lines(1, 200, 270)).to_dict()["summary"][APP]["observer_cost"]
    assert shown["bytes"] == 0
    assert costs.summary(APP)["bytes"] == 0


@pytest.mark.parametrize(
    "text",
    [
        'rule = "no-read"\ndepth = "metadata"',
        'rule = "quiet-callbacks"',
        'rule = "no-unreported"',
        'rule = "ceiling"\nmeasure = "reads"\nper_hour = 0',
        'rule = "ceiling"\nmeasure = "bytes"\nper_hour = 0',
    ],
)
@pytest.mark.parametrize(("reads", "result"), [(False, "held"), (True, "broken")])
def test_no_rule_about_reads_is_broken_by_a_load_or_excused_by_one(tmp_path, text, reads, result):
    trace = watched()
    trace.add(1, "hook", probe="photo-library-change-observer.photo-library-did-change",
              symbol="-[Gallery photoLibraryDidChange:]", status="installed", reason=None)  # fmt: skip
    trace.add(1, "observer", action="registered", observer=OBSERVER, type="change")
    callback = trace.add(100, "notification", observer=OBSERVER, change="0x9", type="change", tid=7)
    load(trace, 101, cause=callback)
    if reads:
        read = trace.access(102, "data", cause=callback)
        trace.add(102.1, "delivery", of=read, bytes=70, degraded=False, error=None)
    assert rule(tmp_path, trace, text)["result"] == result


def test_a_name_in_a_load_begins_no_line_of_its_own(tmp_path):
    trace = watched()
    trace.access(100, "picker", symbol="-[NSItemProvider load\nObject]", detail={"type": "a\nb"})
    assert not re.search(r"[\n\r]", sentence(Event(trace.events[-1])) or "")
