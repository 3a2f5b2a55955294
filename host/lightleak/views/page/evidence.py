"""What the comparator does not keep, read again from the sessions: its evidence in full, and the observers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np

from lightleak.comparator import Comparison
from lightleak.comparator.comparison import Verdict
from lightleak.errors import LightleakError
from lightleak.events import OFF_LADDER
from lightleak.files import sha256_of
from lightleak.trace import Session
from lightleak.trace.schema import Name, Whole, decode_block
from lightleak.views.page.observers import ObserverBook, sane

EVIDENCE_IN_ALL = 400_000
"""Events that the page holds one by one. With many entries, each gets fewer of them."""

_PIECE_BYTES = 4 << 20

Place = tuple[int, int, int]
"""Session (from 1), segment, seq: an event's name in the verdicts."""


class EvidenceFields(msgspec.Struct, gc=False):
    """What the page reads of an event."""

    kind: str
    segment: int
    seq: int
    wall_ns: int
    tid: Whole | None = None
    depth: str | None = None
    symbol: str | None = None
    detail: dict[str, Any] | None = None
    asset: str | None = None
    caller: dict[str, Any] | None = None
    stack: Name | None = None
    cause: Whole | None = None
    of: Whole | None = None
    duration_ns: Whole | None = None
    cpu_ns: Whole | None = None
    bytes: Whole | None = None
    observer: dict[str, Name | None] | None = None
    action: str | None = None
    type: str | None = None
    id: Name | None = None
    frames: list[dict[str, Any]] | None = None
    internal: bool | None = None
    phase: str | None = None
    identifier: str | None = None
    status: str | None = None
    value: str | None = None
    reason: str | None = None
    label: str | None = None


@dataclass(slots=True)
class Sources:
    """What was read from the sessions."""

    evidence: list[list[Place]] = field(default_factory=list)
    """For each entry, in the verdicts' order, the events that the page shows."""
    runs: list[list[Place]] = field(default_factory=list)
    """The same for each run under no entry."""
    named: list[int] = field(default_factory=list)
    """How many events each verdict names."""
    acts: list[Place | None] = field(default_factory=list)
    """For each entry the act that made it; None where it was not seen."""
    origins: list[Place | None] = field(default_factory=list)
    """For each entry what set that act off; None where nothing is known to have."""
    events: dict[Place, EvidenceFields] = field(default_factory=dict)
    results: dict[Place, dict[str, Any]] = field(default_factory=dict)
    """The results of those events: duration_ns, cpu_ns, bytes."""
    stacks: dict[tuple[int, int, Any], Any] = field(default_factory=dict)
    """(session, segment, id) → frames."""
    off_ladder: list[tuple[int, EvidenceFields]] = field(default_factory=list)
    """Writes and pickers, with their session."""
    marks: list[tuple[int, str]] = field(default_factory=list)
    """Wall time in ns and label of each mark."""
    observers: ObserverBook = field(default_factory=ObserverBook)
    heads: list[list[str] | None] = field(default_factory=list)
    """For each session the head hashes of its files; None when they could not be read again."""
    hashes: list[tuple[str, str | None]] = field(default_factory=list)
    """Report file and its SHA-256; None when it is not a plain file."""

    def places(self) -> list[Place]:
        """Return the places of all events that the page shows one by one, each once, in order."""
        chosen = {place for places in (*self.evidence, *self.runs) for place in places}
        return sorted(chosen.union(filter(None, self.acts), filter(None, self.origins)))


