"""What of an event may be published: a list of what is kept. Any other key, also of a later version, is left out.

Separate because it is the list that a reviewer reads to know what a redacted session can reveal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lightleak.events import Event
from lightleak.redact.pseudonyms import Pseudonyms

Rule = Callable[[Pseudonyms, Any], Any]


def _detail(pseudonyms: Pseudonyms, value: Any) -> Any:
    """Return numbers only: counts, sizes, modes."""
    if not isinstance(value, dict):
        return {}
    numbers = {key: each for key, each in value.items() if isinstance(each, bool | int | float)}
    return {str(pseudonyms.word(key)): each for key, each in numbers.items()}


def _observer(pseudonyms: Pseudonyms, value: Any) -> Any:
    if not isinstance(value, dict):
        return pseudonyms.word(value)
    rules: dict[str, Rule] = {"class": _class, "id": Pseudonyms.word, "image": Pseudonyms.image}
    return {key: rule(pseudonyms, value[key]) for key, rule in rules.items() if key in value}


def _caller(pseudonyms: Pseudonyms, value: Any) -> Any:
    if not isinstance(value, dict):
        return pseudonyms.word(value)
    offset = value.get("offset")
    return {
        "image": pseudonyms.image(value.get("image")),
        "offset": offset if offset.__class__ is int and not pseudonyms.hide_names else None,
    }


def _frames(pseudonyms: Pseudonyms, value: Any) -> Any:
    return [_frame(pseudonyms, each) for each in value] if isinstance(value, list) else []


def _frame(pseudonyms: Pseudonyms, value: Any) -> Any:
    if not isinstance(value, dict):
        return {"image": pseudonyms.hidden("image", value), "symbol": None}
    image, symbol, offset = value.get("image"), value.get("symbol"), value.get("offset")
    if pseudonyms.hide_names:
        return {"image": pseudonyms.image(image), "symbol": pseudonyms.hidden("place", (image, symbol, offset))}
    return {
        "image": pseudonyms.image(image),
        "uuid": pseudonyms.word(value.get("uuid")),
        "offset": offset if offset.__class__ is int else None,
        "symbol": pseudonyms.name("symbol", symbol),
    }


def _class(pseudonyms: Pseudonyms, value: Any) -> Any:
    return pseudonyms.name("class", value)


def _asset(pseudonyms: Pseudonyms, value: Any) -> Any:
    return None if value is None else pseudonyms.asset(value)


def _label(_pseudonyms: Pseudonyms, _value: Any) -> str:
    return "mark"


_CALL: dict[str, Rule] = {"cause": Pseudonyms.word, "caller": _caller, "stack": Pseudonyms.word}
_ALWAYS: dict[str, Rule] = dict.fromkeys(
    ("kind", "segment", "seq", "wall_ns", "mono_ns", "tid", "cause", "cause_lost", "resumed_by", "of", "internal"),
    Pseudonyms.word,
)
_RULES: dict[str, dict[str, Rule]] = {
    "process": {"phase": Pseudonyms.word, "pid": Pseudonyms.word, "name": Pseudonyms.sentence, "identifier": Pseudonyms.word, "role": Pseudonyms.word,
                "reason": Pseudonyms.sentence},
    "hook": {"probe": Pseudonyms.word, "symbol": Pseudonyms.symbol, "status": Pseudonyms.word, "reason": Pseudonyms.sentence,
             "absent": Pseudonyms.word, "code": Pseudonyms.word},
    "state": {"value": Pseudonyms.word, "reason": Pseudonyms.word, "changed": Pseudonyms.word},
    "input": {"type": Pseudonyms.word},
    "usage": {"cpu_ns": Pseudonyms.word, "footprint_bytes": Pseudonyms.word, "energy_nj": Pseudonyms.word, "wakeups": Pseudonyms.word,
              "disk_read_bytes": Pseudonyms.word},
    "property": {"symbol": Pseudonyms.symbol, "count": Pseudonyms.word, "assets": Pseudonyms.word, **_CALL},
    "authorization": {"symbol": Pseudonyms.symbol, "action": Pseudonyms.word, "level": Pseudonyms.word, "status": Pseudonyms.word, **_CALL},
    "observer": {"action": Pseudonyms.word, "observer": _observer, "type": Pseudonyms.word, **_CALL},
    "notification": {"observer": _observer, "change": Pseudonyms.word, "type": Pseudonyms.word, **_CALL},
    "access": {"depth": Pseudonyms.word, "symbol": Pseudonyms.symbol, "detail": _detail, "asset": _asset, **_CALL},
    "return": {"duration_ns": Pseudonyms.word, "cpu_ns": Pseudonyms.word},
    "delivery": {"bytes": Pseudonyms.word, "degraded": Pseudonyms.word, "error": Pseudonyms.sentence,
                 "reason": Pseudonyms.sentence},
    "accounting": {"phase": Pseudonyms.word, "identifier": Pseudonyms.word, "service": Pseudonyms.word},
    "stack": {"id": Pseudonyms.word, "frames": _frames},
    "clock": {"host_offset_ns": Pseudonyms.word, "error_ns": Pseudonyms.word, "step_ns": Pseudonyms.word},
    "mark": {"label": _label},
    "lost": {"count": Pseudonyms.word, "reason": Pseudonyms.sentence},
}  # fmt: skip
"""Kind → key → rule. An event of another kind keeps its numbers and its clocks only."""


def redacted_event(event: Event, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """Return what may be published of an event; the keys that are kept stay in order."""
    rules = _ALWAYS | _RULES.get(event.kind, {})
    return {key: rules[key](pseudonyms, value) for key, value in event.items() if key in rules}
