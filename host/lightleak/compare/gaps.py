"""When nobody watched: the stretches between two coverages of one app, with their reasons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lightleak.compare.segments import Segment
from lightleak.compare.spans import Spans


@dataclass(frozen=True, slots=True)
class Gap:
    """An uncovered stretch between two coverages of one identifier, within one session; ns."""

    from_ns: int
    to_ns: int
    identifier: str
    reason: str


def gaps_of(segments: list[Segment]) -> Iterator[Gap]:
    """Find the gaps of one session, by identifier and time."""
    for identifier in sorted({s.identifier for s in segments if s.identifier}):
        mine = [s for s in segments if s.identifier == identifier]
        losses = [loss for s in mine for loss in s.losses]
        reasons = {start: loss.reason for loss in losses for start, _ in loss.spans()}
        reasons |= {stop: s.end_reason for s in mine for _, stop in s.covered.pairs()[-1:] if stop not in reasons}
        covered = Spans.union(pair for s in mine for pair in s.covered.pairs()).minus(
            Spans.union(span for loss in losses for span in loss.spans())
        )
        for stop, start in zip(covered.stop[:-1].tolist(), covered.start[1:].tolist(), strict=True):
            yield Gap(stop, start, identifier, reasons.get(stop, "not watched"))
