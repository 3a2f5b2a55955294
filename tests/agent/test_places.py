"""Events that the agent writes as lines of the host's file, and those that it cannot place."""

from __future__ import annotations

import pytest

from agent.watching import Watch
from standin import Phone

pytestmark = pytest.mark.standin

PHOTOS = 8


@pytest.mark.parametrize("lane", ["c", "js"])
@pytest.mark.parametrize("since", [1, 10**9])
def test_what_names_an_event_of_unknown_place_comes_without_one_and_the_app_lives(
    phone: Phone, since: int, lane: str
) -> None:
    """Such an event is written a second time; the identifier that it holds is given back once."""
    app = phone.launch("scanner")
    with Watch(app, lane=lane) as watch:
        watch.call("acknowledge", 0, {"segment": 3, "shift": 100, "since": since})
        for n in range(1, PHOTOS + 1):
            phone.new_photo()
            watch.until(lambda n=n: len(watch.of("notification")) >= n and len(watch.of("delivery")) >= n)
        caused = [event for event in watch.of("access") if event["cause"] is not None]
        assert len(caused) >= PHOTOS
        for event in caused:
            placed = "segment" in event
            assert not placed or since == 1
            assert event["cause"] < event["number"] + (100 if placed else 0)
            assert not placed or event["seq"] == event["number"] + 100
        # The script's own events are lines of the file, too.
        assert watch.until(lambda: any("segment" in event for event in watch.of("usage", "state", "property")))
        assert not any("segment" in event for event in watch.of("stack"))
        assert all(event["asset"] is None or len(event["asset"]) == 64 for event in watch.of("access"))
        assert app.process.poll() is None
