"""Write the redacted session: a new file with its own seals, and the head hash of the session it was made from.

Separate because the package's ``__init__`` only names what is public.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from lightleak.errors import TraceError
from lightleak.events import DEVICE_KINDS
from lightleak.redact.allow_list import redacted_event
from lightleak.redact.pseudonyms import Pseudonyms
from lightleak.timezones import known_zone
from lightleak.trace.frame_writer import FrameWriter
from lightleak.trace.frames import framed
from lightleak.trace.header import encode_header
from lightleak.trace.session import Session
from lightleak.trace.session_file import SessionFile

_DEVICE = ("model", "os", "os_version", "time_zone", "kind")
"""What is kept of the device: not its name, and nothing that later versions may add."""
_TARGET = ("identifier", "name", "version")
_IMPORTED = {"tool": re.compile(r"lightleak [\d.]+"), "date": re.compile(r"\d{4}-\d\d-\d\d")}
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

    key: 32 bytes for the hashes, for tests (default: random, and forgotten). progress: called with the number of
    further events that were read. Raises: TraceError, FileError.
    """
    device = session.header.get("device")
    name = device.get("name") if isinstance(device, dict) else None
    pseudonyms = Pseudonyms(hide_names=hide_names, secrets_in_text=[name] if isinstance(name, str) else [], key=key)
    writer = FrameWriter(output, encode_header(_header(session, pseudonyms)))
    try:
        for lines, _ in framed(_lines(session, pseudonyms, progress)):
            writer.append(lines)
        head = writer.close()
        writer.publish(force=force)
    except BaseException:
        writer.abandon()
        raise
    return head


def _header(session: Session, pseudonyms: Pseudonyms) -> dict[str, Any]:
    header = session.header
    return {
        "kind": "header",
        "format": header["format"],
        "version": header["version"],
        "session": str(uuid.uuid4()),
        "tool": pseudonyms.sentence(header.get("tool")),
        "device": _kept(header.get("device"), _DEVICE, pseudonyms),
        "target": _kept(header.get("target"), _TARGET, pseudonyms),
        **({"imported": header["imported"]} if _is_date(header.get("imported")) else {}),
        "redacted": {"head": session.head_hash, "names": "hashed" if pseudonyms.hide_names else "kept"},
    }


def _is_date(imported: Any) -> bool:
    """Return whether this is what ``lightleak import`` writes, and no text that a person wrote."""
    return (
        isinstance(imported, dict)
        and all(_IMPORTED[key].fullmatch(str(value)) for key, value in imported.items() if key in _IMPORTED)
        and imported.keys() <= _IMPORTED.keys()
    )


def _kept(source: Any, keys: tuple[str, ...], pseudonyms: Pseudonyms) -> dict[str, Any]:
    if not isinstance(source, dict):
        return {}
    return {key: _redacted_value(key, source[key], pseudonyms) for key in keys if key in source}


def _redacted_value(key: str, value: Any, pseudonyms: Pseudonyms) -> Any:
    if key == "kind":
        return value if value in DEVICE_KINDS else None
    if key == "time_zone":
        # A zone or an offset identifies no person; any other text might.
        return value if known_zone({"device": {"time_zone": value}}) else None
    return pseudonyms.word(value) if key == "identifier" else pseudonyms.sentence(value)


def _lines(session: Session, pseudonyms: Pseudonyms, progress: Callable[[int], object]) -> Iterator[bytes]:
    encode = msgspec.json.Encoder().encode
    for number, event in enumerate(session.events(), 1):
        yield encode(redacted_event(event, pseudonyms))
        if not number % _PROGRESS_EVENTS:
            progress(_PROGRESS_EVENTS)


def _continues(part: SessionFile, before: SessionFile) -> bool:
    continues = part.header.get("continues")
    return isinstance(continues, dict) and continues.get("head") == before.last_seal.hash
