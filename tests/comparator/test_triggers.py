"""What set an act off: links before time, nothing guessed from bad input, and what was not watched is said."""

from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import lightleak
from comparator.naive import LAG_NS, Segment, level
from comparator.test_against_the_contract import World
from lightleak.comparator import Comparison, compare
from lightleak.comparator.columns.event_columns import EventColumns
from lightleak.comparator.timeline.session_set import SessionSet
from lightleak.comparator.timeline.triggers import find_triggers
from lightleak.events import DEPTHS, TRIGGER_LINKS, TRIGGERS
from stories import APP, NS, Trace, entry_lines, ident, judge, only
from tracekit import HEADER, as_line, session

OBSERVER = {"class": "Watcher", "id": "0x1", "image": "App"}
END_S = 900
UNKNOWN = {"kind": "unknown", "by": "none", "event": None, "delay_ms": None, "what": None}


def watched(state: str = "background", **keys: Any) -> Trace:
    trace = Trace()
    trace.ready(0, **keys)
    trace.add(0.1, "state", value=state)
    return trace


def notifies(trace: Trace, at_s: float, **keys: Any) -> int:
    return trace.add(at_s, "notification", **{"observer": OBSERVER, "change": "0x2", "type": "change", **keys})


def queries(trace: Trace, at_s: float, n: int = 1, **keys: Any) -> int:
    """Query, with the accounting of the n-th entry."""
    query = trace.access(at_s, "metadata", **keys)
    trace.add(at_s + 0.01, "accounting", phase="begin", identifier=ident(n))
    return query


def verdict(folder, trace: Trace, *lines: str, **options: Any) -> dict[str, Any]:
    return json.loads(json.dumps(compared(folder, trace, *lines, **options)["entries"][0]))


def compared(folder, trace: Trace, *lines: str, **options: Any) -> dict[str, Any]:
    for segment in list(trace.seqs):
        trace.add(END_S, "mark", segment=segment, label="end")
    return judge(folder, trace, *(lines or (entry_lines(1, 10.1, 12),)), **{"apps": [APP], **options}).to_dict()


def why(folder, trace: Trace, *lines: str) -> str:
    return str(verdict(folder, trace, *lines)["why"])


# Links ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "keys", "trigger", "what"),
    [
        ("notification", {"observer": OBSERVER, "change": "0x2", "type": "change"}, "change", "Watcher"),
        ("notification", {"observer": OBSERVER, "type": "unavailable"}, "change", "Watcher"),
        ("input", {"type": "touch"}, "touch", None),
        ("state", {"value": "background", "reason": "silent-push"}, "wake", "silent-push"),
        ("state", {"value": "inactive", "reason": "launch"}, "launch", None),
        ("state", {"value": "inactive", "reason": None}, "activation", None),
    ],
)
def test_a_link_names_its_origin_however_long_ago(tmp_path, kind, keys, trigger, what):
    trace = watched()
    origin = trace.add(2, kind, **keys)
    trace.add(9.9, "input", type="touch")
    queries(trace, 10, cause=origin)
    assert verdict(tmp_path, trace)["trigger"] == {
        "kind": trigger, "by": "link", "event": f"1:1:{origin}", "delay_ms": 8000.0, "what": what
    }  # fmt: skip


@pytest.mark.parametrize(
    ("value", "state", "words"),
    [
        ("active", "active", "the return to the foreground (linked, 8.0 s before it)"),
        ("inactive", "inactive", "a change of the app's state (to inactive, linked, 8.0 s before it)"),
        ("background", "background", "a change of the app's state (to background, linked, 8.0 s before it)"),
        ("odd", "unknown", "a change of the app's state (linked, 8.0 s before it)"),
    ],
)
@pytest.mark.parametrize("key", ["cause", "resumed_by"])
def test_only_becoming_active_is_said_to_be_a_return_to_the_foreground(tmp_path, value, state, words, key):
    trace = watched()
    trace.add(1, "state", value="inactive", reason=None)
    origin = trace.add(2, "state", value=value, reason=None)
    queries(trace, 10, **{key: origin})
    found = verdict(tmp_path, trace)
    (clause,) = [one for one in found["clauses"] if one["code"] == {"cause": "set-off-by"}.get(key, "resumed-by")]
    assert (clause["kind"], clause["state"]) == ("activation", state)
    if key == "cause":
        assert f"was set off by {words}" in found["why"]
        assert f"set off by {words.split(' (')[0]} (linked)" in found["brief"]
    assert ("return to the foreground" in found["why"]) == (value == "active")
    assert f"value of {words.split(' (')[0]}" in found["why"] or key == "cause"


