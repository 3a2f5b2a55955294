"""What is hard to see rightly, each thing done by an app that keeps its own account."""

from __future__ import annotations

import platform
from collections import Counter
from typing import Any

import pytest

from agent.watching import Watch, called, seen
from standin import App, Phone
from standin.waiting import account, until

pytestmark = pytest.mark.standin

OBSERVERS = ["inherit", "override", "proxy", "forward", "twice", "touchy", "details", "late", "runtime-class"]
REQUESTS: list[tuple[str, dict[str, Any]]] = [
    ("image", {"side": 100}),
    ("image", {"side": 0}),
    ("image", {"side": 600, "synchronous": True}),
    ("data", {"synchronous": True}),
    ("old-data", {}),
    ("subclass", {}),
    ("caching", {}),
    ("nil-handler", {}),
    ("nil-asset", {}),
    ("cancel", {}),
    ("video", {}),
    ("live-photo", {}),
    ("editing", {}),
    ("fetches", {}),
    ("nested-fetch", {}),
    ("limited-picker", {}),
    *(
        (name, {"side": 100, "behaviour": how})
        for name in ("image", "data")
        for how in ("many", "odd", "error", "cloud", "unreachable")
    ),
]
SHORT: list[tuple[str, dict[str, Any]]] = [
    (name, {"short": True, **details})
    for name, details in (
        ("image", {"side": 100}),
        ("image", {"side": 100, "synchronous": True, "count": 20}),
        ("data", {}),
        ("old-data", {}),
        ("subclass", {}),
        ("caching", {}),
        ("cancel", {}),
        ("video", {}),
        ("live-photo", {}),
        ("editing", {}),
    )
]
"""The handler's code is a no-op and a jump: too short to hook."""
WAYS = [
    *("class_addMethod", "class_replaceMethod", "method_setImplementation", "method_exchangeImplementations"),
    *("object_setClass", "exchange-the-other-way", "parent", "twice", "new-subclass", "new-subclass-changes"),
    *("exchange-and-call", "set-and-call", "set-and-call-later", "key-value-observing"),
]
WRITES = {"write", "write-and-wait", "delete"}


def agreement(phone: Phone, app: App, watch: Watch) -> dict[str, tuple[Any, Any]]:
    """Pair what the app says with what the agent says."""
    depths = Counter(event["depth"] for event in watch.of("access"))
    depths += Counter("open" for event in watch.of("observer") if event["action"] in ("registered", "unregistered"))
    return {
        "calls": (called(phone, app), seen(watch)),
        "depths": (Counter(call["depth"] for call in account(phone, app, "call")), depths),
        "notifications": (len(account(phone, app, "notification")), len(watch.of("notification"))),
        "deliveries": (len(account(phone, app, "delivery")), len(watch.of("delivery"))),
    }


def assert_agreement(phone: Phone, app: App, watch: Watch, *, notifications: int = 0) -> None:
    """Wait until both say the same, and at least that many notifications."""

    def settled() -> bool:
        pairs = agreement(phone, app, watch)
        return pairs["notifications"][0] >= notifications and all(left == right for left, right in pairs.values())

    try:
        watch.until(settled)
    except TimeoutError:
        for left, right in agreement(phone, app, watch).values():
            assert left == right
        raise
    assert not watch.faults


@pytest.mark.parametrize("name", OBSERVERS)
def test_observers_of_every_shape_are_told_once_for_each_delivery(phone: Phone, name: str) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name=name)
        phone.new_photo()
        assert_agreement(phone, app, watch, notifications=1)


@pytest.mark.parametrize(("name", "details"), [*REQUESTS, *SHORT])
def test_requests_of_every_kind_and_ending(phone: Phone, name: str, details: dict[str, Any]) -> None:
    if "behaviour" in details:
        phone.new_photo(behaviour=details["behaviour"])
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name=name, **details)
        assert_agreement(phone, app, watch)


def test_a_shared_implementation_counts_for_the_right_selector_only(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="shared")
        app.order("case", name="shared-other")
        phone.new_photo()
        assert_agreement(phone, app, watch, notifications=2)
        assert {event["observer"]["class"] for event in watch.of("notification")} == {
            "SharingObserverA",
            "SharingObserverB",
        }


@pytest.mark.parametrize(("first", "then"), [("changing", "replace"), ("changing", "exchange"), ("growing", "add")])
def test_an_implementation_that_is_changed_after_the_attach_is_followed(phone: Phone, first: str, then: str) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name=first)
        app.order("case", name=then)
        phone.new_photo()
        assert_agreement(phone, app, watch, notifications=1)


