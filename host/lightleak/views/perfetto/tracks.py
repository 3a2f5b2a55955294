"""Slices on tracks so that they nest: what overlaps without nesting gets another track.

Separate because it is pure placement, tested without Perfetto.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

OPEN = 2**64
"""The end of a slice whose end is not known yet; later than every other."""


class Sink(Protocol):
    """A writer of tracks, slices and instants."""

    def track(self, name: str, parent: int | None = None, rank: int = 0) -> int:
        """Describe a track, and return its number."""

    def begin(  # noqa: PLR0917  one field each
        self, track: int, at_ns: int, name: str, category: str, notes: Mapping[str, Any], flows: Sequence[int] = ()
    ) -> None:
        """Begin a slice."""

    def end(self, track: int, at_ns: int) -> None:
        """End the innermost slice."""

    def instant(  # noqa: PLR0917  one field each
        self, track: int, at_ns: int, name: str, category: str, notes: Mapping[str, Any], flows: Sequence[int] = ()
    ) -> None:
        """Write an instant."""

    def counter_track(self, name: str, parent: int, rank: int, unit: str) -> int:
        """Describe a track of numbers, and return its number. unit: ns, bytes, count or another word."""

    def count(self, track: int, at_ns: int, value: int) -> None:
        """Write a number, which holds until the next one."""


class Track:
    """One track: time only goes forward on it, and a slice ends before the slice that contains it."""

    def __init__(self, sink: Sink, uuid: int) -> None:
        self._sink = sink
        self._uuid = uuid
        self.ends: list[int] = []
        """When the open slices will end, the outermost first."""
        self.last_ns = 0

    def takes(self, start_ns: int, end_ns: int, *, inside: bool) -> bool:
        """Return whether a slice from ``start_ns`` to ``end_ns`` nests here; end what has ended by then."""
        if start_ns < self.last_ns:
            return False
        self.settle(start_ns)
        return not self.ends or (inside and end_ns <= self.ends[-1])

    def settle(self, until_ns: int) -> None:
        """End the slices that end by a time."""
        while self.ends and self.ends[-1] <= until_ns:
            self.last_ns = max(self.last_ns, self.ends.pop())
            self._sink.end(self._uuid, self.last_ns)

    def begin(  # noqa: PLR0917  one field each
        self,
        start_ns: int,
        end_ns: int,
        name: str,
        category: str,
        notes: Mapping[str, Any],
        flows: Sequence[int] = (),
    ) -> None:
        """Begin a slice that ``takes`` accepted. flows: the arrows that start or end at it."""
        self.last_ns = start_ns
        self.ends.append(end_ns)
        self._sink.begin(self._uuid, start_ns, name, category, notes, flows)

    def instant(
        self, at_ns: int, name: str, category: str, notes: Mapping[str, Any], flows: Sequence[int] = ()
    ) -> None:
        """Write an instant; one that comes too late is moved to the latest time on the track."""
        self.settle(at_ns)
        self.last_ns = max(self.last_ns, at_ns)
        self._sink.instant(self._uuid, self.last_ns, name, category, notes, flows)

    def close(self, at_ns: int) -> None:
        """End the innermost slice that is ``OPEN``, and all slices inside it."""
        while self.ends:
            self.last_ns = max(self.last_ns, min(self.ends[-1], at_ns))
            self._sink.end(self._uuid, self.last_ns)
            if self.ends.pop() == OPEN:
                return


class TrackGroup:
    """Tracks of one name: as few as its slices need. inside: slices may contain others."""

    def __init__(self, sink: Sink, name: str, parent: int, rank: int, *, inside: bool) -> None:
        self._sink, self._name, self._parent, self._rank, self._inside = sink, name, parent, rank, inside
        self._tracks: list[Track] = []

    def begin(  # noqa: PLR0917  one field each
        self,
        start_ns: int,
        end_ns: int,
        name: str,
        category: str,
        notes: Mapping[str, Any] | None = None,
        flows: Sequence[int] = (),
    ) -> Track:
        """Begin a slice, and return its track. end_ns: ``OPEN`` when it is not known. flows: the arrows at it."""
        end_ns = max(start_ns, end_ns)
        track = next((one for one in self._tracks if one.takes(start_ns, end_ns, inside=self._inside)), None)
        track = track or self._new()
        track.begin(start_ns, end_ns, name, category, notes or {}, flows)
        return track

    def instant(
        self,
        at_ns: int,
        name: str,
        category: str,
        notes: Mapping[str, Any] | None = None,
        flows: Sequence[int] = (),
    ) -> None:
        """Write an instant. flows: the arrows at it."""
        fitting = next((one for one in self._tracks if one.last_ns <= at_ns), None)
        (fitting or (self._tracks[0] if self._tracks else self._new())).instant(
            at_ns, name, category, notes or {}, flows
        )

    def finish(self, at_ns: int) -> None:
        """End everything; slices that are ``OPEN`` end at ``at_ns``."""
        for track in self._tracks:
            track.settle(OPEN - 1)
            while track.ends:
                track.close(at_ns)

    def _new(self) -> Track:
        track = Track(self._sink, self._sink.track(self._name, self._parent, self._rank))
        self._tracks.append(track)
        return track
