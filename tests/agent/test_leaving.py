"""Going away: at any time, whatever the app is doing."""

from __future__ import annotations

import threading

import pytest

from agent.watching import Watch
from standin import Phone

pytestmark = pytest.mark.standin


def test_an_app_that_has_not_come_to_its_main_yet_is_left_at_once(phone: Phone) -> None:
    app = phone.launch("quicksend", wait=True)
    with Watch(app) as watch:
        assert watch.of("state")[-1]["value"] == "unknown"
        watch.call("stop")
        gone = threading.Event()
        watch.loaded = False
        threading.Thread(target=lambda: (watch.script.unload(), gone.set()), daemon=True).start()
        assert gone.wait(10)
    app.go()
    app.background()
    assert app.process.poll() is None


def test_an_app_that_comes_to_its_main_later_is_asked_for_its_state_then(phone: Phone) -> None:
    app = phone.launch("quicksend", wait=True)
    with Watch(app) as watch:
        app.go()
        watch.until(lambda: watch.of("state")[-1]["value"] == "active")
