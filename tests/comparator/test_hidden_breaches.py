"""A breach that is hidden is never held: each rule of a policy, each means of hiding, at any time and among other events.

The counterpart is here too: the same breach unhidden is broken, and the same world without it, watched as a whole, is held.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comparator.hiding import MEANS, RULES, Hide, move_to_own_segment
from lightleak.comparator.policy.check import check, read_policy
from lightleak.errors import TraceError
from policy_stories import watched
from stories import APP, entry_lines, judge

FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MOMENTS = st.integers(400_000, 3_400_000).map(lambda ms: ms / 1000)
"""Long after what the worlds begin with, and before their end."""
HIDDEN = [(rule, hide, said) for _, hide, rules, said in MEANS for rule in rules]
IDS = [f"{rule}, {name}" for name, _, rules, _ in MEANS for rule in rules]


@pytest.mark.parametrize("rule", RULES)
@FEW
@given(at_s=MOMENTS)
def test_a_breach_that_is_not_hidden_is_broken(rule: str, at_s: float) -> None:
    assert RULES[rule](at_s, True).outcome().result == "broken"


@pytest.mark.parametrize("rule", RULES)
@FEW
@given(at_s=MOMENTS)
def test_a_world_that_was_watched_as_a_whole_and_has_no_breach_is_held(rule: str, at_s: float) -> None:
    found = RULES[rule](at_s, False).outcome()
    assert (found.result, found.why) == ("held", found.why)


@pytest.mark.parametrize(("rule", "hide", "said"), HIDDEN, ids=IDS)
@FEW
@given(at_s=MOMENTS)
def test_a_hidden_breach_is_never_held(rule: str, hide: Hide, said: str, at_s: float) -> None:
    world = RULES[rule](at_s, True)
    hide(world)
    if said == "refused":
        with pytest.raises(TraceError, match="differ in segment"):
            world.outcome()
        return
    found = world.outcome()
    assert found.result == "not-proven", found.why
    assert re.search(said, found.why), found.why


@pytest.mark.parametrize("rule", ["no-read", "no-read in the background", "no-unreported", "ceiling of reads"])
@FEW
@given(at_s=MOMENTS)
def test_what_another_process_of_the_app_does_is_seen(rule: str, at_s: float) -> None:
    """The counterpart of damage that holds a whole segment: undamaged, it breaks the rule."""
    world = RULES[rule](at_s, True)
    move_to_own_segment(world)
    if "background" in rule:
        world.trace.events = [
            {**one, "value": "background"} if one["kind"] == "state" else one for one in world.trace.events
        ]
    assert world.outcome().result == "broken"


@pytest.mark.parametrize("share", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("text", ['rule = "no-unreported"', 'rule = "entries"\ncause = "unexplained"'])
def test_a_short_report_holds_no_rule_about_a_short_recording(share: float, text: str, tmp_path: Path) -> None:
    """50 s were watched, and the report is of half a second before the reads: it "spans" the rest within its tolerance."""
    trace = watched()
    for n in range(20):
        trace.access(20 + n, "data")
    trace.add(50, "mark", label="end")
    policy = read_policy(f"version = 1\ncovered_share = {share}\n[[rule]]\n{text}\n", "p.toml")
    comparison = judge(tmp_path, trace, entry_lines(1, 10, 10.5, app="org.other"), apps=[APP])
    (found,) = check(comparison, policy).outcomes
    assert found.result == "not-proven"
    assert "the report does not span" in found.why