@pytest.mark.parametrize("said", [{"reason": "launch"}, {"resumed": True}])
def test_the_first_state_of_a_process_that_started_here_is_its_launch(tmp_path, said):
    trace = Trace()
    trace.ready(0, **({"reason": "launch"} if "reason" in said else {}))
    first = trace.add(0.1, "state", value="active")
    if "resumed" in said:  # What a spawned process says can come before the recorder lets it run on.
        trace.add(0.2, "process", phase="resumed", pid=7, name="App", identifier=APP, role="app")
    later = trace.add(5, "state", value="active")
    queries(trace, 10, cause=first)
    queries(trace, 20, 2, cause=later)
    found = compared(tmp_path, trace, entry_lines(1, 10.1, 12), entry_lines(2, 20.1, 22))["entries"]
    assert [one["trigger"]["kind"] for one in found] == ["launch", "activation"]


@pytest.mark.parametrize("missing", ["lost", "hole"])
def test_an_app_whose_falling_asleep_was_lost_did_not_start_here(tmp_path, missing):
    trace = Trace()
    trace.ready(0)
    if missing == "lost":
        trace.add(1, "lost", count=2, reason="full")
    trace.add(2, "process", skip=3 * (missing == "hole"), phase="resumed")
    first = trace.add(9.9, "state", value="active")
    queries(trace, 10, cause=first)
    assert verdict(tmp_path, trace)["trigger"]["kind"] == "activation"


def test_two_callbacks_at_once_on_two_threads_are_not_mixed(tmp_path):
    trace = watched()
    first = notifies(trace, 10, tid=1, observer={**OBSERVER, "class": "One"})
    second = notifies(trace, 10, tid=2, observer={**OBSERVER, "class": "Two"})
    lines = []
    for n in range(40):
        origin, thread = ((first, 1), (second, 2))[n * 7 % 5 % 2]
        queries(trace, 10.02 + n, n, cause=origin, tid=thread)
        lines.append((entry_lines(n, 10.1 + n, 10.2 + n), origin))
    found = compared(tmp_path, trace, *[line for line, _ in lines])["entries"]
    assert [one["trigger"]["event"] for one in found] == [f"1:1:{origin}" for _, origin in lines]
    assert {one["trigger"]["by"] for one in found} == {"link"}


