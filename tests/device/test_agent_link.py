"""One connection to one process: what it does when attaching fails."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

import frida
import pytest

from device.rig import fake_agent, sleeper
from device.scripted import describe
from lightleak.device.agent_link import TRIES, Detached, Incoming, Link, StopRequest, arrivals
from lightleak.device.connection import DeviceConnection
from lightleak.device.processes import ProcessInfo, liveness
from lightleak.device.reconnect import set_within
from lightleak.device.targets import DeviceChoice
from lightleak.errors import DeviceError


class Busy:
    """This machine, where attaching fails ``failures`` times before it works."""

    type = "local"

    def __init__(self, device: Any, failures: int, problem: Exception, pid: int | None = None) -> None:
        self.device = device
        self.failures = failures
        self.problem = problem
        self.asked = 0
        self.stops = pid

    async def attach(self, pid: int) -> Any:
        self.asked += 1
        if self.asked > self.failures:
            return await self.device.attach(pid)
        if self.stops is not None:
            os.kill(self.stops, signal.SIGSTOP)
            while liveness(self, self.stops) != "stopped":  # noqa: ASYNC110  another process's state
                await asyncio.sleep(0)
        raise self.problem


TIMED_OUT = frida.TimedOutError("unexpectedly timed out while waiting for stop from process with PID 1")


def opened(failures: int, problem: Exception = TIMED_OUT, *, stops: bool = False) -> tuple[Busy, Link, object]:
    """Attach to a process; gives what was raised, or None."""

    async def run() -> tuple[Busy, Link, object]:
        with sleeper() as process:
            device = Busy(
                await DeviceConnection(DeviceChoice()).device(), failures, problem, process.pid if stops else None
            )
            link = Link(device, ProcessInfo(process.pid, "sleep"))
            try:
                await link.open(fake_agent(), client="A")
            except DeviceError as raised:
                return device, link, raised
            finally:
                await link.close()
            return device, link, None

    return asyncio.run(run())


def test_a_process_that_frida_gave_up_on_a_busy_machine_is_attached_all_the_same() -> None:
    device, link, raised = opened(TRIES - 1)

    assert raised is None
    assert device.asked == TRIES
    assert not any(isinstance(item, Detached) for item in link.inbox._queue)


def test_a_process_that_cannot_be_attached_is_given_up_in_the_end() -> None:
    device, _, raised = opened(TRIES)

    assert device.asked == TRIES
    assert "the device gave up waiting" in str(raised)


@pytest.mark.parametrize("problem", [frida.PermissionDeniedError("no"), frida.ProcessNotFoundError("gone")])
def test_what_another_try_would_not_change_is_said_at_once(problem: Exception) -> None:
    assert opened(TRIES, problem)[0].asked == 1


def test_a_process_that_stopped_meanwhile_is_said_to_be_stopped() -> None:
    device, _, raised = opened(TRIES, stops=True)

    assert device.asked == 1
    assert raised is not None


def test_a_recorder_that_has_just_ended_without_a_word_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        link = Link(Busy(None, 0, Exception()), ProcessInfo(7, "app"))
        answers = iter([describe(busy=True), describe(busy=True), describe(busy=False)])

        async def answer(*_: object) -> object:
            return next(answers)

        monkeypatch.setattr(link, "_attach_with_retries", answer)
        monkeypatch.setattr(link, "_describe", answer)

        assert not (await link.open("", "client")).busy
        assert next(answers, None) is None

    asyncio.run(run())


@pytest.mark.parametrize("steps", range(4))
def test_a_wait_that_is_cancelled_as_something_arrives_ends(steps: int) -> None:
    """A recording that lost the cancellation would go on for ever."""

    async def run() -> None:
        inbox: asyncio.Queue[Incoming] = asyncio.Queue()
        event = asyncio.Event()

        async def take() -> None:
            while True:
                await arrivals(inbox, 0.2)

        async def wait() -> None:
            while True:
                await set_within(event, 0.2)
                event.clear()

        tasks = [asyncio.create_task(take()), asyncio.create_task(wait())]
        await asyncio.sleep(0.01)
        inbox.put_nowait(StopRequest())
        event.set()
        for _ in range(steps):  # how far the event loop has come with what arrived
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        _, going_on = await asyncio.wait(tasks, timeout=1)
        for task in going_on:
            task.cancel()

        assert not going_on

    asyncio.run(run())
