"""Reaching a process again: which one it is, and when it is given up."""

from __future__ import annotations

import asyncio
import itertools
import math
from typing import Any

import pytest

from device.rig import Heard, Memory
from device.scripted import Reached, Scripted, describe, run
from lightleak.device import reconnect as module
from lightleak.device.processes import ProcessInfo
from lightleak.device.reconnect import AttachContext, Ended, Ending, reconnect
from lightleak.device.recorder.sink import RecordingOptions, SessionRecorder
from lightleak.errors import DeviceError


class Tries(AttachContext):
    """A context on which each try ends as told; True: the device does not list the process."""

    def __init__(self, *ends: Any, patience_s: float = math.inf) -> None:
        recording = SessionRecorder(Memory().create, Heard(), options=RecordingOptions(patience_s=patience_s))
        super().__init__(Reached(), ProcessInfo(7, "app"), recording, "", name="app")  # type: ignore[arg-type]
        self.ends = iter(ends)
        self.end: Any = None
        self.made: list[Scripted] = []

    async def gone(self) -> bool:
        self.end = next(self.ends)
        return self.end is True

    async def link(self, _inbox: object) -> Any:
        if isinstance(self.end, Exception):
            raise self.end
        self.made.append(Scripted())
        return self.made[-1], self.end


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "delays", lambda: itertools.repeat(0.001))


async def again(context: AttachContext) -> Any:
    return await reconnect(context, asyncio.Queue(), asyncio.Event())


def of_frida() -> DeviceError:
    problem = DeviceError("the connection broke")
    problem.__cause__ = OSError()
    return problem


def test_another_process_that_has_the_number_now_is_not_recorded() -> None:
    async def story() -> None:
        context = Tries(describe(process="somebody else"))
        ended = await again(context)

        assert isinstance(ended, Ended)
        assert ended.ending is Ending.EXITED
        assert context.made[0].closed

    run(story)


def test_a_process_that_is_missing_once_may_be_joining_and_twice_has_exited() -> None:
    async def story() -> None:
        found = describe()
        assert (await again(Tries(True, found)))[1] is found
        ended = await again(Tries(True, of_frida(), True, True))
        assert ended.ending is Ending.EXITED

    run(story)


def test_only_what_frida_says_makes_the_connection_doubtful() -> None:
    async def story() -> None:
        context = Tries(DeviceError("is being recorded by another lightleak"), describe())
        await again(context)
        assert context.connection.doubts == 0  # type: ignore[attr-defined]
        context = Tries(of_frida(), describe())
        await again(context)
        assert context.connection.doubts == 1  # type: ignore[attr-defined]

    run(story)


def test_patience_ends_and_so_does_the_recording_on_request() -> None:
    async def story() -> None:
        assert (await again(Tries(of_frida(), patience_s=-1))).ending is Ending.LOST
        stopping = asyncio.Event()
        stopping.set()
        ended = await reconnect(Tries(describe()), asyncio.Queue(), stopping)
        assert isinstance(ended, Ended)
        assert ended.ending is Ending.STOPPED

    run(story)
