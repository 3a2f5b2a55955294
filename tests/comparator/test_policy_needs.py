"""What rules need, where the property test of hidden breaches does not reach: figures, shares, tolerances, and what is said."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

import lightleak
from comparator.hiding import RULES, cut_the_tail, end_the_report, open_a_hole, remove_one_hook
from lightleak.comparator import compare
from lightleak.comparator.policy.check import check, read_policy
from lightleak.comparator.policy.needs import Needs, needs_of
from lightleak.comparator.policy.schema import RULES as KINDS
from lightleak.comparator.policy.schema import (
    Ceiling,
    EnoughWatched,
    EntriesOfCause,
    MakersClaim,
    NoObserver,
    NoRead,
    NoUnreported,
    QuietCallbacks,
    RuleOptions,
)
from lightleak.views.export import junit
from lightleak.views.terminal import check as view
from policy_stories import AROUND, attach, rule, watched
from report.stored import write
from report.written import moment
from stories import APP, NS, T0_S, Trace, entry_lines, judge

EACH: list[Any] = [
    NoRead(night=True), NoObserver(), QuietCallbacks(), EntriesOfCause(cause="query"), NoUnreported(),
    MakersClaim(claim="background-only-on-change"), Ceiling(measure="bytes", per_hour=1), EnoughWatched(hours=1),
]  # fmt: skip


def set_clock(trace: Trace, from_s: float, by_s: float) -> None:
    """Set the wall clock of what was stamped from a moment on."""
    for event in trace.events:
        if event["mono_ns"] >= (from_s + 1e6) * NS:
            event["wall_ns"] += round(by_s * NS)


@pytest.mark.parametrize("options", EACH, ids=lambda one: one.__struct_config__.tag)
def test_each_rule_names_what_it_needs(options: RuleOptions) -> None:
    needs = needs_of(options)  # type: ignore[arg-type]
    assert isinstance(needs, Needs)
    assert needs != Needs() or isinstance(options, EnoughWatched)
    assert {type(one) for one in EACH} == set(KINDS.values())


def test_an_hour_on_a_clock_that_was_set_is_not_an_hour(tmp_path: Path) -> None:
    """The clock is set ahead by a day two minutes into the recording: no day was watched, and no rate is thinner for it."""
    trace = watched()
    for n in range(100):
        trace.access(10 + n, "data")
    trace.add(115, "mark", label="end")
    set_clock(trace, 60, 86_400)
    lines = entry_lines(103, 90_000, 90_001, app="org.other")
    for text, result in (
        ('rule = "coverage"\nhours = 1', "broken"),
        ('rule = "ceiling"\nmeasure = "reads"\nper_hour = 1000', "broken"),
    ):
        policy = read_policy(f"version = 1\n[[rule]]\n{text}")
        found = judge(tmp_path, trace, AROUND, lines, apps=[APP])
        assert [one.result for one in check(found, policy).outcomes] == [result]
        (tmp_path / "s.lightleak").unlink()


@pytest.mark.parametrize(
    ("step_s", "away_s", "result"), [(86_400, 20, "held"), (-86_400, 20, "held"), (-60, 90, "not-proven")]
)
def test_for_how_long_a_probe_was_missing_goes_by_no_wall_clock(
    tmp_path: Path, step_s: float, away_s: float, result: str
) -> None:
    """The clock was set while a hook was away: 20 s without it were a day, and 90 s could be 30."""
    trace = watched()
    hook = {"probe": "image-manager.request-image-for-asset", "symbol": "-[PHImageManager requestImageForAsset:]"}
    trace.add(100, "hook", **hook, status="removed")
    trace.add(109, "mark", label="before")
    trace.add(111, "mark", label="after")
    trace.add(100 + away_s, "hook", **hook, status="installed")
    trace.add(3600, "mark", label="end")
    set_clock(trace, 110, step_s)
    policy = read_policy('version = 1\ncovered_share = 0.98\n[[rule]]\nrule = "no-read"')
    (found,) = check(judge(tmp_path, trace, AROUND, apps=[APP]), policy).outcomes
    assert found.result == result, found.why


def test_no_covered_time_proves_no_rate(tmp_path: Path) -> None:
    """A hundred reads in no time at all are no zero reads an hour."""
    trace = watched()
    for _ in range(100):
        trace.access(0, "data")
    found = rule(tmp_path, trace, 'rule = "ceiling"\nmeasure = "reads"\nper_hour = 10', until=0)
    assert (found["result"], "the app was watched for no time" in found["why"]) == ("not-proven", True)


def test_what_a_store_without_zones_has_at_night_is_not_known(tmp_path: Path) -> None:
    """The report of an on-device store has no local time: of its entries, none was seen to be outside of the night."""
    entries = [
        moment(n, T0_S * 1000 - 1_599_998_400_000 + ms, 5000, app=APP) for n, ms in ((1, 100_000), (2, 3_500_000))
    ]
    report = lightleak.read_report(write(tmp_path / "image", entries))
    trace = watched()
    trace.add(3600, "mark", label="end")
    policy = read_policy('version = 1\n[[rule]]\nrule = "entries"\ncause = "query"\nnight = true')
    (found,) = check(compare([trace.save(tmp_path)], report, apps=[APP]), policy).outcomes
    assert (found.result, "times of an on-device store have no time zone" in found.why) == ("not-proven", True)


def test_what_was_not_measured_is_below_no_ceiling(tmp_path: Path) -> None:
    """The app read data, and no event has bytes: 0 of them were not seen."""
    trace = watched()
    trace.access(100, "data")
    found = rule(tmp_path, trace, 'rule = "ceiling"\nmeasure = "bytes"\nper_hour = 9')
    assert (found["result"], "the app read, and bytes were not measured" in found["why"]) == ("not-proven", True)


def test_what_one_process_was_seen_to_do_is_seen_although_another_lost_events(tmp_path: Path) -> None:
    """A loss in one process of the app hides no read of another."""
    trace = watched()
    trace.add(90, "mark", label="before")
    trace.add(95, "lost", count=1, reason="queue full")
    trace.add(110, "mark", label="after")
    attach(trace, 50, 2)
    seq = trace.access(100, "data", 2)
    found = rule(tmp_path, trace, 'rule = "no-unreported"', top="covered_share = 0.9")
    assert (found["result"], found["evidence"]) == ("broken", [f"1:2:{seq}"])


def test_a_permission_that_a_framework_read_for_itself_hides_nothing(tmp_path: Path) -> None:
    """An internal answer counts nowhere: the app is not denied by it."""
    trace = watched()
    trace.add(5, "authorization", symbol="s", action="read", level="readWrite", status="not-determined", internal=True)
    trace.access(100, "metadata")
    assert rule(tmp_path, trace, 'rule = "no-unreported"')["result"] == "broken"


def test_reads_in_a_hole_of_the_report_break_nothing() -> None:
    """A report without a record for hours says nothing about them: not that they were left out."""
    world = RULES["no-unreported"](1000, True)
    open_a_hole(world)
    found = world.outcome()
    assert (found.result, "1 read at times that the report does not span" in found.why) == ("not-proven", True)


@pytest.mark.parametrize(("missing_s", "result"), [(70, "held"), (80, "not-proven")])
@pytest.mark.parametrize("end", ["first", "last"])
def test_a_report_may_begin_a_little_later_and_end_a_little_earlier(missing_s: float, result: str, end: str) -> None:
    world = RULES["entries unexplained"](1000, False)
    world.trace.events = [one for one in world.trace.events if one["kind"] != "observer"]
    for n, one in enumerate(world.trace.events, 1):
        one["seq"] = n
    world.lines = []
    world.around = (missing_s, 1700.0, 3610.0) if end == "first" else (-10.0, 1700.0, 3599 - missing_s)
    assert world.outcome().result == result


def test_but_not_where_the_app_acted_then() -> None:
    world = RULES["entries unexplained"](3580, False)
    world.trace.access(3590, "metadata")
    world.trace.events.sort(key=lambda one: one["mono_ns"])
    for n, one in enumerate(world.trace.events, 1):
        one["seq"] = n
    world.around = (-10.0, 1700.0, 3570.0)
    found = world.outcome()
    assert (found.result, "1 act at times that the report does not span" in found.why) == ("not-proven", True)


@pytest.mark.parametrize(("share", "result"), [(0.9, "not-proven"), (0.1, "held")])
def test_the_share_says_how_much_the_report_must_span(share: float, result: str) -> None:
    world = RULES["entries unexplained"](1000, True)
    end_the_report(world)
    world.top = f"covered_share = {share}"
    assert world.outcome().result == result


@pytest.mark.parametrize(("share", "result"), [(1.0, "not-proven"), (0.99, "held")])
def test_the_share_says_how_long_a_probe_may_be_missing(share: float, result: str) -> None:
    world = RULES["no-read"](1000, True)
    remove_one_hook(world)
    world.top = f"covered_share = {share}"
    assert world.outcome().result == result


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_no_share_excuses_a_file_that_was_cut(share: float) -> None:
    """How much was lost with the tail is not known, so it is no part of a share."""
    world = RULES["no-read"](1000, True)
    cut_the_tail(world)
    world.top = f"covered_share = {share}"
    assert world.outcome().result == "not-proven"


@pytest.mark.parametrize("hook", ["removed", "late"])
def test_coverage_by_probes_is_broken_where_one_was_missing_for_a_time(tmp_path: Path, hook: str) -> None:
    """All hooks out from 10 s to 3,990 s is not 1.1 h of watching with them."""
    trace = watched()
    if hook == "late":
        trace.add(100, "hook", probe="new.probe", symbol="-[New probe]", status="installed", reason=None)
    else:
        trace.add(10, "hook", probe="new.probe", symbol="-[New probe]", status="installed", reason=None)
        trace.add(20, "hook", probe="new.probe", symbol="-[New probe]", status="removed", reason=None)
        trace.add(30, "hook", probe="new.probe", symbol="-[New probe]", status="installed", reason=None)
    found = rule(tmp_path, trace, 'rule = "coverage"\nprobes = ["new.probe"]')
    assert (found["result"], "not installed all the time in 1 of 1 segment" in found["why"]) == ("broken", True)


@pytest.mark.parametrize("zone", ["GMT+0200", "+02:00", "UTC+2", "Africa/Cairo"])
def test_a_zone_by_its_offset_is_known(tmp_path: Path, zone: str) -> None:
    found = rule(tmp_path, watched(zone=zone), 'rule = "no-read"\ndepth = "metadata"\nnight = true')
    assert found["result"] == "held"


def test_a_zone_of_another_session_matters_too(tmp_path: Path) -> None:
    """Each session in which the app was watched needs a zone."""
    trace = watched(zone="GMT-5 or so")
    found = rule(tmp_path, trace, 'rule = "no-read"\nnight = true')
    assert (found["result"], "or name one that is not known" in found["why"]) == ("not-proven", True)


def test_all_that_is_missing_is_said_everywhere() -> None:
    """The table, JSON and JUnit have every reason."""
    world = RULES["no-read at night"](1000, True)
    remove_one_hook(world)
    world.trace.header["device"]["time_zone"] = None
    outcome = world.outcome()
    assert all(part in outcome.why for part in ("not hooked for", "do not name the device's time zone"))
    checked: dict[str, Any] = {
        "policy": {"file": "p.toml", "not_proven": "fail"},
        "counts": {"held": 0, "broken": 0, "not-proven": 1},
        "rules": [outcome.to_dict()],
    }
    assert json.loads(json.dumps(checked))["rules"][0]["why"] == outcome.why
    (suite,) = ET.fromstring(junit.render(checked))
    assert suite[0][0].get("message") == outcome.why
    console = Console(width=400, record=True, file=StringIO())
    for part in view._outcome(outcome):
        console.print(part)
    assert outcome.why in console.export_text()
