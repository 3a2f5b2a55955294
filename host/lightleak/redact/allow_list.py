"""What of an event may be published: a list of what is kept. Any other key, also of a later version, is left out.

Separate because it is the list that a reviewer reads to know what a redacted session can reveal.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from lightleak.events import Event
from lightleak.redact import reasons, vocabulary
from lightleak.redact.pseudonyms import Pseudonyms

Rule = Callable[[Pseudonyms, Any], Any]


def _one_of(what: str, known: Collection[str]) -> Rule:
    """Return the rule for a key whose words are known: any other text becomes a pseudonym."""
    return lambda pseudonyms, value: pseudonyms.word(what, value, known)


def _reference(what: str) -> Rule:
    return lambda pseudonyms, value: pseudonyms.reference(what, value)


def _detail(pseudonyms: Pseudonyms, value: Any) -> Any:
    """Return the numbers under the keys that the agent writes, and the documented keys of queries."""
    if not isinstance(value, dict):
        pseudonyms.leave_out(value)
        return {}
    kept: dict[str, Any] = {}
    for key, each in value.items():
        if key in vocabulary.DETAILS and (each is None or isinstance(each, bool | int | float)):
            kept[key] = each
        elif key in vocabulary.QUERY_FACTS and isinstance(each, str):
            kept[key] = ",".join([_query_key(pseudonyms, name) for name in each.split(",")])
        else:
            pseudonyms.leave_out({key: each})
    return kept


def _query_key(pseudonyms: Pseudonyms, name: str) -> str:
    """Return a key that Apple documents; another one is the app's own."""
    if name in vocabulary.QUERY_KEYS:
        return name
    pseudonyms.leave_out(name)
    return "(other)"


def _observer(pseudonyms: Pseudonyms, value: Any) -> Any:
    return _kept(pseudonyms, value, {"class": _class, "id": _reference("object"), "image": Pseudonyms.image})


def _caller(pseudonyms: Pseudonyms, value: Any) -> Any:
    offset: dict[str, Rule] = {} if pseudonyms.hide_names else {"offset": Pseudonyms.number}
    return _kept(pseudonyms, value, {"image": Pseudonyms.image, **offset})


def _frames(pseudonyms: Pseudonyms, value: Any) -> Any:
    return [_frame(pseudonyms, each) for each in value] if isinstance(value, list) else []


def _frame(pseudonyms: Pseudonyms, value: Any) -> Any:
    if not isinstance(value, dict):
        return {"image": pseudonyms.reference("image", value), "symbol": None}
    if pseudonyms.hide_names:
        place = tuple(map(value.get, ("image", "symbol", "offset")))
        return {"image": pseudonyms.image(value.get("image")), "symbol": pseudonyms.hidden("place", place)}
    rules: dict[str, Rule] = {
        "image": Pseudonyms.image,
        "uuid": Pseudonyms.image_uuid,
        "offset": Pseudonyms.number,
        "symbol": Pseudonyms.symbol,
    }
    return _kept(pseudonyms, value, rules)


def _class(pseudonyms: Pseudonyms, value: Any) -> Any:
    return pseudonyms.name("class", value)


def _process_name(pseudonyms: Pseudonyms, value: Any) -> Any:
    return pseudonyms.name("process", value)


def _asset(pseudonyms: Pseudonyms, value: Any) -> Any:
    return None if value is None else pseudonyms.asset(value)


def _label(pseudonyms: Pseudonyms, value: Any) -> str:
    if reasons.is_ending(pseudonyms, value):
        return str(value)
    pseudonyms.leave_out(value)
    return "mark"


def _endings(pseudonyms: Pseudonyms, value: Any) -> Any:
    return _kept(pseudonyms, value, {"attached": _counts, "alone": _counts})


def _counts(pseudonyms: Pseudonyms, value: Any) -> Any:
    """Return the counts of endings. Source: device.endings, Endings.to_dict."""
    if value is None:
        return None
    return _kept(pseudonyms, value, dict.fromkeys(("ended", "runs", "within_s", "watched_s"), Pseudonyms.number))