ELSEWHERE = st.lists(
    st.tuples(st.sampled_from(["notification", "input", "state"]), st.integers(-20, 3000), st.integers(2, 4)),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(ELSEWHERE, st.integers(-(10**6), 10**6), st.integers(0, 10**9))
@example([("input", 995, 2), ("notification", 999, 3)], 0, 0)
def test_origins_elsewhere_and_the_clocks_change_no_linked_trigger(tmp_path_factory, others, wall_ms, mono_ns):
    def story(extra: list[tuple[str, int, int]], wall_ms: int, mono_ns: int) -> dict[str, Any]:
        trace = watched()
        for segment, name in ((2, APP), (3, "org.other"), (4, f"{APP}.share")):
            trace.ready(0, segment=segment, identifier=name)
        for kind, at, segment in sorted(extra, key=lambda one: one[1]):
            keys = {"input": {"type": "touch"}, "state": {"value": "active", "reason": "url"}}.get(kind)
            trace.add(1 + at / 100, kind, segment, **(keys or {"observer": OBSERVER, "type": "change"}))
        queries(trace, 10, cause=notifies(trace, 9))
        queries(trace, 20, 2, cause=trace.add(19, "input", type="touch"))
        for event in trace.events:
            event["wall_ns"] += wall_ms * NS // 1000
            event["mono_ns"] += mono_ns
        lines = [entry_lines(n, at + wall_ms / 1000, at + 2 + wall_ms / 1000) for n, at in ((1, 10.1), (2, 20.1))]
        found = judge(tmp_path_factory.mktemp("story"), trace, *lines, apps=[APP]).to_dict()["entries"]
        return {one["identifier"]: one["trigger"] for one in found}

    plain = story([], 0, 0)
    assert [one["by"] for one in plain.values()] == ["link", "link"]
    assert story(others, wall_ms, mono_ns) == plain


# Time -----------------------------------------------------------------------------------------------------------------


def test_without_a_link_the_latest_origin_within_the_lag_is_likely(tmp_path):
    trace = watched()
    trace.add(8, "input", type="touch")
    origin = notifies(trace, 9)
    trace.add(9.5, "state", value="inactive")
    trace.add(9.6, "state", value="active", changed=False)
    queries(trace, 10)
    found = verdict(tmp_path, trace)
    assert found["trigger"] == {
        "kind": "change", "by": "time", "event": f"1:1:{origin}", "delay_ms": 1000.0, "what": "Watcher"
    }  # fmt: skip
    assert (
        "the query was likely set off by a change notification (Watcher, 1.0 s before it, matched by time)"
        in found["why"]
    )
    assert "nothing that was watched" not in found["brief"]


@pytest.mark.parametrize(("before_s", "kind"), [(3.0, "touch"), (3.001, "none")])
def test_the_lag_is_a_sharp_edge(tmp_path, before_s, kind):
    trace = watched()
    trace.add(10 - before_s, "input", type="touch")
    queries(trace, 10)
    assert verdict(tmp_path, trace)["trigger"]["kind"] == kind


def test_an_origin_that_the_clock_has_after_the_act_is_not_likely(tmp_path):
    trace = watched()
    notifies(trace, 9)
    trace.events[-1]["mono_ns"] += 50 * NS
    queries(trace, 10)
    found = verdict(tmp_path, trace)
    assert (found["trigger"]["kind"], found["trigger"]["event"]) == ("unknown", None)
    assert "the clock says that what was recorded before the act came after it" in found["why"]


def test_a_lost_cause_is_no_event_of_whatever_number(tmp_path):
    trace = watched()
    seq = trace.add(9, "input", skip=(1 << 50) - trace.seqs[1] - 1, type="touch")
    queries(trace, 10, cause_lost=True)
    assert seq == 1 << 50
    assert verdict(tmp_path, trace)["trigger"]["kind"] == "unknown"


def test_sleep_does_not_count_towards_the_lag(tmp_path):
    trace = watched()
    trace.add(5, "input", type="touch")
    who = {"pid": 101, "name": "App", "identifier": APP, "role": "app"}
    trace.add(5.5, "process", phase="suspended", **who)
    trace.add(9.5, "process", phase="resumed", **who)
    queries(trace, 10)
    found = verdict(tmp_path, trace)["trigger"]
    assert (found["kind"], found["by"], found["delay_ms"]) == ("touch", "time", 5000.0)


def test_the_notification_that_is_the_cause_is_its_own_trigger(tmp_path):
    trace = watched()
    touched = trace.add(9, "input", type="touch")
    cause = notifies(trace, 10, cause=touched)
    found = verdict(tmp_path, trace)
    assert found["cause"] == "notification"
    assert (found["trigger"]["kind"], found["trigger"]["by"]) == ("change", "time")
    assert found["trigger"]["event"] == f"1:1:{cause}"


@pytest.mark.parametrize("how", ["lost", "hole", "between the act and its accounting"])
def test_where_events_are_missing_nothing_is_guessed(tmp_path, how):
    trace = watched()
    notifies(trace, 9)
    if how == "lost":
        trace.add(9.5, "lost", count=3, reason="overload")
    trace.access(10, "metadata", skip=4 if how == "hole" else 0)
    if how.startswith("between"):
        trace.add(10.005, "lost", count=1, reason="overload")
    trace.add(10.01, "accounting", phase="begin", identifier=ident(1))
    assert verdict(tmp_path, trace)["trigger"] == UNKNOWN


@settings(max_examples=60, deadline=None)
@given(st.integers(1000, 10**9))
def test_every_act_of_small_worlds_has_the_trigger_that_a_plain_reading_gives_it(seed):
    world = World(seed)
    columns = EventColumns.decode([b"".join(as_line(event) + b"\n" for event in world.events)])
    sessions = SessionSet([(HEADER, [], [], columns)])
    acts = np.flatnonzero(sessions.level)
    random.Random(seed).shuffle(order := np.arange(len(acts)))
    found = find_triggers(sessions, acts[order], LAG_NS)
    names = sessions.references(acts[order])
    origins = [sessions.references(np.array([at]))[0] if at >= 0 else None for at in found.origin.tolist()]
    said = dict(zip(names, zip(found.kind.tolist(), found.by.tolist(), origins, strict=True), strict=True))
    wanted = {}
    for number in {event["segment"] for event in world.events}:
        segment = Segment(sorted((e for e in world.events if e["segment"] == number), key=lambda e: e["seq"]))
        for event in filter(level, segment.events):
            kind, by, origin = segment.set_off(event)
            named = origin and f"1:{number}:{origin['seq']}"
            wanted[f"1:{number}:{event['seq']}"] = TRIGGERS.index(kind), TRIGGER_LINKS.index(by), named
    assert said == wanted


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(-5 * NS, 5 * NS), min_size=30, max_size=30))
def test_a_clock_that_steps_although_it_never_should_makes_no_origin_near_that_is_not(steps):
    trace = watched()
    for n in range(14):
        notifies(trace, 5 + n)
        trace.access(5.5 + n, "metadata")
    for event, step in zip(trace.events, steps, strict=False):
        event["mono_ns"] += step
    columns = EventColumns.decode([b"".join(as_line(event) + b"\n" for event in trace.events)])
    sessions = SessionSet([(HEADER, [], [], columns)])
    found = find_triggers(sessions, np.flatnonzero(sessions.level == DEPTHS.index("metadata")), LAG_NS)
    near = found.origin >= 0
    assert (found.delay_ns[near] <= LAG_NS).all()
    assert near.sum() == (found.by == TRIGGER_LINKS.index("time")).sum()


