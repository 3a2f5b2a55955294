"""Convert a trace of an older format version to today's: one pure step from each version to the next.

A change of the format adds one row to ``STEPS`` under the version that it leaves behind.

``hook_code`` fills in a key that was added within a version: the reader of a ``hook`` event calls it, so that all other
events are read as fast as before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from lightleak.errors import TraceError
from lightleak.events import FORMAT_VERSION

Fields = dict[str, Any]

_DECODER = msgspec.json.Decoder(Fields)
_ENCODER = msgspec.json.Encoder()

_HOOK_CODES = (
    ("no-class", re.compile(r"this process has no class ")),
    ("no-method", re.compile(r"\S+ has no method ")),
    ("inherited", re.compile(r"\S+ does not override ")),
)
"""The code of a skipped hook, and how the agent's sentence began that said the same before there were codes."""


class Migration(NamedTuple):
    """How a header and an event of one version become those of the next. Neither changes its argument."""

    header: Callable[[Fields], Fields]
    event: Callable[[Fields], Fields]
    changes: bytes = b""
    """What each line that the step changes contains: other lines are not decoded."""


_REASONS_OF_1 = {
    "launch": "launch",
    "launch for location": "location",
    "launch for remote-notification": "silent-push",
    "launch for bluetooth": "other",
    "launch for a url": "url",
    "launch for a shortcut": "other",
    "remote-notification": "silent-push",
    "background-fetch": "background-task",
    "background-task": "background-task",
    "background-url-session": "background-url-session",
    "pushkit": "voip-push",
    "location": "location",
}
"""The reasons that version 1 wrote, and the word of version 2 for each."""


def _header_to_2(header: Fields) -> Fields:
    return {**header, "version": 2}


def _event_to_2(event: Fields) -> Fields:
    """Give ``state`` the reasons of version 2. A ``state`` of version 1 that only repeats the state is not a change."""
    if event.get("kind") != "state" or not isinstance(event.get("reason"), str):
        return event
    reason = _REASONS_OF_1.get(event["reason"])
    return {**event, "reason": reason} if reason else {**event, "reason": None, "changed": False}


STEPS: Mapping[int, Migration] = {1: Migration(_header_to_2, _event_to_2, changes=b'"state"')}
"""Version → the step to the version after it. Version 1 is the first."""


def steps_from(
    version: int, *, steps: Mapping[int, Migration] = STEPS, newest: int = FORMAT_VERSION
) -> list[Migration]:
    """Return the steps from a version to today's, in order. Raises: TraceError when the version is not known."""
    if version > newest:
        raise TraceError(
            f"the trace is of format version {version}, and this lightleak reads up to {newest}",
            hint="update lightleak",
        )
    try:
        return [steps[number] for number in range(version, newest)]
    except KeyError as problem:
        raise TraceError(f"format version {version} is not known", hint="name a trace of lightleak") from problem


def migrated_lines(block: bytes, steps: list[Migration]) -> bytes:
    """Return lines of events after all steps, each with its newline. Lines that no step changes stay as they are."""
    marks = [step.changes for step in steps]
    if not any(mark in block for mark in marks):
        return block
    path = [step.event for step in steps]
    lines = [_migrated_line(line, path) if any(mark in line for mark in marks) else line for line in block.split(b"\n")]
    return b"\n".join(lines)


def _migrated_line(line: bytes, path: list[Callable[[Fields], Fields]]) -> bytes:
    try:
        event = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return line  # the reader of events reports it
    return _ENCODER.encode(migrated(event, path))


def migrated(fields: Fields, path: list[Callable[[Fields], Fields]]) -> Fields:
    """Return a header or an event after all steps."""
    for step in path:
        fields = step(fields)
    return fields


def hook_code(code: object, reason: object) -> str | None:
    """Return the code of a ``hook`` event: its own, or, in a trace from before there were codes, that of its reason."""
    if isinstance(code, str):
        return code
    if not isinstance(reason, str):
        return None
    return next((known for known, begins in _HOOK_CODES if begins.match(reason)), None)