@pytest.mark.parametrize("way", WAYS)
def test_a_callback_that_is_replaced_is_seen_at_once(phone: Phone, way: str) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        calls = app.order("case", name="swizzle", way=way)["calls"]
        assert_agreement(phone, app, watch, notifications=calls)
        assert len(watch.of("notification")) == calls
        assert not [event for event in watch.of("hook") if "once a second" in (event["reason"] or "")]


def test_a_callback_that_is_replaced_while_other_threads_call_it_loses_no_call(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        calls = app.order("case", name="swizzle-under-load", timeout_s=60)["calls"]
        assert_agreement(phone, app, watch, notifications=calls)
        assert len(watch.of("notification")) == calls
        assert len(watch.of("hook", reason="the implementation was replaced")) == 8


def test_observers_that_come_and_go_leave_nothing_behind(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="dies")
        app.order("case", name="leaves")
        phone.new_photo()
        app.order("case", name="inherit")
        phone.new_photo()
        assert_agreement(phone, app, watch, notifications=1)


@pytest.mark.parametrize("short", [False, True])
def test_a_resource_comes_in_pieces_and_its_bytes_add_up(phone: Phone, short: bool) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="resource", short=short)
        watch.until(lambda: len([event for event in watch.of("delivery") if event["bytes"] is None]) == 2)
        mine = sorted(event["bytes"] for event in watch.of("delivery") if event["bytes"] is not None)
        assert mine == sorted(event["bytes"] for event in account(phone, app, "delivery"))


@pytest.mark.parametrize("short", [False, True])
def test_the_end_of_a_file_that_is_written_is_a_delivery(phone: Phone, short: bool) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="resource-file", short=short)
        [end] = watch.until(lambda: watch.of("delivery"))
        assert (end["bytes"], end["error"]) == (None, None)
        assert until(lambda: account(phone, app, "completion"))
        assert not watch.faults


def test_a_handler_of_one_instruction_has_its_delivery_and_its_bytes(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="nothing-handler")
        [end] = watch.until(lambda: watch.of("delivery"))
        assert end["bytes"] > 0
        assert "reason" not in end


@pytest.mark.skipif(
    platform.machine() == "aarch64", reason="one instruction has room for Frida's jump there: it is watched"
)
def test_a_handler_that_cannot_be_watched_is_a_delivery_that_says_so(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="nothing-handler", small=True)
        [end] = watch.until(lambda: watch.of("delivery"))
        assert end["bytes"] is None
        assert "cannot be hooked" in end["reason"]
        assert end["of"] == watch.of("access", depth="data")[0]["number"]


def test_a_short_handler_runs_also_after_the_agent_has_left(phone: Phone) -> None:
    phone.new_photo(behaviour="late")
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="data", behaviour="late", short=True)
        watch.until(lambda: watch.of("access", depth="data"))
    assert not account(phone, app, "delivery")
    [end] = until(lambda: account(phone, app, "delivery"))
    assert end["bytes"] > 0
    app.order("fetch")
    assert app.process.poll() is None


@pytest.mark.parametrize("name", sorted(WRITES))
def test_what_an_app_does_inside_its_change_block_is_the_apps(phone: Phone, name: str) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name=name)
        writes = watch.until(lambda: len(found := watch.of("access", depth="write")) > 1 and found)
        assert writes[0]["symbol"].startswith("-[PHPhotoLibrary performChanges")
        assert all("Request" in event["symbol"] for event in writes[1:])


def test_permission_is_asked_answered_and_read(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="authorization")
        events = watch.until(lambda: len(found := watch.of("authorization")) == 6 and found)
        assert Counter(event["action"] for event in events) == {"read": 2, "asked": 2, "answered": 2}
        assert {event["status"] for event in events} == {"authorized", None}
        assert {event["level"] for event in events} == {"read-write"}


def test_history_is_followed_without_an_observer(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="history-token")
        phone.new_photo(2)
        app.order("case", name="history")
        symbols = watch.until(lambda: len(found := watch.of("access")) >= 4 and {event["symbol"] for event in found})
        assert "-[PHPhotoLibrary fetchPersistentChangesSinceToken:error:]" in symbols
        assert "-[PHPersistentChange changeDetailsForObjectType:error:]" in symbols


