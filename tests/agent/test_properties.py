"""Getters of photos are counted: how often, of how many photos, because of what; never one event a call, and none is missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from agent.watching import Watch
from standin import App, Phone

pytestmark = pytest.mark.standin

PLACE = "-[PHAsset location]"
STORAGE = "-[PHAsset _uncachedLocation]"
SET = "-[PHAsset _createPropertyObjectOfClass:]"
VERSIONS = ["15", "18.4", "27"]


@pytest.fixture(params=VERSIONS)
def phone(request: pytest.FixtureRequest) -> Iterator[Phone]:
    """A phone of several versions."""
    with Phone(idle_s=0.3, leeway=0.0, ios=request.param) as phone:
        yield phone


@pytest.fixture
def newest() -> Iterator[Phone]:
    """A phone with iOS 27."""
    with Phone(idle_s=0.3, leeway=0.0, ios="27") as phone:
        yield phone


def read(app: App, what: str, **order: object) -> Any:
    """Have the app read a property; returns what it says of it."""
    return app.order("case", name="properties", property=what, timeout_s=60, **order)


def counts(watch: Watch) -> Counter[str]:
    """Return how often each property was read, by symbol."""
    total: Counter[str] = Counter()
    for event in watch.of("property"):
        total[event["symbol"]] += event["count"]
    return total


def stopped(watch: Watch) -> Watch:
    """End the recording: what was counted until now is sent."""
    watch.call("stop")
    watch.until(lambda: True)
    return watch


def test_every_read_is_counted_and_no_read_is_an_event(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        said = read(app, "location", times=300)
        stopped(watch)
        assert counts(watch) == {PLACE: said["calls"]}
        assert len(watch.of("property")) <= 3
        assert {event["assets"] for event in watch.of("property")} == {said["assets"]}
        assert not [event for event in watch.of("property") if "at_least" in event or event["tid"] is not None]
        assert not watch.faults
