"""Name what can go wrong, with the way out.

    LightleakError            exit 1   could not do it
    ├── UsageError            exit 2   the command line asks for something that cannot be meant
    ├── FileError             a file that cannot be read or written, or must not be overwritten
    │   ├── TraceError        a session file or trace that is foreign, damaged or too new
    │   └── ReportError       a privacy report that is not one
    ├── DeviceError           no device, no such target, link refused or lost
    │   └── AgentError        the agent could not be loaded, or answered with an error
    └── CompareError          nothing can be compared

A message is one sentence that says what is wrong; ``hint`` is the remedy. Only ``lightleak.cli`` catches the root.
"""

from __future__ import annotations

from typing import ClassVar


class LightleakError(Exception):
    """Say what went wrong in one sentence, and what to do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        """What the person can do about it; empty where the message says so itself."""

    def __str__(self) -> str:
        return f"{self.message}: {self.hint}" if self.hint else self.message


class UsageError(LightleakError):
    """The options contradict each other or name something that cannot be."""

    exit_code = 2


class FileError(LightleakError):
    """A file cannot be read, cannot be written, or must not be overwritten."""


class TraceError(FileError):
    """A session file or a trace is foreign, damaged or of a newer version."""


class ReportError(FileError):
    """A file is not a privacy report."""


class DeviceError(LightleakError):
    """No device, no such target, or a link that was refused or lost."""


class AgentError(DeviceError):
    """The agent could not be loaded, or answered with an error."""


class CompareError(LightleakError):
    """Sessions and report have nothing in common that could be compared."""
