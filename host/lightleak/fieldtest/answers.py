"""The answers of a field test, and the file that holds them: which phone gave them, and nothing personal.

No app, no device name, no identifier of an entry, no time but the date: users are asked to send us this file.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from lightleak._version import __version__
from lightleak.errors import FileError
from lightleak.fieldtest.claims import CLAIMS
from lightleak.fieldtest.draft import Draft, Phone

FORMAT = "lightleak-fieldtest"
VERSION = 1
MAX_BYTES = 1 << 20
LEAST_BOUND_S = 3.0
"""A field test has few pairs: it can widen the comparator's bound, but not narrow it."""

Text = Annotated[str, Meta(max_length=4_000)]


class Answer(Struct, frozen=True):
    """Whether a claim holds on this phone."""

    number: int
    holds: bool | None
    """None: not decided; ``why`` says why not."""
    why: str
    facts: dict[str, bool | None] = {}
    """Fact → what was found, when it is not simply ``holds``."""
    figures: dict[str, Any] = {}


def undecided(number: int, why: str) -> Answer:
    """Return an answer that leaves the claim open, and why."""
    return Answer(number, None, why)


class ClaimResult(Struct, frozen=True):
    """One answer with its claim in words, so that the file can be read on its own."""

    number: int
    claim: Text
    holds: bool | None
    why: Text
    figures: dict[str, Any] = {}


class FieldTestResult(Struct, frozen=True):
    """The file of a field test."""

    format: Text
    version: int
    tool: Text
    date: Text
    """The host's date, without the time of day."""
    phone: Phone
    steps: dict[str, Text]
    """Step → ``done``, or why it was skipped."""
    answers: list[ClaimResult]
    classes: dict[str, Any]
    """Apple's private classes with their ivars and methods; None for a class that does not exist."""
    facts: dict[str, Any]
    """What ``compare --facts`` takes: nothing where no phone was tested."""


def facts_of(answers: list[Answer]) -> dict[str, bool | float | None]:
    """Return the facts for ``compare --facts``: name → what was found."""
    facts: dict[str, bool | float | None] = {}
    for answer in answers:
        facts |= answer.facts
    return facts


def lag_bound_s(answers: list[Answer]) -> float | None:
    """Return a bound of the lag, s: twice the largest that was seen; None when none was seen."""
    most = next((answer.figures.get("most_ms") for answer in answers if answer.number == 7), None)
    return None if most is None else round(max(LEAST_BOUND_S, 2 * float(most) / 1000), 1)


def make_result(draft: Draft, answers: list[Answer], date: str) -> FieldTestResult:
    """Return the result of a draft, without anything personal. ``date``: ISO 8601."""
    claims = {claim.number: claim.claim for claim in CLAIMS}
    look = draft.steps.get("look")
    facts, bound_s = facts_of(answers), lag_bound_s(answers)
    if draft.phone.is_no_phone:
        facts, bound_s = dict.fromkeys(facts), None
    return FieldTestResult(
        format=FORMAT,
        version=VERSION,
        tool=f"lightleak {__version__}",
        date=date,
        phone=draft.phone,
        steps={name: seen.skipped or "done" for name, seen in draft.steps.items()},
        answers=[ClaimResult(a.number, claims[a.number], a.holds, a.why, a.figures) for a in answers],
        classes=dict(look.observations.get("shapes", {})) if look is not None else {},
        facts={
            **facts,
            "lag_s": bound_s,
            "os_version": draft.phone.os_version,
            "model": draft.phone.model,
        },
    )


def encode_result(result: FieldTestResult) -> str:
    """Return the file's text, ending with a newline."""
    return msgspec.json.format(msgspec.json.encode(result), indent=2).decode() + "\n"


def read_result(raw: bytes, name: str) -> FieldTestResult:
    """Return the result in a file. Raises: FileError when it is not one."""
    hint = "name a file that lightleak fieldtest wrote"
    try:
        result = msgspec.json.decode(raw, type=FieldTestResult)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise FileError(f"{name} is not a field test result ({problem})", hint=hint) from problem
    if result.format != FORMAT or result.version > VERSION:
        raise FileError(f"{name} is another kind of file, or was written by a newer lightleak", hint=hint)
    return result
