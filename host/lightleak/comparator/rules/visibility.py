"""What could be seen: by which probes, how much of each entry's time was watched, and who else could have acted for the app.

What no probe could have seen was not watched. Depths and required probes come from the agent's catalogue, as it was built.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import msgspec
import numpy as np

from lightleak.arrays import Bools, Bytes, Ints
from lightleak.built_assets import catalogue
from lightleak.comparator.assumptions import Assumptions
from lightleak.comparator.columns.decode import EventFields
from lightleak.comparator.rules.report_entries import ReportEntries
from lightleak.comparator.rules.rules import JUST_BEFORE_NS, RuleResults
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.comparator.timeline.near import TICK_NS
from lightleak.comparator.timeline.segments import HANDOFF, RecordedSegment, is_absent
from lightleak.comparator.timeline.session_set import SessionSet

OriginSource = Literal["changes", "inputs", "wakes", "handoffs"]
"""What can set an act off, by the probes that see it; ``wakes``: launch and return to the foreground too. ``handoffs``: what
hands work on, behind which a link is missing."""

REGISTRATION = "photo-library.register-change-observer"

ORIGINS = ("input.event", "wake.application-delegate")
"""A probe of touches and one of wake-ups, without which none are seen."""

_HISTORY = ("photo-library-persistent-changes-observer.", "photo-library.register-persistent-changes-observer")
"""Beginnings of the names of the probes that see observers of the history (iOS 27)."""

_SOURCES: dict[OriginSource, tuple[str, ...]] = {
    "changes": ("photo-library-change-observer.", REGISTRATION, *_HISTORY),
    "inputs": ("input.",),
    "wakes": ("wake.", "lifecycle."),
    "handoffs": (HANDOFF,),
}
"""What can set an act off, or carry a link → beginnings of the names of the probes that see it."""

_SEE_NO_ACT = tuple(itertools.chain(*_SOURCES.values()))

_PIXELS = ("thumbnail", "data")
"""Both come from the same calls: the size that is asked for decides."""

_NO_READ = re.compile(r"^[+-]\[[^ ]*(?:Change|Creation)Request |^[+-]\[[^ ]*Picker|^[+-]\[\* |^[+-]\[(?:PA|PL)[A-Z]")
"""Symbols of writes, pickers, callbacks and accounting: none of them sees a read."""

_NO_READ_NAMES = (
    "photo-library.",
    "photo-library-change-observer.",
    "photo-library-availability-observer.",
    "photo-library-persistent-changes-observer.",
    "observer-table.",
    "shared-album-",
    "accounting",
    "assetsd.",
    "picker-",
    "ui-image-picker-",
    "live-photo-view.",
    "wake.",
    "lifecycle.",
    "input.",
    "handoff",
    "replacement",
)
"""Beginnings of the names of probes that see no read, unless the catalogue says that one does."""


def escapes(hooks: Iterable[EventFields]) -> tuple[str, ...] | None:
    """Return the sorts of hand-offs that could not be followed, by symbol; None where no hook says whether any could.

    hooks: the ``hook`` events of one segment, in order.
    """
    last = {str(hook.symbol): hook for hook in hooks if hook.probe == HANDOFF}
    if not last:
        return None
    return tuple(sorted(symbol for symbol, hook in last.items() if hook.status != "installed" and not is_absent(hook)))


def missing_links(segment: RecordedSegment) -> tuple[str, ...]:
    """Return why an act of a segment without a link need not have been set off by nothing: by symbol or probe."""
    escaped = escapes(segment.handoffs.values())
    is_blind = not (segment.has_installed(REGISTRATION) or segment.lacks_nothing_without(REGISTRATION))
    return (
        *((HANDOFF,) if escaped is None else escaped),
        *origins_missing(segment).values(),
        *((REGISTRATION,) if is_blind else ()),
    )


def origins_missing(segment: RecordedSegment) -> dict[str, str]:
    """Return the probes of touches and wake-ups that were not in place: name → symbol. Those above where there is none."""
    missing: dict[str, str] = {}
    for needed, names in zip(ORIGINS, (_SOURCES["inputs"], _SOURCES["wakes"]), strict=True):
        hooks = {probe: hook for probe, hook in segment.hooks.items() if probe.startswith(names)}
        missing |= {} if hooks else {needed: needed}
        missing |= {probe: str(hook.symbol or probe) for probe, hook in hooks.items() if segment.misses(probe)}
    return missing


@cache
def reads_from(depth: str) -> tuple[str, ...]:
    """Return the probes that see reads of ``depth`` (metadata, thumbnail, data or upload) or deeper. Raises: AgentError."""
    metadata = _of_depth("metadata") if depth == "metadata" else ()
    pixels = () if depth == "upload" else _of_depth(*_PIXELS)
    return (*metadata, *pixels, *_of_depth("upload"))


@cache
def required_from(depth: str) -> tuple[str, ...]:
    """Return those of ``reads_from`` without which nothing can be said. Raises: AgentError."""
    required = {row.probe for row in catalogue().probes if row.required}
    return tuple(probe for probe in reads_from(depth) if probe in required)


def could_see(probe: str, symbol: object, depth: str) -> bool:
    """Return whether a probe sees reads of ``depth`` or deeper; one that is not known counts as if it did."""
    if probe in reads_from("metadata"):
        return probe in reads_from(depth)
    return not (probe.startswith(_NO_READ_NAMES) or (isinstance(symbol, str) and _NO_READ.match(symbol)))


def _of_depth(*depths: str) -> tuple[str, ...]:
    found = catalogue()
    return tuple(row.probe for row in found.probes if row.depth in depths and row.probe not in found.internal)


class OtherProcess(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A process other than the app's that can make an entry for it, or act for it."""

    kind: Literal["extension", "perhaps-extension", "extensions", "assetsd"]
    """``perhaps-extension``: the report names it, and no recording says what it is. ``extensions``: all that the app may
    have; none is known by name."""
    identifier: str | None = None
    """Of an extension, or of what may be one."""