# Bad input ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cause",
    [
        "self", "forward", "cycle", "none such", "an access", "another segment's", "internal", -1, 0, 2**49, 2**63,
        1.5, True, "9", [9], {"seq": 9},
    ],
)  # fmt: skip
def test_a_cause_that_is_no_origin_before_the_act_is_unknown(tmp_path, cause):
    trace = watched()
    notifies(trace, 5)
    other = trace.access(8, "open")
    internal = trace.add(8.5, "input", type="touch", internal=True)
    trace.ready(0, segment=2)
    elsewhere = trace.add(9, "input", segment=2, type="touch") + 10
    for _ in range(10):
        elsewhere = trace.add(9.1, "input", segment=2, type="touch")
    at = trace.seqs[1] + 1
    named = {
        "self": at, "forward": at + 2, "cycle": at + 1, "none such": 700, "an access": other, "internal": internal,
        "another segment's": elsewhere,
    }  # fmt: skip
    queries(trace, 10, cause=named.get(cause, cause) if isinstance(cause, str) else cause)
    trace.add(10.02, "notification", observer=OBSERVER, type="change", cause=at)
    trace.add(END_S, "mark", label="end")
    report = tmp_path / "report.ndjson"
    report.write_text(entry_lines(1, 10.1, 12))
    # Written as a file has it: an import refuses a cause that is not a number.
    written = session(tmp_path / "s.lightleak", [as_line(event) for event in trace.events], header=trace.header)
    (found,) = compare([lightleak.open(written)], lightleak.read_report(report)).to_dict()["entries"]
    assert found["trigger"] == UNKNOWN
    assert "the act names an origin that the recording does not have" in found["why"]


