"""The state of an app, and what the system runs it for: heard, never asked for in a hook."""

from __future__ import annotations

import frida
import pytest

from agent.watching import Event, Watch
from standin import App, Phone
from standin.settings import BUILD
from standin.stranger import Stranger

pytestmark = pytest.mark.standin

WAKES = {
    "push": "silent-push",
    "fetch": "background-task",
    "url-session": "background-url-session",
    "pushkit": "voip-push",
    "location": "location",
}


def move(app: App, number: int, *steps: str) -> None:
    """Let the system move one of the app's windows."""
    for step in steps:
        app.order("case", name="scene", number=number, to=step)


def values(watch: Watch) -> list[str]:
    """Return the states so far, without repetitions."""
    found: list[str] = []
    for event in watch.of("state"):
        if not found or found[-1] != event["value"]:
            found.append(event["value"])
    return found


def test_an_app_is_as_far_in_front_as_its_foremost_window(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        move(app, 2, "foreground", "activate")
        move(app, 1, "deactivate", "background")
        app.order("fetch")
        watch.until(lambda: watch.of("access"))
        assert values(watch) == ["active"]
        move(app, 2, "deactivate")
        move(app, 2, "background")
        watch.until(lambda: values(watch) == ["active", "inactive", "background"])
        move(app, 1, "foreground", "activate")
        watch.until(lambda: values(watch)[-2:] == ["inactive", "active"])
        move(app, 2, "disconnect")
        app.order("fetch")
        watch.until(lambda: len(watch.of("access")) == 2)
        assert values(watch)[-1] == "active"


def test_the_answer_is_read_only_when_the_main_thread_has_given_it(phone: Phone) -> None:
    """An invocation that is asked for its value while it runs may raise an exception, which ends the app."""
    app = phone.launch("hardcases")
    app.order("case", name="take-long")
    with Watch(app) as watch:
        watch.until(lambda: values(watch)[-1:] == ["active"])
    assert app.process.poll() is None


def test_windows_from_before_the_attach_count_too(phone: Phone) -> None:
    app = phone.launch("hardcases")
    move(app, 2, "foreground", "activate")
    with Watch(app) as watch:
        move(app, 1, "deactivate", "background")
        app.order("fetch")
        watch.until(lambda: watch.of("access"))
        assert values(watch) == ["active"]


def test_an_extension_follows_its_host(phone: Phone) -> None:
    extension = phone.launch("gallery", extension="share", wait=True)
    with Watch(extension) as watch:
        assert watch.of("process")[0]["role"] == "extension"
        extension.go()
        watch.until(lambda: values(watch)[-1:] == ["active"])
        extension.background()
        extension.foreground()
        watch.until(lambda: values(watch)[-4:] == ["inactive", "background", "inactive", "active"])
        assert watch.of("access")


def test_who_listened_for_wakes_before_the_attach_is_hooked_by_class(phone: Phone) -> None:
    app = phone.launch("hardcases", background=True)
    app.order("case", name="subscribe")
    with Watch(app) as watch:
        for reason in WAKES:
            assert app.order("wake", reason=reason)["handled"]
        notified = watch.until(
            lambda: len(found := [e for e in watch.of("state") if e["reason"]]) >= len(WAKES) and found
        )
        assert sorted(event["reason"] for event in notified) == sorted(WAKES.values())
        [hook] = watch.of("hook", symbol="-[WakeListener locationManager:didUpdateLocations:]")
        assert "by class" in hook["reason"]


@pytest.mark.parametrize(("carried", "reason"), [("push", "silent-push"), ("beacon", "other")])
def test_a_launch_says_what_for(phone: Phone, carried: str, reason: str) -> None:
    app = phone.launch("quicksend", wait=True, background=True, STANDIN_LAUNCH_REASON=carried)
    with Watch(app) as watch:
        app.go()
        [told] = watch.until(lambda: [event for event in watch.of("state") if event["reason"]])
        assert told["reason"] == reason


def changes(watch: Watch) -> list[Event]:
    """Return the states that say that something changed or called the app."""
    return [event for event in watch.of("state") if event.get("changed") is not False]


def reads(watch: Watch, count: int) -> list[Event]:
    """Return the accesses, once there are so many."""
    return list(watch.until(lambda: len(found := watch.of("access")) >= count and found))


def test_a_state_that_was_only_read_is_no_change(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("fetch")
        reads(watch, 1)
        [state] = watch.of("state")
        assert (state["value"], state["reason"], state["changed"]) == ("active", None, False)


def test_delegate_and_observers_of_one_change_have_one_origin(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="lifecycle", observe=["UIApplicationDidBecomeActiveNotification"])
        app.background()
        app.foreground()
        found = reads(watch, 3)
        assert [event["value"] for event in changes(watch)] == ["inactive", "background", "inactive", "active"]
        left, back = (event["number"] for event in changes(watch)[1::2])
        assert [event["cause"] for event in found] == [left, back, back]
        assert not watch.faults


def test_observers_from_before_the_attach_are_inside_the_change_too(phone: Phone) -> None:
    app = phone.launch("hardcases")
    app.order("case", name="lifecycle", observe=["UIApplicationWillResignActiveNotification"])
    with Watch(app) as watch:
        app.inactive()
        [read] = reads(watch, 1)
        [change] = changes(watch)
        assert (change["value"], read["cause"]) == ("inactive", change["number"])


@pytest.mark.parametrize("how", ["name", "details", "object"])
def test_a_notification_is_the_origin_however_it_is_posted(phone: Phone, how: str) -> None:
    app = phone.launch("hardcases")
    app.order("case", name="lifecycle", observe=["UIApplicationWillResignActiveNotification", "SomethingElse"])
    with Watch(app) as watch:
        app.order("case", name="post", notification="SomethingElse", how=how)
        app.order("case", name="post", notification="inactive", how=how)
        other, read = reads(watch, 2)
        [change] = changes(watch)
        assert (other["cause"], read["cause"]) == (None, change["number"])


def test_a_scene_and_the_app_change_once(phone: Phone) -> None:
    app = phone.launch("hardcases")
    names = ["UISceneDidActivateNotification", "UIApplicationDidBecomeActiveNotification"]
    with Watch(app) as watch:
        app.order("case", name="lifecycle", scene=True, observe=names)
        app.background()
        app.foreground()
        found = reads(watch, 4)
        left, back = (event["number"] for event in changes(watch)[1::2])
        assert [event["value"] for event in changes(watch)] == ["inactive", "background", "inactive", "active"]
        assert [event["cause"] for event in found] == [left, back, back, back]


def test_another_window_of_an_active_app_changes_nothing(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="lifecycle", observe=["UISceneDidActivateNotification"])
        move(app, 1, "deactivate", "activate")
        watch.until(lambda: len(changes(watch)) == 2)
        move(app, 2, "foreground", "activate")
        first, second = reads(watch, 2)
        assert first["cause"] == changes(watch)[1]["number"]
        assert len(changes(watch)) == 2
        assert second["cause"] in (None, changes(watch)[1]["number"])  # within a second it is the same change


def test_a_scene_that_follows_the_app_is_the_same_change(phone: Phone) -> None:
    app = phone.launch("hardcases")
    app.order("case", name="lifecycle", observe=["UISceneWillDeactivateNotification"])
    with Watch(app) as watch:
        app.order("case", name="post", notification="inactive")
        move(app, 1, "deactivate")
        [read] = reads(watch, 1)
        [change] = changes(watch)
        assert read["cause"] == change["number"]


CALLS: list[tuple[str, dict[str, str], str]] = [
    ("push", {}, "silent-push"),
    ("fetch", {}, "background-task"),
    ("url-session", {}, "background-url-session"),
    ("task", {"identifier": "org.lightleak.refresh"}, "background-task"),
    ("pushkit", {}, "voip-push"),
    ("location", {}, "location"),
    ("notification", {}, "other"),
    ("url", {}, "url"),
    ("activity", {"type": "NSUserActivityTypeBrowsingWeb"}, "url"),
    ("activity", {"type": "com.example.handoff"}, "other"),
    ("shortcut", {}, "other"),
]


def test_every_wake_is_the_origin_of_what_it_sets_off(phone: Phone) -> None:
    app = phone.launch("hardcases", background=True)
    with Watch(app) as watch:
        app.order("case", name="subscribe")
        app.order("case", name="lifecycle")
        for n, (call, details, reason) in enumerate(CALLS, 1):
            assert app.wake(call, **details), call
            read = reads(watch, n)[-1]
            state = changes(watch)[-1]
            assert (state["value"], state["reason"], read["cause"]) == ("background", reason, state["number"]), call
        assert len(changes(watch)) == len(CALLS)
        assert not watch.faults


def test_places_are_one_wake_and_none_in_front_of_a_person(phone: Phone) -> None:
    app = phone.launch("hardcases", background=True)
    app.order("case", name="subscribe")
    with Watch(app) as watch:
        for _ in range(3):
            app.wake("location")
        found = reads(watch, 3)
        [woken] = changes(watch)
        assert {event["cause"] for event in found} == {woken["number"]}
        app.foreground()
        app.wake("location")
        assert reads(watch, 4)[-1]["cause"] is None
        assert len([event for event in changes(watch) if event["reason"]]) == 1


def test_a_window_that_opens_an_address_says_so(phone: Phone) -> None:
    app = phone.launch("hardcases", background=True)
    with Watch(app) as watch:
        app.order("case", name="lifecycle")
        app.order("case", name="window", address="lightleak:open")
        app.order("case", name="window")
        found = reads(watch, 2)
        assert [event["reason"] for event in changes(watch)] == ["url", "other"]
        assert [event["cause"] for event in found] == [event["number"] for event in changes(watch)]


def test_a_launch_is_the_origin_of_what_the_app_does_in_it(phone: Phone) -> None:
    app = phone.launch("refetch", wait=True)
    with Watch(app) as watch:
        app.go()
        read = reads(watch, 1)[0]
        [launch] = watch.of("state", reason="launch")
        assert read["cause"] == launch["number"]


def test_a_push_that_launches_the_app_is_one_wake(phone: Phone) -> None:
    app = phone.launch("hardcases", wait=True, background=True, STANDIN_LAUNCH_REASON="push")
    with Watch(app) as watch:
        app.go()
        app.wake("push")
        [read] = reads(watch, 1)
        [launch] = changes(watch)
        assert (launch["reason"], read["cause"]) == ("silent-push", launch["number"])
        app.wake("push")
        assert reads(watch, 2)[-1]["cause"] == changes(watch)[-1]["number"] != launch["number"]


def test_a_process_that_is_spawned_starts_with_its_launch(phone: Phone) -> None:
    device = frida.get_local_device()
    environment = phone.environment() | {"STANDIN_STATE": "active"}
    pid = device.spawn([str(BUILD / "Applications" / "refetch.app" / "refetch")], env=environment)
    app = App("refetch", Stranger(pid), phone.folder / "log" / "refetch")
    with Watch(app) as watch:
        device.resume(pid)
        phone.adopt(pid, "refetch")
        watch.until(lambda: values(watch)[-1:] == ["active"])
        first, *_ = watch.of("state")
        assert (first["value"], first["reason"]) == ("unknown", "launch")
        assert [event["number"] for event in watch.of("state", reason="launch")] == [first["number"]]
        assert reads(watch, 1)[0]["cause"] == first["number"]