def test_an_unavailable_library_is_told(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("fetch")
        app.order("case", name="availability")
        phone.make_unavailable()
        [told] = watch.until(lambda: watch.of("notification"))
        assert told["type"] == "unavailable"
        assert told["observer"]["class"] == "AvailabilityObserver"


@pytest.mark.parametrize(("name", "count"), [("threads", 200), ("image-threads", 50), ("churn", 50)])
def test_eight_threads_at_once_lose_nothing(phone: Phone, name: str, count: int) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name=name, threads=8, count=count)
        assert_agreement(phone, app, watch)


def test_an_observers_class_that_four_threads_see_first_is_named_once_for_all(phone: Phone) -> None:
    app = phone.launch("bench")
    app.order("call", what="callback", count=1, threads=1)  # it registers
    for _ in range(4):
        with Watch(app) as watch:
            calls = app.order("call", what="callback", count=200, threads=4)["calls"]
            notified = watch.until(lambda n=calls: len(found := watch.of("notification")) == n and found)
            assert {event["observer"]["class"] for event in notified} == {"EmptyObserver"}
            assert {event["observer"]["image"] for event in notified} == {"bench"}


@pytest.mark.parametrize("name", ["image", "data"])
def test_a_request_that_is_never_answered_has_no_delivery(phone: Phone, name: str) -> None:
    phone.new_photo(behaviour="never")
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name=name, side=100, behaviour="never")
        app.order("case", name="data")
        watch.until(lambda: watch.of("delivery"))
        assert_agreement(phone, app, watch)
        [answered] = {event["of"] for event in watch.of("delivery")}
        asked = [event["number"] for event in watch.of("access") if event["depth"] in ("thumbnail", "data")]
        assert len(asked) == 2
        assert answered == asked[1]


@pytest.mark.parametrize(
    ("behaviour", "network", "error"),
    [("", False, None), ("error", False, "PHPhotosErrorDomain"), ("cloud", False, "PHPhotosErrorDomain 3164")],
)
def test_how_a_request_ended_is_told(phone: Phone, behaviour: str, network: bool, error: str | None) -> None:
    phone.new_photo(behaviour=behaviour)
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="data", behaviour=behaviour, network=network)
        [end] = watch.until(lambda: watch.of("delivery"))
        assert (end["error"] or "").startswith(error or "")
        assert (end["error"] is None) == (error is None)


def test_a_cancelled_request_is_told_as_cancelled_or_not_delivered(phone: Phone) -> None:
    phone.new_photo(behaviour="cloud")
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="cancel")
        assert_agreement(phone, app, watch)
        ends = watch.of("delivery")
        assert {end["error"] for end in ends} <= {"cancelled", None}


def test_a_hook_that_is_entered_from_inside_a_hook_neither_recurses_nor_breaks_the_outer_one(phone: Phone) -> None:
    fetch = "+[PHAsset fetchAssetsWithMediaType:options:]"
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="clingy")
        watch.until(lambda: watch.of("delivery"))
        # Frida keeps hooks silent on a thread that runs one; docs/probes.md says so.
        inside = called(phone, app) - seen(watch)
        assert set(inside) <= {fetch}
        assert not seen(watch) - called(phone, app)
        before = len(watch.of("access", symbol=fetch))
        app.order("fetch")
        watch.until(lambda: len(watch.of("access", symbol=fetch)) == before + 1)
        assert not watch.faults


def test_the_forwarding_of_a_class_is_not_hooked(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="proxy")
        app.order("case", name="forward")
        callback = "-[PlainObserver photoLibraryDidChange:]"
        watch.until(lambda: watch.of("hook", symbol=callback))
        app.order("fetch")
        watch.until(lambda: watch.of("access"))
        hooked = {event["symbol"] for event in watch.of("hook", status="installed") if "DidChange:" in event["symbol"]}
        assert hooked == {callback}


def test_leaving_while_a_callback_runs_does_no_harm(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="slow")
        phone.new_photo()
        watch.until(lambda: watch.of("notification"))
    app.order("fetch")
    assert app.process.poll() is None


def test_what_frameworks_do_inside_a_call_is_kept_only_when_asked_for_and_marked(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app, internal=True) as watch:
        app.order("fetch")
        events = watch.until(lambda: len(found := watch.of("access")) > 1 and found)
        assert [event["symbol"] for event in events if "internal" not in event] == [
            "+[PHAsset fetchAssetsWithMediaType:options:]"
        ]
        assert "-[PHQuery executeQuery]" in {event["symbol"] for event in events if event.get("internal")}


def test_callers_are_the_apps_own_frames(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="fetches")
        events = watch.until(lambda: len(found := watch.of("access")) == 22 and found)
        assert {event["caller"]["image"] for event in events} == {"hardcases"}
        assert len({event["caller"]["offset"] for event in events}) == len(events)
