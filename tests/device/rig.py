"""What the tests of the device side need: processes, a fake agent for them, a portal as a remote device, a wire to cut."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import frida
import msgspec

from lightleak.device.connection import DeviceConnection
from lightleak.device.recorder.sink import RecordingOptions, SessionRecorder
from lightleak.device.recorder.supervisor import Supervisor
from lightleak.device.targets import DeviceChoice
from lightleak.events import Event
from lightleak.trace.joined_lines import JoinedLines
from standin.attaching import attach
from standin.waiting import within

HERE = Path(__file__).parent
_AT_ONCE = struct.pack("ii", 1, 0)
"""SO_LINGER: closing a socket resets its connection."""


def fake_agent(*, residency: bool = True) -> str:
    """Return the fake agent's script; without ``residency`` it ends with its link."""
    source = (HERE / "fake_agent.js").read_text()
    return f"const RESIDENCY = {str(residency).lower()};\n{source}"


@contextlib.contextmanager
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that does nothing, and end it."""
    with subprocess.Popen(["sleep", "1000000"], stderr=subprocess.DEVNULL) as process:
        try:
            # Frida's loader crashes in a process that has not finished loading itself.
            while Path(f"/proc/{process.pid}/wchan").read_text() != "hrtimer_nanosleep":
                time.sleep(0.005)
            yield process
        finally:
            process.kill()


class Memory:
    """An output that is not a file: what was written stays in ``events``."""

    def __init__(self) -> None:
        self.header: dict[str, Any] = {}
        self.events: list[Event] = []
        self.durable = 0
        self.lines = 0
        self.placed: list[Event] = []
        """Those of ``events`` that are lines of the agent's, as they came."""
        self.holds_back = False
        """Nothing becomes durable."""

    def create(self, header: dict[str, Any]) -> Memory:
        self.header = header
        return self

    def write(self, lines: Iterable[bytes]) -> int:
        events = [Event(msgspec.json.decode(line)) for line in lines]
        self.events += events
        self.placed += events if isinstance(lines, JoinedLines) else []
        self.lines = len(self.events)
        if not self.holds_back:
            self.durable = self.lines
        return self.lines

    def flush(self) -> None:
        """Nothing waits."""

    def check(self) -> None:
        """Nothing breaks."""

    def of(self, kind: str, **wanted: object) -> list[Event]:
        """Choose events."""
        return [e for e in self.events if e.kind == kind and wanted.items() <= e.items()]


class Heard:
    """What was said to the person."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def info(self, text: str) -> None:
        self.said.append(text)

    def warning(self, text: str) -> None:
        self.said.append(f"warning: {text}")


class Rig:
    """A supervisor over a memory, with the fake agent."""

    def __init__(
        self,
        choice: DeviceChoice | None = None,
        *,
        residency: bool = True,
        options: RecordingOptions | None = None,
        agent: str | None = None,
    ) -> None:
        self.memory = Memory()
        self.heard = Heard()
        self.recording = SessionRecorder(self.memory.create, self.heard, options=options or RecordingOptions())
        self.connection = DeviceConnection(choice or DeviceChoice())
        self.supervisor = Supervisor(self.connection, self.recording, agent or fake_agent(residency=residency))
        self.stop = asyncio.Event()

    async def call(self, name: str, *arguments: object) -> Any:
        """Call the fake agent of the first attachment."""
        return await self.supervisor.attachments[0]._calls.link.call(name, *arguments)

    async def until(self, condition: Callable[[], object], *, within_s: float = 20.0) -> None:
        """Wait for something to become true."""
        async with asyncio.timeout(within(within_s)):
            while not condition():  # noqa: ASYNC110  what is waited for happens in other processes
                await asyncio.sleep(0.02)


def is_gapless(events: Sequence[Event]) -> bool:
    """Return whether the seqs of every segment rise by one from 1, in the order of the file."""
    last: dict[int, int] = {}
    for event in events:
        if event.seq != last.get(event.segment, 0) + 1:
            return False
        last[event.segment] = event.seq
    return True


def free_port() -> int:
    """Return a free port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class Portal:
    """A remote device: Frida's own portal, which processes of this machine join."""

    def __init__(self, *, token: str | None = None, certificate: str | None = None) -> None:
        self.cluster, self.control = free_port(), free_port()
        self._service = frida.PortalService(
            frida.EndpointParameters(address="127.0.0.1", port=self.cluster),
            frida.EndpointParameters(
                address="127.0.0.1",
                port=self.control,
                authentication=("token", token) if token else None,
                certificate=certificate,
            ),
        )
        self._service.start()

    def join(self, pid: int) -> None:
        """Make a process part of the device."""
        attach(pid).join_portal(f"127.0.0.1:{self.cluster}")

    def close(self) -> None:
        """End the device."""
        self._service.stop()


class Wire:
    """A TCP connection that can be cut, reset, delayed, closed for a while, or made to swallow everything."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self.up = True
        self.swallows = False
        self.delay_s = 0.0
        self._ends: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        """Where to connect."""
        return f"127.0.0.1:{self.port}"

    def to(self, port: int) -> None:
        """Lead elsewhere from now on."""
        self._to = port

    def cut(self) -> None:
        """End all connections in order; those that come are taken unless ``up`` is False."""
        self._end(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Break all connections as a host does that has crashed: what was on its way is gone, and an RST says so."""
        self._end(socket.SHUT_RD, linger=_AT_ONCE)

    def close(self) -> None:
        """Listen no more."""
        self.up = False
        self.cut()
        self._server.close()

    def _end(self, how: int, *, linger: bytes | None = None) -> None:
        ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                if linger is not None:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                end.shutdown(how)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._server.accept()
                if not self.up:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += [near, far]
                for source, sink in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if self.delay_s:
                    time.sleep(self.delay_s)
                if not self.swallows:
                    sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                # An end that is to be reset must not say goodbye first.
                if end.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_AT_ONCE)) != _AT_ONCE:
                    end.shutdown(socket.SHUT_RDWR)
                end.close()
