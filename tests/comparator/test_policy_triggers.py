"""Rules about what set acts off: held, broken, and not proven where a link is missing or only time speaks."""

from __future__ import annotations

import numpy as np
import pytest

from lightleak.comparator.policy.check import check, read_policy
from policy_stories import AROUND, LINKS, OBSERVER, attach, observe, rule, watched
from simulator import Plan, simulate
from simulator.judging import compared
from stories import APP, Trace, entry_lines, ident, judge

NO_READ = 'rule = "no-read"\ndepth = "metadata"\ntrigger = '
CLAIM = 'rule = "claim"\nclaim = "background-only-on-change"'
ESCAPED = {"probe": "handoff", "symbol": "a task of Swift older than its origin", "status": "skipped", "reason": "seen"}
LINK_SYMBOLS = [symbol for _, symbol in LINKS]


def change(trace: Trace, at_s: float) -> int:
    return trace.add(at_s, "notification", observer=OBSERVER, change="0x9", type="change")


def touch(trace: Trace, at_s: float) -> int:
    return trace.add(at_s, "input", type="touch")


def wake(trace: Trace, at_s: float) -> int:
    return trace.add(at_s, "state", value="background", reason="silent-push")


ORIGINS = {"change": change, "touch": touch, "wake": wake}


class TestNoReadWithATrigger:
    """``no-read`` with ``trigger``."""

    @pytest.mark.parametrize("kind", ORIGINS)
    @pytest.mark.parametrize(("asked", "result"), [("same", "broken"), ("other", "held"), ("list", "broken")])
    def test_a_link_decides(self, tmp_path, kind, asked, result):
        trace = watched()
        observe(trace)
        seq = trace.access(10.1, "metadata", cause=ORIGINS[kind](trace, 10))
        other = next(name for name in ORIGINS if name != kind)
        text = {"same": f'"{kind}"', "other": f'["{other}", "launch"]', "list": f'["{other}", "{kind}"]'}[asked]
        found = rule(tmp_path, trace, NO_READ + text)
        assert (found["result"], found["evidence"]) == (result, [f"1:1:{seq}"] if result == "broken" else [])

    @pytest.mark.parametrize(("asked", "result"), [("touch", "not-proven"), ("none", "not-proven"), ("wake", "held")])
    def test_time_alone_neither_breaks_nor_holds(self, tmp_path, asked, result):
        trace = watched()
        touch(trace, 10)
        seq = trace.access(10.1, "metadata")
        found = rule(tmp_path, trace, f'{NO_READ}"{asked}"')
        assert (found["result"], found["evidence"]) == (result, [] if result == "held" else [f"1:1:{seq}"])
        assert ("known by time only" in found["why"]) is (result != "held")

    @pytest.mark.parametrize("without", ["", *LINK_SYMBOLS])
    def test_nothing_set_it_off_only_where_all_that_could_was_watched(self, tmp_path, without):
        trace = watched(without=without)
        trace.access(10, "metadata")
        found = rule(tmp_path, trace, f'{NO_READ}"none"')
        assert found["result"] == ("not-proven" if without else "broken")
        assert without in found["why"]
        # And where it was not, the read can have been set off by anything.
        trace = watched(without=without)
        trace.access(10, "metadata")
        assert rule(tmp_path, trace, f'{NO_READ}"touch"')["result"] == ("not-proven" if without else "held")

    @pytest.mark.parametrize(("at_s", "result"), [(2.9, "not-proven"), (3.1, "broken")])
    def test_what_came_before_the_attachment_can_have_set_a_read_off(self, tmp_path, at_s, result):
        trace = watched()
        trace.access(at_s, "metadata")
        assert rule(tmp_path, trace, f'{NO_READ}"none"')["result"] == result

    def test_a_hand_off_that_escapes_later_takes_it_back(self, tmp_path):
        trace = watched()
        trace.access(10, "metadata")
        trace.add(11, "hook", **ESCAPED)
        found = rule(tmp_path, trace, f'{NO_READ}"none"')
        assert (found["result"], str(ESCAPED["symbol"]) in found["why"]) == ("not-proven", True)

    def test_an_escape_in_another_attachment_is_its_own(self, tmp_path):
        trace = watched()
        trace.access(10, "metadata")
        trace.add(11, "process", phase="exited", reason=None)
        attach(trace, 20, 2)
        trace.add(21, "hook", 2, **ESCAPED)
        assert rule(tmp_path, trace, f'{NO_READ}"none"')["result"] == "broken"

    def test_what_the_policy_accepts_as_missing_is_not_asked_for(self, tmp_path):
        trace = watched(without="-[UIApplication sendEvent:]")
        trace.access(10, "metadata")
        found = rule(tmp_path, trace, f'{NO_READ}"none"', top='accept_missing = ["input.event"]')
        assert found["result"] == "broken"

    @pytest.mark.parametrize(("asked", "result"), [("unknown", "broken"), ("change", "not-proven")])
    def test_an_origin_that_was_lost_is_unknown(self, tmp_path, asked, result):
        trace = watched()
        trace.access(10, "metadata", cause=None, cause_lost=True)
        found = rule(tmp_path, trace, f'{NO_READ}"{asked}"')
        assert (found["result"], "is not known" in found["why"]) == (result, True)

    def test_state_and_trigger_must_both_fit(self, tmp_path):
        text = f'{NO_READ}"wake"\nstates = ["background"]'
        for state, kind, result in (("active", "wake", "held"), ("background", "touch", "held"), ("background", "wake", "broken"),
                                    ("unknown", "wake", "not-proven"), ("unknown", "touch", "held")):  # fmt: skip
            trace = watched()
            origin = ORIGINS[kind](trace, 10)
            trace.add(10.05, "state", value=state)
            trace.access(10.1, "metadata", cause=origin)
            assert (state, kind, rule(tmp_path, trace, text)["result"]) == (state, kind, result)

    def test_a_trace_that_says_nothing_of_hand_offs_proves_nothing(self, tmp_path):
        trace = watched()
        trace.events = [event for event in trace.events if event.get("probe") != "handoff"]
        for number, event in enumerate(trace.events, 1):
            event["seq"] = number
        trace.seqs[1] = len(trace.events)
        trace.access(10, "metadata")
        found = rule(tmp_path, trace, f'{NO_READ}"none"')
        assert (found["result"], "does not say whether" in found["why"]) == ("not-proven", True)


