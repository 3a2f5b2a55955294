"""Observers of the history (iOS 27): a type of their own, found, registered, unregistered and delivered."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent.watching import Watch
from standin import Phone

pytestmark = pytest.mark.standin

TYPE = "persistent-changes"


@pytest.fixture
def phone() -> Iterator[Phone]:
    """A phone with iOS 27."""
    with Phone(idle_s=0.3, leeway=0.0, ios="27") as phone:
        yield phone


def test_one_from_before_the_attach_is_found_and_its_deliveries_have_its_type(phone: Phone) -> None:
    app = phone.launch("hardcases")
    app.order("case", name="history-observer")
    with Watch(app) as watch:
        [found] = watch.of("observer")
        assert (found["action"], found["type"], found["observer"]["class"]) == ("found", TYPE, "HistoryObserver")
        phone.new_photo()
        [told] = watch.until(lambda: watch.of("return") and watch.of("notification"))
        assert (told["type"], told["observer"], told["change"]) == (TYPE, found["observer"], None)
        [read] = watch.of("access")
        assert read["cause"] == told["number"]


def test_registering_and_unregistering_are_told_once_each(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="history-observer", leave=True)
        app.order("fetch")
        watch.until(lambda: watch.of("access"))
        events = watch.of("observer")
        assert [(event["action"], event["type"]) for event in events] == [("registered", TYPE), ("unregistered", TYPE)]
        assert events[0]["observer"] == events[1]["observer"]
        phone.new_photo()
        app.order("fetch")
        watch.until(lambda: len(watch.of("access")) == 2)
        assert not watch.of("notification")


def test_who_observes_both_is_told_of_twice_with_a_type_each(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="history-observer", both=True)
        assert {event["type"] for event in watch.until(lambda: watch.of("observer"))} == {"change", TYPE}
        for round_ in (1, 2):  # the library is the same each time: two deliveries all the same
            phone.new_photo()
            notified = watch.until(lambda n=round_ * 2: len(watch.of("notification")) == n and watch.of("notification"))
            assert [event["type"] for event in notified[-2:]] == ["change", TYPE]


@pytest.mark.parametrize("ios", ["26", "18.4"])
def test_before_27_there_is_nothing_to_hook_and_nothing_is_missed(ios: str) -> None:
    with Phone(idle_s=0.3, leeway=0.0, ios=ios) as phone:
        app = phone.launch("hardcases")
        assert app.order("case", name="history-observer")["absent"]
        with Watch(app) as watch:
            hooks = [event for event in watch.of("hook") if "persistent-changes-observer" in event["probe"]]
            assert hooks
            assert all(event["status"] == "skipped" and event["absent"] for event in hooks)
            assert not any("table of observers" in event["reason"] for event in hooks)
