"""A recorder without Frida: a link that answers as a test wants, and what attachments need around it. Nothing waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from device.rig import Heard, Memory
from lightleak.device import reconnect
from lightleak.device.agent_link import Incoming
from lightleak.device.processes import ProcessInfo
from lightleak.device.protocol import AgentBatch, Beat, Description, Dropped
from lightleak.device.reconnect import AttachContext, Ended
from lightleak.device.recorder import attachment
from lightleak.device.recorder.attachment import Attachment
from lightleak.device.recorder.sink import SessionRecorder
from lightleak.errors import DeviceError
from standin.waiting import within

AGENT = "6C1F0F6E-0000-4000-8000-000000000001"
T0_S, M0_S = 1_700_000_000, 5_000
UNREACHABLE = DeviceError("no answer")


def at(s: float) -> tuple[int, int, int, int]:
    """Return the device's clocks ``s`` seconds after its beginning."""
    whole, rest_ns = int(s), round(s % 1 * 10**9)
    return (T0_S + whole, rest_ns, M0_S + whole, rest_ns)


def wall_ns(s: float) -> int:
    """Return the device's wall clock ``s`` seconds after its beginning."""
    return T0_S * 10**9 + round(s * 10**9)


def describe(
    agent: str = AGENT, *, first: int = 1, following: int = 1, started: bool = True, **more: Any
) -> Description:
    """Return an agent's description."""
    who = {"protocol": 1, "version": "0", "pid": 7, "process": "app", "bridge": True, "platform": "darwin"}
    return Description(
        **{**who, "agent": agent, "at": at(0), "resident": True, "identifier": "org.example"} | more,  # type: ignore[arg-type]
        first=first,
        next=following,
        started=started,
    )


def batch(first: int, *stamps: float, agent: str = AGENT) -> AgentBatch:
    """Return a batch of accesses with these stamps, s."""
    return AgentBatch(agent, first, [{"kind": "access", "at": list(at(s)), "tid": 1} for s in stamps])


def beat(following: int, s: float, *, agent: str = AGENT, final: bool = False) -> Beat:
    """Return a beat."""
    return Beat(agent, at(s), following, Dropped(), final)


@dataclass(eq=False)
class Scripted:
    """A link; ``answers`` has for each call what it gives: a value, an error, or something to call."""

    answers: dict[str, Any] = field(default_factory=dict)
    descriptions: list[Description] = field(default_factory=list)
    calls: list[tuple[Any, ...]] = field(default_factory=list)
    closed: bool = False

    async def call(self, name: str, *arguments: object, timeout_s: float = 0) -> Any:
        self.calls.append((name, *arguments))
        answer = self.answers.get(name, at(0) if name == "clock" else None)
        if isinstance(answer, Exception):
            raise answer
        return answer(*arguments) if callable(answer) else answer

    async def describe(self, _client: str) -> Description:
        return self.descriptions.pop(0)

    async def close(self) -> None:
        self.closed = True

    def hear(self, memory: Memory) -> None:
        """Note among the calls when the file is made to be on the disk."""
        memory.flush = lambda: self.calls.append(("flush",))  # type: ignore[method-assign]

    def said(self, name: str) -> list[tuple[Any, ...]]:
        """Return the arguments of the calls of that name."""
        return [arguments for called, *arguments in self.calls if called == name]


class Stage:
    """An attachment that runs over scripted links; ``reached`` are the ends of its reconnections."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **answers: Any) -> None:
        self.memory, self.heard = Memory(), Heard()
        self.recording = SessionRecorder(self.memory.create, self.heard)
        self.recording.begin({})
        self.inbox: asyncio.Queue[Incoming] = asyncio.Queue()
        self.link = Scripted(answers)
        self.link.hear(self.memory)
        self.reached: list[tuple[Scripted, Description] | Ended] = []
        self.gone = False

        async def again(*_: object) -> tuple[Scripted, Description] | Ended:
            return self.reached.pop(0)

        async def is_gone(*_: object) -> bool:
            return self.gone

        monkeypatch.setattr(attachment, "reconnect", again)
        monkeypatch.setattr(attachment, "is_gone", is_gone)
        monkeypatch.setattr(attachment, "TICK_S", 0.01)

    async def begin(self, description: Description | None = None) -> Attachment:
        """Return the attachment, its segment begun."""
        context = AttachContext(Reached(), ProcessInfo(7, "app"), self.recording, "")  # type: ignore[arg-type]
        made = Attachment(context, self.inbox, self.link, description or describe(started=False))  # type: ignore[arg-type]
        await made.start()
        return made

    def put(self, *items: Incoming) -> None:
        """Have something arrive."""
        for item in items:
            self.inbox.put_nowait(item)


class Reached(reconnect.DeviceConnection):
    """A device that is there."""

    def __init__(self) -> None:
        self.doubts = 0

    async def device(self) -> Any:
        return type("Device", (), {"type": "remote", "name": "phone"})()

    def doubt(self) -> None:
        self.doubts += 1


def run(story: Callable[[], Any]) -> None:
    """Play a story to its end, which must not take long."""

    async def bounded() -> None:
        async with asyncio.timeout(within(10)):
            await story()

    asyncio.run(bounded())