class TestQuietCallbacks:
    """``quiet-callbacks`` among other origins."""

    @pytest.mark.parametrize("kind", ["touch", "wake"])
    def test_another_origin_is_no_callback(self, tmp_path, kind):
        trace = watched()
        observe(trace)
        trace.access(10.1, "data", cause=ORIGINS[kind](trace, 10))
        assert rule(tmp_path, trace, 'rule = "quiet-callbacks"')["result"] == "held"

    @pytest.mark.parametrize("symbol", ["dispatch_async", "swift_task_create"])
    def test_handed_on_work_that_was_not_followed_can_be_a_callback_s(self, tmp_path, symbol):
        trace = watched(without=symbol)
        observe(trace)
        found = rule(tmp_path, trace, 'rule = "quiet-callbacks"')
        assert (found["result"], symbol in found["why"]) == ("not-proven", True)

    def test_a_read_of_a_lost_origin_can_be_a_callback_s(self, tmp_path):
        trace = watched()
        observe(trace)
        seq = trace.access(10, "metadata", cause_lost=True)
        found = rule(tmp_path, trace, 'rule = "quiet-callbacks"')
        assert (found["result"], found["evidence"]) == ("not-proven", [f"1:1:{seq}"])

    def test_inputs_that_were_not_watched_do_not_matter(self, tmp_path):
        trace = watched(without="-[UIApplication sendEvent:]")
        observe(trace)
        assert rule(tmp_path, trace, 'rule = "quiet-callbacks"')["result"] == "held"


def background(**keys: str) -> Trace:
    trace = watched(**keys)
    observe(trace)
    # Entries of later queries are no openings.
    trace.access(2, "metadata")
    trace.add(5, "state", value="background")
    return trace


def entry(trace: Trace, at_s: float, n: int, cause: int | None, depth: str = "", **keys: object) -> str:
    """Add a query in the background, its accounting, and the entry that the report has of it."""
    trace.access(at_s, "metadata", cause=cause, **keys)
    trace.add(at_s + 0.001, "accounting", phase="begin", identifier=ident(n))
    if depth:
        trace.access(at_s + 0.01, depth, cause=cause)
    return entry_lines(n, at_s + 0.1, at_s + 2)