def test_a_cause_that_was_lost_is_unknown_and_no_other_origin_takes_its_place(tmp_path):
    trace = watched()
    notifies(trace, 9.9)
    queries(trace, 10, cause=None, cause_lost=True)
    found = verdict(tmp_path, trace)
    assert found["trigger"] == UNKNOWN
    assert found["triggers"] == {"unknown": 1}


def test_an_origin_whose_thread_ended_is_still_the_origin(tmp_path):
    trace = watched()
    origin = notifies(trace, 5, tid=99)
    queries(trace, 10, cause=origin, tid=3)
    assert verdict(tmp_path, trace)["trigger"]["by"] == "link"


def test_a_hostile_class_name_stays_in_its_line(tmp_path):
    trace = watched()
    name = "Evil\n\x1b[2J</script>\u202efake\u2028"
    queries(trace, 10, cause=notifies(trace, 9, observer={**OBSERVER, "class": name}))
    found = verdict(tmp_path, trace)
    assert found["trigger"]["what"].isprintable()
    assert found["trigger"]["what"].startswith("Evil\\n")
    assert "\n" not in found["why"]


@pytest.mark.parametrize("observer", [None, 7, [], {"class": 3}, {}])
def test_an_observer_without_a_name_is_not_named(tmp_path, observer):
    trace = watched()
    queries(trace, 10, cause=notifies(trace, 9, observer=observer))
    assert verdict(tmp_path, trace)["trigger"]["what"] is None


# What is said ---------------------------------------------------------------------------------------------------------

HOOKS = (
    ("photo-library.register-change-observer", "r", "installed"),
    ("input.event", "-[UIApplication sendEvent:]", "installed"),
    ("wake.application-delegate", "w", "installed"),
    ("wake.url", "-[X application:openURL:options:]", "installed"),
    ("handoff", "dispatch_async", "installed"),
    ("handoff", "NSThread", "installed"),
)


def hooked(trace: Trace, **other: str) -> None:
    for probe, symbol, status in HOOKS:
        said = other.get(symbol, other.get(probe.split(".")[0], status))
        trace.add(
            0.2, "hook", probe=probe, symbol=symbol, status=said, reason=None if said == "installed" else "failed"
        )


def test_where_everything_was_watched_no_limit_is_named(tmp_path):
    trace = watched()
    hooked(trace)
    queries(trace, 10)
    found = verdict(tmp_path, trace)
    codes = [clause["code"] for clause in found["clauses"]]
    assert codes[:2] == ["matched-by-identifier", "nothing-set-off"]
    assert not {"origins-not-watched", "handoff-not-followed", "watched-briefly"} & set(codes)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"input": "skipped"}, "not watched in that process: touches"),
        ({"wake": "removed"}, "not watched in that process: wake-ups and launches"),
        ({"NSThread": "skipped"}, "so a link can be missing: NSThread"),
    ],
)
def test_what_was_not_watched_is_named_where_there_is_no_link(tmp_path, other, words):
    trace = watched()
    hooked(trace, **other)
    queries(trace, 10)
    queries(trace, 20, 2, cause=notifies(trace, 19))
    found = compared(tmp_path, trace, entry_lines(1, 10.1, 12), entry_lines(2, 20.1, 22))["entries"]
    assert words in found[0]["why"]
    assert "; no trigger seen (not all watched);" in found[0]["brief"], "a quoted sentence says it too"
    assert words not in found[1]["why"], "a link needs no other origins"


def test_a_process_that_was_watched_only_briefly_says_so(tmp_path):
    trace = watched()
    hooked(trace)
    queries(trace, 0.8)
    assert "the process was watched for only 800 ms before that" in why(tmp_path, trace, entry_lines(1, 0.9, 2))


def test_what_else_set_off_reads_under_an_entry_is_said(tmp_path):
    trace = watched()
    hooked(trace)
    trace.access(9.9, "metadata", cause=trace.add(4, "input", type="touch"))
    queries(trace, 10, cause=notifies(trace, 9.95))
    found = verdict(tmp_path, trace)
    assert found["trigger"]["kind"] == "change"
    assert "in that time the app also queried or read once, set off by a touch or key" in found["why"]


