"""An app's states while it was watched, as stretches of time."""

from __future__ import annotations

import numpy as np

from lightleak.comparator.timeline.app_timeline import AppTimeline


def state_spans(lane: AppTimeline) -> list[tuple[int, int, int]]:
    """Tell start and stop (ns, wall clock) and the state's code in ``events.STATES``, ascending.

    Where two processes of the app were in two states, that of the app is not known.
    """
    recording = lane.sessions
    changes = [
        int(recording.wall_ns[recording.positions(s).start - s.first + at]) for s in lane.segments for at, _ in s.states
    ]
    changes += [at for s in lane.segments for start, stop in s.covered.pairs() for at in (start, stop + 1)]
    cuts = np.unique(np.array([*changes, *lane.covered.start.tolist()], dtype=np.int64))
    cuts = cuts[lane.covered.contains(cuts)]
    bits = lane.states_at(cuts).tolist()
    codes = [one.bit_length() - 1 if one & (one - 1) == 0 else 0 for one in bits]
    spans: list[tuple[int, int, int]] = []
    for start, stop in lane.covered.pairs():
        first, last = cuts.searchsorted([start, stop]).tolist()
        at = start
        for n in range(first, max(last, first + 1)):
            ends = n + 1 >= last
            if ends or codes[n + 1] != codes[n]:
                until = stop if ends else int(cuts[n + 1])
                spans.append((at, until, codes[n]))
                at = until
    return spans
