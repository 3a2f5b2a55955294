"""A process of an app or of an extension, and what a person and the system do with it."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

from .moment import Moment, Stretches
from .stranger import Stranger
from .wire import Message, Wire

_START_S = 10.0


class App:
    """A running process, also assetsd's. It can be attached to as soon as `Phone.launch` has returned it."""

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
        """Take the app's report that it is loaded."""
        self._wire, self._hello = wire, hello
        self.identifier, self.role = hello["hello"], hello["role"]

    @property
    def wire(self) -> Wire:
        """The connection to the app."""
        assert self._wire is not None
        return self._wire

    def go(self) -> None:
        """Let a waiting app finish launching. What it then does, it does by itself: this does not wait for it."""
        if self.waiting:
            self.waiting = False
            self.wire.send({"re": self._hello["request"], "go": True})

    def order(self, what: str, /, timeout_s: float = 10.0, **details: Any) -> Message:
        """Have the person do something in the app; returns its answer when its main thread has done it."""
        return self.wire.request({"do": what} | details, timeout_s)

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
        """Freeze the process."""
        self.suspended.begin()
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        """Let a frozen process run again."""
        os.kill(self.pid, signal.SIGCONT)
        self.suspended.end()

    def watch(self) -> None:
        """Note that somebody watches this process from now on; truth needs it to tell unobserved from unexplained."""
        self.watched.begin()

    def unwatch(self) -> None:
        """Note that nobody watches this process any more."""
        self.watched.end()

    def _end(self, ending: str) -> None:
        self.process.wait(_START_S)
        self.ending = ending
        self.ended = Moment.now()
        self.suspended.end()
        self.watched.end()

    def kill(self) -> None:
        """End the process as the system does, without a word to it."""
        self.process.kill()
        self._end("killed")

    def crash(self) -> None:
        """End the process as a bug of its own does.

        From inside: a SIGABRT from elsewhere is taken once by the crash handler of whoever is attached, and lost.
        """
        self.wire.send({"do": "crash"})
        self._end("crashed")

    def terminate(self) -> None:
        """Ask the app to end and wait for it."""
        self.wire.send({"do": "terminate"})
        self._end("exited")

    def notice_end(self) -> None:
        """Note the end of a process that has ended by itself."""
        if self.ended is None and self.process.poll() is not None:
            self._end("exited" if self.process.returncode == 0 else "crashed")
