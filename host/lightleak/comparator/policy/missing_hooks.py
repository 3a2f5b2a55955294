"""Which hooks a statement needs and were not there, in which segments, and for how long.

Separate because it knows probes; ``question`` asks it among other things that can be missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from lightleak.arrays import Intervals
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.needs import Needs
from lightleak.comparator.policy.reasons import (
    CallbacksHookedLate,
    CallbacksNotHooked,
    HandOffsEscaped,
    OriginsUnwatched,
    ProbesMissing,
    ProbesRemoved,
    Reason,
    RegisteredBefore,
)
from lightleak.comparator.rules.visibility import (
    ORIGINS,
    REGISTRATION,
    could_see,
    escapes,
    origins_missing,
    required_from,
)
from lightleak.comparator.timeline.probes import ProbeAbsence
from lightleak.comparator.timeline.segments import CALLBACK, HANDOFF, RecordedSegment
from lightleak.events import NS_PER_S

_FOUND_LATE = "found-late"
"""Code of a hook on a callback that was replaced in a way that is not hooked: it is looked for once a second."""

_STATE_PROBES = ("lifecycle.",)
"""Beginnings of the names of the probes that see the app's state change."""

_ORIGIN_PROBES = tuple(f"{name.partition('.')[0]}." for name in ORIGINS)
"""Beginnings of the names of the probes that see touches and wake-ups."""


class MissingHooks:
    """What was not hooked of one app's processes."""

    def __init__(self, watched: PolicyCoverage) -> None:
        self.watched = watched
        self._time = watched.timeline.watched
        self._accepted = watched.policy.accept_missing

    def missing(self, needs: Needs, segments: list[RecordedSegment] | None = None) -> list[Reason]:
        """Return what was not hooked of what is needed, in these segments (default: all that were watched)."""
        segments = self.watched.segments if segments is None else segments
        reasons: list[Reason] = list(self._probes(needs, segments))
        if needs.observers or needs.callbacks:
            reasons += self._callbacks(needs, segments)
        if needs.hand_offs:
            reasons += self._hand_offs(segments)
        if needs.origins:
            reasons += self._origins(segments)
        return reasons

    def _wanted(self, needs: Needs) -> tuple[str, ...]:
        """Return the probes without which nothing can be said."""
        required = required_from(needs.reads) if needs.reads else ()
        registration = (REGISTRATION,) if needs.observers or needs.callbacks else ()
        return (*required, *registration, *needs.probes)

    def absences(self, needs: Needs, segments: list[RecordedSegment]) -> list[ProbeAbsence]:
        """Return when probes that see reads, registrations or states were not in place."""

        def is_wanted(probe: str, hook: EventFields) -> bool:
            sees_reads = needs.reads is not None and could_see(probe, hook.symbol, needs.reads)
            return sees_reads or (needs.states and probe.startswith(_STATE_PROBES))

        required = self._wanted(needs)
        found = [one for segment in segments for one in self._time.absences(segment, is_wanted, required)]
        return [one for one in found if one.probe not in self._accepted]

    def probe_absences(self, names: tuple[str, ...]) -> list[ProbeAbsence]:
        """Return when probes whose names begin like these were not in place."""
        found = [
            one
            for segment in self.watched.segments
            for one in self._time.absences(segment, lambda probe, _: probe.startswith(names))
        ]
        return [one for one in found if one.probe not in self._accepted]

    def _probes(self, needs: Needs, segments: list[RecordedSegment]) -> Iterator[Reason]:
        found = self.absences(needs, segments)
        whole = {one.probe: one.symbol for one in found if one.is_whole}
        if whole:
            yield ProbesMissing(tuple(symbol for _, symbol in sorted(whole.items())))
        parts = [one for one in found if one.probe not in whole]
        if parts:
            lasted_ns = Intervals.union(span for one in parts for span in one.lasted.pairs()).length
            if lasted_ns > self._allowance_ns():
                symbols = {one.probe: one.symbol for one in parts}
                yield ProbesRemoved(tuple(symbol for _, symbol in sorted(symbols.items())), lasted_ns / NS_PER_S)

    def _allowance_ns(self) -> float:
        """Return for how long of what was watched a probe may be missing; the policy's share leaves it."""
        share = self.watched.policy.covered_share
        return (1 - share) * self.watched.timeline.watched.duration_ns

    def _callbacks(self, needs: Needs, segments: list[RecordedSegment]) -> Iterator[Reason]:
        """Yield observers whose callback is not hooked, or was not for a while, and hooked callbacks whose registration was not seen."""
        if CALLBACK in self._accepted:
            return
        removed: dict[str, int] = {}
        unhooked, late, unregistered = set(), set(), set()
        for segment in segments:
            rows = [row for _, row in self.watched.rows(segment)]
            statuses = {str(row.symbol): row.status for row in rows if row.kind == "hook" and row.probe == CALLBACK}
            late |= {str(row.symbol) for row in rows if row.kind == "hook" and row.code == _FOUND_LATE}
            seen = _observer_classes(rows)
            unhooked |= {symbol for symbol, status in statuses.items() if status != "installed" and "[* " not in symbol}
            if "installed" not in statuses.values():
                unhooked |= seen
            elif not seen:
                # Hooked by class because the table of observers could not be read: who registered before is not known.
                unregistered |= {symbol for symbol, status in statuses.items() if status == "installed"}
            hooked = self._time.absences(segment, lambda probe, _: probe == CALLBACK)
            removed |= {one.symbol: one.lasted_ns for one in hooked if not one.is_whole}
        if needs.callbacks and unhooked:
            yield CallbacksNotHooked(tuple(sorted(unhooked)))
        if needs.callbacks and late:
            yield CallbacksHookedLate(tuple(sorted(late)))
        if needs.callbacks and (parts := sorted(removed.keys() - unhooked)):
            lasted_ns = max(removed[symbol] for symbol in parts)
            if lasted_ns > self._allowance_ns():
                yield ProbesRemoved(tuple(parts), lasted_ns / NS_PER_S)
        if not needs.callbacks and unregistered:
            yield RegisteredBefore(tuple(sorted(unregistered)))

    def _hand_offs(self, segments: list[RecordedSegment]) -> Iterator[Reason]:
        """Yield that work was handed on in a way that cannot be followed."""
        if HANDOFF in self._accepted:
            return
        found = [escapes(segment.handoffs.values()) for segment in segments]
        if None in found:
            yield HandOffsEscaped(())
        symbols = {symbol for escaped in found if escaped is not None for symbol in escaped}
        for segment in segments:
            followed = self._time.absences(segment, lambda probe, _: probe == HANDOFF)
            symbols |= {one.symbol for one in followed}
        if symbols:
            yield HandOffsEscaped(tuple(sorted(symbols)))

    def _origins(self, segments: list[RecordedSegment]) -> Iterator[Reason]:
        """Yield which touches and wake-ups were not watched."""
        missing = {probe: symbol for segment in segments for probe, symbol in origins_missing(segment).items()}
        for segment in segments:
            watched = self._time.absences(segment, lambda probe, _: probe.startswith(_ORIGIN_PROBES))
            missing |= {one.probe: one.symbol for one in watched}
        if names := [symbol for probe, symbol in sorted(missing.items()) if probe not in self._accepted]:
            yield OriginsUnwatched(tuple(names))


def _observer_classes(rows: list[EventFields]) -> set[str]:
    return {
        str(row.observer.get("class"))
        for row in rows
        if row.kind == "observer" and row.type in (None, "change") and isinstance(row.observer, dict)
    }
