"""What Swift code does because of a callback, with Swift's real runtime: tasks of every kind, queues, streams, continuations."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import pytest

from agent.watching import Event, Watch
from standin import App, Phone
from standin.swift import why_no_swift
from standin.waiting import account, until

pytestmark = pytest.mark.standin

EXACT = {
    1: "in the callback itself",
    2: "DispatchQueue.async",
    3: "async(qos:flags: .barrier)",
    4: "DispatchWorkItem",
    5: "async(group:)",
    6: "group.notify",
    7: "asyncAfter",
    10: "Task",
    11: "Task in a block in a Task",
    12: "Task { @MainActor in }",
    13: "Task.detached",
    14: "Task { @GlobalActor in }",
    20: "async let, and its parent after it",
    21: "withTaskGroup, and its parent after it",
    22: "withDiscardingTaskGroup, and its parent after it",
    23: "Task.sleep",
    24: "queue.sync, MainActor.run and yield in a Task",
    30: "an actor's method",
    31: "a Task made in an actor",
    32: "a method of an actor with an executor of its own",
    33: "a Task made in an actor with an executor of its own",
    40: "a continuation that a stranger resumes",
}
"""Patterns of Work.swift whose reads all have the callback as their cause."""
READS = {20: 3, 21: 5, 22: 5, 24: 3}
BY_VALUE = {
    50: "AsyncStream to an older task that waits",
    52: "a continuation of an older task",
    53: "an older task that is given a caused Task, and awaits its value",
    54: "an older task that finds a caused Task, and awaits its value",
}
"""Patterns in which an older task goes on with a value of the callback: no cause, and the hook says whose value."""
STRAY = 55
"""The pattern of an older task that reads now and then because of nothing."""


RUNTIMES = {"numbered": "", "iOS 16": "16"}
"""Whether the runtime gives tasks numbers."""


@pytest.fixture(params=RUNTIMES.values(), ids=RUNTIMES.keys())
def app(phone: Phone, request: pytest.FixtureRequest) -> App:
    """Return the Swift app, its Swift code not loaded yet."""
    if (reason := why_no_swift()) is not None:
        pytest.skip(reason)
    return phone.launch("swiftapp", STANDIN_SWIFT=request.param)


def load(app: App) -> None:
    assert "error" not in app.order("load")


def numbers_of_callbacks(phone: Phone, app: App, watch: Watch) -> dict[int, int]:
    """Return the number of the agent's event for each callback that the app counted: on each thread both are in order."""
    told: defaultdict[int, list[int]] = defaultdict(list)
    for event in watch.of("notification"):
        told[event["tid"]].append(event["number"])
    counted: defaultdict[int, list[int]] = defaultdict(list)
    for line in account(phone, app, "notification"):
        counted[line["tid"]].append(line["n"])
    assert {tid: len(numbers) for tid, numbers in told.items()} == {tid: len(ns) for tid, ns in counted.items()}
    return {n: number for tid, ns in counted.items() for n, number in zip(ns, told[tid], strict=True)}


def reads(watch: Watch, *patterns: int) -> list[tuple[int, Event]]:
    """Return the reads of these patterns, each with the number of the callback that the app says caused it; 0 for none."""
    found = []
    for event in watch.of("access"):
        number, pattern = divmod(event["detail"].get("mediaType", 0), 1000)
        if pattern in patterns:
            found.append((number, event))
    return found


def escapes(watch: Watch) -> list[Event]:
    """Return what the agent says of work that it could not follow."""
    return [event for event in watch.of("hook", probe="handoff") if event.get("code") == "escape"]


def call_back(app: App, pattern: int, *, threads: int = 1, count: int = 1) -> None:
    app.order("pattern", number=pattern)
    app.order("many", threads=threads, count=count, timeout_s=60)


@pytest.mark.parametrize("loaded", ["before", "after"])
def test_what_a_callback_hands_on_has_it_as_its_cause(phone: Phone, app: App, loaded: str) -> None:
    if loaded == "before":
        load(app)
    with Watch(app) as watch:
        if loaded == "after":
            load(app)
        for pattern in EXACT:
            call_back(app, pattern, count=3)
            call_back(app, pattern, threads=2, count=5)
        app.order("pattern", number=10)
        phone.new_photo()
        wanted = Counter({pattern: 13 * READS.get(pattern, 1) for pattern in EXACT}) + Counter({10: 1})
        watch.until(lambda: Counter(event["detail"]["mediaType"] % 1000 for _, event in reads(watch, *EXACT)) == wanted)
        numbers = numbers_of_callbacks(phone, app, watch)
        wrong = {
            EXACT[event["detail"]["mediaType"] % 1000]: (event["cause"], numbers[number], event.get("resumed_by"))
            for number, event in reads(watch, *EXACT)
            if event["cause"] != numbers[number] or "resumed_by" in event
        }
        assert wrong == {}
        assert not watch.faults
        assert not escapes(watch)


