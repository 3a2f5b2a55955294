"""An app's states while it was watched, as stretches of time."""

from __future__ import annotations

import numpy as np

from lightleak.compare.lane import Lane


def state_spans(lane: Lane) -> list[tuple[int, int, int]]:
    """Tell start and stop (ns, wall clock) and the state's code in ``compare.segments.STATES``, ascending."""
    recording = lane.recording
    changes = [
        int(recording.wall_ns[recording.positions(s).start - s.first + at]) for s in lane.segments for at, _ in s.states
    ]
    spans: list[tuple[int, int, int]] = []
    for start, stop in lane.covered.pairs():
        cuts = np.unique(np.array([start, *(ns for ns in changes if start < ns < stop)], dtype=np.int64))
        codes = lane.state_at(cuts).tolist()
        kept = [
            (int(cut), code)
            for n, (cut, code) in enumerate(zip(cuts, codes, strict=True))
            if not n or code != codes[n - 1]
        ]
        stops = [cut for cut, _ in kept[1:]] + [stop]
        spans += [(cut, end, code) for (cut, code), end in zip(kept, stops, strict=True)]
    return spans
