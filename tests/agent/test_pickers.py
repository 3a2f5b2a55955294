"""What an app loads of the photos that a person has chosen: outside the ladder, and nothing of any other provider."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from agent.watching import Event, Watch, called
from standin import App, Phone
from standin.waiting import account, until

pytestmark = pytest.mark.standin

LOAD = "-[NSItemProvider "
DATA = "-[NSItemProvider loadDataRepresentationForTypeIdentifier:completionHandler:]"
BYTES = {"data", "data-type", "item"}
WAYS = ["object", "data", "file", "in-place", "data-type", "file-type", "item", "preview"]


def loads(watch: Watch) -> list[Event]:
    """Return the loads that were seen."""
    return [event for event in watch.of("access") if event["symbol"].startswith(LOAD)]


def load(phone: Phone, app: App, watch: Watch, *, handled: bool = True, **details: Any) -> list[Event]:
    """Have the app load what it has, and wait until it and the agent say the same. Return the loads that were seen.

    handled: whether it gives a handler each time.
    """
    app.order("case", name="load", **details)

    def agree() -> bool:
        calls = Counter({symbol: n for symbol, n in called(phone, app).items() if symbol.startswith(LOAD)})
        seen = Counter(event["symbol"] for event in loads(watch))
        deliveries = calls.total() if handled else 0
        return calls == seen and deliveries == len(account(phone, app, "delivery")) == len(watch.of("delivery"))

    watch.until(agree)
    assert not watch.faults
    assert not [
        event
        for event in watch.of("hook", status="skipped")
        if event["probe"].startswith(("picker-load.", "picker-source."))
    ]
    return loads(watch)


def pick(phone: Phone, app: App, count: int = 1, **case: Any) -> None:
    """Let the person choose, and wait until the app has what was chosen."""
    before = len(account(phone, app, "picked"))
    phone.pick(app, count, **{"delegate": "keeper", **case})
    until(lambda: len(account(phone, app, "picked")) > before)


@pytest.mark.parametrize("short", [False, True])
@pytest.mark.parametrize("way", WAYS)
def test_each_way_to_load_is_one_event_with_what_was_delivered(phone: Phone, way: str, short: bool) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        pick(phone, app, 2, library=True)
        seen = load(phone, app, watch, of="picked", how=way, short=short)
        assert [event["depth"] for event in seen] == ["picker"] * 2
        assert len({event["asset"] for event in seen}) == 2
        assert all(len(event["asset"]) == 64 for event in seen)
        bytes_said = sorted(event["bytes"] or 0 for event in watch.of("delivery"))
        assert all(bytes_said) if way in BYTES else not any(bytes_said)
        assert {event["of"] for event in watch.of("delivery")} == {event["number"] for event in seen}


def test_the_asset_of_a_load_is_that_of_a_read_of_the_same_photo(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        pick(phone, app, library=True)
        [loaded] = load(phone, app, watch, of="picked", how="data")
        app.order("case", name="image", side=100)  # of the newest photo, which the person chose too
        watch.until(lambda: watch.of("access", depth="thumbnail"))
        assert watch.of("access", depth="thumbnail")[0]["asset"] == loaded["asset"]


def test_without_a_library_in_the_configuration_the_asset_is_not_known(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        pick(phone, app)
        [loaded] = load(phone, app, watch, of="picked", how="object", **{"class": "live"})
        assert (loaded["asset"], loaded["detail"]) == (None, {"class": "PHLivePhoto"})


def test_providers_of_a_drag_or_a_paste_and_the_apps_own_are_not_events(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        pick(phone, app)
        app.order("case", name="load", of="dragged", how="all", times=20)
        until(lambda: app.order("case", name="picked")["handled"] == 160)
        assert len(load(phone, app, watch, of="picked", how="data")) == 1


def test_an_address_that_is_used_again_is_not_the_pickers(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        pick(phone, app, 8)
        assert len(load(phone, app, watch, of="picked", how="data")) == 8
        assert app.order("case", name="reuse-picked")["again"] > 0
        watch.call("flush")
        assert len(loads(watch)) == 8


def test_providers_live_no_longer_for_it(phone: Phone) -> None:
    app = phone.launch("hardcases")
    pick(phone, app, 3)
    alone = app.order("case", name="picked")["references"]
    with Watch(app) as watch:
        app.order("case", name="ask-again")
        load(phone, app, watch, of="picked", how="data")
        until(lambda: app.order("case", name="picked")["references"] == alone)


@pytest.mark.parametrize("ios", ["15", "27"])
def test_a_kept_provider_is_the_pickers_in_the_background_too(ios: str) -> None:
    with Phone(idle_s=0.3, leeway=0.0, ios=ios) as phone:
        app = phone.launch("hardcases")
        with Watch(app) as watch:
            pick(phone, app)
            app.background()
            assert len(load(phone, app, watch, of="picked", how="data", times=5)) == 5


def test_loads_of_many_threads_are_counted_exactly(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        pick(phone, app, 2)
        assert len(load(phone, app, watch, of="picked", how="all", times=10, threads=4)) == 2 * 8 * 10 * 4


def test_a_copy_is_the_pickers_too(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        pick(phone, app, library=True)
        [loaded] = load(phone, app, watch, of="copied", how="data")
        assert len(loaded["asset"]) == 64


def test_a_delegate_that_gets_the_method_late_and_one_that_is_nil(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        phone.pick(app, 1, delegate="nil")
        pick(phone, app, delegate="late")
        assert len(load(phone, app, watch, of="picked", how="data")) == 1


def test_results_that_are_kept_show_their_providers_to_a_later_recording(phone: Phone) -> None:
    app = phone.launch("hardcases")
    pick(phone, app, library=True)
    with Watch(app) as watch:
        app.order("case", name="ask-again")
        [loaded] = load(phone, app, watch, of="picked", how="data")
        assert len(loaded["asset"]) == 64


def test_a_provider_from_before_the_recording_is_not_known_to_be_the_pickers(phone: Phone) -> None:
    app = phone.launch("hardcases")
    pick(phone, app)
    with Watch(app) as watch:
        app.order("case", name="load", of="picked", how="data")
        until(lambda: account(phone, app, "delivery"))
        watch.call("flush")
        assert not loads(watch)


def test_the_next_agent_of_the_process_still_knows_them(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app, salt="aa"):
        pick(phone, app, library=True)
    with Watch(app, salt="bb") as watch:
        [loaded] = load(phone, app, watch, of="picked", how="data")
        assert loaded["asset"] is None  # hashed with the earlier recording's salt, and gone with it


def test_what_is_no_result_of_a_picker_is_asked_nothing(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        assert app.order("case", name="false-results")["asked"] == 0
        watch.until(lambda: len(watch.of("access", symbol="-[* picker:didFinishPicking:]")) == 6)
        assert not watch.faults


@pytest.mark.parametrize("way", ["data", "file", "data-type", "item"])
def test_a_type_identifier_is_cut(phone: Phone, way: str) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        pick(phone, app)
        [lines] = load(phone, app, watch, of="picked", how=way, type="lines")
        assert lines["detail"] == {"type": "public.jpeg\nthe next line\u2028and \x1b[31mred"}
        *_, long = load(phone, app, watch, of="picked", how=way, type="long")
        assert long["detail"] == {"type": "😀." * 64}


def test_a_load_that_is_cancelled_or_fails_says_so_and_nothing_of_its_description(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        pick(phone, app)
        load(phone, app, watch, of="picked", how="data", cancel=True)
        load(phone, app, watch, of="picked", how="object", **{"class": "none"})
        errors = [(event["bytes"], event["error"]) for event in watch.of("delivery")]
        assert errors == [(None, "NSCocoaErrorDomain 3072"), (None, "NSItemProviderErrorDomain -1100")]
        assert not [event for event in watch.events if "Anna" in str(event)]


def test_a_handler_that_is_nil(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        pick(phone, app)
        [loaded] = load(phone, app, watch, of="picked", how="item", handled=False, **{"class": "none"})
        assert loaded["detail"] == {"type": "public.jpeg"}


def test_a_class_with_ways_of_its_own_to_load_is_hooked_there() -> None:
    with Phone(idle_s=0.3, leeway=0.0, quirks=("picker-subclass",)) as phone:
        app = phone.launch("hardcases")
        with Watch(app) as watch:
            pick(phone, app)
            [loaded] = load(phone, app, watch, of="picked", how="data")
            assert loaded["symbol"] == DATA
            assert watch.of(
                "hook", symbol="-[PUPickedItemProvider loadDataRepresentationForTypeIdentifier:completionHandler:]"
            )


CHOSEN = "-[* imagePickerController:didFinishPickingMediaWithInfo:]"


@pytest.mark.parametrize("info", ["asset", "text", "none", "false", "nil"])
def test_the_older_picker_names_the_asset_where_the_app_may_see_the_library(phone: Phone, info: str) -> None:
    """Only the system's own dictionary is asked, and only of an asset something is read."""
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        assert app.order("case", name="image-picker", info=info)["asked"] == 0
        [chosen] = watch.until(lambda: watch.of("access", symbol=CHOSEN))
        assert (chosen["depth"], len(chosen["asset"] or "")) == ("picker", 64 if info == "asset" else 0)
        if info == "asset":
            app.order("case", name="image", side=100)  # of the newest photo, which was chosen too
            [read] = watch.until(lambda: watch.of("access", depth="thumbnail"))
            assert chosen["asset"] == read["asset"]
        assert not watch.faults
