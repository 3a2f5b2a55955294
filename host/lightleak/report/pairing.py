"""Make entries of halves: begin and end share an identifier, whatever file and order they come in.

begin + end of one app and category    an entry                (all but a few in a real export)
begin only, end only                   half an entry           still open, or begun before the report
event                                  an entry of one instant (15.0 betas)
a kind not known                       counted; an entry of one instant where nothing else has its identifier
the same line in two exports           one
several begins or ends                 the earliest begin, the latest end; ``duplicate``; other times are a problem
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lightleak.arrays import AnyInts
from lightleak.events import NS_PER_MS
from lightleak.report.entry_columns import NO_TIME, EntryColumns
from lightleak.report.flags import flag
from lightleak.report.raw_rows import FROM_EXPORT, KIND_BEGIN, KIND_END, KIND_EVENT, RawRows
from lightleak.report.timestamps import format_time

NO_LINE = -1


@dataclass(slots=True)
class AccessLines:
    """All access lines as columns, and the identifier of each."""

    identifier: npt.NDArray[np.object_]
    app: AnyInts
    category: AnyInts
    kind: AnyInts
    wall_ns: AnyInts
    offset_s: AnyInts
    out_of_process: AnyInts
    broadcaster: AnyInts
    line: AnyInts
    file: AnyInts

    @classmethod
    def of(cls, collected: RawRows) -> AccessLines:
        """Take the access lines out of what was collected."""
        identifier = np.empty(len(collected.identifiers), np.object_)
        identifier[:] = collected.identifiers
        collected.identifiers = []
        names = ("app", "category", "kind", "wall_ns", "offset_s", "out_of_process", "broadcaster", "line", "file")
        return cls(identifier, *(collected.accesses.take(name) for name in names))


@dataclass(slots=True)
class Pairs:
    """Which halves make an entry: row numbers, ``NO_LINE`` where there is none; an instant is its own end."""

    begin: AnyInts
    end: AnyInts
    duplicate: npt.NDArray[np.bool_]
    origin: AnyInts


def pair(halves: AccessLines, collected: RawRows) -> Pairs:
    """Pair all halves. Notes contradictions among the problems."""
    order, starts, sizes = _groups(halves.identifier)
    first = order[starts]
    second = order[np.minimum(starts + 1, len(order) - 1)] if len(order) else first
    kinds = halves.kind[first] + halves.kind[second]
    clean = (sizes == 2) & (kinds == KIND_BEGIN + KIND_END) & (halves.kind[first] <= KIND_END)
    clean &= (halves.kind[first] != halves.kind[second]) & (halves.app[first] == halves.app[second])
    clean &= halves.category[first] == halves.category[second]
    clean &= halves.identifier[first] == halves.identifier[second]
    begins_first = halves.kind[first] == KIND_BEGIN
    origins = np.array(collected.origins, np.int64)
    origin = origins[halves.file] if len(halves.file) else halves.file
    plain = Pairs(
        np.where(begins_first, first, second)[clean],
        np.where(begins_first, second, first)[clean],
        np.zeros(int(clean.sum()), np.bool_),
        (origin[first] | origin[second])[clean],
    )
    odd = _Odd(halves, origin, collected)
    for start, size in zip(starts[~clean].tolist(), sizes[~clean].tolist(), strict=True):
        odd.add(order[start : start + size].tolist())
    return odd.joined(plain)


def _groups(identifier: npt.NDArray[np.object_]) -> tuple[AnyInts, AnyInts, AnyInts]:
    """Return an order in which equal identifiers are neighbours, and where each group of them starts and how long."""
    hashes = np.fromiter(map(hash, identifier), np.int64, len(identifier))
    order = np.argsort(hashes, kind="stable")
    hashes = hashes[order]
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])[: len(hashes)])
    return order, starts, np.diff(np.append(starts, len(order)))


class _Odd:
    """The few groups that are not just one begin and one end."""

    def __init__(self, halves: AccessLines, origin: AnyInts, collected: RawRows) -> None:
        self._halves = halves
        self._origin = origin
        self._files = collected.files
        self._problems = collected.problems
        self._rows: list[tuple[int, int, bool, int]] = []

    def joined(self, plain: Pairs) -> Pairs:
        """Return the plain pairs and these."""
        rows = np.array(self._rows, np.int64).reshape(-1, 4).T
        return Pairs(
            np.concatenate([plain.begin, rows[0]]),
            np.concatenate([plain.end, rows[1]]),
            np.concatenate([plain.duplicate, rows[2].astype(np.bool_)]),
            np.concatenate([plain.origin, rows[3]]),
        )

    def add(self, rows: list[int]) -> None:
        """Make entries of lines whose identifiers have one hash, in the order read."""
        owners: dict[tuple[str, int, int], list[int]] = defaultdict(list)
        halves = self._halves
        for row in rows:
            owners[halves.identifier[row], int(halves.app[row]), int(halves.category[row])].append(row)
        seen: dict[str, int] = {}
        for (identifier, _, _), group in owners.items():
            other = seen.setdefault(identifier, group[0])
            if other != group[0]:
                self._note(group[0], f"{identifier} belongs to another app or category {self._place(other, group[0])}")
            self._add_group(group)

    def _add_group(self, group: list[int]) -> None:
        kinds = self._halves.kind
        begins = [row for row in group if kinds[row] == KIND_BEGIN]
        ends = [row for row in group if kinds[row] == KIND_END]
        instants = [row for row in group if kinds[row] == KIND_EVENT]
        if not begins and not ends:
            # An instant is an access too; an unknown kind says at least that there was one.
            begins = ends = instants or group
        begin, repeated = self._choose(begins, last=False)
        end, repeated_end = (begin, False) if begins is ends else self._choose(ends, last=True)
        origin = int(np.bitwise_or.reduce(self._origin[group]))
        self._rows.append((begin, end, repeated or repeated_end, origin))

    def _choose(self, rows: list[int], *, last: bool) -> tuple[int, bool]:
        """Choose among lines of one kind: (row, whether a file repeats itself or two disagree)."""
        if not rows:
            return NO_LINE, False
        wall_ns, file = self._halves.wall_ns, self._halves.file
        furthest = (max if last else min)(int(wall_ns[row]) for row in rows)
        far = [row for row in rows if abs(int(wall_ns[row]) - furthest) > NS_PER_MS]
        near = [row for row in rows if abs(int(wall_ns[row]) - furthest) <= NS_PER_MS]
        # A store has no time zone: where an export says the same, its line is kept. And it counts finer than an export.
        chosen = next((row for row in near if self._origin[row] == FROM_EXPORT), near[0])
        repeated = bool(far) or len({int(file[row]) for row in rows}) < len(rows)
        kept = format_time(int(wall_ns[chosen]), int(self._halves.offset_s[chosen]))
        for row in far:
            time = format_time(int(wall_ns[row]), int(self._halves.offset_s[row]))
            what = "end" if last else "begin"
            self._note(row, f"{self._halves.identifier[row]}: {what} {time}, but {kept} {self._place(chosen, row)}")
        return chosen, repeated

    def _note(self, row: int, problem: str) -> None:
        self._problems.add(self._files[self._halves.file[row]], int(self._halves.line[row]), problem)

    def _place(self, row: int, seen_from: int) -> str:
        line, file = int(self._halves.line[row]), int(self._halves.file[row])
        same = file == int(self._halves.file[seen_from])
        return f"in line {line}" if same else f"in {self._files[file]} line {line}"


def entries_of(halves: AccessLines, pairs: Pairs, collected: RawRows) -> EntryColumns:
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
        apps=collected.apps.names(),
        categories=collected.categories.names(),
        files=collected.files,
    )
    columns.flags = flag(columns, pairs.duplicate[order])
    return columns


def _order(halves: AccessLines, pairs: Pairs) -> AnyInts:
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
