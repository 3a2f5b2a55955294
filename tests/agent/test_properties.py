"""Getters of photos are counted: how often, of how many photos, because of what; never one event a call, and none is missed."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from agent.watching import Watch
from standin import App, Phone
from standin.waiting import until

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


@pytest.mark.parametrize(
    ("what", "how", "symbol"),
    [
        ("location", "key", PLACE),
        ("location", "predicate", PLACE),
        ("location", "log", PLACE),
        ("filename", "", "-[PHAsset filename]"),
        # A getter that loads a set is one act; where no getter is counted, the set is.
        ("originalFilename", "", "-[PHAsset originalFilename]"),
        ("originalFilename", "key", "-[PHAsset originalFilename]"),
        ("adjustmentFormatIdentifier", "", SET),
        ("extendedMetadata", "", "-[PHAsset extendedMetadata]"),
    ],
)
def test_a_read_is_the_apps_once_on_whatever_way_it_comes(newest: Phone, what: str, how: str, symbol: str) -> None:
    app = newest.launch("hardcases")
    with Watch(app) as watch:
        said = read(app, what, how=how, times=3)
        stopped(watch)
        assert counts(watch) == {symbol: said["calls"]}
        assert [event["assets"] for event in watch.of("property")] == [said["assets"]]
        assert not watch.faults


@pytest.mark.parametrize(("what", "symbol"), [
    ("dataSize", "-[PHAssetResource dataSize]"), ("fileSize", "-[PHAssetResource fileSize]"),
    # In 27 the older name calls the newer one.
    ("originalFilename", "-[PHAssetResource originalFilename]"), ("filename", "-[PHAssetResource filename]"),
])  # fmt: skip
def test_what_a_file_says_of_its_photo_is_counted_for_the_photo(newest: Phone, what: str, symbol: str) -> None:
    app = newest.launch("hardcases")
    with Watch(app) as watch:
        said = read(app, what, files=True, times=2)
        stopped(watch)
        assert counts(watch) == {symbol: said["calls"]}
        assert [event["assets"] for event in watch.of("property")] == [said["assets"]]


def test_two_objects_of_one_photo_are_one_photo(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        said = read(app, "location", copies=4)
        stopped(watch)
        assert said["calls"] == 4 * said["assets"]
        assert [(event["count"], event["assets"]) for event in watch.of("property")] == [
            (said["calls"], said["assets"])
        ]


def test_four_threads_are_counted_exactly_and_a_second_has_one_event(newest: Phone) -> None:
    app = newest.launch("hardcases")
    with Watch(app) as watch:
        said = read(app, "location", threads=4, times=30_000 if Watch.lane == "c" else 300)
        stopped(watch)
        assert counts(watch) == {PLACE: said["calls"]}
        events = watch.of("property")
        assert all(event["assets"] == said["assets"] for event in events[:-1])
        assert sum(event["new_assets"] for event in events) == said["assets"]
        times = [event["at"][2] + event["at"][3] / 1e9 for event in events]
        assert all(later - earlier >= 0.999_999 for earlier, later in itertools.pairwise(times[:-1]))
        assert not watch.faults


def test_reads_in_the_handling_of_a_change_have_it_for_their_cause(phone: Phone) -> None:
    app = phone.launch("hardcases")
    app.order("case", name="place-observer")
    with Watch(app) as watch:
        phone.new_photo()
        [told] = watch.until(lambda: watch.of("return") and watch.of("notification"))
        read(app, "location", photos=1)
        stopped(watch)
        [handled, alone] = sorted(watch.of("property"), key=lambda event: event["cause"] is None)
        assert (handled["cause"], alone["cause"], alone["count"]) == (told["number"], None, 1)
        assert handled["count"] == handled["assets"]
        # Seen by both: new for the first of them only.
        assert handled["new_assets"] + alone["new_assets"] == handled["assets"]


def test_a_getter_that_throws_is_counted_and_throws_as_before() -> None:
    if Watch.lane == "js":
        pytest.skip("on Linux no exception passes a listener of Frida's, an empty one neither: docs/probes.md")
    for ios in VERSIONS:
        with Phone(idle_s=0.3, leeway=0.0, ios=ios, quirks=("place-throws",)) as phone:
            app = phone.launch("hardcases")
            with Watch(app) as watch:
                said = read(app, "location", times=5)
                assert said["thrown"] == said["calls"]
                # What is read after it is the app's again.
                read(app, "filename", photos=1)
                stopped(watch)
                assert counts(watch) == {PLACE: said["calls"], "-[PHAsset filename]": 1}
                assert not watch.faults


def test_a_photo_that_reads_its_place_as_it_goes_is_counted(newest: Phone) -> None:
    app = newest.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="property-at-the-end")
        stopped(watch)
        [event] = watch.of("property")
        assert (event["count"], event["assets"]) == (100, 1)


def test_what_a_framework_reads_for_itself_is_said_only_when_asked_for(newest: Phone) -> None:
    app = newest.launch("hardcases")
    with Watch(app, internal=True) as watch:
        said = read(app, "location", copies=2)
        stopped(watch)
        own = [event for event in watch.of("property") if "internal" not in event]
        assert [(event["symbol"], event["count"]) for event in own] == [(PLACE, said["calls"])]
        assert {(event["symbol"], event["internal"]) for event in watch.of("property") if event not in own} == {
            (STORAGE, True)
        }


def test_a_getter_that_is_left_out_is_not_counted_and_said_to_be_left_out(newest: Phone) -> None:
    app = newest.launch("hardcases")
    with Watch(app, without=["property.place", "property.place-storage"]) as watch:
        read(app, "location")
        stopped(watch)
        assert not watch.of("property")
        assert {event["status"] for event in watch.of("hook") if event["probe"].startswith("property.place")} == {
            "skipped"
        }


def test_a_recording_after_another_counts_from_nothing(newest: Phone) -> None:
    app = newest.launch("hardcases")
    for _ in range(2):
        with Watch(app) as watch:
            said = read(app, "location", times=2)
            stopped(watch)
            [event] = watch.of("property")
            assert (event["count"], event["assets"], event["new_assets"], event["run"]) == (
                said["calls"],
                said["assets"],
                said["assets"],
                1,
            )
    assert read(app, "location")["calls"] == said["assets"]  # and the app goes on without


def test_what_was_counted_is_sent_when_the_process_ends(newest: Phone) -> None:
    app = newest.launch("hardcases")
    watch = Watch(app)
    watch.__enter__()
    said = read(app, "location")
    app.terminate()
    assert until(lambda: counts(watch)) == {PLACE: said["calls"]}


@pytest.mark.parametrize("made", [9_000, 70_000])
def test_many_photos_are_counted_exactly_or_it_is_said_that_there_was_no_room(newest: Phone, made: int) -> None:
    if Watch.lane == "js" and made > 9_000:
        pytest.skip("the script takes more than a second for so many")
    app = newest.launch("hardcases")
    with Watch(app) as watch:
        said = read(app, "location", made=made)
        stopped(watch)
        assert said["assets"] == made
        assert counts(watch) == {PLACE: made}
        events = watch.of("property")
        exact = not any("at_least" in event for event in events)
        assert sum(event["new_assets"] for event in events) == made if exact else 0 < events[0]["assets"] < made
        assert exact or made > 49_152


def test_photos_are_new_again_after_some_seconds_without_a_read(newest: Phone) -> None:
    app = newest.launch("hardcases")
    with Watch(app) as watch:
        said = read(app, "location")
        watch.until(lambda: watch.of("property"))
        read(app, "location")
        watch.until(lambda: len(watch.of("property")) == 2)
        time.sleep(9)
        read(app, "location")
        stopped(watch)
        events = [(event["assets"], event["new_assets"], event["run"]) for event in watch.of("property")]
        assert events == [
            (said["assets"], said["assets"], 1),
            (said["assets"], 0, 1),
            (said["assets"], said["assets"], 2),
        ]
