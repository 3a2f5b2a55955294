"""What happened between midnight and six: by the device's zone for events, by the report's for entries."""

from __future__ import annotations

import datetime as dt

import numpy as np

from lightleak.compare.entries import Bools, Entries
from lightleak.compare.recording import Recording, Take
from lightleak.compare.summary import NIGHT_UNTIL_S
from lightleak.compare.tape import Ints
from lightleak.events import NS_PER_S

_QUARTER_S = 900
"""No zone changes its offset within a quarter of an hour."""


def after_midnight(recording: Recording, positions: Ints) -> tuple[Bools, bool]:
    """Tell which events are of the night, and whether the zone of every device among them is known."""
    night = np.zeros(len(positions), bool)
    for take in recording.takes:
        mine = (positions >= take.offset) & (positions < take.offset + len(take.tape))
        night[mine] = _local_s(take, recording.wall_ns[positions[mine]] // NS_PER_S) % 86_400 < NIGHT_UNTIL_S
    return night, all(isinstance(_zone_name(take), str) for take in recording.takes)


def entries_after_midnight(entries: Entries, rows: Ints) -> Bools:
    """Tell which entries begin in the night, as the report's own offset tells it."""
    begin, offset = entries.columns.begin_ns[rows], entries.columns.begin_offset_s[rows]
    return np.asarray(((begin // NS_PER_S + offset) % 86_400 < NIGHT_UNTIL_S) & entries.has_begin[rows], dtype=bool)


def _local_s(take: Take, wall_s: Ints) -> Ints:
    quarters, which = np.unique(wall_s // _QUARTER_S, return_inverse=True)
    offsets = np.array([_offset_s(take, quarter * _QUARTER_S) for quarter in quarters.tolist()], dtype=np.int64)
    return wall_s + offsets[which] if len(wall_s) else wall_s


def _offset_s(take: Take, wall_s: int) -> int:
    try:
        offset = dt.datetime.fromtimestamp(wall_s, take.zone.rules).utcoffset()
    except (OverflowError, ValueError, OSError):
        return 0
    return int(offset.total_seconds()) if offset else 0


def _zone_name(take: Take) -> object:
    device = take.header.get("device")
    return device.get("time_zone") if isinstance(device, dict) else None
