"""The fields of events: what each name of the filter language reads from an event and the state around it.

Separate because a new field is added here, and nothing else of the language changes.
"""

from __future__ import annotations

import re
from datetime import tzinfo

from lightleak.app_names import app_of
from lightleak.events import DEPTHS, OFF_LADDER, ORIGIN_KINDS, STATES, TRIGGERS, Event, depth_of
from lightleak.filter.comparing import Fields, NumberField, TextField, TimeField
from lightleak.filter.time_expr import Moment, ns_of_day
from lightleak.origins import is_act
from lightleak.replay_state import SegmentState

_OF_CALLS = frozenset({"return", "delivery", "stack"})
"""The kinds that only add to a call: they have no class, symbol or cause of their own."""
_CALLS = _OF_CALLS | {"access"}
"""The kinds that name no observer."""

_RECEIVER = re.compile(r"[+-]\[([^\s\]]+) ")


def class_of(observer: object, symbol: str | None) -> str | None:
    """Return the observer's class, or the selector's: ``PHAsset`` of ``+[PHAsset fetchAssetsWithOptions:]``."""
    if isinstance(observer, dict) and isinstance(observer.get("class"), str):
        return str(observer["class"])
    receiver = _RECEIVER.match(symbol or "")
    return receiver[1] if receiver else None


def _class_of(event: Event, segment: SegmentState) -> str | None:
    observer = None if event.kind in _CALLS else event.get("observer")
    return class_of(observer, _symbol(event, segment))


def _symbol(event: Event, _segment: SegmentState) -> str | None:
    symbol = event.get("symbol")
    return symbol if isinstance(symbol, str) and event.kind not in _OF_CALLS else None


def _cause_kind(event: Event, segment: SegmentState) -> str | None:
    """Return the kind of the origin that an event names as its cause."""
    named = None if event.kind in _OF_CALLS else segment.origins.named_by(event)
    return named.kind if named else None


def _trigger(event: Event, segment: SegmentState) -> str | None:
    """Return what set an act off, by link only: ``none`` where it names no origin. None for what is not an act."""
    if not is_act(event):
        return None
    named = segment.origins.named_by(event)
    return named.trigger if named else "none"


def _time(event: Event, _segment: SegmentState, moment: Moment, zone: tzinfo) -> int | None:
    return ns_of_day(event["wall_ns"], zone) if moment.of_day else event["wall_ns"]


EVENT_FIELDS: Fields = {
    "kind": TextField(lambda event, _: event.kind),
    "depth": TextField(lambda event, _: depth_of(event), (*DEPTHS[1:], *OFF_LADDER), DEPTHS[1:]),
    "app": TextField(lambda _, segment: segment.app, normal=app_of),
    "state": TextField(lambda _, segment: segment.state, (*STATES[1:], STATES[0])),
    "class": TextField(_class_of),
    "symbol": TextField(_symbol),
    "trigger": TextField(_trigger, TRIGGERS),
    "cause.kind": TextField(_cause_kind, ORIGIN_KINDS),
    "segment": NumberField(lambda event, _: event["segment"]),
    "seq": NumberField(lambda event, _: event["seq"]),
    "time": TimeField(_time),
}
