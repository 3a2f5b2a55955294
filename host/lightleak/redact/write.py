"""Write the redacted session: a new file with its own seals, and the head hash of the session it was made from.

Separate because the package's ``__init__`` only names what is public.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from lightleak.errors import TraceError
from lightleak.redact.allow_list import redacted_event
from lightleak.redact.header import redacted_header
from lightleak.redact.pseudonyms import Pseudonyms
from lightleak.trace.frame_writer import FrameWriter
from lightleak.trace.frames import framed
from lightleak.trace.header import encode_header
from lightleak.trace.joined_lines import JoinedLines
from lightleak.trace.session import Session
from lightleak.trace.session_file import SessionFile

_PROGRESS_EVENTS = 1_000


def original(path: Path) -> Session:
    """Open all files of a session by the chain from its first one.

    Raises: TraceError when one is missing or does not fit.
    """
    parts = [SessionFile(path)]
    if parts[0].number != 1:
        raise TraceError(f"{path} is part {parts[0].number} of its session", hint="name its first file")
    while (name := parts[-1].last_seal.next) is not None:
        next_path = path.with_name(name) if name and Path(name).name == name and "\0" not in name else None
        if next_path is None or not next_path.is_file():
            raise TraceError(
                f"the session continues in {name}, which is not in the folder of {path}", hint="copy it there first"
            )
        parts.append(SessionFile(next_path))
        if len({part.path for part in parts}) < len(parts) or not _continues(parts[-1], parts[-2]):
            raise TraceError(
                f"{next_path} does not continue {parts[-2].path}", hint="lightleak verify says what is wrong"
            )
    return Session(parts)


class Redacted(NamedTuple):
    """What a redaction has done."""

    head: str
    """The head hash of the new session."""
    replaced: int
    """How many values became a pseudonym."""
    left_out: int
    """How many keys were left out."""


def redact(
    session: Session,
    output: Path,
    *,
    hide_names: bool,
    force: bool = False,
    key: bytes | None = None,
    progress: Callable[[int], object] = lambda _count: None,
) -> Redacted:
    """Write ``output``, whole or not at all.

    key: 32 bytes for the hashes, for tests (default: random, and forgotten). progress: called with the number of
    further events that were written. Raises: TraceError, FileError.
    """
    pseudonyms = Pseudonyms(hide_names=hide_names, key=key)
    if not hide_names:
        _collect(session, pseudonyms)
    writer = FrameWriter(output, encode_header(redacted_header(session, pseudonyms)))
    try:
        for lines in framed(JoinedLines(line, 1) for line in _lines(session, pseudonyms, progress)):
            writer.append(lines)
        head = writer.close()
        writer.publish(force=force)
    except BaseException:
        writer.abandon()
        raise
    return Redacted(head, pseudonyms.replaced, pseudonyms.left_out)


def _collect(session: Session, pseudonyms: Pseudonyms) -> None:
    """Read the session once to know every name that will be replaced, because a name that is kept can come before it."""
    pseudonyms.collects = True
    redacted_header(session, pseudonyms)
    for event in session.events():
        redacted_event(event, pseudonyms)
    pseudonyms.collects = False
    pseudonyms.replaced = pseudonyms.left_out = 0


def _lines(session: Session, pseudonyms: Pseudonyms, progress: Callable[[int], object]) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for number, event in enumerate(session.events(), 1):
        yield encode(redacted_event(event, pseudonyms))
        if not number % _PROGRESS_EVENTS:
            progress(_PROGRESS_EVENTS)


def _continues(part: SessionFile, before: SessionFile) -> bool:
    continues = part.header.get("continues")
    return isinstance(continues, dict) and continues.get("head") == before.last_seal.hash
