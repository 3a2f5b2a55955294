"""The errors of lightleak: what is wrong, and how to fix it.

    LightleakError            exit 1   could not do it
    ├── UsageError            exit 2   invalid usage
    ├── FileError             a file that cannot be read or written, or must not be overwritten
    │   ├── TraceError        not a session file or trace, or damaged, or too new
    │   └── ReportError       not a privacy report
    ├── DeviceError           no device, no such target, connection refused or lost
    │   ├── CredentialError   a token or certificate that is missing or wrong
    │   └── AgentError        the agent could not be loaded, or answered with an error
    └── CompareError          sessions and report have nothing in common

A message is one sentence that says what is wrong; ``hint`` says how to fix it. Only ``lightleak.cli`` catches the root.
"""

from __future__ import annotations

from typing import ClassVar, Literal


class LightleakError(Exception):
    """What went wrong in one sentence, and how to fix it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "", picture: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        """How to fix it; empty when the message says so itself."""
        self.picture = picture
        """Lines to print below: where in what the person typed the mistake is. Never with names from an app or a file."""

    @property
    def sentence(self) -> str:
        """Message and hint: one line, whatever names are in it."""
        return f"{self.message}: {self.hint}" if self.hint else self.message

    def __str__(self) -> str:
        return f"{self.sentence}\n{self.picture}" if self.picture else self.sentence


class UsageError(LightleakError):
    """The options contradict each other or have an invalid value."""

    exit_code = 2


class FileError(LightleakError):
    """A file cannot be read, cannot be written, or must not be overwritten."""


class TraceError(FileError):
    """A file is not a session file or trace, is damaged, or has a newer version."""


class ReportError(FileError):
    """A file is not a privacy report."""


class DeviceError(LightleakError):
    """No device, no such target, or a connection that was refused or lost."""


class CredentialError(DeviceError):
    """A server's token or certificate is missing or wrong."""

    def __init__(self, message: str, *, credential: Literal["token", "certificate"], hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.credential = credential
        """Which of the two."""


class HarmError(DeviceError):
    """The next request is known to be able to harm the device, and was not made."""


class AgentError(DeviceError):
    """The agent could not be loaded, or answered with an error."""


class CompareError(LightleakError):
    """Sessions and report have nothing in common to compare."""