def test_what_an_older_task_went_on_with_is_said_and_no_cause(tmp_path):
    trace = watched()
    hooked(trace)
    origin = notifies(trace, 5)
    queries(trace, 10, resumed_by=origin)
    found = verdict(tmp_path, trace)
    assert found["trigger"]["kind"] == "none"
    assert (
        "an older task went on with a value of a change notification (Watcher) here, which is not its cause"
        in found["why"]
    )


def test_a_task_made_at_the_launch_that_waits_for_changes_keeps_its_cause(tmp_path):
    trace = watched()
    hooked(trace)
    launch = trace.add(0.9, "state", value="background", reason="launch")
    origin = notifies(trace, 9.9)
    queries(trace, 10, cause=launch, resumed_by=origin)
    trace.add(60, "mark", label="end")
    found = compared(tmp_path, trace)
    (entry,) = found["entries"]
    assert (entry["trigger"]["kind"], entry["trigger"]["by"]) == ("launch", "link")
    assert "an older task went on with a value of a change notification (Watcher) here" in entry["why"]
    (claim,) = found["summary"][APP]["claims"]
    assert (claim["contradicts"], claim["fits_by_link"]) == (1, 0), "said, and never a cause"


def test_properties_are_counted_while_the_entry_is_open(tmp_path):
    trace = watched()
    queries(trace, 10)
    for at, symbol, count in ((10.5, "location", 40), (11, "location", 2), (11, "isFavorite", 7), (30, "location", 9)):
        trace.add(at, "property", symbol=f"-[PHAsset {symbol}]", count=count, assets=1)
    trace.add(11, "property", symbol="-[PHAsset location]", count="many")
    trace.add(11, "property", symbol="-[PHAsset location]", count=5, internal=True)
    found = verdict(tmp_path, trace)
    assert found["properties"] == {"-[PHAsset isFavorite]": 7, "-[PHAsset location]": 42}
    assert (
        "in that time the app read the place of at least 1 photo (42 times), -[PHAsset isFavorite] of 1 photo (7 times)"
        in found["why"]
    )


def places_read(tmp_path, *events: dict) -> str:
    """Return what is said of some events of one entry, one a second."""
    trace = watched()
    queries(trace, 10)
    for at, event in enumerate(events):
        trace.add(10.5 + at, "property", symbol="-[PHAsset location]", **event)
    why = verdict(tmp_path, trace)["why"]
    return why[why.index("in that time the app read") :].split(";")[0].split(". ")[0].rstrip(".")


@pytest.mark.parametrize(("events", "said"), [
    ([{"count": 3112, "assets": 3112}], "the place of 3,112 photos"),
    ([{"count": 5000, "assets": 3112}], "the place of 3,112 photos (5000 times)"),
    # In two seconds, no photo in both.
    ([{"count": 3000, "assets": 3000, "new_assets": 3000, "run": 1}, {"count": 112, "assets": 112, "new_assets": 112, "run": 1}],
     "the place of 3,112 photos"),
    # Some of the second are among the first: how many more the first has, the events do not say.
    ([{"count": 10, "assets": 10, "new_assets": 10, "run": 1}, {"count": 10, "assets": 10, "new_assets": 4, "run": 1}],
     "the place of at least 14 photos (20 times)"),
    # A run forgets: what is new in it may be old.
    ([{"count": 10, "assets": 10, "new_assets": 10, "run": 1}, {"count": 10, "assets": 10, "new_assets": 10, "run": 2}],
     "the place of at least 10 photos (20 times)"),
    ([{"count": 9, "assets": 5, "at_least": True}], "the place of at least 5 photos (9 times)"),
    # More photos than reads cannot be.
    ([{"count": 7, "assets": 9, "new_assets": 9}], "the place of photos 7 times"),
    ([{"count": 7, "assets": 7, "new_assets": 9, "run": 1}, {"count": 3, "assets": 3, "new_assets": -1, "run": 1}],
     "the place of at least 7 photos (10 times)"),
    ([{"count": 9, "assets": None}], "the place of photos 9 times"),
    ([{"count": 9, "assets": None}, {"count": 1, "assets": 1}], "the place of at least 1 photo (10 times)"),
])  # fmt: skip
def test_of_how_many_photos_is_said_as_far_as_it_is_known(tmp_path, events, said):
    assert places_read(tmp_path, *events) == f"in that time the app read {said}"


