"""A process of an app or of an extension, and what the user and the system do with it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

from .moment import Moment, Stretches
from .stranger import Stranger
from .waiting import within
from .wire import Message, Wire

_START_S = 10.0


class App:
    """A running process of an app, or assetsd. Frida can attach to it as soon as `Phone.launch` returns."""

    def __init__(self, name: str, process: subprocess.Popen[bytes] | Stranger, log: Path) -> None:
        self.name = name
        self.process = process
        self.pid = process.pid
        self.log = log
        self.identifier = ""
        self.role = ""
        self.launched = Moment.now()
        self.ended: Moment | None = None
        self.ending: str | None = None
        self.suspended = Stretches()
        self.watched = Stretches()
        self.waiting = True
        self._wire: Wire | None = None
        self._hello: Message = {}

    def arrive(self, wire: Wire, hello: Message) -> None:
        """Accept the app's message that it is loaded."""
        self._wire, self._hello = wire, hello
        self.identifier, self.role = hello["hello"], hello["role"]

    @property
    def wire(self) -> Wire:
        """The connection to the app."""
        assert self._wire is not None
        return self._wire

    def go(self) -> None:
        """Let a waiting app finish launching. Does not wait for what the app does then."""
        if self.waiting:
            self.waiting = False
            self.wire.send({"re": self._hello["request"], "go": True})

    def order(self, what: str, /, timeout_s: float = 10.0, **details: Any) -> Message:
        """Let the user do something in the app. Return its answer, when its main thread has done it."""
        return self.wire.request({"do": what} | details, timeout_s)

    def touch(self, *, moves: int = 0, fingers: int = 1, cancelled: bool = False) -> None:
        """Let the user touch the app and let go. `moves`: how often the fingers move."""
        self.order("touch", moves=moves, fingers=fingers, cancelled=cancelled)

    def key(self) -> None:
        """Let the user press a key of a keyboard."""
        self.order("key")

    def wake(self, reason: str, **details: Any) -> bool:
        """Let the system call the app for a reason. Return whether the app handles it. See `UIWake.h`."""
        return bool(self.order("wake", reason=reason, **details)["handled"])

    def foreground(self) -> None:
        """Bring the app to the front and make it active."""
        self.order("foreground")

    def inactive(self) -> None:
        """Cover the app, as a call or the control centre does."""
        self.order("inactive")

    def background(self) -> None:
        """Send the app to the background; it still runs."""
        self.order("background")

    def suspend(self) -> None:
        """Stop the process, as iOS does when it suspends an app."""
        self.suspended.begin()
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a suspended process run again."""
        os.kill(self.pid, signal.SIGCONT)
        self.suspended.end()

    def watch(self) -> None:
        """Note that this process is watched from now on. The truth needs it to distinguish unobserved from unexplained."""
        self.watched.begin()

    def unwatch(self) -> None:
        """Note that this process is no longer watched."""
        self.watched.end()

    def _end(self, ending: str) -> None:
        self.process.wait(within(_START_S))
        self.ending = ending
        self.ended = Moment.now()
        self.suspended.end()
        self.watched.end()

    def kill(self) -> None:
        """End the process as the system does, without notice."""
        self.process.kill()
        self._end("killed")

    def crash(self) -> None:
        """End the process as one of its bugs would.

        The app aborts itself: a SIGABRT from outside would be caught by the crash handler of an attached debugger, and lost.
        """
        self.wire.send({"do": "crash"})
        self._end("crashed")

    def terminate(self) -> None:
        """Ask the app to end and wait for it."""
        self.wire.send({"do": "terminate"})
        self._end("exited")

    def notice_end(self) -> None:
        """Note the end of a process that ended by itself."""
        if self.ended is None and self.process.poll() is not None:
            self._end("exited" if self.process.returncode == 0 else "crashed")
