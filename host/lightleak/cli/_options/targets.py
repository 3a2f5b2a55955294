"""The options that name a device and what to watch on it. Names and letters are those of Frida's own tools."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import click

from lightleak.cli._options.values import Between
from lightleak.device.targets import (
    Await,
    DeviceChoice,
    Frontmost,
    Identifier,
    Name,
    Pid,
    SpawnFile,
    Target,
    choose_device,
    is_program,
    parse_target,
)
from lightleak.errors import UsageError

_Function: TypeAlias = Callable[..., Any]

_DEVICE_OPTIONS = (
    click.option(
        "-D", "--device", "device_id", metavar="ID", help="Use the device with this ID; lightleak devices lists them."
    ),
    click.option("-U", "--usb", is_flag=True, help="Use the USB device."),
    click.option("-R", "--remote", is_flag=True, help="Use the frida-server on this machine, at its usual port."),
    click.option("-H", "--host", metavar="HOST", help="Use the frida-server on HOST[:PORT]."),
    click.option("--certificate", metavar="FILE", help="Connect to HOST with TLS and expect this certificate (PEM)."),
    click.option("--origin", metavar="ORIGIN", help="Send this Origin header to HOST."),
    click.option(
        "--token",
        metavar="TOKEN",
        help="Authenticate with this token; prefer FRIDA_TOKEN, which other users cannot see.",
    ),
    click.option(
        "--keepalive-interval",
        type=Between(-1, 86_400, whole=True),
        metavar="SECONDS",
        help="Send a keep-alive this often; 0 is never (default: -1, chosen by the transport).",
    ),
    click.option("--i-know", is_flag=True, help="Go on where Frida is known to panic this phone (jailbroken iOS 26)."),
)

_TARGET_OPTIONS = (
    click.option("-f", "--file", metavar="FILE", help="Start FILE (a program or an app) with the hooks in place."),
    click.option("-F", "--attach-frontmost", "frontmost", is_flag=True, help="Attach to the app in front."),
    click.option("-n", "--attach-name", "name", metavar="NAME", help="Attach to the process with this name."),
    click.option(
        "-N", "--attach-identifier", "identifier", metavar="IDENTIFIER", help="Attach to the app with this identifier."
    ),
    click.option(
        "-p",
        "--attach-pid",
        "pid",
        type=Between(0, 2**31 - 1, whole=True),
        metavar="PID",
        help="Attach to the process with this pid.",
    ),
    click.option(
        "-W",
        "--await",
        "pattern",
        metavar="PATTERN",
        help="Wait for the next process whose name matches this regular expression.",
    ),
)

_TARGET_NAMES = ("file", "frontmost", "name", "identifier", "pid", "pattern")


def device_options(function: _Function) -> _Function:
    """Give a command the device options; it receives them as ``device``, a DeviceChoice."""

    @functools.wraps(function)
    def wrapper(*arguments: Any, **options: Any) -> Any:
        names = ("device_id", "usb", "remote", "host", "certificate", "origin", "token", "keepalive_interval", "i_know")
        return function(*arguments, device=choose_device(**{name: options.pop(name) for name in names}), **options)

    return _with(_DEVICE_OPTIONS, wrapper)


def target_options(*, many: bool = False) -> Callable[[_Function], _Function]:
    """Give a command the target options and bare words; it receives ``targets``, the list of what they name.

    A bare path is a program, and the words after it are its arguments. With ``many`` each bare word before that is a
    target, also after one that an option names; without, there is one target.
    """

    def decorate(function: _Function) -> _Function:
        @functools.wraps(function)
        def wrapper(*arguments: Any, **options: Any) -> Any:
            bare = options.pop("bare")
            named = _named(bare, **{name: options.pop(name) for name in _TARGET_NAMES})
            targets = named if named and isinstance(named[0], SpawnFile) else [*named, *_bare(bare)]
            if len(targets) > 1 and not many:
                raise UsageError(f"unexpected extra target {targets[1]}", hint="this command takes one target")
            return function(*arguments, targets=targets, **options)

        metavar = "[TARGET]... [PROGRAM [ARGUMENTS]...]" if many else "[TARGET [ARGUMENTS]...]"
        argument = click.argument("bare", nargs=-1, metavar=metavar)
        return argument(_with(_TARGET_OPTIONS, wrapper))

    return decorate


def _with(decorators: tuple[Callable[[_Function], _Function], ...], function: _Function) -> _Function:
    for decorator in reversed(decorators):
        function = decorator(function)
    return function


def _named(
    bare: tuple[str, ...],
    *,
    file: str | None,
    frontmost: bool,
    name: str | None,
    identifier: str | None,
    pid: int | None,
    pattern: str | None,
) -> list[Target]:
    named: list[Target] = []
    if file is not None:
        named.append(SpawnFile((file, *bare)))
    if frontmost:
        named.append(Frontmost())
    if name is not None:
        named.append(Name(name))
    if identifier is not None:
        named.append(Identifier(identifier))
    if pid is not None:
        named.append(Pid(pid))
    if pattern is not None:
        named.append(Await(_pattern(pattern)))
    if len(named) > 1:
        raise UsageError("only one of -f, -F, -n, -N, -p and -W can be given", hint="use --with to add targets")
    return named


def _bare(words: tuple[str, ...]) -> Iterator[Target]:
    for at, word in enumerate(words):
        if is_program(word):
            yield parse_target(word, words[at + 1 :])
            return
        yield parse_target(word)


def _pattern(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as problem:
        raise UsageError(
            f"-W {pattern} is not a valid regular expression ({problem})",
            hint="escape special characters with a backslash",
        ) from problem
    return pattern


def one_target(targets: list[Target]) -> Target:
    """Return the target that a command needs. Raises: UsageError when there is none."""
    if not targets:
        raise UsageError("no target given", hint="name an app, a process, a pid or a path; lightleak apps lists them")
    return targets[0]


__all__ = ["DeviceChoice", "Target", "device_options", "one_target", "target_options"]
