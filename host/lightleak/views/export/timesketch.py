"""A session as Timesketch imports it: a sentence, a time and what the time means; CSV or JSONL.

Source: timesketch.org, "Import data": ``message``, ``datetime`` (ISO 8601) and ``timestamp_desc`` are required,
``timestamp`` is in µs; every other column becomes an attribute.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC
from typing import Any, BinaryIO

from lightleak.events import Event
from lightleak.replay_state import SegmentState
from lightleak.text import escaped
from lightleak.trace.flat_row import COLUMNS, as_row
from lightleak.views.export.csv import when, write
from lightleak.views.export.source import ExportSource
from lightleak.views.live.event_text import sentence

_REQUIRED = ("message", "datetime", "timestamp", "timestamp_desc", "data_type")
_NAMES = [column.name for column in COLUMNS]
_TIMES = {"wall_ns"}
"""Written already, as ``timestamp``."""
_DESCRIPTIONS = {
    "access": "Photo library accessed",
    "notification": "Change notification delivered",
    "observer": "Observer changed",
    "accounting": "Accounting recorded",
    "state": "App state changed",
    "input": "Input delivered to the app",
    "usage": "Resource usage measured",
    "property": "Photo properties read",
    "process": "Process watched",
    "hook": "Hook status recorded",
    "lost": "Events lost",
    "mark": "Mark set",
}


def export(source: ExportSource, file: BinaryIO) -> None:
    """Write JSONL: one object for each event, with the attributes that it has.

    Raises: TraceError when the session is damaged, OSError when the file cannot be written.
    """
    # ASCII only, so that no bidi mark from an app reaches a terminal or an editor.
    encode = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode
    file.writelines(encode(line).encode() + b"\n" for line in _moments(source))


def export_csv(source: ExportSource, file: BinaryIO) -> None:
    """Write CSV with all attributes as columns; cells cannot start a formula. Raises: as ``export``."""
    names = [*_REQUIRED, *(name for name in _NAMES if name not in _TIMES)]
    write(file, names, ([moment.get(name) for name in names] for moment in _moments(source)))


def _moments(source: ExportSource) -> Iterator[dict[str, Any]]:
    """Yield the attributes of each event whose time is inside the calendar."""
    for event, here in source.events():
        at = when(event.wall_ns, UTC)
        if at is not None:
            moment = {
                "message": _message(event, here),
                "datetime": at,
                "timestamp": event.wall_ns // 1000,
                "timestamp_desc": _DESCRIPTIONS.get(event.kind, "Event recorded"),
                "data_type": f"lightleak:{escaped(event.kind)}",
            }
            values = zip(_NAMES, as_row(event, here), strict=True)
            moment.update((name, value) for name, value in values if value is not None and name not in _TIMES)
            yield moment


def _message(event: Event, here: SegmentState) -> str:
    return f"{escaped(here.app or '?')}: {sentence(event, here.origins, unseen_ns=here.unseen_ns) or escaped(event.kind)} [app {here.state}]"