@dataclass(frozen=True, slots=True)
class WatchedProcess:
    """A process that can make an entry for an app, or act for it; arrays of shape (n,), by entry."""

    process: OtherProcess
    watched: Bools
    """Whether it was covered just before the begin."""
    depth: Bytes
    """The deepest step of the ladder that it was seen to take from the lag before the begin to the end; 0 for a daemon,
    which acts for all apps."""
    times: Ints
    """How often it was seen to."""


@dataclass(frozen=True, slots=True)
class Visibility:
    """What limits the verdicts on one app's entries, in the order of the results; arrays of shape (n,)."""

    whole_ns: Ints
    """From the lag before the begin to the end."""
    watched_ns: Ints
    """How much of that was watched."""
    before_ns: Ints
    """From the lag before the begin to the begin, without counting sleep as lag: where what made the entry is."""
    unseen_before_ns: Ints
    """How much of that was not watched."""
    doubtful: Bools
    """Whether a file of the sessions is damaged, cut or unfinished where events of that time would be."""
    ended_before_ns: Ints
    """How long before the begin the coverage ended that was there just before it; 0 where it did not."""
    accounting_unseen: Bools
    """Whether the app's accounting could not be seen, somewhere in that time."""
    others: tuple[WatchedProcess, ...]
    missing: tuple[str, ...]
    """What was not hooked, or not all the time, by symbol."""
    hooked_in_part: frozenset[str]
    """What of that was hooked for part of the time, in each process that missed it."""
    missing_deeper: tuple[tuple[str, ...], ...]
    """The same, of what sees reads deeper than a step of the ladder, by step."""
    reads_missed: tuple[bool, ...]
    """Whether some of ``missing_deeper`` is of a method that the process has, by step: then such a read can be missed."""

    def unwatched(self) -> list[OtherProcess]:
        """Return the others that were not watched for every entry."""
        return [other.process for other in self.others if not (other.watched.all() and len(other.watched))]


def measure_visibility(
    app: str, timeline: AppTimeline, entries: ReportEntries, results: RuleResults, seen_apps: Sequence[str]
) -> Visibility:
    """Measure what could be seen. ``seen_apps``: those of the report, among which there can be extensions."""
    start, begin, until = results.window_from_ns, entries.begin_ns[results.rows], entries.until_ns[results.rows]
    near, covered = results.near_from_ns, timeline.covered
    return Visibility(
        whole_ns=until - start,
        watched_ns=covered.length_between(start, until),
        before_ns=begin - near,
        unseen_before_ns=begin - near - covered.length_between(near, begin),
        doubtful=timeline.watched.doubtful.overlaps(near, until),
        ended_before_ns=np.maximum(begin - covered.stop_at(begin - JUST_BEFORE_NS, begin), 0),
        accounting_unseen=(timeline.without_accounting.length_between(near, begin) > 0)
        | timeline.without_accounting.contains(begin - JUST_BEFORE_NS),
        others=tuple(
            _other(process, AppTimeline(timeline.sessions, segments), start, begin, until)
            for process, segments in _others(app, timeline.sessions, seen_apps, timeline.assumptions)
        ),
        missing=tuple(
            dict.fromkeys(symbol for probe, symbol, _ in timeline.missing_probes if not probe.startswith(_SEE_NO_ACT))
        ),
        hooked_in_part=timeline.hooked_in_part,
        missing_deeper=tuple(_seeing(timeline, deeper) for deeper in _DEEPER),
        reads_missed=tuple(_reads_missed(timeline, deeper) for deeper in _DEEPER),
    )


