"""Wait for what the stand-in does by itself: for conditions with a deadline, never for a guessed time."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from .app import App
    from .phone import Phone

T = TypeVar("T")
_DEADLINE_S = 10.0
PATIENCE = float(os.environ.get("LIGHTLEAK_PATIENCE", "1"))
"""By how much every deadline of the tests is longer: more than 1 for a machine that is slow."""


def within(seconds: float) -> float:
    """Return a deadline of the tests, in seconds, for a machine of this speed."""
    return seconds * PATIENCE


def until(look: Callable[[], T], seconds: float = _DEADLINE_S) -> T:
    """Return what `look` returns as soon as it is true. Raises: TimeoutError after so many seconds."""
    deadline = time.monotonic() + within(seconds)
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TimeoutError("what was waited for did not happen")
        time.sleep(0.01)
    return found


def account(phone: Phone, app: App, event: str) -> list[dict[str, Any]]:
    """Return the lines of one kind in an app's account so far."""
    path = phone.folder / "truth" / f"{app.pid}.ndjson"
    if not path.exists():
        return []
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]
    return [line for line in lines if line["event"] == event]


def records(phone: Phone, kind: int | None = None) -> list[dict[str, Any]]:
    """Return the accounting daemon's records so far: begins (2), ends (3) or all."""
    text = (phone.folder / "PrivacyAccounting" / "records.ndjson").read_text(encoding="utf-8")
    found = [json.loads(line) for line in text.split("\n")[:-1]]
    return [record for record in found if kind in (None, record["kind"])]
