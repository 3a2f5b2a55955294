"""Briefs: short, without method names, and never more than the verdict says, whatever the combination."""

from __future__ import annotations

import re

import pytest

from lightleak.comparator.explain import brief as briefs
from lightleak.comparator.explain.assumptions import Assumptions
from page.statements import every_brief
from simulator import Plan, simulate, verdicts
from stories import Trace, entry_lines, ident, judge, only

READING = re.compile(r"\bread (thumbnails|photos)")


def test_every_combination_is_short_plain_and_no_more_than_was_seen():
    for one in every_brief():
        said = briefs.text(one)
        assert 20 < len(said) <= briefs.LONGEST, said
        assert said.endswith(".")
        assert said.isprintable()
        assert not set("[]@{}") & set(said), said
        assert not re.search(r":(?! )|\w+:\w", said), said
        assert bool(READING.search(said)) == (one.depth in ("thumbnail", "data")), said
        assert ("photos or videos" in said) == (one.depth == "data"), said
        if one.act in ("unexplained", "unobserved", "start-missing", "never-watched", "picker", "picker-unsure"):
            assert not re.search(r"certain \(|likely", said), said
        elif one.certainty != "none":
            assert ("certain (" in said) == (one.certainty == "certain"), said
            assert ("likely" in said) == (one.certainty == "likely"), said
            assert ("no better than chance" in said) == (one.certainty == "chance"), said
        assert ("background" in said) == (one.state == "background"), said
        assert ("foreground" in said or "state active" in said) == (one.state == "active"), said
        assert ("partly watched" in said) == (one.watched == "partly"), said


@pytest.mark.parametrize("accounting", [True, False])
def test_briefs_of_weeks_go_with_their_verdicts(accounting):
    week = simulate(Plan(1, accounting, True))
    for verdict in verdicts(week.header, [week.events], week.report):
        said = verdict["brief"]
        assert len(said) <= briefs.LONGEST
        assert bool(READING.search(said)) == (verdict["depth"] in ("thumbnail", "data"))
        assert ("certain (same identifier)" in said) == (verdict["match"] == "identifier")
        assert ("Unexplained" in said) == (verdict["cause"] == "unexplained")
        assert ("Cause unknown" in said) == (verdict["cause"] == "unobserved")
        assert ("photo picker" in said) == (verdict["cause"] == "picker")
        assert ("partly watched" in said) == ("partly-observed" in verdict["flags"])
        if verdict["match"] == "time":
            assert re.search(r"likely \(matched by time\)|ambiguous \(by time\)|no better than chance", said)


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
