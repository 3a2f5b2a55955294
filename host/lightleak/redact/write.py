"""Write the redacted session: new, sealed anew, and with the head hash of the one that it was made of."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from lightleak.errors import TraceError
from lightleak.redact.allow_list import redacted_event
from lightleak.redact.pseudonyms import Pseudonyms
from lightleak.timezones import known_zone
from lightleak.trace.frame_writer import FrameWriter
from lightleak.trace.frames import framed
from lightleak.trace.header import encode_header
from lightleak.trace.session import Session
from lightleak.trace.session_file import SessionFile

_DEVICE = ("model", "os", "os_version", "time_zone")
"""What is told of the device: without its name, and without what later versions may know."""
_TARGET = ("identifier", "name", "version")
_EVERY = 1_000


def original(path: Path) -> Session:
    """Open all files of a session, following the chain from its first one. Errors: TraceError."""
    parts = [SessionFile(path)]
    if parts[0].number != 1:
        raise TraceError(f"{path} is part {parts[0].number} of its session", hint="name its first file")
    while (name := parts[-1].last_seal.next) is not None:
        beside = path.with_name(name) if name and Path(name).name == name and "\0" not in name else None
        if beside is None or not beside.is_file():
            raise TraceError(f"the session goes on in {name}, which does not lie beside {path}", hint="fetch it first")
        parts.append(SessionFile(beside))
        if len({part.path for part in parts}) < len(parts) or not _continues(parts[-1], parts[-2]):
            raise TraceError(f"{beside} does not continue {parts[-2].path}", hint="lightleak verify says more")
    return Session(parts)


def redact(
    session: Session,
    output: Path,
    *,
    hide_names: bool,
    force: bool = False,
    key: bytes | None = None,
    progress: Callable[[int], object] = lambda _count: None,
) -> str:
    """Write ``output``, whole or not at all, and return its head hash.

    key: 32 bytes for the hashes, for tests; without, made at random and forgotten. progress: told how many more events
    were read. Errors: TraceError, FileError.
    """
    device = session.header.get("device")
    name = device.get("name") if isinstance(device, dict) else None
    veil = Pseudonyms(hide_names=hide_names, secrets_in_text=[name] if isinstance(name, str) else [], key=key)
    journal = FrameWriter(output, encode_header(_header(session, veil)))
    try:
        for lines, _ in framed(_lines(session, veil, progress)):
            journal.append(lines)
        head = journal.close()
        journal.publish(force=force)
    except BaseException:
        journal.abandon()
        raise
    return head


def _header(session: Session, veil: Pseudonyms) -> dict[str, Any]:
    header = session.header
    return {
        "kind": "header",
        "format": header["format"],
        "version": header["version"],
        "session": str(uuid.uuid4()),
        "tool": veil.sentence(header.get("tool")),
        "device": _some(header.get("device"), _DEVICE, veil),
        "target": _some(header.get("target"), _TARGET, veil),
        "redacted": {"head": session.head_hash, "names": "hashed" if veil.hide_names else "kept"},
    }


def _some(told: Any, keys: tuple[str, ...], veil: Pseudonyms) -> dict[str, Any]:
    if not isinstance(told, dict):
        return {}
    return {key: _told(key, told[key], veil) for key in keys if key in told}


def _told(key: str, value: Any, veil: Pseudonyms) -> Any:
    if key == "time_zone":
        # A zone or an offset names nobody; what is neither may be anything.
        return value if known_zone({"device": {"time_zone": value}}) else None
    return veil.word(value) if key == "identifier" else veil.sentence(value)


def _lines(session: Session, veil: Pseudonyms, progress: Callable[[int], object]) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for number, event in enumerate(session.events(), 1):
        yield encode(redacted_event(event, veil))
        if not number % _EVERY:
            progress(_EVERY)


def _continues(part: SessionFile, before: SessionFile) -> bool:
    continues = part.header.get("continues")
    return isinstance(continues, dict) and continues.get("head") == before.last_seal.hash
