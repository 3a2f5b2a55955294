"""Write entries as the phone's export would."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from simulator.clock import Clock
from simulator.world import Entry


def lines(clock: Clock, entries: Iterable[Entry], first: float, last: float) -> Iterator[str]:
    """Yield the lines between two moments, in the order of their stamps. What is outside was pruned or is to come."""
    halves = [(entry.begin, "intervalBegin", entry) for entry in entries]
    halves += [(entry.end, "intervalEnd", entry) for _, _, entry in halves if entry.end is not None]
    for at, kind, entry in sorted(halves, key=lambda half: (half[0], half[1])):
        if first <= at <= last:
            picker = {"outOfProcess": True} if entry.writer == "picker" else {}
            yield json.dumps(
                {"accessCount": 0, "accessor": {"identifier": entry.accessor, "identifierType": "bundleID"},
                 "category": "photos", "identifier": entry.identifier, "kind": kind, **picker,
                 "timeStamp": clock.stamp(at), "type": "access"}, separators=(",", ":")
            )  # fmt: skip
