"""What observers cost, by the state in which it happened."""

from __future__ import annotations

from typing import Any

from lightleak.costs import Costs
from lightleak.events import Event

APP = "com.example.app"
SECOND = 1_000_000_000


class Story:
    """Events of one process, in order."""

    def __init__(self, segment: int = 1, app: str = APP) -> None:
        self.segment = segment
        self.events: list[Event] = []
        self.add(0, "process", phase="ready", identifier=app, tid=None)

    def add(self, at_s: float, kind: str, **fields: Any) -> int:
        """Add an event; returns its seq."""
        seq = len(self.events) + 1
        mono_ns = int(at_s * SECOND)
        base = {"kind": kind, "segment": self.segment, "seq": seq, "wall_ns": mono_ns, "mono_ns": mono_ns, "tid": 7}
        self.events.append(Event({**base, **fields}))
        return seq

    def callback(self, at_s: float, cpu_ns: int) -> int:
        """Add a notification that returns 10 ms later."""
        told = self.add(at_s, "notification", type="change")
        self.add(at_s + 0.01, "return", of=told, cpu_ns=cpu_ns)
        return told


def costs(*stories: Story) -> Costs:
    found = Costs()
    for story in stories:
        found.feed(story.events)
    return found


def figures(callbacks: int, cpu_ms: float, size: int, wakeups: int) -> dict[str, Any]:
    return {"callbacks": callbacks, "cpu_ms": cpu_ms, "bytes": size, "wakeups": wakeups}


def test_callbacks_cpu_and_bytes_are_summed_by_the_state_at_the_callback() -> None:
    story = Story()
    story.add(1, "state", value="active")
    story.callback(2, 3_000_000)
    story.add(3, "state", value="background")
    told = story.add(4, "notification", type="change")
    inside = story.add(4.1, "access", depth="data", cause=told)
    story.add(4.2, "return", of=inside, cpu_ns=1_000_000)
    story.add(4.3, "return", of=told, cpu_ns=5_000_000)
    story.add(5, "state", value="active")
    story.add(5.1, "delivery", of=inside, bytes=1000)
    story.add(5.2, "delivery", of=inside, bytes=None)
    assert costs(story).summary(APP) == {
        **figures(2, 8.0, 1000, 1),
        "by_state": {"active": figures(1, 3.0, 0, 0), "background": figures(1, 5.0, 1000, 1)},
    }


def test_work_that_a_callback_handed_on_is_added_and_work_inside_it_is_not_counted_twice() -> None:
    story = Story()
    story.add(0.5, "state", value="inactive")
    told = story.add(1, "notification", type="change")
    story.add(1, "state", value="active")
    beside = story.add(1.1, "access", depth="metadata", cause=told, tid=8)
    story.add(1.2, "return", of=beside, cpu_ns=2_000_000, tid=8)
    story.add(1.3, "return", of=told, cpu_ns=1_000_000)
    later = story.add(1.4, "access", depth="metadata", cause=told)
    story.add(1.5, "return", of=later, cpu_ns=4_000_000)
    assert costs(story).summary(APP)["by_state"] == {"inactive": figures(1, 7.0, 0, 0)}


def test_what_no_callback_caused_costs_the_observers_nothing() -> None:
    story = Story()
    read = story.add(1, "access", depth="data", cause=None)
    story.add(1.1, "return", of=read, cpu_ns=9_000_000)
    story.add(1.2, "delivery", of=read, bytes=500)
    story.add(2, "notification", type="unavailable")
    story.add(3, "notification", type="change", internal=True)
    assert costs(story).summary(APP) == {**figures(0, 0.0, 0, 0), "by_state": {}}


def test_a_wake_up_is_a_callback_in_the_background_after_a_second_of_nothing() -> None:
    story = Story()
    story.callback(10, 1)
    story.add(11, "state", value="background")
    for at_s in (20, 20.5, 21.2, 30):
        story.callback(at_s, 1)
    story.add(30.5, "access", depth="metadata", cause=None)
    story.callback(31, 1)
    assert costs(story).summary(APP)["wakeups"] == 2


def test_segments_of_one_app_add_up_and_others_stay_apart() -> None:
    stories = Story(1), Story(2), Story(3, app="com.other")
    for story in stories:
        story.callback(1, 1_000_000)
    found = costs(*stories)
    assert found.summary(APP)["callbacks"] == 2
    assert found.summary("com.other")["cpu_ms"] == 1.0


def test_figures_that_are_none_do_no_harm() -> None:
    story = Story()
    told = story.add(1, "notification", type="change")
    story.add(2, "return", of=told, cpu_ns="much")
    story.add(2, "return", of=[1], cpu_ns=5)
    story.add(2, "delivery", of=told, bytes=-4)
    story.add(2, "access", cause="x")
    assert costs(story).summary(APP)["cpu_ms"] == 0.0


def test_after_a_loss_the_state_is_not_known() -> None:
    story = Story()
    story.add(1, "state", value="active")
    story.add(2, "lost", count=3)
    story.callback(3, 1)
    assert list(costs(story).summary(APP)["by_state"]) == ["unknown"]


def test_one_sentence_describes_an_app_and_its_background() -> None:
    story = Story()
    story.add(1, "state", value="background")
    story.callback(5, 2_500_000)
    figures_in_words = "1 callbacks, 2.5 ms of CPU, 0 bytes, 1 wake-ups"
    said = f"the observers of {APP} cost {figures_in_words}; in the background {figures_in_words}"
    assert costs(story).sentences() == [said]


def test_a_read_because_of_a_touch_or_of_what_is_no_origin_costs_the_observers_nothing() -> None:
    story = Story()
    story.add(0.5, "state", value="active")
    touch = story.add(1, "input", type="touch")
    unavailable = story.add(1, "notification", type="unavailable")
    for cause in (touch, unavailable, 2, 99, "1", None):
        read = story.add(1.1, "access", depth="data", cause=cause, tid=8)
        story.add(1.2, "return", of=read, cpu_ns=2_000_000)
        story.add(1.3, "delivery", of=read, bytes=1000)
    assert costs(story).summary(APP) == {**figures(0, 0.0, 0, 0), "by_state": {}}


def test_what_was_not_measured_is_none_and_said() -> None:
    story = Story()
    story.add(1, "state", value="active")
    story.add(2, "access", depth="data", cause=story.add(2, "notification", type="change"))
    found = costs(story)
    assert (found.summary(APP)["cpu_ms"], found.summary(APP)["bytes"]) == (None, None)
    assert "1 callbacks, CPU time not measured, bytes not measured" in found.sentences()[0]


def test_a_read_that_names_a_read_as_its_cause_is_none_of_the_callbacks() -> None:
    story = Story()
    told = story.callback(1, 3_000_000)
    read = story.add(2, "access", depth="data", cause=told)
    other = story.add(2.1, "access", depth="data", cause=read)
    for of in (read, other):
        story.add(3, "delivery", of=of, bytes=100)
    assert costs(story).summary(APP)["bytes"] == 100