def _kind(pseudonyms: Pseudonyms, value: Any) -> Any:
    return pseudonyms.word("kind", value, _RULES)


_number = Pseudonyms.number
_CALL: dict[str, Rule] = {"cause": _number, "caller": _caller, "stack": _number}
_ALWAYS: dict[str, Rule] = {
    "kind": _kind,
    **dict.fromkeys(
        ("segment", "seq", "wall_ns", "mono_ns", "tid", "cause", "cause_lost", "resumed_by", "of", "internal"), _number
    ),
}
_RULES: dict[str, dict[str, Rule]] = {
    "process": {"phase": _one_of("phase", vocabulary.PHASES), "pid": _number, "name": _process_name, "identifier": Pseudonyms.identifier,
                "role": _one_of("role", vocabulary.ROLES), "reason": reasons.process_reason},
    "hook": {"probe": Pseudonyms.probe, "symbol": Pseudonyms.symbol, "status": _one_of("status", vocabulary.STATUSES),
             "reason": reasons.hook_reason, "absent": _number, "code": _one_of("code", vocabulary.CODES)},
    "state": {"value": _one_of("state", vocabulary.STATE_VALUES), "reason": _one_of("reason", vocabulary.STATE_REASONS),
              "changed": _number},
    "input": {"type": _one_of("type", vocabulary.INPUTS)},
    "usage": dict.fromkeys(("cpu_ns", "footprint_bytes", "energy_nj", "wakeups", "disk_read_bytes"), _number),
    "property": {"symbol": Pseudonyms.symbol, "count": _number, "assets": _number, "new_assets": _number, "run": _number, "at_least": _number, **_CALL},
    "authorization": {"symbol": Pseudonyms.symbol, "action": _one_of("action", vocabulary.ACTIONS),
                      "level": _one_of("level", vocabulary.LEVELS), "status": _one_of("status", vocabulary.PERMISSIONS), **_CALL},
    "observer": {"action": _one_of("action", vocabulary.ACTIONS), "observer": _observer,
                 "type": _one_of("type", vocabulary.CHANGE_TYPES), **_CALL},
    "notification": {"observer": _observer, "change": _reference("change"), "type": _one_of("type", vocabulary.CHANGE_TYPES),
                     **_CALL},
    "access": {"depth": _one_of("depth", vocabulary.ACCESS_DEPTHS), "symbol": Pseudonyms.symbol, "detail": _detail, "asset": _asset,
               **_CALL},
    "return": {"duration_ns": _number, "cpu_ns": _number},
    "delivery": {"bytes": _number, "degraded": _number, "error": reasons.error, "reason": reasons.delivery_reason},
    "accounting": {"phase": _one_of("phase", vocabulary.PHASES), "identifier": Pseudonyms.entry,
                   "service": _one_of("service", vocabulary.SERVICES)},
    "stack": {"id": _number, "frames": _frames},
    "clock": {"host_offset_ns": _number, "error_ns": _number, "step_ns": _number},
    "mark": {"label": _label, "detail": _endings},
    "lost": {"count": _number, "reason": reasons.loss_reason},
}  # fmt: skip
"""Kind → key → rule. An event of another kind keeps its numbers and its clocks only."""

_RULES_OF = {kind: _ALWAYS | rules for kind, rules in _RULES.items()}
"""The same with the keys of every kind."""


def redacted_event(event: Event, pseudonyms: Pseudonyms) -> dict[str, Any]:
    """Return what may be published of an event; the keys that are kept stay in order."""
    kept: dict[str, Any] = _kept(pseudonyms, event, _RULES_OF.get(event.kind, _ALWAYS))
    return kept


def _kept(pseudonyms: Pseudonyms, value: Any, rules: dict[str, Rule]) -> Any:
    """Return the keys of an object that have a rule, each as its rule makes it; a text in its place is hidden."""
    if not isinstance(value, dict):
        return pseudonyms.word("text", value)
    kept = {}
    for key, each in value.items():
        if rule := rules.get(key):
            kept[key] = rule(pseudonyms, each)
        else:
            pseudonyms.leave_out({key: each})
    return kept
