"""What of an event may be told. A list of what is kept: a key that is not in it, of a later version too, is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lightleak.events import Event
from lightleak.redact.pseudonyms import Pseudonyms

Rule = Callable[[Pseudonyms, Any], Any]


def _detail(veil: Pseudonyms, value: Any) -> Any:
    """Numbers only: counts, sizes, modes."""
    if not isinstance(value, dict):
        return {}
    numbers = {key: each for key, each in value.items() if isinstance(each, bool | int | float)}
    return {str(veil.word(key)): each for key, each in numbers.items()}


def _observer(veil: Pseudonyms, value: Any) -> Any:
    if not isinstance(value, dict):
        return veil.word(value)
    rules: dict[str, Rule] = {"class": _class, "id": Pseudonyms.word, "image": Pseudonyms.image}
    return {key: rule(veil, value[key]) for key, rule in rules.items() if key in value}


def _caller(veil: Pseudonyms, value: Any) -> Any:
    if not isinstance(value, dict):
        return veil.word(value)
    offset = value.get("offset")
    return {
        "image": veil.image(value.get("image")),
        "offset": offset if offset.__class__ is int and not veil.hide_names else None,
    }


def _frames(veil: Pseudonyms, value: Any) -> Any:
    return [_frame(veil, each) for each in value] if isinstance(value, list) else []


def _frame(veil: Pseudonyms, value: Any) -> Any:
    if not isinstance(value, dict):
        return {"image": veil.hidden("image", value), "symbol": None}
    image, symbol, offset = value.get("image"), value.get("symbol"), value.get("offset")
    if veil.hide_names:
        return {"image": veil.image(image), "symbol": veil.hidden("place", (image, symbol, offset))}
    return {
        "image": veil.image(image),
        "uuid": veil.word(value.get("uuid")),
        "offset": offset if offset.__class__ is int else None,
        "symbol": veil.name("symbol", symbol),
    }


def _class(veil: Pseudonyms, value: Any) -> Any:
    return veil.name("class", value)


def _asset(veil: Pseudonyms, value: Any) -> Any:
    return None if value is None else veil.asset(value)


def _label(_veil: Pseudonyms, _value: Any) -> str:
    return "mark"


_CALL: dict[str, Rule] = {"cause": Pseudonyms.word, "caller": _caller, "stack": Pseudonyms.word}
_ALWAYS: dict[str, Rule] = dict.fromkeys(
    ("kind", "segment", "seq", "wall_ns", "mono_ns", "tid", "cause", "of", "internal"), Pseudonyms.word
)
_RULES: dict[str, dict[str, Rule]] = {
    "process": {"phase": Pseudonyms.word, "pid": Pseudonyms.word, "name": Pseudonyms.sentence, "identifier": Pseudonyms.word, "role": Pseudonyms.word,
                "reason": Pseudonyms.sentence},
    "hook": {"probe": Pseudonyms.word, "symbol": Pseudonyms.symbol, "status": Pseudonyms.word, "reason": Pseudonyms.sentence,
             "absent": Pseudonyms.word, "code": Pseudonyms.word},
    "state": {"value": Pseudonyms.word, "reason": Pseudonyms.word},
    "authorization": {"symbol": Pseudonyms.symbol, "action": Pseudonyms.word, "level": Pseudonyms.word, "status": Pseudonyms.word, **_CALL},
    "observer": {"action": Pseudonyms.word, "observer": _observer, "type": Pseudonyms.word, **_CALL},
    "notification": {"observer": _observer, "change": Pseudonyms.word, "type": Pseudonyms.word, **_CALL},
    "access": {"depth": Pseudonyms.word, "symbol": Pseudonyms.symbol, "detail": _detail, "asset": _asset, **_CALL},
    "return": {"duration_ns": Pseudonyms.word, "cpu_ns": Pseudonyms.word},
    "delivery": {"bytes": Pseudonyms.word, "degraded": Pseudonyms.word, "error": Pseudonyms.sentence},
    "accounting": {"phase": Pseudonyms.word, "identifier": Pseudonyms.word, "service": Pseudonyms.word},
    "stack": {"id": Pseudonyms.word, "frames": _frames},
    "clock": {"host_offset_ns": Pseudonyms.word, "error_ns": Pseudonyms.word, "step_ns": Pseudonyms.word},
    "mark": {"label": _label},
    "lost": {"count": Pseudonyms.word, "reason": Pseudonyms.sentence},
}  # fmt: skip
"""Kind → key → rule. A kind that is not here keeps its place and its clocks only."""


def redacted_event(event: Event, veil: Pseudonyms) -> dict[str, Any]:
    """Tell what may be told of an event; the keys that are kept stay in their order."""
    rules = _ALWAYS | _RULES.get(event.kind, {})
    return {key: rules[key](veil, value) for key, value in event.items() if key in rules}
