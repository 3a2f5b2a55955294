"""The answers of the helper scripts, checked once: they come from foreign processes."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from lightleak.errors import AgentError

Word = Annotated[str, Meta(max_length=200)]
Text = Annotated[str, Meta(max_length=2_000)]
Count = Annotated[int, Meta(ge=0)]
Clock = Annotated[float, Meta(ge=0, lt=2**53)]

Permission = Literal["not-determined", "restricted", "denied", "authorized", "limited"]

Answer = TypeVar("Answer")


class ServerEnvironment(Struct, frozen=True, rename="camel"):
    """Frida's own process on the device, and what it finds there."""

    frida: Word
    platform: Word
    arch: Word
    uid: Count
    present: list[Text]
    """Those of the given paths that exist."""
    free_bytes: Annotated[float, Meta(ge=0)] | None
    """Free bytes at the given folder."""


class AppAccess(Struct, frozen=True):
    """An app's permission, and whether its accesses are logged; None when the process does not have the class."""

    frida: Word
    permission: Permission | None
    recording: bool | None


class SelfTest(Struct, frozen=True):
    """Why functions cannot be hooked, or C cannot be compiled; None when they can."""

    hook: Text | None
    compiler: Text | None


class Shape(Struct, frozen=True):
    """The names of the ivars and methods that a class itself defines."""

    ivars: list[Text]
    methods: list[Text]


class TimedAction(Struct, frozen=True, rename="camel"):
    """When an action of the script started, Unix ms of the device."""

    began_ms: Clock


class ObserverCalls(Struct, frozen=True, rename="camel"):
    """When the script's observer was called, Unix ms of the device, and its error if it had one."""

    deliveries: list[Clock]
    details_ms: list[Clock]
    fault: Text | None


def checked(answer: object, kind: type[Answer] | Any, what: str) -> Any:
    """Return an answer as ``kind``. Raises: AgentError when it is something else."""
    try:
        return msgspec.convert(answer, kind)
    except (msgspec.ValidationError, RecursionError) as problem:
        raise AgentError(f"the helper script sent an answer about {what} that cannot be read ({problem})") from problem
