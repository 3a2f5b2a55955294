"""What of an event may be told. A list of what is kept: a key that is not in it, of a later version too, is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lightleak.events import Event
from lightleak.redact.veil import Veil

Rule = Callable[[Veil, Any], Any]


def _detail(veil: Veil, value: Any) -> Any:
    """Numbers only: counts, sizes, modes."""
    if not isinstance(value, dict):
        return {}
    numbers = {key: each for key, each in value.items() if isinstance(each, bool | int | float)}
    return {str(veil.word(key)): each for key, each in numbers.items()}


def _observer(veil: Veil, value: Any) -> Any:
    if not isinstance(value, dict):
        return veil.word(value)
    rules: dict[str, Rule] = {"class": _class, "id": Veil.word, "image": Veil.image}
    return {key: rule(veil, value[key]) for key, rule in rules.items() if key in value}


def _caller(veil: Veil, value: Any) -> Any:
    if not isinstance(value, dict):
        return veil.word(value)
    offset = value.get("offset")
    return {
        "image": veil.image(value.get("image")),
        "offset": offset if offset.__class__ is int and not veil.hide_names else None,
    }


def _frames(veil: Veil, value: Any) -> Any:
    return [_frame(veil, each) for each in value] if isinstance(value, list) else []


def _frame(veil: Veil, value: Any) -> Any:
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


def _class(veil: Veil, value: Any) -> Any:
    return veil.name("class", value)


def _asset(veil: Veil, value: Any) -> Any:
    return None if value is None else veil.asset(value)


def _label(_veil: Veil, _value: Any) -> str:
    return "mark"


_CALL: dict[str, Rule] = {"cause": Veil.word, "caller": _caller, "stack": Veil.word}
_ALWAYS: dict[str, Rule] = dict.fromkeys(
    ("kind", "segment", "seq", "wall_ns", "mono_ns", "tid", "cause", "of", "internal"), Veil.word
)
_RULES: dict[str, dict[str, Rule]] = {
    "process": {"phase": Veil.word, "pid": Veil.word, "name": Veil.sentence, "identifier": Veil.word, "role": Veil.word,
                "reason": Veil.sentence},
    "hook": {"probe": Veil.word, "symbol": Veil.symbol, "status": Veil.word, "reason": Veil.sentence,
             "absent": Veil.word},
    "state": {"value": Veil.word, "reason": Veil.word},
    "authorization": {"symbol": Veil.symbol, "action": Veil.word, "level": Veil.word, "status": Veil.word, **_CALL},
    "observer": {"action": Veil.word, "observer": _observer, "type": Veil.word, **_CALL},
    "notification": {"observer": _observer, "change": Veil.word, "type": Veil.word, **_CALL},
    "access": {"depth": Veil.word, "symbol": Veil.symbol, "detail": _detail, "asset": _asset, **_CALL},
    "return": {"duration_ns": Veil.word, "cpu_ns": Veil.word},
    "delivery": {"bytes": Veil.word, "degraded": Veil.word, "error": Veil.sentence},
    "accounting": {"phase": Veil.word, "identifier": Veil.word, "service": Veil.word},
    "stack": {"id": Veil.word, "frames": _frames},
    "clock": {"host_offset_ns": Veil.word, "error_ns": Veil.word, "step_ns": Veil.word},
    "mark": {"label": _label},
    "lost": {"count": Veil.word, "reason": Veil.sentence},
}  # fmt: skip
"""Kind → key → rule. A kind that is not here keeps its place and its clocks only."""


def redacted_event(event: Event, veil: Veil) -> dict[str, Any]:
    """Tell what may be told of an event; the keys that are kept stay in their order."""
    rules = _ALWAYS | _RULES.get(event.kind, {})
    return {key: rules[key](veil, value) for key, value in event.items() if key in rules}