class TestEntriesWithATrigger:
    """``entries`` with ``trigger``."""

    @pytest.mark.parametrize("kind", ORIGINS)
    @pytest.mark.parametrize("cause", ["", 'cause = "query"\n'])
    def test_entries_of_a_trigger_are_counted(self, tmp_path, kind, cause):
        trace = background()
        line = entry(trace, 10.1, 1, ORIGINS[kind](trace, 10))
        for asked in ORIGINS:
            text = f'rule = "entries"\n{cause}state = "background"\ntrigger = "{asked}"'
            trace.events = [event for event in trace.events if event.get("label") != "end"]
            trace.seqs[1] = len(trace.events)
            assert rule(tmp_path, trace, text, line)["result"] == ("broken" if asked == kind else "held")

    @pytest.mark.parametrize(("asked", "result"), [("touch", "not-proven"), ("wake", "held")])
    def test_by_time_is_not_proven(self, tmp_path, asked, result):
        trace = background()
        touch(trace, 10)
        found = rule(tmp_path, trace, f'rule = "entries"\ntrigger = "{asked}"', entry(trace, 10.1, 1, None))
        assert (found["result"], found["entries"]) == (result, [] if result == "held" else [ident(1)])

    @pytest.mark.parametrize("text", ['rule = "entries"\ntrigger = "none"', CLAIM, f'{NO_READ}"none"'])
    def test_a_recording_without_events_proves_nothing(self, tmp_path, text):
        policy = read_policy(f"version = 1\n[[rule]]\n{text}")
        (found,) = check(judge(tmp_path, Trace(), entry_lines(1, 10, 12), apps=[APP]), policy).outcomes
        assert found.result == "not-proven"

    def test_an_entry_whose_act_was_not_seen_could_be_of_any_trigger(self, tmp_path):
        trace = background()
        trace.add(100, "accounting", phase="begin", identifier=ident(1))
        found = rule(tmp_path, trace, 'rule = "entries"\ntrigger = "change"', entry_lines(1, 100.1, 102))
        assert (found["result"], found["entries"]) == ("not-proven", [ident(1)])


