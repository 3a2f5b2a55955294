"""The file of ``fieldtest``, which ``--explain --format json`` shows and ``compare --facts`` takes."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from lightleak.events import DeviceKind
from schema.parts import Count


class PhoneShape(Struct):
    """Which phone answered; nothing personal."""

    model: str | None
    os_version: str | None
    platform: str
    arch: str
    frida: str
    kind: DeviceKind | None
    """null: not known. Of a virtual device or a simulator, ``facts`` has nothing but null."""


class AnswerShape(Struct):
    """A claim, and whether it holds on this phone."""

    number: Count
    claim: str
    holds: bool | None
    """null: not decided; ``why`` says why not."""
    why: str
    figures: dict[str, Any]


class FoundShape(Struct):
    """What ``compare --facts`` takes. true: confirmed; false: refuted; null: not decided."""

    lag_s: float | None
    os_version: str | None
    model: str | None
    identifier_is_shown: bool | None = None
    query_makes_entry: bool | None = None
    registration_opens: bool | None = None
    opening_makes_entry: bool | None = None
    delivery_makes_entry: bool | None = None
    reads_make_no_entry: bool | None = None
    idle_timer_closes: bool | None = None
    stamp_is_later: bool | None = None
    picker_marks_choice: bool | None = None
    extension_has_own_rows: bool | None = None


class FieldTestShape(Struct):
    """The result of a field test."""

    format: Literal["lightleak-fieldtest"]
    version: Literal[1]
    tool: str
    date: str
    phone: PhoneShape
    steps: dict[str, str]
    answers: list[AnswerShape]
    classes: dict[str, Any]
    facts: FoundShape
