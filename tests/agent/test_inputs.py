"""Touches and key presses: one event for each sequence, and the origin of what the app does in its events."""

from __future__ import annotations

import pytest

from agent.watching import Event, Watch
from standin import App, Phone

pytestmark = pytest.mark.standin

BEGAN, MOVED, ENDED = 0, 1, 3


def phase(app: App, number: int, fingers: int = 1) -> None:
    """Let the system send one event of a touch."""
    app.order("case", name="touch-phase", phase=number, fingers=fingers)


def reads(watch: Watch, count: int) -> list[Event]:
    """Return the accesses, once there are so many."""
    return list(watch.until(lambda: len(found := watch.of("access")) >= count and found))


def test_a_touch_sequence_is_one_event(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.touch(moves=20)
        app.touch(fingers=2, cancelled=True)
        app.key()
        app.key()
        app.order("shake")
        watch.until(lambda: watch.of("input", type="other"))
        assert [event["type"] for event in watch.of("input")] == ["touch", "touch", "key", "key", "other"]
        assert all(set(event) == {"kind", "at", "tid", "type", "number"} for event in watch.of("input"))
        assert not watch.faults


def test_a_finger_that_joins_is_the_same_sequence(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        phase(app, BEGAN)
        phase(app, MOVED, fingers=2)
        phase(app, ENDED, fingers=2)
        app.order("fetch")
        reads(watch, 1)
        assert len(watch.of("input")) == 1


@pytest.mark.parametrize("way", ["now", "async", "later"])
def test_what_a_tap_sets_off_has_the_touch_as_its_cause(phone: Phone, way: str) -> None:
    app = phone.launch("hardcases")
    app.order("case", name="touchable", way=way)
    with Watch(app) as watch:
        # The gesture ends with the last event of its sequence: two sequences, two causes.
        app.touch(moves=3)
        app.touch(moves=3)
        causes = [event["cause"] for event in reads(watch, 2)]
        # Two threads may read in the other order.
        assert sorted(causes) == [event["number"] for event in watch.of("input", type="touch")]


def test_what_a_key_sets_off_has_it_as_its_cause(phone: Phone) -> None:
    app = phone.launch("hardcases")
    app.order("case", name="touchable", way="now")
    with Watch(app) as watch:
        app.key()
        [read] = reads(watch, 1)
        [pressed] = watch.of("input", type="key")
        assert read["cause"] == pressed["number"]


def test_what_happens_after_a_touch_is_not_its(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.touch()
        app.order("fetch")
        [read] = reads(watch, 1)
        assert watch.of("input")
        assert read["cause"] is None


def test_a_sequence_ends_with_its_last_finger(phone: Phone) -> None:
    app = phone.launch("hardcases")
    app.order("case", name="touchable", way="now")
    with Watch(app) as watch:
        app.touch()
        phase(app, ENDED)  # of a sequence that no one has seen begin
        found = reads(watch, 2)
        [touched] = watch.of("input")
        assert [event["cause"] for event in found] == [touched["number"], None]


def test_a_sequence_from_before_the_attach_causes_nothing(phone: Phone) -> None:
    app = phone.launch("hardcases")
    app.order("case", name="touchable", way="now")
    phase(app, BEGAN)
    with Watch(app) as watch:
        phase(app, ENDED)
        [read] = reads(watch, 1)
        assert read["cause"] is None
        assert not watch.of("input")


def test_an_app_that_overrides_the_sending_is_inside_the_touch(phone: Phone) -> None:
    app = phone.launch("hardcases", HARDCASES_APPLICATION="ReadingApplication")
    with Watch(app) as watch:
        assert watch.of("hook", symbol="-[ReadingApplication sendEvent:]", status="installed")
        app.touch(moves=2)
        [read] = reads(watch, 1)
        [touched] = watch.of("input")
        assert read["cause"] == touched["number"]
