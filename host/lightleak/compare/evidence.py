"""Name the events that speak for each entry, for all entries of an app at once."""

from __future__ import annotations

import numpy as np

from lightleak.compare.recording import Recording
from lightleak.compare.rules import Evidence, Ruling
from lightleak.compare.tape import Ints

MOST = 16
"""How many events an entry names as evidence of its cause, and of its depth; ``why`` says how many there were."""


def references(recording: Recording, ruling: Ruling) -> list[list[str]]:
    """Return each entry's events as ``SESSION:SEGMENT:SEQ``: opening, cause, depth, in order of position, each once."""
    opened = np.flatnonzero(ruling.opening >= 0)
    pairs = [(opened, ruling.opening[opened]), _first(ruling.why), _first(ruling.deepest)]
    entry = np.concatenate([entries for entries, _ in pairs])
    position = np.concatenate([positions for _, positions in pairs])
    order = np.lexsort((position, entry))
    entry, position = entry[order], position[order]
    new = np.ones(len(entry), bool)
    new[1:] = (entry[1:] != entry[:-1]) | (position[1:] != position[:-1])
    names = recording.references(position[new])
    stops = np.cumsum(np.bincount(entry[new], minlength=len(ruling.rows))).tolist()
    return [names[start:stop] for start, stop in zip([0, *stops], stops, strict=False)]


def _first(evidence: Evidence) -> tuple[Ints, Ints]:
    """Lay out the first events of each entry: (entry, position), by entry."""
    first = evidence.first.astype(np.int64)
    counts = np.clip(evidence.stop - first, 0, MOST)
    entry = np.repeat(np.arange(len(counts)), counts)
    place = np.repeat(first - np.cumsum(counts) + counts, counts) + np.arange(int(counts.sum()))
    position = np.zeros(len(entry), np.int64)
    for source, series in enumerate(evidence.series):
        which = evidence.source[entry] == source
        position[which] = series.at[place[which]]
    return entry, position
