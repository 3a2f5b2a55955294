"""Work that a callback hands on: what it reads has the callback as its cause, whatever way it goes."""

from __future__ import annotations

import pytest

from agent.watching import Event, Watch
from standin import Phone
from standin.waiting import account, until

pytestmark = pytest.mark.standin

ONE_READ = [
    *("async", "async-twice", "async-f", "after", "after-f", "barrier", "main"),
    *("sync", "sync-main", "sync-main-f", "barrier-sync-main"),
    *("group", "group-f", "notify", "block-object", "source", "overlay"),
    *("operation-block", "operation", "operation-class", "operations", "invocation", "completion"),
    *("selector", "selector-wait", "selector-background", "selector-later", "timer", "timer-block"),
    *("thread", "thread-object", "thread-class", "pthread"),
]


@pytest.mark.parametrize("way", ONE_READ)
def test_work_that_a_callback_hands_on_has_it_as_its_cause(phone: Phone, way: str) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="handoff", way=way)
        phone.new_photo()
        [read] = watch.until(lambda: watch.of("access"))
        [told] = watch.of("notification")
        assert read["cause"] == told["number"]
        app.order("case", name="unrelated", count=5)
        reads = watch.until(lambda: len(found := watch.of("access")) == 6 and found)
        assert [event["cause"] for event in reads[1:]] == [None] * 5
        assert not watch.of("hook", code="escape")
        assert not watch.faults


@pytest.mark.parametrize("way", ["apply", "apply-f"])
def test_work_that_runs_many_times_before_its_call_returns_has_its_cause_each_time(phone: Phone, way: str) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="handoff", way=way)
        phone.new_photo()
        reads = watch.until(lambda: len(found := watch.of("access")) == 8 and found)
        [told] = watch.of("notification")
        assert [read["cause"] for read in reads] == [told["number"]] * 8


@pytest.mark.parametrize(("way", "reads"), [("handler", 3), ("changes", 2)])
def test_what_photos_runs_for_a_callback_has_its_cause(phone: Phone, way: str, reads: int) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="handoff", way=way)
        phone.new_photo()
        events = watch.until(lambda: len(found := watch.of("access")) == reads and found)
        [told] = watch.of("notification")
        assert [event["cause"] for event in events] == [told["number"]] * reads


def test_work_whose_code_cannot_be_hooked_has_no_cause_and_is_said(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="handoff", way="tiny")
        phone.new_photo()
        [read] = watch.until(lambda: watch.of("access"))
        assert read["cause"] is None
        [said] = watch.until(lambda: watch.of("hook", code="escape"))
        assert said["probe"] == "handoff"
        assert said["symbol"] == "escape:unhookable"
        assert said["status"] == "skipped"


@pytest.mark.parametrize("observer", ["TailObserver", "TailGlobalObserver"])
def test_a_callback_that_ends_with_a_jump_hands_its_work_on_all_the_same(phone: Phone, observer: str) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="tail-call", **{"class": observer})
        for _ in range(2):
            phone.new_photo()
        reads = watch.until(lambda: len(found := watch.of("access")) == 2 and found)
        assert [read["cause"] for read in reads] == [told["number"] for told in watch.of("notification")]


def test_of_a_timer_that_repeats_only_the_first_firing_was_handed_on(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="handoff", way="timer-repeats")
        phone.new_photo()
        reads = watch.until(lambda: len(found := watch.of("access")) >= 3 and found)
        [told] = watch.of("notification")
        assert [read["cause"] for read in reads[:3]] == [told["number"], None, None]


def test_what_a_library_submits_for_itself_inside_a_callback_is_not_the_apps(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="handoff", way="own-work")
        phone.new_photo()
        [read] = watch.until(lambda: watch.of("access"))
        assert read["cause"] is None


@pytest.mark.parametrize(
    ("way", "how"),
    [
        ("later-and-now", "message"),
        ("later-and-now", "performed"),
        ("kept-block", "block"),
        ("kept-block", "submitted"),
    ],
)
def test_the_same_code_called_otherwise_is_not_what_was_handed_on(phone: Phone, way: str, how: str) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="handoff", way=way)
        phone.new_photo()
        watch.until(lambda: watch.of("notification"))
        app.order("case", name="read-now", how=how)
        reads = watch.until(lambda: len(found := watch.of("access")) == 2 and found)
        [told] = watch.of("notification")
        assert [read["cause"] for read in reads] == [None, told["number"]]


def test_one_block_that_two_callbacks_hand_on_runs_for_each(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="handoff", way="kept-block")
        for n in (1, 2):
            phone.new_photo()
            watch.until(lambda n=n: len(watch.of("notification")) == n)  # type: ignore[misc]
        reads = watch.until(lambda: len(found := watch.of("access")) == 2 and found)
        assert [read["cause"] for read in reads] == [told["number"] for told in watch.of("notification")]
        assert not watch.of("hook", code="escape")


def test_one_function_that_two_callbacks_hand_on_has_no_cause_and_that_is_said(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="handoff", way="kept-function")
        for n in (1, 2):
            phone.new_photo()
            watch.until(lambda n=n: len(watch.of("notification")) == n)  # type: ignore[misc]
        reads = watch.until(lambda: len(found := watch.of("access")) == 2 and found)
        assert [read["cause"] for read in reads] == [None, None]
        watch.until(lambda: watch.of("hook", symbol="escape:ambiguous"))


def causes(watch: Watch, count: int) -> tuple[list[int | None], list[int]]:
    """Return the cause of each numbered read, and the number of the callback that it belongs to."""
    reads: list[Event] = watch.until(lambda: len(found := watch.of("access")) == count and found)
    told = {int(event["change"], 16): event["number"] for event in watch.of("notification")}
    return [read["cause"] for read in reads], [told[read["detail"]["mediaType"]] for read in reads]


def test_two_callbacks_at_once_on_two_threads_are_never_mixed(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="storm", threads=2, count=500, timeout_s=60, **{"class": "ReadingObserver"})
        said, true = causes(watch, 2000)
        assert said == true
        assert not watch.faults


def test_ten_thousand_works_from_eight_threads_keep_their_causes(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app, bound=100_000_000) as watch:
        app.order("case", name="storm", threads=8, count=1250, timeout_s=60, **{"class": "StormObserver"})
        said, true = causes(watch, 10_000)
        assert said == true
        assert not watch.of("hook", code="escape")
        assert not watch.faults


@pytest.mark.parametrize("way", ["after", "selector-later", "timer-block", "source"])
def test_work_that_has_not_run_when_the_agent_leaves_runs_all_the_same(phone: Phone, way: str) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="handoff", way=way)
        phone.new_photo()
        watch.until(lambda: watch.of("notification"))
    until(lambda: [call for call in account(phone, app, "call") if call["depth"] == "metadata"])
    app.order("fetch")
    assert app.process.poll() is None