_DEEPER = ("metadata", "metadata", "metadata", "thumbnail", "thumbnail", "upload", None)
"""The shallowest read that is deeper than each step of the ladder, as far as probes can distinguish them."""


def _seeing(timeline: AppTimeline, depth: str | None) -> tuple[str, ...]:
    """Return the symbols of missing probes that see reads of ``depth`` or deeper; empty where it is None."""
    if depth is None:
        return ()
    missing = timeline.missing_probes
    return tuple(dict.fromkeys(symbol for probe, symbol, _ in missing if could_see(probe, symbol, depth)))


def _reads_missed(timeline: AppTimeline, depth: str | None) -> bool:
    """Return whether a missing probe that sees reads of ``depth`` or deeper is of a method that the process has."""
    return depth is not None and any(
        exists and could_see(probe, symbol, depth) for probe, symbol, exists in timeline.missing_probes
    )


def links_incomplete(segment: RecordedSegment) -> tuple[str, ...]:
    """Return the ways of handing work on that could not be followed in a segment, by symbol, sorted.

    An act there that names no origin can have one: what it did not do because of a callback is not proven.
    """
    return escapes(segment.handoffs.values()) or ()


def origins_unwatched(segment: RecordedSegment) -> tuple[OriginSource, ...]:
    """Return what can set an act off and was not watched in a segment, in part at least.

    A probe without anything to hook in the process misses nothing.
    """
    return tuple(source for source, names in _SOURCES.items() if not _all_watched(segment, names))


def _all_watched(segment: RecordedSegment, names: tuple[str, ...]) -> bool:
    if HANDOFF in names:
        return bool(segment.handoffs)  # Which of them could not be followed is another statement.
    found = [probe for probe in segment.hooks if probe.startswith(names)]
    if not found and REGISTRATION in names:
        return bool(segment.observers)  # Those that an imported trace names were watched.
    return bool(found) and not any(map(segment.misses, found))


def is_extension_of(segment: RecordedSegment, app: str) -> bool:
    """Return whether a process is an extension of an app. Its role says that it is an extension, its name only of which app."""
    return segment.role == "extension" and segment.identifier is not None and is_named_after(segment.identifier, app)


def is_named_after(name: str, app: str) -> bool:
    """Return whether an identifier starts with another one and a dot, as Apple has those of an app's extensions do.

    Another app's can too: only a role says that something is an extension.
    """
    return name.startswith(f"{app}.")


def _others(
    app: str, sessions: SessionSet, seen_apps: Sequence[str], assumptions: Assumptions
) -> list[tuple[OtherProcess, list[RecordedSegment]]]:
    """Return extensions and assetsd with the segments in which they were recorded, if they were."""
    found: list[tuple[OtherProcess, list[RecordedSegment]]] = []
    if assumptions.extension_has_own_rows is not True:  # Its extensions then write no row under the app's name.
        extensions = [s for s in sessions.segments if is_extension_of(s, app)]
        found += [
            (OtherProcess("extension", name), [s for s in extensions if s.identifier == name])
            for name in sorted({s.identifier for s in extensions if s.identifier})
        ]
        # What was recorded has a role: of the rest, nothing says whether it is an extension or another app.
        recorded = {s.identifier for s in sessions.segments}
        unknown = sorted(name for name in {*seen_apps} - recorded if is_named_after(name, app))
        found += [(OtherProcess("perhaps-extension", name), []) for name in unknown]
        found = found or [(OtherProcess("extensions"), [])]
    return [*found, (OtherProcess("assetsd"), [segment for segment in sessions.segments if segment.is_assetsd()])]


def _other(process: OtherProcess, timeline: AppTimeline, start: Ints, begin: Ints, until: Ints) -> WatchedProcess:
    depth, times = np.zeros(len(begin), np.uint8), np.zeros(len(begin), np.int64)
    if not any(segment.is_assetsd() for segment in timeline.segments):
        first, stop = timeline.find(start), timeline.find(until + TICK_NS)
        for step, series in enumerate(timeline.levels):
            lo, hi = series.within(first, stop)
            depth[hi > lo], times[hi > lo] = step, (hi - lo)[hi > lo]
    return WatchedProcess(process, timeline.covered.contains(begin - JUST_BEFORE_NS), depth, times)
