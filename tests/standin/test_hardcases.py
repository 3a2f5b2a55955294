"""The app hardcases does what its cases say. Other tests compare the agent with its account."""

from __future__ import annotations

import collections

import pytest

from standin import Phone
from standin.waiting import account, until

pytestmark = pytest.mark.standin


@pytest.fixture(scope="module")
def phone():
    with Phone(idle_s=0.5, leeway=0.0) as phone:
        yield phone


@pytest.fixture
def app(phone):
    app = phone.launch("hardcases")
    yield app
    assert app.process.poll() is None, app.log.read_text()
    app.kill()


def case(app, name, **details):
    answer = app.order("case", name=name, timeout_s=30, **details)
    assert "error" not in answer
    return answer


def told(phone, app):
    return [line["observer"] for line in account(phone, app, "notification")]


@pytest.mark.parametrize(
    ("name", "observers"),
    [
        ("inherit", ["InheritingObserver"]),
        ("override", ["OverridingObserver"]),
        ("proxy", ["PlainObserver"]),
        ("forward", ["PlainObserver"]),
        ("twice", ["PlainObserver"]),
        ("touchy", ["TouchyObserver"]),
        ("slow", ["SlowObserver"]),
        ("late", ["LateObserver"]),
        ("runtime-class", ["RuntimeObserver"]),
        ("shared", ["SharingObserverA", "SharingObserverB"]),
    ],
)
def test_observers_of_every_shape_are_told_once(phone, app, name, observers):
    case(app, name)
    phone.new_photo()
    until(lambda: len(told(phone, app)) >= len(observers))
    assert sorted(told(phone, app)) == observers


@pytest.mark.parametrize("name", ["dies", "leaves"])
def test_observers_that_have_gone_are_not_told(phone, app, name):
    case(app, name)
    case(app, "inherit")
    phone.new_photo()
    until(lambda: told(phone, app))
    assert told(phone, app) == ["InheritingObserver"]


@pytest.mark.parametrize(
    ("setup", "change", "after"),
    [
        ("changing", "replace", "ChangingObserver"),
        ("growing", "add", "GrowingObserver"),
        ("changing", "exchange", "ChangingObserver/exchanged"),
    ],
)
def test_implementations_change_after_registration(phone, app, setup, change, after):
    case(app, setup)
    phone.new_photo()
    until(lambda: told(phone, app))
    case(app, change)
    phone.new_photo()
    until(lambda: len(told(phone, app)) == 2)
    assert told(phone, app) == ["ChangingObserver", after]


def test_the_other_selector_of_a_shared_implementation_is_no_notification(phone, app):
    case(app, "shared")
    case(app, "shared-other")
    assert told(phone, app) == []


def test_change_details_say_what_came(phone, app):
    case(app, "details")
    phone.new_photo(2)
    lines = until(
        lambda: sum(line["inserted"] for line in account(phone, app, "details")) == 2 and account(phone, app, "details")
    )
    assert all(line["removed"] == 0 for line in lines)


def test_the_library_becomes_unavailable(phone, app):
    case(app, "availability")
    app.order("fetch")
    phone.make_unavailable()
    assert until(lambda: told(phone, app)) == ["AvailabilityObserver"]


def deliveries(phone, app):
    return account(phone, app, "delivery")


@pytest.mark.parametrize(
    ("behaviour", "details", "degraded"),
    [
        ("", {}, [True, False]),
        ("", {"delivery": 1}, [False]),
        ("", {"delivery": 2}, [True]),
        ("", {"synchronous": True}, [False]),
        ("many", {}, [True] * 10 + [False]),
        ("error", {}, [True, False]),
        ("cloud", {}, [True, False]),
        ("cloud", {"network": True}, [True, False]),
        ("unreachable", {"network": True}, [True, False]),
    ],
)
def test_image_requests_end_in_every_way(phone, app, behaviour, details, degraded):
    phone.new_photo(behaviour=behaviour)
    case(app, "image", behaviour=behaviour, side=200, **details)
    until(lambda: len(deliveries(phone, app)) >= len(degraded))
    assert [line["degraded"] for line in deliveries(phone, app)] == degraded


