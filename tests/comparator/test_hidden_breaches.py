"""A breach that is hidden is never held: each rule of a policy, each means of hiding, at any time and among other events.

The counterpart is here too: the same breach unhidden is broken, and the same world without it, watched as a whole, is held.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comparator.hiding import MEANS, RULES, Hide
from lightleak.errors import LightleakError

FEW = settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.too_slow])
MOMENTS = st.integers(400_000, 3_400_000).map(lambda ms: ms / 1000)
"""Long after what the worlds begin with, and before their end."""
HIDDEN = [(rule, hide) for _, hide, rules in MEANS for rule in rules]
IDS = [f"{rule}, {name}" for name, _, rules in MEANS for rule in rules]


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


@pytest.mark.parametrize(("rule", "hide"), HIDDEN, ids=IDS)
@FEW
@given(at_s=MOMENTS)
def test_a_hidden_breach_is_never_held(rule: str, hide: Hide, at_s: float) -> None:
    world = RULES[rule](at_s, True)
    hide(world)
    try:
        found = world.outcome()
    except LightleakError:
        return  # Files that contradict each other are refused.
    assert found.result != "held", found.why
