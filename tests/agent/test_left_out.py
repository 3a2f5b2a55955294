"""Probes that the user does not want: nothing is hooked for them, and the session says so."""

from __future__ import annotations

import pytest

from agent.watching import Watch
from lightleak.device.probe_choice import left_out_probes
from standin import Phone

pytestmark = pytest.mark.standin

FETCH = "+[PHAsset fetchAssetsWithMediaType:options:]"


def statuses(watch: Watch) -> dict[str, set[tuple[str, str | None]]]:
    """Return probe → status and code of its hooks."""
    found: dict[str, set[tuple[str, str | None]]] = {}
    for event in watch.of("hook"):
        found.setdefault(event["probe"], set()).add((event["status"], event.get("code")))
    return found


def test_reads_that_are_left_out_are_not_hooked_and_the_rest_is(phone: Phone) -> None:
    app = phone.launch("refetch", wait=True)
    left_out = left_out_probes([], ["reads"])
    with Watch(app, without=list(left_out)) as watch:
        app.go()
        watch.until(lambda: watch.of("observer"))

        def is_notified() -> bool:
            # The observer is registered before the app is connected, and no read shows when it is.
            phone.new_photo()
            return bool(watch.of("notification"))

        watch.until(is_notified)
        found = statuses(watch)
        assert not watch.of("access")
        assert not watch.faults

    # Those of assetsd are of no app.
    assert {probe for probe in left_out if not probe.startswith("assetsd.")} <= found.keys()
    assert all(found[probe] == {("skipped", "left-out")} for probe in left_out if probe in found)
    assert not any(code == "left-out" for probe, said in found.items() if probe not in left_out for _, code in said)
    assert ("installed", None) in found["photo-library.register-change-observer"]
    assert all(event["reason"] and "absent" not in event for event in watch.of("hook", code="left-out"))


def test_only_reads_leaves_callbacks_and_work_that_is_handed_on_alone(phone: Phone) -> None:
    """A callback is hooked on its class, and hand-offs and replaced callbacks are no rows of the catalogue."""
    app = phone.launch("refetch", wait=True)
    left_out = left_out_probes(["reads"], [])
    with Watch(app, without=list(left_out)) as watch:
        app.go()
        watch.until(lambda: watch.of("access", symbol=FETCH))
        phone.new_photo()
        watch.until(lambda: len(watch.of("access", symbol=FETCH)) > 1)
        found = statuses(watch)
        assert not watch.of("notification")
        assert not watch.of("input")
        assert not watch.faults

    assert {"handoff", "replacement", "input.event", "lifecycle.posted"} <= set(left_out)
    assert all(found[probe] == {("skipped", "left-out")} for probe in left_out if probe in found)
    installed = {probe for probe, said in found.items() if ("installed", None) in said}
    assert installed
    assert not installed & set(left_out)


def test_names_must_be_a_list_of_words(phone: Phone) -> None:
    app = phone.launch("refetch", wait=True)
    with pytest.raises(Exception, match="does not accept"), Watch(app, without="reads"):
        pass
