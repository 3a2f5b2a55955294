"""The state of an app, and what the system runs it for: heard, never asked for in a hook."""

from __future__ import annotations

import pytest

from agent.watching import Watch
from standin import App, Phone

pytestmark = pytest.mark.standin

WAKES = {
    "push": "remote-notification",
    "fetch": "background-fetch",
    "url-session": "background-url-session",
    "pushkit": "pushkit",
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
        told = watch.until(lambda: len(found := [e for e in watch.of("state") if e["reason"]]) >= len(WAKES) and found)
        assert sorted(event["reason"] for event in told) == sorted(WAKES.values())
        [hook] = watch.of("hook", symbol="-[WakeListener locationManager:didUpdateLocations:]")
        assert "by class" in hook["reason"]


@pytest.mark.parametrize(
    ("carried", "reason"), [("push", "launch for remote-notification"), ("beacon", "launch for bluetooth")]
)
def test_a_launch_says_what_for(phone: Phone, carried: str, reason: str) -> None:
    app = phone.launch("quicksend", wait=True, background=True, STANDIN_LAUNCH_REASON=carried)
    with Watch(app) as watch:
        app.go()
        [told] = watch.until(lambda: [event for event in watch.of("state") if event["reason"]])
        assert told["reason"] == reason
