"""What an app did, counted by hour: the rows of ``acts``.

Separate because it counts a session's events in columns, whereas the other tables come from the verdicts.
"""

from __future__ import annotations

from collections import Counter
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np

from lightleak.arrays import Ints, NameTable, call_key
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.triggers import CHANGE, find_triggers
from lightleak.events import DEPTHS, NS_PER_S, STATES, TRIGGERS
from lightleak.trace import Session
from lightleak.trace.schema import Whole, decode_block

_HOUR_NS = 3600 * NS_PER_S
_MS_IN_HOUR = 3_600_000


class _Caller(msgspec.Struct, gc=False):
    """Who called: the image."""

    image: str | None = None


class _Called(msgspec.Struct, gc=False):
    """The place of an event, and its caller."""

    segment: Whole
    seq: Whole
    caller: _Caller | None = None


_CALLED = msgspec.json.Decoder(_Called)


def acts_columns(timeline: AppTimeline, run: str, lag_ns: int) -> dict[str, list[Any]]:
    """Return the app's events of the ladder, counted by hour of UTC, depth, trigger, state and the caller's image.

    bytes: what was delivered for them; None where no process of the session showed any delivery.
    """
    sessions, at = timeline.sessions, timeline.at.astype(np.int64)
    level = sessions.level[at].astype(np.int64)
    found = find_triggers(sessions, at, lag_ns)
    # A delivered change is its own trigger (contract, section 4, ``trigger``, rule 1).
    trigger = np.where(level == LADDER["notification"], CHANGE, found.kind).astype(np.int64)
    image, images = _images(timeline, at)
    hour = sessions.wall_ns[at] // _HOUR_NS
    first = int(hour.min()) if len(hour) else 0
    # One number for each event: many groups are found sooner so than by columns.
    sizes = (len(DEPTHS), len(TRIGGERS), len(STATES), len(images) + 1)
    key: Ints = hour - first
    columns: tuple[Ints, ...] = (level, trigger, sessions.state[at].astype(np.int64), image + 1)
    for column, size in zip(columns, sizes, strict=True):
        key = key * size + column
    groups, which, counts = np.unique(key, return_inverse=True, return_counts=True)
    handed, is_measured = _bytes_of(timeline, at)
    total = np.bincount(which, weights=handed, minlength=len(groups)).astype(np.int64)
    rest, callers = np.divmod(groups, sizes[3])
    rest, states = np.divmod(rest, sizes[2])
    rest, triggers = np.divmod(rest, sizes[1])
    hours, levels = np.divmod(rest, sizes[0])
    return {
        "run": [run] * len(hours),
        "hour": ((hours + first) * _MS_IN_HOUR).tolist(),
        "depth": [DEPTHS[code] for code in levels.tolist()],
        "trigger": [TRIGGERS[code] for code in triggers.tolist()],
        "state": [STATES[code] for code in states.tolist()],
        "count": counts.tolist(),
        "bytes": total.tolist() if is_measured else [None] * len(hours),
        "image": [images[code - 1] if code else None for code in callers.tolist()],
    }


def _images(timeline: AppTimeline, at: Ints) -> tuple[Ints, list[str]]:
    """Return for each event the number of its caller's image, −1 where it names none; and the images by number.

    The comparator's columns do not keep callers, so the session's lines are read again for them.
    """
    table, numbers = NameTable(), np.full(len(at), -1, np.int64)
    for loaded in timeline.sessions.loaded:
        columns = loaded.columns
        own = np.flatnonzero((at >= loaded.offset) & (at < loaded.offset + len(columns)))
        if not len(own):
            continue
        keys, images = _callers(loaded.reopen(), table)
        places = at[own] - loaded.offset
        calls = call_key(columns.segment[places], columns.seq[places])
        if len(keys):
            place = np.minimum(np.searchsorted(keys, calls), len(keys) - 1)
            numbers[own] = np.where(keys[place] == calls, images[place], -1)
    # Several paths can have one name.
    names = NameTable()
    of_path = np.array([names[_name(path)] for path in table.names()] or [-1], np.int64)
    return np.where(numbers >= 0, of_path[numbers], -1), names.names()


def _callers(session: Session, table: NameTable) -> tuple[Ints, Ints]:
    """Return segment and ``seq`` of each event that names its caller, as one number, ascending; and the images' numbers."""
    keys, images = list[Ints](), list[Ints]()
    for block in session.blocks():
        rows = decode_block(block, _CALLED, _Called, Counter())
        try:
            named = [row for row in rows if row.caller is not None]  # type: ignore[union-attr]
        except AttributeError:  # a line that is not an event
            named = [row for row in rows if isinstance(row, _Called) and row.caller is not None]
        segment, seq = (np.fromiter(map(attrgetter(name), named), np.int64, len(named)) for name in ("segment", "seq"))
        keys.append(call_key(segment, seq))
        images.append(np.fromiter((table[row.caller.image] for row in named), np.int64, len(named)))  # type: ignore[union-attr]
    whole, numbers = (np.concatenate([np.zeros(0, np.int64), *parts]) for parts in (keys, images))
    if bool((whole[1:] >= whole[:-1]).all()):
        return whole, numbers  # most often they ascend
    order = np.argsort(whole, kind="stable")
    return whole[order], numbers[order]


def _name(path: str) -> str:
    """Return the name of the library or program that called: the last part of its path, which names no person's folder."""
    return path.rpartition("/")[2] or path


def _bytes_of(timeline: AppTimeline, at: Ints) -> tuple[Ints, bool]:
    """Return how many bytes were delivered for each event, and whether any process of the app showed a delivery."""
    sessions = timeline.sessions
    bytes_of, is_measured = np.zeros(len(at), np.int64), False
    for number, loaded in enumerate(sessions.loaded, 1):
        columns = loaded.columns
        mine = {segment.number for segment in timeline.segments if segment.session == number}
        is_measured |= bool(mine & columns.handed)
        own = np.flatnonzero((at >= loaded.offset) & (at < loaded.offset + len(columns)))
        if not len(own) or not len(columns.deliveries):
            continue
        places = at[own] - loaded.offset
        calls = call_key(columns.segment[places], columns.seq[places])
        order = np.argsort(calls)
        keys = call_key(columns.segment[columns.deliveries[:, 0]], columns.deliveries[:, 1])
        place = np.minimum(np.searchsorted(calls, keys, sorter=order), len(calls) - 1)
        hit = calls[order[place]] == keys
        np.add.at(bytes_of, own[order[place[hit]]], np.maximum(columns.deliveries[hit, 2], 0))
    return bytes_of, is_measured