class TestClaim:
    """``claim``."""

    def test_it_holds_where_each_entry_has_a_link_to_a_change(self, tmp_path):
        trace = background()
        lines = [entry(trace, at + 0.1, n, change(trace, at)) for n, at in enumerate((10, 500), 1)]
        found = rule(tmp_path, trace, CLAIM, *lines)
        assert (found["result"], "2 set off by a change, by link, the deepest read metadata" in found["why"]) == (
            "held",
            True,
        )

    @pytest.mark.parametrize("kind", ["touch", "wake", "none"])
    def test_it_is_broken_by_an_entry_that_something_else_set_off(self, tmp_path, kind):
        trace = background()
        lines = [entry(trace, 10.1, 1, change(trace, 10))]
        lines.append(entry(trace, 500.1, 2, ORIGINS[kind](trace, 500) if kind in ORIGINS else None))
        found = rule(tmp_path, trace, CLAIM, *lines)
        assert (found["result"], found["entries"]) == ("broken", [ident(2)])
        assert "1 of 2 entries in the background does not fit" in found["why"]

    @pytest.mark.parametrize(("deepest", "result"), [("metadata", "broken"), ("thumbnail", "broken"), ("data", "held")])
    def test_a_change_is_no_reason_to_go_deeper_than_is_allowed(self, tmp_path, deepest, result):
        trace = background()
        line = entry(trace, 10.1, 1, change(trace, 10), "data")
        found = rule(tmp_path, trace, f'{CLAIM}\ndeepest = "{deepest}"', line)
        assert (found["result"], f"1 deeper than {deepest}" in found["why"]) == (result, result == "broken")

    def test_too_deep_by_time_breaks_it_whatever_set_it_off(self, tmp_path):
        trace = background()
        change(trace, 10)
        line = entry(trace, 10.1, 1, None, "data")
        assert rule(tmp_path, trace, f'{CLAIM}\ndeepest = "metadata"', line)["result"] == "broken"

    @pytest.mark.parametrize("kind", ["change", "wake"])
    def test_time_alone_neither_breaks_nor_holds_it(self, tmp_path, kind):
        trace = background()
        ORIGINS[kind](trace, 10)
        found = rule(tmp_path, trace, CLAIM, entry(trace, 10.1, 1, None))
        assert (found["result"], found["entries"]) == ("not-proven", [ident(1)])

    @pytest.mark.parametrize("without", LINK_SYMBOLS)
    def test_it_is_not_proven_without_all_links(self, tmp_path, without):
        trace = background(without=without)
        found = rule(tmp_path, trace, CLAIM, entry(trace, 10.1, 1, change(trace, 10)))
        assert (found["result"], without in found["why"]) == ("not-proven", True)
        trace = background(without=without)
        assert rule(tmp_path, trace, CLAIM, entry(trace, 10.1, 1, None))["result"] == "not-proven"

    def test_but_a_link_to_something_else_breaks_it_even_then(self, tmp_path):
        trace = background(without="swift_task_create")
        assert rule(tmp_path, trace, CLAIM, entry(trace, 10.1, 1, wake(trace, 10)))["result"] == "broken"

    def test_an_entry_matched_by_time_breaks_nothing(self, tmp_path):
        trace = background(without="")
        trace.events[1] |= {"status": "skipped", "reason": "no such class"}
        trace.access(10.1, "metadata", cause=wake(trace, 10))
        found = rule(tmp_path, trace, CLAIM, entry_lines(1, 10.2, 12))
        assert (found["result"], "matched by time only" in found["why"]) == ("not-proven", True)

    @pytest.mark.parametrize(
        "lines", [entry_lines(1, 100, 102), entry_lines(1, 4800, 4802)], ids=["unexplained", "unwatched"]
    )
    def test_what_is_undecided_proves_nothing(self, tmp_path, lines):
        found = rule(tmp_path, background(), CLAIM, lines)
        assert (found["result"], found["entries"]) == ("not-proven", [ident(1)])

    def test_reads_for_other_reasons_under_an_entry_of_a_change_prove_nothing(self, tmp_path):
        trace = background()
        trace.add(10, "notification", observer=OBSERVER, change="0x9", type="change")
        line = entry(trace, 10.1, 1, trace.seqs[1])
        trace.access(11.5, "metadata", cause=wake(trace, 11))
        found = rule(tmp_path, trace, CLAIM, line)
        assert (found["result"], "for another reason than a change" in found["why"]) == ("not-proven", True)

    def test_reads_for_unknown_reasons_under_an_entry_of_a_change_prove_nothing(self, tmp_path):
        trace = background()
        line = entry(trace, 10.1, 1, change(trace, 10))
        trace.access(10.5, "metadata", cause=1)
        found = rule(tmp_path, trace, CLAIM, line)
        assert (found["result"], "or an unknown one" in found["why"]) == ("not-proven", True)

    def test_what_an_older_task_did_with_the_value_of_a_change_breaks_nothing(self, tmp_path):
        trace = background()
        told = change(trace, 10)
        trace.access(20.1, "metadata", cause=None, resumed_by=told)
        trace.add(20.15, "accounting", phase="begin", identifier=ident(1))
        found = rule(tmp_path, trace, CLAIM, entry_lines(1, 20.2, 20.4))
        assert (found["result"], found["entries"]) == ("not-proven", [ident(1)])

    @pytest.mark.parametrize(("linked", "result"), [(True, "held"), (False, "not-proven")])
    def test_reads_in_the_background_under_no_entry_prove_nothing(self, tmp_path, linked, result):
        trace = background()
        line = entry(trace, 10.1, 1, change(trace, 10))
        told = change(trace, 500)
        trace.access(510, "metadata", cause=told if linked else None)
        found = rule(tmp_path, trace, CLAIM, line)
        assert found["result"] == result
        assert ("1 run of reads in the background under no entry" in found["why"]) == (not linked)

    def test_without_an_entry_in_the_background_it_is_not_tested(self, tmp_path):
        trace = watched()
        observe(trace)
        trace.access(2, "metadata")
        found = rule(tmp_path, trace, CLAIM, entry(trace, 10.1, 1, touch(trace, 10)))
        assert (found["result"], "no entry in the background" in found["why"]) == ("not-proven", True)

    def test_entries_in_the_foreground_are_not_its_concern(self, tmp_path):
        trace = watched()
        observe(trace)
        trace.access(2, "metadata")
        lines = [entry(trace, 10.1, 1, touch(trace, 10))]
        trace.add(99, "state", value="background")
        lines.append(entry(trace, 100.1, 2, change(trace, 100)))
        assert rule(tmp_path, trace, CLAIM, *lines)["result"] == "held"

    def test_opening_the_library_is_no_reading(self, tmp_path):
        trace = watched()
        trace.add(0.5, "state", value="background")
        observe(trace)
        opening = entry_lines(1, 1.2, 2)
        found = rule(tmp_path, trace, CLAIM, opening)
        assert (found["result"], "but openings of the library" in found["why"]) == ("not-proven", True)
        trace.events.pop()
        trace.seqs[1] -= 1
        found = rule(tmp_path, trace, CLAIM, opening, entry(trace, 100.1, 2, change(trace, 100)))
        assert (found["result"], "1 only opened the library" in found["why"]) == ("held", True)

    @pytest.mark.parametrize("seed", range(2))
    @pytest.mark.parametrize("accounting", [True, False])
    def test_it_counts_as_the_summary_does(self, seed, accounting):
        week = simulate(Plan(seed, accounting, origins=True, days=3.0))
        comparison = compared(week.header, [week.events], week.report)
        policy = read_policy(f"version = 1\n[[rule]]\n{CLAIM}")
        for outcome in check(comparison, policy).outcomes:
            result = next(found for found in comparison.apps if found.app == outcome.app)
            (summed,) = comparison.to_dict()["summary"][outcome.app]["claims"]
            if outcome.result == "broken":
                assert 0 < len(outcome.entries) <= summed["contradicts"]
            if not summed["contradicts"]:
                assert outcome.result != "broken"
            assert summed["entries"] == int(np.sum((result.results.state_bits == 8) & (result.results.cause != 0)))


