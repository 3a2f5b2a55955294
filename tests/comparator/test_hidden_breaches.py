"""A breach that is hidden is never held: each rule of a policy, each means of hiding, at any time and among other events.

The counterpart is here too: the same breach unhidden is broken, and the same world without it, watched as a whole, is held.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comparator.hiding import MEANS, RULES, Hide, move_to_own_segment
from lightleak.errors import TraceError

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
