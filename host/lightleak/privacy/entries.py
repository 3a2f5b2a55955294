"""Lay paired halves out as entries: sorted, flagged, with names."""

from __future__ import annotations

import numpy as np

from lightleak.privacy.collected import Collected
from lightleak.privacy.columns import NO_TIME, EntryColumns
from lightleak.privacy.flags import flag
from lightleak.privacy.growing import Ints
from lightleak.privacy.pairing import NO_LINE, Halves, Pairs


def entries_of(halves: Halves, pairs: Pairs, collected: Collected) -> EntryColumns:
    """Make the entries, sorted by begin, end and identifier, missing times last."""
    order = _order(halves, pairs)
    begin, end = pairs.begin[order], pairs.end[order]
    has_begin, has_end = begin != NO_LINE, end != NO_LINE
    begin, end = np.where(has_begin, begin, end), np.where(has_end, end, begin)
    columns = EntryColumns(
        identifier=halves.identifier[begin],
        app=halves.app[begin],
        category=halves.category[begin],
        begin_ns=np.where(has_begin, halves.wall_ns[begin], NO_TIME),
        end_ns=np.where(has_end, halves.wall_ns[end], NO_TIME),
        begin_offset_s=halves.offset_s[begin],
        end_offset_s=halves.offset_s[end],
        begin_line=np.where(has_begin, halves.line[begin], 0),
        end_line=np.where(has_end, halves.line[end], 0),
        begin_file=halves.file[begin],
        end_file=halves.file[end],
        out_of_process=(halves.out_of_process[begin] | halves.out_of_process[end]).astype(np.bool_),
        broadcaster=np.maximum(halves.broadcaster[begin], halves.broadcaster[end]),
        flags=np.zeros(len(begin), np.int32),
        origin=pairs.origin[order],
        apps=list(collected.apps),
        categories=list(collected.categories),
        files=collected.files,
    )
    columns.flags = flag(columns, pairs.duplicate[order])
    return columns


def _order(halves: Halves, pairs: Pairs) -> Ints:
    begin_ns = np.where(pairs.begin == NO_LINE, NO_TIME, halves.wall_ns[pairs.begin])
    end_ns = np.where(pairs.end == NO_LINE, NO_TIME, halves.wall_ns[pairs.end])
    order = np.lexsort((end_ns, begin_ns))
    begin_ns, end_ns = begin_ns[order], end_ns[order]
    tied = np.flatnonzero((begin_ns[1:] == begin_ns[:-1]) & (end_ns[1:] == end_ns[:-1]))
    # Identifiers are compared only where the times leave a choice.
    for run in np.split(tied, np.flatnonzero(np.diff(tied) > 1) + 1) if len(tied) else []:
        rows = slice(int(run[0]), int(run[-1]) + 2)
        named = np.where(pairs.begin[order[rows]] == NO_LINE, pairs.end[order[rows]], pairs.begin[order[rows]])
        order[rows] = order[rows][np.argsort(halves.identifier[named], kind="stable")]
    return order
