"""What was damaged, cut or unfinished in the session that a redacted one was made from, for the readers of the redacted one.

Separate because it is written by the redaction and read by every session: what was lost before is still lost after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from lightleak.trace.file_status import CutTail, DamagedStretch, FileNotice, NoClosingSeal
from lightleak.trace.session_file import SessionFile

_Damage = CutTail | DamagedStretch | NoClosingSeal
_MOST = 1_000
"""More is no list for a reader, and one is enough to know that something is missing."""


def to_header(notices: Iterable[FileNotice]) -> list[dict[str, Any]]:
    """Return notices of damage for the header of a redacted session, without the names of files."""
    damage = [notice for notice in notices if isinstance(notice, _Damage)][:_MOST]
    return [msgspec.to_builtins(msgspec.structs.replace(notice, file="")) for notice in damage]


def original_damage(file: SessionFile) -> list[FileNotice]:
    """Return the notices of the session that a file was redacted from; none for any other file."""
    redacted = file.header.get("redacted")
    damage = redacted.get("damage") if isinstance(redacted, dict) else None
    try:
        found: list[_Damage] = msgspec.convert(damage or [], list[_Damage])
    except msgspec.ValidationError:  # not written by lightleak: it says that there is damage, and not which
        found = [NoClosingSeal("")]
    original = f"the session that {file.name} was redacted from"
    return [msgspec.structs.replace(notice, file=original) for notice in found[:_MOST]]
