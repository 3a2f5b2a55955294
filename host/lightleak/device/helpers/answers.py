"""What the scripts beside the agent answer, checked once: they speak from processes that are not ours."""

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


class Ground(Struct, frozen=True, rename="camel"):
    """Frida's own process on the device, and what lies around it."""

    frida: Word
    platform: Word
    arch: Word
    uid: Count
    present: list[Text]
    """Those of the asked paths that are there."""
    free_bytes: Annotated[float, Meta(ge=0)] | None
    """What is free at the asked folder."""


class AppAccess(Struct, frozen=True):
    """What an app is allowed, and whether its accesses are noted; null where the process does not have the class."""

    frida: Word
    permission: Permission | None
    recording: bool | None


class SelfTest(Struct, frozen=True):
    """Why functions cannot be hooked, or C not be compiled; null where they can."""

    hook: Text | None
    compiler: Text | None


class Shape(Struct, frozen=True):
    """The names of a class's own ivars and methods."""

    ivars: list[Text]
    methods: list[Text]


class TimedAction(Struct, frozen=True, rename="camel"):
    """When something that the script was asked to do began, Unix ms of the device."""

    began_ms: Clock


class ObserverCalls(Struct, frozen=True, rename="camel"):
    """When the script's observer was told, Unix ms of the device, and an error of its own."""

    deliveries: list[Clock]
    details_ms: list[Clock]
    fault: Text | None


def checked(answer: object, kind: type[Answer] | Any, what: str) -> Any:
    """Check an answer. Raises: AgentError."""
    try:
        return msgspec.convert(answer, kind)
    except (msgspec.ValidationError, RecursionError) as problem:
        raise AgentError(f"the script that looks at {what} answers with something else ({problem})") from problem