def reread(comparison: Comparison, verdicts: list[Verdict], runs: Sequence[dict[str, Any]] = ()) -> Sources:
    """Read the sessions again and hash the report's files. runs: ``unreported`` of contract section 4. A file that is gone leaves its place empty."""
    found = Sources()
    each = max(4, EVIDENCE_IN_ALL // max(len(verdicts), 1))
    for verdict in verdicts:
        found.evidence.append([place(reference) for reference in verdict.evidence[:each]])
        found.named.append(len(verdict.evidence))
        origin = verdict.trigger and verdict.trigger.event
        found.origins.append(place(origin) if origin else None)
    found.runs = [[place(reference) for reference in run["evidence"]] for run in runs]
    found.acts = _acts(comparison)
    wanted: dict[int, set[tuple[int, int]]] = {}
    for session, segment, seq in found.places():
        wanted.setdefault(session, set()).add((segment, seq))
    for number, loaded in enumerate(comparison.sessions.loaded, 1):
        try:
            again = loaded.reopen()
            _read(found, number, again, wanted.get(number, set()))
            found.heads.append(again.head_hashes)
        except (LightleakError, OSError):
            found.heads.append(None)
    found.hashes = [
        (name, None if path is None else sha256_of(path))
        for name, path in zip(comparison.report.files, comparison.report.paths, strict=True)
    ]
    return found


def _acts(comparison: Comparison) -> list[Place | None]:
    """Return the act that made each entry, in the verdicts' order."""
    columns = [(found.results.rows, found.results.act) for found in comparison.apps]
    rows, acts = (np.concatenate([pair[at] for pair in columns] or [np.zeros(0, np.int64)]) for at in (0, 1))
    acts = acts[np.argsort(rows, kind="stable")]
    references = iter(comparison.sessions.references(acts[acts >= 0]))
    return [place(next(references)) if act >= 0 else None for act in acts.tolist()]


def place(reference: str) -> Place:
    """Return the parts of ``SESSION:SEGMENT:SEQ``."""
    session, segment, seq = reference.split(":")
    return int(session), int(segment), int(seq)


def _read(found: Sources, number: int, session: Session, wanted: set[tuple[int, int]]) -> None:
    observers = found.observers
    for event in _events(session):
        kind, segment = event.kind, event.segment
        if (segment, event.seq) in wanted:
            found.events[(number, segment, event.seq)] = event
        if event.internal is True:
            continue
        if kind == "access":
            if event.cause is not None:
                observers.enter(number, event)
            if event.depth in OFF_LADDER:
                found.off_ladder.append((number, event))
        elif kind in ("return", "delivery"):
            observers.enter(number, event)
            if event.of is not None and (segment, event.of) in wanted:
                _add_result(found.results.setdefault((number, segment, event.of), {}), event)
        elif kind in ("observer", "notification"):
            observers.enter(number, event)
        elif kind == "stack":
            found.stacks[(number, segment, _plain(event.id))] = event.frames
        elif kind == "mark":
            found.marks.append((event.wall_ns, str(event.label)))


def _add_result(result: dict[str, Any], event: EvidenceFields) -> None:
    for name in ("duration_ns", "cpu_ns", "bytes"):
        if getattr(event, name) is not None:
            result[name] = result.get(name, 0) + sane(getattr(event, name))


def _events(session: Session) -> Iterator[EvidenceFields]:
    """Yield each event once, of those that the comparison counts.

    In each segment a file is ordered by seq, so that a repeated event is not newer.
    """
    decoder = msgspec.json.Decoder(EvidenceFields)
    last: dict[int, int] = {}
    odd: Counter[str] = Counter()  # said of the comparison already
    for block in session.blocks():
        for piece in _pieces(block):
            for event in decode_block(piece, decoder, EvidenceFields, odd):
                if isinstance(event, EvidenceFields) and event.seq > last.get(event.segment, 0) and _fits(event):
                    last[event.segment] = event.seq
                    yield event


def _fits(event: EvidenceFields) -> bool:
    """Return whether an event's time fits in a column; the comparison reads no other (its notice says so)."""
    return -(1 << 63) <= event.wall_ns < 1 << 63


def _pieces(block: bytes) -> Iterator[bytes]:
    at = 0
    while len(block) - at > _PIECE_BYTES and (cut := block.rfind(b"\n", at, at + _PIECE_BYTES) + 1) > at:
        yield block[at:cut]
        at = cut
    yield block[at:]


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int) else str(value)
