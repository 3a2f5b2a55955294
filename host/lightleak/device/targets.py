"""Which device, and what to watch on it, in Frida's terms, as plain values. No I/O.

Source: frida-tools 14, application.py (device and target arguments, ``infer_target``).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from lightleak.errors import UsageError


@dataclass(frozen=True, slots=True)
class DeviceChoice:
    """The device that the user named, and how to connect to it."""

    kind: Literal["local", "id", "usb", "remote"] = "local"
    id: str | None = None
    """For kind ``id``: the identifier that ``lightleak devices`` shows."""
    host: str | None = None
    """For kind ``remote``: HOST[:PORT]; None is Frida's default port on this machine."""
    certificate: str | None = field(default=None, repr=False)
    """A PEM file, or its text; never printed."""
    origin: str | None = None
    token: str | None = field(default=None, repr=False)
    """A secret; never printed."""
    keepalive_interval: int | None = None
    """Seconds between keep-alives of the transport; 0: none; None or −1: the transport's default."""
    i_know: bool = False
    """Whether to go on where a first contact is known to harm the phone."""

    @property
    def remote_options(self) -> dict[str, str | int]:
        """The options for a connection over a socket, as far as they were given."""
        options = {
            "certificate": self.certificate,
            "origin": self.origin,
            "token": self.token,
            "keepalive_interval": self.keepalive_interval,
        }
        return {name: value for name, value in options.items() if value is not None}

    @property
    def words(self) -> tuple[str, ...]:
        """The words of a command line that name the device; never a secret, which the environment can give."""
        words = {
            "local": (),
            "usb": ("-U",),
            "id": ("-D", str(self.id)),
            "remote": ("-H", self.host) if self.host else ("-R",),
        }[self.kind]
        return (*words, *(("--i-know",) if self.i_know else ()))


def choose_device(
    *,
    device_id: str | None = None,
    usb: bool = False,
    remote: bool = False,
    host: str | None = None,
    certificate: str | None = None,
    origin: str | None = None,
    token: str | None = None,
    keepalive_interval: int | None = None,
    i_know: bool = False,
    environment: Mapping[str, str] | None = None,
) -> DeviceChoice:
    """Return the choice of the options and Frida's environment variables. Raises: UsageError when they contradict."""
    environment = os.environ if environment is None else environment
    if sum((device_id is not None, usb, remote, host is not None)) > 1:
        raise UsageError("only one of -D, -U, -R and -H can be given")
    given = [
        name for name, value in (("--certificate", certificate), ("--origin", origin), ("--token", token)) if value
    ]
    if not (device_id or usb or remote or host):
        device_id = environment.get("FRIDA_DEVICE")
        host = None if device_id else environment.get("FRIDA_HOST")
    if host or remote:
        return DeviceChoice(
            kind="remote",
            host=host,
            certificate=certificate or environment.get("FRIDA_CERTIFICATE"),
            origin=origin or environment.get("FRIDA_ORIGIN"),
            token=token or environment.get("FRIDA_TOKEN"),
            keepalive_interval=keepalive_interval,
            i_know=i_know,
        )
    if given:
        raise UsageError(f"{given[0]} is for a remote device", hint="add -H HOST, or -R")
    if device_id:
        return DeviceChoice(kind="id", id=device_id, i_know=i_know)
    return DeviceChoice(kind="usb" if usb else "local", i_know=i_know)


@dataclass(frozen=True, slots=True)
class SpawnFile:
    """A program to start, hooked before its first instruction; only on request."""

    argv: tuple[str, ...]

    def __str__(self) -> str:
        return self.argv[0]


@dataclass(frozen=True, slots=True)
class Frontmost:
    """The app in the foreground."""

    def __str__(self) -> str:
        return "the frontmost app"


@dataclass(frozen=True, slots=True)
class Name:
    """A process by its name; ``*`` and ``?`` match as in a shell, and case is ignored."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Identifier:
    """An app by its bundle identifier; case is ignored."""

    identifier: str

    def __str__(self) -> str:
        return self.identifier


@dataclass(frozen=True, slots=True)
class Pid:
    """A process by its pid."""

    pid: int

    def __str__(self) -> str:
        return f"pid {self.pid}"


@dataclass(frozen=True, slots=True)
class Await:
    """The next process to start whose identifier or name matches the pattern."""

    pattern: str

    def __str__(self) -> str:
        return self.pattern


@dataclass(frozen=True, slots=True)
class Either:
    """A bare word: an identifier, else a name."""

    text: str

    def __str__(self) -> str:
        return self.text


Target: TypeAlias = SpawnFile | Frontmost | Name | Identifier | Pid | Await | Either


def parse_target(text: str, arguments: Sequence[str] = ()) -> Target:
    """Return a bare target: a path is started with its arguments, a number is a pid, else a name. Raises: UsageError."""
    if not text:
        raise UsageError("the target is empty", hint="name an app, a process, a pid or a path")
    if is_program(text):
        return SpawnFile((text, *arguments))
    if arguments:
        raise UsageError(f"unexpected argument {arguments[0]}", hint="only a program that is started takes arguments")
    return parse_running(text)


def target_words(text: str) -> tuple[str, ...]:
    """Return the words of a command line that name an app by its identifier or name, whatever the name is."""
    odd = is_program(text) or text[:1] == "-" or not text or isinstance(parse_running(text), Pid)
    return ("-n", text) if odd else (text,)


def is_program(text: str) -> bool:
    """Return whether a bare target is a path, the program to start."""
    return text[:1] in (".", os.path.sep)


def parse_running(text: str) -> Pid | Either:
    """Return a target that must already run (``--with``): a number is a pid, else an identifier or a name."""
    if text.isascii() and text.isdigit():
        return Pid(int(text))
    return Either(text)
