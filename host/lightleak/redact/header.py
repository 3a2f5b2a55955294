"""What of a session's header may be published, by form: a model, a version, a zone identify neither person nor device.

Separate because the header is where a device's name and identifiers are.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from lightleak.events import DEVICE_KINDS
from lightleak.redact import vocabulary
from lightleak.redact.pseudonyms import Pseudonyms
from lightleak.timezones import known_zone
from lightleak.trace.original_damage import to_header
from lightleak.trace.session import Session

_TOOL = re.compile(r"lightleak \d{1,3}(?:\.\d{1,3}){0,2}(?:\.?(?:dev|a|b|rc)\d{0,4})?")
_MODEL = re.compile(
    r"(?:iPhone|iPad|iPod|AppleTV|Watch|RealityDevice|Mac|MacBookPro|MacBookAir|Macmini|iMac|VirtualMac)\d{1,2},\d{1,2}"
    r"|arm64|x86_64"
)
_VERSION = re.compile(r"\d{1,9}(?:\.\d{1,9}){0,2}|\d{1,4}\.\d{1,4}\.\d{3,9}\.\d{1,9}")
"""Not an address of four numbers up to 255."""
_IMPORTED = {"tool": _TOOL, "date": re.compile(r"\d{4}-\d\d-\d\d")}
_KNOWN = ("kind", "format", "version", "session", "device", "target", "continues", "redacted", "imported")
"""Keys of a header that are replaced by their own rule, or carry no text of a person."""


def redacted_header(session: Session, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """Return the header of the redacted session, with the head hash of the session that it is made from."""
    header = session.header
    for key in set(header) - {*_KNOWN, "tool"}:
        pseudonyms.leave_out({key: header[key]})
    return {
        "kind": "header",
        "format": header["format"],
        "version": header["version"],
        "session": str(uuid.uuid4()),
        "tool": _formed("tool", header.get("tool"), _TOOL, pseudonyms),
        "device": _device(header, pseudonyms),
        "target": _target(header.get("target"), pseudonyms),
        **_imported(header.get("imported"), pseudonyms),
        "redacted": _redacted(session, pseudonyms),
    }


def _redacted(session: Session, pseudonyms: Pseudonyms) -> dict[str, Any]:
    damage = to_header(session.file_notices)
    names = "hashed" if pseudonyms.hide_names else "kept"
    return {"head": session.head_hash, "names": names, **({"damage": damage} if damage else {})}


def _imported(imported: Any, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """Return the key that says that the session was imported, as far as it is what ``lightleak import`` writes."""
    if imported is None:
        return {}
    written = imported if isinstance(imported, dict) else {}
    kept = {
        key: value
        for key, value in written.items()
        if key in _IMPORTED and isinstance(value, str) and _IMPORTED[key].fullmatch(value)
    }
    if kept != imported:
        pseudonyms.leave_out({"imported": imported})
    return {"imported": kept}


def _device(header: dict[str, Any], pseudonyms: Pseudonyms) -> dict[str, Any]:
    device = header.get("device")
    if not isinstance(device, dict):
        pseudonyms.leave_out(device)
        return {}
    kept: dict[str, Any] = {}
    for key, value in device.items():
        match key:
            case "model":
                kept[key] = _formed("model", value, _MODEL, pseudonyms)
            case "os":
                kept[key] = pseudonyms.word("system", value, vocabulary.SYSTEMS)
            case "os_version":
                kept[key] = _formed("version", value, _VERSION, pseudonyms)
            case "time_zone":
                # A zone or an offset identifies no person. Any other text stays a text that is no zone.
                kept[key] = value if known_zone(header) else pseudonyms.word("zone", value)
            case "kind":
                kept[key] = value if value in (None, *DEVICE_KINDS) else pseudonyms.word("kind", value)
            case _:
                pseudonyms.leave_out({key: value})
    return kept


def _target(target: Any, pseudonyms: Pseudonyms) -> dict[str, Any]:
    if not isinstance(target, dict):
        pseudonyms.leave_out(target)
        return {}
    kept: dict[str, Any] = {}
    for key, value in target.items():
        match key:
            case "identifier":
                kept[key] = pseudonyms.identifier(value)
            case "name":
                kept[key] = pseudonyms.name("process", value)
            case "version":
                kept[key] = _formed("version", value, _VERSION, pseudonyms)
            case _:
                pseudonyms.leave_out({key: value})
    return kept


def _formed(what: str, value: Any, form: re.Pattern[str], pseudonyms: Pseudonyms) -> Any:
    return value if isinstance(value, str) and form.fullmatch(value) else pseudonyms.word(what, value)
