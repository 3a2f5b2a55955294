"""Where a call comes from: a number in its event, told once, and named by the host."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from agent.watching import Watch
from standin import Phone
from standin.settings import BUILD

pytestmark = pytest.mark.standin

REFERRING = ("access", "observer", "notification", "authorization")
SYSTEM = ("Photos", "UIKit", "libdispatch.dylib")


def build_id(path: Path) -> str:
    """Read what the linker wrote, by a tool of its own."""
    text = subprocess.run(["readelf", "-n", path], check=True, capture_output=True, text=True).stdout
    return next(line.split(":")[1].strip() for line in text.splitlines() if "Build ID" in line)


def test_every_event_of_a_call_has_a_stack_that_is_told_once_and_begins_at_its_caller(phone: Phone) -> None:
    app = phone.launch("refetch", wait=True)
    with Watch(app) as watch:
        app.go()
        watch.until(lambda: watch.of("access"))
        phone.new_photo()
        app.order("data")
        watch.until(lambda: watch.of("notification") and len(watch.of("access")) > 2)
        told = {event["id"]: event["frames"] for event in watch.of("stack")}
        assert len(told) == len(watch.of("stack"))
        for event in watch.of(*REFERRING):
            frames = told[event["stack"]]
            if event["kind"] == "notification":
                assert {frame.get("image") for frame in frames[:2]} <= {*SYSTEM, None}
            else:
                caller = next(frame for frame in frames if frame.get("image") not in (*SYSTEM, None))
                assert {key: caller[key] for key in ("image", "offset")} == event["caller"]
        assert not watch.faults


def test_frames_name_the_build_of_their_image(phone: Phone) -> None:
    app = phone.launch("refetch")
    with Watch(app) as watch:
        app.order("fetch")
        # One stack, or more where the app was still making its own first calls when the hooks went in.
        stacks = watch.until(lambda: watch.of("access") and watch.of("stack"))
        builds = {frame["image"]: frame["uuid"] for stack in stacks for frame in stack["frames"] if "image" in frame}
        assert builds["refetch"] == build_id(BUILD / "Applications/refetch.app/refetch")
        assert builds["UIKit"] == build_id(BUILD / "System/Library/Frameworks/UIKit.framework/UIKit")


def test_one_place_is_one_stack_and_the_agent_names_its_functions_when_asked(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="paths", count=50, depth=0)
        numbers = watch.until(lambda: len(found := watch.of("access")) == 50 and {event["stack"] for event in found})
        [stack] = watch.of("stack")
        assert numbers == {stack["id"]}
        named = watch.call("symbolicate", [frame["address"] for frame in stack["frames"]])
        assert [frame["symbol"].split("+")[0] for frame in named][:3] == ["reader_fetch", "descend", "paths"]
        assert [frame.get("offset") for frame in named] == [frame.get("offset") for frame in stack["frames"]]


def test_more_places_than_are_kept_cost_the_stack_and_nothing_else(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="paths", count=3000, depth=13, timeout_s=60)
        events = watch.until(lambda: len(found := watch.of("access")) == 3000 and found)
        stacks = [event["stack"] for event in events]
        assert len(set(stacks)) == 2048 + 1
        assert stacks.count(None) == 3000 - 2048
        assert {event["id"] for event in watch.of("stack")} == set(stacks) - {None}
        app.order("case", name="paths", count=1, depth=13)
        [again] = watch.until(lambda: watch.of("access")[3000:])
        assert again["stack"] == stacks[0]


def test_after_events_were_dropped_stacks_are_told_again(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app, bound=65536) as watch:
        app.order("case", name="paths", count=2000, depth=0)
        watch.until(lambda: watch.beats and watch.beats[-1]["dropped"]["count"])
        watch.call("acknowledge", watch.call("flush"))
        before = len(watch.of("stack"))
        app.order("case", name="paths", count=1, depth=0)
        watch.until(lambda: len(watch.of("stack")) == before + 1)