def test_an_app_that_is_always_touched_proves_nothing_by_time(tmp_path):
    trace = watched("active")
    steps = [(n * 2.0 + 1, n) for n in range(440)]
    lines = []
    for at, n in steps:
        trace.add(at, "input", type="touch")
        if n % 20 == 5:
            queries(trace, at + 1.0, n)
            lines.append(entry_lines(n, at + 1.1, at + 1.5))
    found = compared(tmp_path, trace, *lines)
    assert found["trigger_chance"][APP]["better"] is False
    assert "this app's triggers by time are no better than chance" in found["entries"][3]["why"]
    assert "perhaps set off by a touch or key (may be chance)" in found["entries"][3]["brief"]
    assert any("off by time is no better than chance" in notice for notice in found["notices"])


def test_origins_just_before_each_act_and_nowhere_else_are_no_chance(tmp_path):
    trace, lines = watched(), []
    for n in range(1, 30):
        notifies(trace, 30.0 * n)
        queries(trace, 30.0 * n + 0.1, n)
        lines.append(entry_lines(n, 30.0 * n + 0.2, 30.0 * n + 1))
    found = compared(tmp_path, trace, *lines)
    assert found["trigger_chance"][APP]["better"] is True
    assert "chance" not in found["entries"][3]["brief"]
    (claim,) = found["summary"][APP]["claims"]
    assert (claim["entries"], claim["fits_by_time"], claim["deepest_fitting"]) == (29, 29, "metadata")


def test_the_claim_counts_each_entry_in_the_background_once(tmp_path):
    trace = watched()
    queries(trace, 10, 1, cause=notifies(trace, 9))
    trace.access(11, "data")
    notifies(trace, 19)
    queries(trace, 20, 2)
    queries(trace, 60, 3)
    queries(trace, 100, 4, cause=trace.add(99, "input", type="touch"))
    queries(trace, 140, 5, cause=10**6)
    lines = [entry_lines(n, at + 0.1, at + 2) for n, at in enumerate((10, 20, 60, 100, 140, 180), 1)]
    picker = entry_lines(7, 220, 222, outOfProcess=True)
    summary = compared(tmp_path, trace, *lines, picker)["summary"][APP]
    assert summary["claims"] == [
        {"claim": "background-only-on-change", "entries": 6, "opens": 0, "fits_by_link": 1, "fits_by_time": 1,
         "contradicts": 2, "undecided": 2, "deepest_fitting": "data"}
    ]  # fmt: skip
    assert summary["by_trigger"] == {"change": 2, "touch": 1, "none": 1, "unknown": 1}
    assert summary["background_by_trigger"]["change"] == {"metadata": 1, "data": 1}


def test_a_run_under_no_entry_has_the_trigger_of_its_deepest_act(tmp_path):
    trace = watched()
    trace.access(99, "metadata")
    touched = trace.add(100, "input", type="touch")
    trace.access(101, "data", cause=touched)
    trace.access(102, "data")
    lines = entry_lines(1, 10, 12), entry_lines(2, 800, 801)
    (run,) = compared(tmp_path, trace, *lines)["unreported"]
    assert (run["depth"], run["trigger"]["kind"], run["trigger"]["event"]) == ("data", "touch", f"1:1:{touched}")


def test_an_upload_has_its_words(tmp_path):
    trace = watched()
    queries(trace, 10)
    trace.access(11, "upload")
    found = verdict(tmp_path, trace)
    assert found["depth"] == "upload"
    assert "was asking iOS for an upload, once" in found["why"]
    assert "asked iOS to upload (not via the app)" in found["brief"]


def test_the_cause_that_is_no_act_has_no_trigger(tmp_path):
    found: Comparison = judge(tmp_path, watched(), entry_lines(1, 10, 12, outOfProcess=True), apps=[APP])
    assert only(found).trigger is None
