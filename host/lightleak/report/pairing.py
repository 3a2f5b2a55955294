"""Pair the lines of an access into an entry: begin and end share an identifier, in whatever file and order they come.

begin + end of one app and category    an entry                (all but a few in a real export)
begin only, end only                   half an entry           still open, or begun before the report
event                                  an entry of one instant (15.0 betas)
a kind not known                       counted; an entry of one instant where nothing else has its identifier
the same line in two exports           one
several begins or ends                 the latest begin, the earliest end; ``duplicate``; other times are a problem
lines that differ on the picker        the picker's

So what contradicting lines say is the time on which they agree, and in no order of lines or files another: what the app did
outside of it is not said to be within the entry. The widest time is kept too: what the app did in it is not unreported.

Separate because its rules are a subject of their own: which lines make one access.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from lightleak.arrays import AnyInts
from lightleak.events import NS_PER_MS
from lightleak.report.entry_columns import (
    END_DIFFERS,
    NO_TIME,
    OWNER_DIFFERS,
    PICKER_DIFFERS,
    START_DIFFERS,
    EntryColumns,
    flag,
)
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
    def of(cls, raw: RawRows) -> AccessLines:
        """Take the access lines out of the raw rows, which are empty then."""
        identifier = np.empty(len(raw.identifiers), np.object_)
        identifier[:] = raw.identifiers
        raw.identifiers = []
        names = ("app", "category", "kind", "wall_ns", "offset_s", "out_of_process", "broadcaster", "line", "file")
        return cls(identifier=identifier, **{name: raw.accesses.take(name) for name in names})


@dataclass(slots=True)
class Pairs:
    """Which lines make an entry: row numbers, ``NO_LINE`` for a missing one; an instant is its own end. Shapes (n,)."""

    begin: AnyInts
    end: AnyInts
    duplicate: npt.NDArray[np.bool_]
    origin: AnyInts
    picker: npt.NDArray[np.bool_]
    """Whether any of the lines says that the picker wrote it."""
    contradicts: AnyInts
    earliest_ns: AnyInts
    latest_ns: AnyInts
    """As in ``EntryColumns``, with ``NO_TIME`` where there is no such line."""


def pair(lines: AccessLines, raw: RawRows) -> Pairs:
    """Pair all lines. Contradictions are noted as problems."""
    order, starts, sizes = _groups(lines.identifier)
    first = order[starts]
    second = order[np.minimum(starts + 1, len(order) - 1)] if len(order) else first
    kinds = lines.kind[first] + lines.kind[second]
    clean = (sizes == 2) & (kinds == KIND_BEGIN + KIND_END) & (lines.kind[first] <= KIND_END)
    clean &= (lines.kind[first] != lines.kind[second]) & (lines.app[first] == lines.app[second])
    clean &= lines.category[first] == lines.category[second]
    clean &= lines.identifier[first] == lines.identifier[second]
    begins_first = lines.kind[first] == KIND_BEGIN
    origins = np.array(raw.origins, np.int64)
    origin = origins[lines.file] if len(lines.file) else lines.file
    begin, end = np.where(begins_first, first, second)[clean], np.where(begins_first, second, first)[clean]
    picked = lines.out_of_process.astype(np.bool_)
    regular = Pairs(
        begin,
        end,
        np.zeros(len(begin), np.bool_),
        (origin[first] | origin[second])[clean],
        picked[begin] | picked[end],
        np.where(picked[begin] != picked[end], PICKER_DIFFERS, 0),
        lines.wall_ns[begin],
        lines.wall_ns[end],
    )
    irregular = _IrregularGroups(lines, origin, raw)
    for start, size in zip(starts[~clean].tolist(), sizes[~clean].tolist(), strict=True):
        irregular.add(order[start : start + size].tolist())
    return irregular.joined(regular)


def _groups(identifier: npt.NDArray[np.object_]) -> tuple[AnyInts, AnyInts, AnyInts]:
    """Return an order in which equal identifiers are neighbours, and the start and the size of each such group."""
    hashes = np.fromiter(map(hash, identifier), np.int64, len(identifier))
    order = np.argsort(hashes, kind="stable")
    hashes = hashes[order]
    starts = np.flatnonzero(np.concatenate([[True], hashes[1:] != hashes[:-1]])[: len(hashes)])
    return order, starts, np.diff(np.append(starts, len(order)))


class _IrregularGroups:
    """The few groups of lines that are not just one begin and one end."""

    def __init__(self, lines: AccessLines, origin: AnyInts, raw: RawRows) -> None:
        self._lines = lines
        self._origin = origin
        self._files = raw.files
        self._problems = raw.problems
        self._rows: list[tuple[int, ...]] = []

    def joined(self, regular: Pairs) -> Pairs:
        """Return the regular pairs, followed by these."""
        names = [field.name for field in fields(Pairs)]
        rows = np.array(self._rows, np.int64).reshape(-1, len(names)).T
        columns = {name: getattr(regular, name) for name in names}
        return Pairs(
            **{
                name: np.concatenate([column, row.astype(column.dtype)])
                for (name, column), row in zip(columns.items(), rows, strict=True)
            }
        )

    def add(self, rows: list[int]) -> None:
        """Pair the lines whose identifiers share one hash, given in the order read."""
        owners: dict[tuple[str, int, int], list[int]] = defaultdict(list)
        lines = self._lines
        for row in rows:
            owners[lines.identifier[row], int(lines.app[row]), int(lines.category[row])].append(row)
        groups_of = Counter(identifier for identifier, _, _ in owners)
        seen: dict[str, int] = {}
        for (identifier, _, _), group in owners.items():
            other = seen.setdefault(identifier, group[0])
            if other != group[0]:
                self._note(group[0], f"{identifier} belongs to another app or category {self._place(other, group[0])}")
            self._add_group(group, OWNER_DIFFERS if groups_of[identifier] > 1 else 0)

    def _add_group(self, group: list[int], contradicts: int) -> None:
        kinds, wall_ns = self._lines.kind, self._lines.wall_ns
        begins = [row for row in group if kinds[row] == KIND_BEGIN]
        ends = [row for row in group if kinds[row] == KIND_END]
        instants = [row for row in group if kinds[row] == KIND_EVENT]
        if not begins and not ends:
            # An instant is an access too; a line of an unknown kind shows at least that there was one.
            begins = ends = instants or group
        begin, repeated, differs = self._choose(begins, "begin")
        end, repeated_end, ends_differ = (begin, False, False) if begins is ends else self._choose(ends, "end")
        picked = {bool(self._lines.out_of_process[row]) for row in group}
        contradicts |= differs * START_DIFFERS | ends_differ * END_DIFFERS | (len(picked) > 1) * PICKER_DIFFERS
        origin = int(np.bitwise_or.reduce(self._origin[group]))
        earliest_ns = min((int(wall_ns[row]) for row in begins), default=NO_TIME)
        latest_ns = max((int(wall_ns[row]) for row in ends), default=NO_TIME)
        self._rows.append(
            (begin, end, repeated or repeated_end, origin, True in picked, contradicts, earliest_ns, latest_ns)
        )

    def _choose(self, rows: list[int], what: str) -> tuple[int, bool, bool]:
        """Choose among lines of one kind, by their times alone: the latest begin, or the earliest end.

        Return (row, whether a file repeats itself or two disagree, whether two disagree).
        """
        if not rows:
            return NO_LINE, False, False
        wall_ns, file = self._lines.wall_ns, self._lines.file
        inmost = (min if what == "end" else max)(int(wall_ns[row]) for row in rows)
        far = [row for row in rows if abs(int(wall_ns[row]) - inmost) > NS_PER_MS]
        near = [row for row in rows if abs(int(wall_ns[row]) - inmost) <= NS_PER_MS]
        # A store has no time zone and finer times than an export: where both agree, the line of the export is kept.
        exported = [row for row in near if self._origin[row] == FROM_EXPORT] or near
        exported.sort(key=lambda row: (int(wall_ns[row]), int(self._lines.offset_s[row])))
        chosen = exported[0] if what == "end" else exported[-1]
        repeated = bool(far) or len({int(file[row]) for row in rows}) < len(rows)
        kept = format_time(int(wall_ns[chosen]), int(self._lines.offset_s[chosen]))
        for row in far:
            time = format_time(int(wall_ns[row]), int(self._lines.offset_s[row]))
            self._note(row, f"{self._lines.identifier[row]}: {what} {time}, but {kept} {self._place(chosen, row)}")
        return chosen, repeated, bool(far)

    def _note(self, row: int, problem: str) -> None:
        self._problems.add(self._files[self._lines.file[row]], int(self._lines.line[row]), problem)

    def _place(self, row: int, seen_from: int) -> str:
        line, file = int(self._lines.line[row]), int(self._lines.file[row])
        same = file == int(self._lines.file[seen_from])
        return f"in line {line}" if same else f"in {self._files[file]} line {line}"


def paired_entries(lines: AccessLines, pairs: Pairs, raw: RawRows) -> EntryColumns:
    """Return the entries, sorted by begin, end and identifier; missing times last."""
    order = _order(lines, pairs, raw)
    begin, end = pairs.begin[order], pairs.end[order]
    has_begin, has_end = begin != NO_LINE, end != NO_LINE
    begin, end = np.where(has_begin, begin, end), np.where(has_end, end, begin)
    columns = EntryColumns(
        identifier=lines.identifier[begin],
        app=lines.app[begin],
        category=lines.category[begin],
        begin_ns=np.where(has_begin, lines.wall_ns[begin], NO_TIME),
        end_ns=np.where(has_end, lines.wall_ns[end], NO_TIME),
        begin_offset_s=lines.offset_s[begin],
        end_offset_s=lines.offset_s[end],
        begin_line=np.where(has_begin, lines.line[begin], 0),
        end_line=np.where(has_end, lines.line[end], 0),
        begin_file=lines.file[begin],
        end_file=lines.file[end],
        out_of_process=pairs.picker[order],
        broadcaster=np.maximum(lines.broadcaster[begin], lines.broadcaster[end]),
        flags=np.zeros(len(begin), np.int32),
        contradicts=pairs.contradicts[order],
        earliest_ns=pairs.earliest_ns[order],
        latest_ns=pairs.latest_ns[order],
        origin=pairs.origin[order],
        apps=raw.apps.names(),
        categories=raw.categories.names(),
        files=raw.files,
    )
    columns.flags = flag(columns, pairs.duplicate[order])
    return columns


def _order(lines: AccessLines, pairs: Pairs, raw: RawRows) -> AnyInts:
    apps, categories = raw.apps.names(), raw.categories.names()
    begin_ns = np.where(pairs.begin == NO_LINE, NO_TIME, lines.wall_ns[pairs.begin])
    end_ns = np.where(pairs.end == NO_LINE, NO_TIME, lines.wall_ns[pairs.end])
    order = np.lexsort((end_ns, begin_ns))
    begin_ns, end_ns = begin_ns[order], end_ns[order]
    tied = np.flatnonzero((begin_ns[1:] == begin_ns[:-1]) & (end_ns[1:] == end_ns[:-1]))
    # Identifiers are compared only between entries with the same times.
    for run in np.split(tied, np.flatnonzero(np.diff(tied) > 1) + 1) if len(tied) else []:
        rows = slice(int(run[0]), int(run[-1]) + 2)
        named = np.where(pairs.begin[order[rows]] == NO_LINE, pairs.end[order[rows]], pairs.begin[order[rows]])
        names = [
            (identifier, apps[app], categories[category])
            for identifier, app, category in zip(
                lines.identifier[named].tolist(), lines.app[named].tolist(), lines.category[named].tolist(), strict=True
            )
        ]
        order[rows] = order[rows][sorted(range(len(names)), key=names.__getitem__)]
    return order
