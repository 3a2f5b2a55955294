"""The file of a field test: answers, and which phone gave them; nothing of the person's.

No app, no device name, no identifier of an entry, no time but the date: it is meant to be sent to us.
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from lightleak._version import __version__
from lightleak.errors import FileError
from lightleak.fieldtest.answers import Answer
from lightleak.fieldtest.claims import CLAIMS
from lightleak.fieldtest.draft import Draft, Phone
from lightleak.fieldtest.evaluate import facts_of
from lightleak.fieldtest.evaluate_rows import lag_bound_s

FORMAT = "lightleak-fieldtest"
VERSION = 1
MAX_BYTES = 1 << 20

Text = Annotated[str, Meta(max_length=4_000)]


class ClaimResult(Struct, frozen=True):
    """One answer with its claim in words, so that the file can be read alone."""

    number: int
    claim: Text
    holds: bool | None
    why: Text
    figures: dict[str, Any] = {}


class Result(Struct, frozen=True):
    """The file."""

    format: Text
    version: int
    tool: Text
    date: Text
    """Of the host, without the time of day."""
    phone: Phone
    steps: dict[str, Text]
    """Step → done, or why it was skipped."""
    answers: list[ClaimResult]
    classes: dict[str, Any]
    """Which of Apple's private classes are there, with their ivars and methods; null for those that are not."""
    facts: dict[str, Any]
    """What ``compare --facts`` takes."""


def make_result(draft: Draft, answers: list[Answer], date: str) -> Result:
    """Leave out of a draft what is nobody's business."""
    words = {claim.number: claim.claim for claim in CLAIMS}
    look = draft.steps.get("look")
    found = facts_of(answers) | {"lag_s": lag_bound_s(answers)}
    return Result(
        FORMAT,
        VERSION,
        f"lightleak {__version__}",
        date,
        draft.phone,
        {name: seen.skipped or "done" for name, seen in draft.steps.items()},
        [ClaimResult(a.number, words[a.number], a.holds, a.why, a.figures) for a in answers],
        dict(look.told.get("shapes", {})) if look is not None else {},
        found | {"os_version": draft.phone.os_version, "model": draft.phone.model},
    )


def encode_result(result: Result) -> str:
    """Write the file's text, ending with a newline."""
    return msgspec.json.format(msgspec.json.encode(result), indent=2).decode() + "\n"


def read_result(raw: bytes, name: str) -> Result:
    """Read a file of another's. Raises: FileError."""
    hint = "name a file that lightleak fieldtest wrote"
    try:
        result = msgspec.json.decode(raw, type=Result)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise FileError(f"{name} is no result of a field test ({problem})", hint=hint) from problem
    if result.format != FORMAT or result.version > VERSION:
        raise FileError(f"{name} is a result of another kind or of a newer lightleak", hint=hint)
    return result
