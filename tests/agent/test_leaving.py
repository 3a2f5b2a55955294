"""Going away: at any time, whatever the app is doing."""

from __future__ import annotations

import threading

import frida
import pytest

from agent.watching import Watch
from standin import Phone
from standin.attaching import attach
from standin.waiting import until, within

pytestmark = pytest.mark.standin


def test_an_app_that_has_not_come_to_its_main_yet_is_left_at_once(phone: Phone) -> None:
    app = phone.launch("quicksend", wait=True)
    with Watch(app) as watch:
        assert watch.of("state")[-1]["value"] == "unknown"
        watch.call("stop")
        gone = threading.Event()
        watch.loaded = False
        threading.Thread(target=lambda: (watch.script.unload(), gone.set()), daemon=True).start()
        assert gone.wait(within(10))
    app.go()
    app.background()
    assert app.process.poll() is None


def test_an_app_that_comes_to_its_main_later_is_asked_for_its_state_then(phone: Phone) -> None:
    app = phone.launch("quicksend", wait=True)
    with Watch(app) as watch:
        app.go()
        watch.until(lambda: watch.of("state")[-1]["value"] == "active")


def test_an_agent_that_is_stopped_while_it_starts_is_not_ready_and_tells_nothing_more(phone: Phone) -> None:
    # The main thread is asked for the app's state, and does not answer yet: a quarter of a second is waited for it.
    watch = Watch(phone.launch("quicksend", wait=True))
    watch.session = attach(watch.app.pid)
    watch.load()
    refused: list[Exception] = []

    def start() -> None:
        try:
            watch.call("start", {})
        except frida.core.RPCException as problem:
            refused.append(problem)

    starting = threading.Thread(target=start)
    starting.start()
    until(lambda: watch.of("process", phase="attached"))
    following = watch.call("stop")
    starting.join()

    assert "stopped while it started" in str(refused[0])
    assert watch.call("flush") == following
    assert not watch.of("process", phase="ready")
    watch.end()