@pytest.mark.parametrize("rough", [False, True])
def test_no_simulated_week_breaks_the_claim_falsely(rough):
    """What breaks the claim in a week whose truth is known was really set off by something else than a change."""
    policy = read_policy(f"version = 1\n[[rule]]\n{CLAIM}")
    broken = 0
    for seed in range(4):
        week = simulate(Plan(seed, rough=rough, origins=True))
        comparison = compared(week.header, [week.events], week.report)
        for outcome in check(comparison, policy).outcomes:
            if outcome.result == "broken":
                truths = [week.truths[name].trigger for name in outcome.entries]
                broken += len(truths)
                assert all(truth is not None and truth.kind not in ("change", "unknown") for truth in truths)
    assert broken


def test_an_app_that_was_never_watched_proves_no_claim(tmp_path):
    (found,) = check(
        judge(tmp_path, watched(), AROUND, apps=["org.other"]), read_policy(f"version = 1\n[[rule]]\n{CLAIM}")
    ).outcomes
    assert (found.result, "no process of org.other" in found.why) == ("not-proven", True)
    assert APP != "org.other"


@pytest.mark.parametrize(
    ("made_by", "resumed_by", "result"),
    [
        ("launch", None, "broken"),
        ("launch", "change", "not-proven"),
        ("launch", "launch", "broken"),
        ("launch", "lost", "not-proven"),
        ("change", None, "held"),
        ("change", "wake", "not-proven"),
        ("change", "change", "held"),
        (None, None, "broken"),
        (None, "change", "not-proven"),
    ],
)
def test_a_task_that_went_on_with_another_origins_value_neither_breaks_nor_proves_the_claim(
    tmp_path, made_by, resumed_by, result
):
    trace = background()
    origins = {
        "launch": trace.add(90, "state", value="background", reason="launch"),
        "wake": wake(trace, 91),
        "change": change(trace, 92),
        "lost": None,
        None: None,
    }
    resumed = {} if resumed_by is None else {"resumed_by": origins[resumed_by]}
    line = entry(trace, 100, 1, origins[made_by], **resumed)
    found = rule(tmp_path, trace, CLAIM, line)
    assert found["result"] == result
    if result == "not-proven":
        assert "went on with a value of another" in found["why"]