def test_a_request_that_is_never_answered(phone, app):
    phone.new_photo(behaviour="never")
    case(app, "image", behaviour="never", side=200)
    case(app, "data")
    until(lambda: deliveries(phone, app))
    assert {line["of"] for line in deliveries(phone, app)} == {4}


def test_handlers_get_objects_of_other_classes(phone, app):
    phone.new_photo(behaviour="odd")
    case(app, "data", behaviour="odd")
    assert [line["bytes"] for line in until(lambda: deliveries(phone, app))] == [None]
    case(app, "image", behaviour="odd", side=100)
    until(lambda: len(deliveries(phone, app)) == 3)


@pytest.mark.parametrize("name", ["old-data", "subclass", "caching", "video", "live-photo", "editing"])
def test_other_requests_are_answered(phone, app, name):
    case(app, name)
    asked = {call["n"] for call in account(phone, app, "call") if call["depth"] in ("thumbnail", "data")}
    asked -= {call["n"] for call in account(phone, app, "call") if "startCaching" in call["symbol"]}
    until(lambda: {line["of"] for line in deliveries(phone, app)} == asked)


def test_missing_handlers_and_assets_do_no_harm(phone, app):
    case(app, "nil-handler")
    case(app, "nil-asset")
    case(app, "cancel")
    assert until(lambda: deliveries(phone, app))


def test_resources_come_in_pieces(phone, app):
    case(app, "resource")
    until(lambda: len(account(phone, app, "completion")) == 2)
    pieces = collections.Counter(line["of"] for line in deliveries(phone, app))
    assert max(pieces.values()) > 3
    case(app, "resource-file")
    assert until(lambda: len(account(phone, app, "completion")) == 3)


@pytest.mark.parametrize(
    "way",
    [
        "async",
        "async-twice",
        "async-f",
        "after",
        "sync",
        "group",
        "main",
        "operation-block",
        "operation",
        "selector",
        "thread",
    ],
)
def test_work_that_a_callback_hands_on_keeps_its_cause(phone, app, way):
    case(app, "handoff", way=way)
    phone.new_photo()
    calls = until(lambda: account(phone, app, "call")[1:])
    assert [call["cause"] for call in calls] == [1]


def test_every_fetch_method_works_and_is_counted(phone, app):
    case(app, "fetches")
    symbols = [call["symbol"] for call in account(phone, app, "call")]
    assert len(symbols) == len(set(symbols)) == 22


def test_history_and_writing(phone, app):
    case(app, "history-token")
    phone.new_photo(2)
    assert until(lambda: case(app, "history")["inserted"] == 2)
    case(app, "write")
    assert until(lambda: account(phone, app, "written"))[0]["success"] is True
    assert case(app, "write-and-wait")["success"] is True
    assert case(app, "history")["inserted"] == 4
    case(app, "delete")


def test_permission_is_asked_and_answered(phone, app):
    case(app, "authorization")
    until(lambda: len([line for line in account(phone, app, "authorization") if line["action"] == "answered"]) == 2)


def test_everything_that_wakes_an_app_is_noted(phone, app):
    case(app, "subscribe")
    app.background()
    reasons = ["push", "fetch", "url-session", "task", "pushkit", "location"]
    for reason in reasons:
        assert app.order("wake", reason=reason, identifier="org.lightleak.refresh")["handled"]
    until(lambda: sorted(line["reason"] for line in account(phone, app, "wake")) == sorted(reasons))


def test_eight_threads_at_once_lose_nothing(phone, app):
    assert case(app, "threads", threads=8, count=50)["calls"] == 400
    case(app, "image-threads", threads=8, count=10)
    symbols = collections.Counter(call["symbol"] for call in account(phone, app, "call"))
    assert symbols["+[PHAsset fetchAssetsWithMediaType:options:]"] == 402
    until(lambda: len(deliveries(phone, app)) == 160)


def test_observers_come_and_go_while_changes_are_published(phone, app):
    for _ in range(3):
        phone.new_photo()
        case(app, "churn", threads=4, count=50)
    case(app, "inherit")
    phone.new_photo()
    until(lambda: "InheritingObserver" in told(phone, app))