@pytest.mark.parametrize("loaded", ["before", "after"])
def test_an_older_task_goes_on_with_a_value_and_has_no_cause(phone: Phone, app: App, loaded: str) -> None:
    if loaded == "before":
        load(app)
    with Watch(app) as watch:
        if loaded == "after":
            load(app)
        for pattern in BY_VALUE:
            for n in range(1, 6):
                call_back(app, pattern)
                watch.until(lambda n=n, pattern=pattern: len(reads(watch, pattern)) == n)
        numbers = numbers_of_callbacks(phone, app, watch)
        assert {event["cause"] for _, event in reads(watch, *BY_VALUE)} == {None}
        for pattern, words in BY_VALUE.items():
            said = [
                (event["resumed_by"], numbers[number])
                for number, event in reads(watch, pattern)
                if "resumed_by" in event
            ]
            assert [resumed_by for resumed_by, _ in said] == [number for _, number in said], words
            # On a busy machine the task may not wait yet when the value comes into its stream: that is said too.
            assert len(said) == 5 or (pattern == 50 and said and watch.until(lambda: escapes(watch))), words
        assert not watch.faults


def test_values_that_wait_in_a_stream_are_said_to_be_lost(phone: Phone, app: App) -> None:
    with Watch(app) as watch:
        load(app)
        for n in range(1, 4):
            call_back(app, 51)
            watch.until(lambda n=n: len(reads(watch, 51)) == 3 * n)
        numbers = numbers_of_callbacks(phone, app, watch)
        said = Counter(event.get("resumed_by") == numbers[number] for number, event in reads(watch, 51))
        assert {event["cause"] for _, event in reads(watch, 51)} == {None}
        assert {event.get("resumed_by") for _, event in reads(watch, 51)} <= {None, *numbers.values()}
        # The first of three, which the task waits for; the others lie in the buffer until it comes back. On a busy machine it
        # does not wait yet for the first one either.
        assert said[True] <= 3
        [said_lost] = watch.until(lambda: escapes(watch))
        assert said_lost["symbol"] == "escape:value"


def test_older_tasks_that_read_meanwhile_have_no_cause(phone: Phone, app: App) -> None:
    load(app)
    with Watch(app) as watch:
        for pattern in (10, 20, 21, 30, 50, 53):
            call_back(app, pattern, threads=4, count=10)
        app.order("alone", count=400)
        stray = watch.until(lambda: len(found := reads(watch, STRAY, 0)) > 640 and found)
        assert {number for number, _ in stray} == {0}
        assert {(event["cause"], event.get("resumed_by")) for _, event in stray} == {(None, None)}


def check_causes(phone: Phone, app: App, watch: Watch, wanted: Counter[int]) -> None:
    """Wait for so many reads of each pattern, and compare each with the callback that the app says caused it."""

    def counted() -> Counter[int]:
        return Counter(event["detail"].get("mediaType", 0) % 1000 for event in watch.of("access"))

    def all_read() -> bool:
        watch.call("flush")
        return len(watch.events) > wanted.total() and counted() & wanted == wanted

    until(all_read, 60)
    numbers: dict[Any, int | None] = {**numbers_of_callbacks(phone, app, watch), 0: None}
    found = reads(watch, *wanted)
    wrong = [(number, event["cause"]) for number, event in found if event["cause"] != numbers[number]]
    assert wrong == []
    assert Counter(event["detail"]["mediaType"] % 1000 for _, event in found) == wanted
    assert not watch.faults


@pytest.mark.parametrize("pattern", [60, 62], ids=["tasks", "queues"])
def test_ten_thousand_from_eight_threads_keep_theirs(phone: Phone, app: App, pattern: int) -> None:
    load(app)
    with Watch(app, bound=64 << 20) as watch:
        call_back(app, pattern, threads=8, count=10)
        check_causes(phone, app, watch, Counter({pattern: 10_000}))
        assert not escapes(watch)


def test_tasks_in_memory_of_older_ones_have_their_own_cause_or_none(phone: Phone, app: App) -> None:
    load(app)
    with Watch(app, bound=64 << 20) as watch:
        for _ in range(3):
            call_back(app, 61, threads=8, count=5)
            app.order("alone", count=1000, timeout_s=60)
        check_causes(phone, app, watch, Counter({61: 3 * 8000, 0: 3 * 1600}))
        assert not escapes(watch)


def test_coming_and_going_while_tasks_are_made_does_no_harm(phone: Phone, app: App) -> None:
    load(app)
    for _ in range(5):
        with Watch(app):
            app.order("empty", threads=8, count=500, timeout_s=60)
    assert app.process.poll() is None
