"""What must not matter to a verdict: the order of lines, the cut of files, other apps, the clock's origin, the zone."""

from __future__ import annotations

import datetime as dt
import functools
import json
import random
import re
import zoneinfo
from collections import Counter
from collections.abc import Callable
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator import Plan, Week, simulate, verdicts

SEEDS = st.integers(0, 5)
FEW = settings(max_examples=6, deadline=None)
TIME = re.compile(r"(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d\.\d{3}")
MS = 1_000_000


@functools.cache
def week_of(seed: int, prefix: str = "") -> Week:
    return simulate(
        Plan(seed, accounting=seed % 2 == 0, rough=seed % 3 == 0 and not prefix, days=1.0, origins=seed % 4 != 3)
    )


@functools.cache
def plain(seed: int) -> list[dict[str, Any]]:
    week = week_of(seed)
    found = verdicts(week.header, [week.events], week.report)
    assert len(found) > 10
    return found


def timeless(found: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Leave out the times that are written, which may well change."""
    return {
        verdict["identifier"]: {
            **verdict,
            "begin": None,
            "end": None,
            "why": TIME.sub("then", verdict["why"]),
            "clauses": [{**clause, "at": None, "other_day": None} for clause in verdict["clauses"]],
        }
        for verdict in found
    }


def restamped(report: list[str], moved: Callable[[dt.datetime], dt.datetime]) -> list[str]:
    """Write a report's moments again, moved."""
    rows = [json.loads(line) for line in report]
    for row in rows:
        row["timeStamp"] = moved(dt.datetime.fromisoformat(row["timeStamp"])).isoformat(timespec="milliseconds")
    return [json.dumps(row) for row in rows]


@FEW
@given(SEEDS, st.integers(0, 10**6))
def test_the_order_of_lines_does_not_matter(seed, order):
    week = week_of(seed)
    events, report = list(week.events), list(week.report)
    random.Random(order).shuffle(events)
    random.Random(order + 1).shuffle(report)
    assert verdicts(week.header, [events], report) == plain(seed)


@FEW
@given(SEEDS, st.integers(2, 5), st.integers(0, 10**6), st.booleans())
def test_how_a_session_is_cut_into_files_does_not_matter(seed, count, order, scattered):
    week, chance = week_of(seed), random.Random(order)
    if scattered:
        place = [chance.randrange(count) for _ in week.events]
    else:
        cuts = sorted(chance.randrange(len(week.events)) for _ in range(count - 1))
        place = [sum(cut <= n for cut in cuts) for n in range(len(week.events))]
    files = [[event for event, at in zip(week.events, place, strict=True) if at == n] for n in range(count)]
    chance.shuffle(files)
    assert verdicts(week.header, [file for file in files if file], week.report) == plain(seed)


@FEW
@given(SEEDS, st.integers(100, 110))
def test_other_apps_do_not_matter(seed, other):
    week, guest = week_of(seed), renamed(week_of(other, "guest"))
    most = max(event["segment"] for event in week.events)
    guests = [{**event, "segment": event["segment"] + most} for event in guest.events]
    span = [dt.datetime.fromisoformat(json.loads(line)["timeStamp"]) for line in (week.report[0], week.report[-1])]
    lines = [
        line for line in guest.report if span[0] <= dt.datetime.fromisoformat(json.loads(line)["timeStamp"]) <= span[1]
    ]
    found = verdicts(week.header, [guests, week.events], [*lines, *week.report])
    own = {verdict["app"] for verdict in plain(seed)}
    assert [verdict for verdict in found if verdict["app"] in own] == plain(seed)


def renamed(week: Week) -> Week:
    """Give a week's apps other names, and leave out assetsd, which is everybody's; move it to no other time."""

    def rename(text: str) -> str:
        for name in ("org.example.album", "com.example.chat", "com.apple.", "com.tencent.", "org.example.other"):
            text = text.replace(name, "net.guest." + name[-4:])
        return text

    daemons = {event["segment"] for event in week.events if event.get("role") == "assetsd"}
    events = [json.loads(rename(json.dumps(event))) for event in week.events if event["segment"] not in daemons]
    return Week(week.plan, week.zone, week.header, events, list(map(rename, week.report)), {})


@FEW
@given(SEEDS, st.integers(0, 10**6))
@example(3, 1)
def test_unrelated_origins_change_no_linked_trigger(seed, order):
    week, chance = week_of(seed), random.Random(order)
    numbers: dict[tuple[int, int], int] = {}
    added: Counter[int] = Counter()
    asleep: set[int] = set()
    events = []
    for event in sorted(week.events, key=lambda event: (event["segment"], event["seq"])):
        segment = event["segment"]
        seq = numbers[segment, event["seq"]] = event["seq"] + added[segment]
        links = {key: numbers[segment, event[key]] for key in ("cause", "of") if event.get(key)}
        events.append({**event, "seq": seq, **links})
        if event["kind"] == "process":
            (asleep.add if event["phase"] == "suspended" else asleep.discard)(segment)
        # Not in a sleep: what only a running process makes ends it, and so moves what is near.
        if chance.random() < 0.3 and segment not in asleep:
            added[segment] += 1
            what = (
                {"kind": "input", "type": "touch"}
                if chance.random() < 0.5
                else {"kind": "notification", "change": "0x7"}
            )
            events.append({**{key: event[key] for key in ("segment", "wall_ns", "mono_ns")}, **what, "seq": seq + 1})
    linked = {verdict["identifier"]: verdict["trigger"] for verdict in plain(seed)}
    for verdict in verdicts(week.header, [events], week.report):
        before = linked[verdict["identifier"]]
        if before is not None and before["by"] == "link":
            _, segment, seq = map(int, before["event"].split(":"))
            assert verdict["trigger"] == {**before, "event": f"1:{segment}:{numbers[segment, seq]}"}


@FEW
@given(SEEDS, st.integers(-(10**11), 10**10))
@example(0, -159_399_727)  # across a midnight, which adds a date to a time
def test_the_origin_of_the_clocks_does_not_matter(seed, shift_ms):
    week = week_of(seed)
    events = [
        {**event, "wall_ns": event["wall_ns"] + shift_ms * MS, "mono_ns": event["mono_ns"] + abs(shift_ms)}
        for event in week.events
    ]
    report = restamped(week.report, lambda moment: moment.astimezone(dt.UTC) + dt.timedelta(milliseconds=shift_ms))
    assert timeless(verdicts(week.header, [events], report)) == timeless(plain(seed))


@FEW
@given(SEEDS, st.sampled_from(["Asia/Kathmandu", "America/St_Johns", "Europe/Berlin", "Pacific/Apia"]))
def test_the_zone_of_the_report_does_not_matter(seed, zone):
    week = week_of(seed)
    report = restamped(week.report, lambda moment: moment.astimezone(zoneinfo.ZoneInfo(zone)))
    assert timeless(verdicts(week.header, [week.events], report)) == timeless(plain(seed))
