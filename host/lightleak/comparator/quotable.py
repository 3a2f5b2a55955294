"""Find what a person may write about an app, and what not: from its verdicts, its recorded reads, and what limits both.

Separate because it only counts and decides; ``explain.quotes`` has the sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, cast, get_args

import msgspec
import numpy as np

from lightleak.comparator.assumptions import ASSUMPTIONS
from lightleak.comparator.columns.event_columns import LADDER
from lightleak.comparator.comparison import AppResult, Comparison, Verdict
from lightleak.comparator.explain import quotes as q
from lightleak.comparator.explain.claims import answer_code, counted
from lightleak.comparator.policy.rules import at_night
from lightleak.comparator.rules.visibility import OriginSource
from lightleak.comparator.summary import NIGHT_UNTIL_S
from lightleak.events import STATES, TRIGGERS, TriggerKind
from lightleak.timezones import known_zone
from lightleak.trace.header import device_kind_of

_PIXELS: tuple[q.PixelDepth, ...] = ("upload", "data", "thumbnail")
"""Deepest first."""
_PHONES = frozenset({"ios", "ipados", "iphone os"})


class Quotes(NamedTuple):
    """The two lists for one app, the weightiest first."""

    may: list[q.MayWrite]
    may_not: list[q.MayNotWrite]


def quotes_of(
    comparison: Comparison,
    found: AppResult,
    verdicts: Sequence[Verdict],
    *,
    share: float,
    partly_watched: Sequence[OriginSource] = (),
) -> Quotes:
    """Return what may be written about an app.

    verdicts: the app's, in the order of its results. share: how much of the report's time the app was watched, 0 to 1.
    partly_watched: what can set an act off and was not, or not always, watched.
    """
    counts = _Counts.of(comparison, found, verdicts)
    return Quotes(
        list(_may(comparison, found, counts, share)), list(_may_not(comparison, found, counts, share, partly_watched))
    )


class _Counts(NamedTuple):
    """An app's verdicts as figures."""

    entries: int
    matches: Counter[str]
    causes: Counter[str]
    states: Counter[str]
    """Of the entries that a process made, without the picker's."""
    reads: Counter[tuple[str, str]]
    """Depth and state of the entries during which photos were requested."""
    at_night: Counter[tuple[str, str]]
    """Of these, those of the night, in part too."""
    background: list[Any]
    """The entries in the background, as objects of contract section 4."""

    @property
    def uploads(self) -> int:
        """Return how many entries have an upload as their furthest step."""
        return sum(n for (depth, _), n in self.reads.items() if depth == "upload")

    @classmethod
    def of(cls, comparison: Comparison, found: AppResult, verdicts: Sequence[Verdict]) -> _Counts:
        night = comparison.entries.touching_night(found.results.rows, NIGHT_UNTIL_S).tolist()
        read = [(one, late) for one, late in zip(verdicts, night, strict=True) if one.depth in _PIXELS]
        return cls(
            len(verdicts),
            Counter(one.match for one in verdicts),
            Counter(one.cause for one in verdicts),
            Counter(one.state for one in verdicts if one.cause != "picker"),
            Counter((one.depth, one.state) for one, _ in read),
            Counter((one.depth, one.state) for one, late in read if late),
            msgspec.to_builtins([one for one in verdicts if one.state == "background"]),
        )


def _may(comparison: Comparison, found: AppResult, counts: _Counts, share: float) -> Iterator[q.MayWrite]:
    app, report = found.app, comparison.report
    by_chance = found.trigger_chance is not None and found.trigger_chance.is_no_better
    for state in ("background", "active"):
        for depth in _PIXELS:
            if n := counts.reads[depth, state]:
                night = counts.at_night[depth, state]
                yield q.EntriesWithReads(app, depth, state, n, counts.entries, night, comparison.lag.value_s, share)
        if state == "background":
            yield from _set_off(app, counts.background, by_chance=by_chance)
            yield from _recorded(comparison, found, share)
            if counts.background:
                tally = counted(counts.background, is_by_chance=by_chance, unlinked_reads=found.unlinked_reads)
                answer, number = answer_code(tally)
                elsewhere = counts.states["mixed"] + counts.states["unknown"]
                yield q.ClaimAnswered(app, answer, number, tally.entries, elsewhere, share)
    if report.first is not None and report.last is not None:
        yield q.ReportLists(app, counts.entries, report.first, report.last, share)
    if counts.matches["identifier"] or counts.matches["time"]:
        yield q.Matched(app, counts.matches["identifier"], counts.matches["time"])
    yield from _unreported(found, comparison)


def _set_off(app: str, background: list[Any], *, by_chance: bool) -> Iterator[q.SetOffWithReads]:
    """Yield what set off the entries in the background in which photos were requested."""
    reads = [one for one in background if one["depth"] in _PIXELS and one["cause"] != "picker"]
    kinds = Counter(_trigger(one, by_chance=by_chance) for one in reads)
    order: dict[tuple[str, str], int] = {
        pair: at for at, pair in enumerate((kind, by) for kind in TRIGGERS for by in get_args(q.TriggerBy))
    }
    parts = tuple(
        q.SetOffCount(cast("TriggerKind", kind), cast("q.TriggerBy", by), kinds[kind, by])
        for kind, by in sorted(kinds, key=order.__getitem__)
    )
    otherwise = sum(any(n for kind, n in one["triggers"].items() if kind != _kind(one)) for one in reads)
    if parts:
        yield q.SetOffWithReads(app, len(reads), parts, otherwise, sum(one["depth"] == "upload" for one in reads))


def _kind(entry: Any) -> Any:
    return entry["trigger"] and entry["trigger"]["kind"]


def _trigger(entry: Any, *, by_chance: bool) -> tuple[str, str]:
    trigger = entry["trigger"]
    if trigger is None:
        return "unknown", "none"
    return trigger["kind"], "chance" if by_chance and trigger["by"] == "time" else trigger["by"]


def _recorded(comparison: Comparison, found: AppResult, share: float) -> Iterator[q.MayWrite]:
    """Yield the requests for photos that the recording has of the app in the background; or that it has none."""
    sessions, at = comparison.sessions, found.timeline.at.astype(np.int64)
    levels, states = sessions.level[at], sessions.state[at]
    background = states == STATES.index("background")
    for depth in _PIXELS:
        reads = at[background & (levels == LADDER[depth])]
        if len(reads):
            is_zone_known = all(known_zone(loaded.header) is not None for loaded in sessions.loaded)
            late = int(at_night(sessions, reads).sum()) if is_zone_known else None
            yield q.ReadsInBackground(found.app, depth, len(reads), late, sessions.time_of(int(reads[0])))
    perhaps = background | (states == STATES.index("unknown"))
    unread = _of_unknown_depth(found, comparison)
    if share and not unread and not (perhaps & (levels >= LADDER["thumbnail"])).any():
        yield q.NoReadInBackground(found.app, share, len(found.timeline.missing_probes))


def _of_unknown_depth(found: AppResult, comparison: Comparison) -> bool:
    """Return whether some access of the app has a depth that is not known: it can be a request for a photo."""
    for segment in found.timeline.segments:
        unknown = comparison.sessions.loaded[segment.session - 1].columns.unknown_depths
        if ((unknown >= segment.first) & (unknown < segment.stop)).any():
            return True
    return False


def _unreported(found: AppResult, comparison: Comparison) -> Iterator[q.MayWrite]:
    deep = [
        levels
        for run in found.runs
        if (levels := comparison.sessions.level[run.positions]).min() >= LADDER["thumbnail"]
    ]
    # An upload reads no pixels in the app: of a run with one, neither sentence is known to hold.
    expected = sum(bool((levels < LADDER["upload"]).all()) for levels in deep)
    if expected:
        name = "reads_make_no_entry"
        known = getattr(found.timeline.assumptions, name)
        yield q.RunsExpected(found.app, expected, ASSUMPTIONS[name].number, known)
    if others := len(found.runs) - len(deep):
        yield q.RunsWithQueries(found.app, others)


def _may_not(
    comparison: Comparison, found: AppResult, counts: _Counts, share: float, partly_watched: Sequence[OriginSource]
) -> Iterator[q.MayNotWrite]:
    app, timeline = found.app, found.timeline
    if not timeline.segments:
        if counts.entries:
            yield q.WhyNeverWatched(app, counts.entries)
        return
    if share < 1:
        yield q.OnlyThese(app, share)
    if missing := len(timeline.missing_probes):
        yield q.NothingElse(missing)
    yield from _about_entries(comparison, found, counts)
    if partly_watched and counts.entries:
        yield q.NothingTriggered(tuple(partly_watched))
    if found.runs:
        yield q.ReportHides(app, len(found.runs))
    yield q.PhotoSent(counts.uploads)
    if lost := timeline.lost_events:
        yield q.NothingLost(lost)
    if unwatched := found.explainer.visibility.unwatched():
        yield q.OthersDidNothing(tuple(unwatched))
    if open_ := len({one.number for name, one in ASSUMPTIONS.items() if getattr(timeline.assumptions, name) is None}):
        yield q.PhoneConfirmed(open_)
    yield from _other_devices(comparison)


def _about_entries(comparison: Comparison, found: AppResult, counts: _Counts) -> Iterator[q.MayNotWrite]:
    if not counts.entries:
        return
    yield q.EntryIsRead(counts.entries, counts.reads.total(), counts.uploads)
    if by_time := counts.matches["time"]:
        yield q.CertainByTime(by_time, comparison.lag.value_s)
    if found.chance is not None and found.chance.is_no_better:
        yield q.MatchesByChance(round(found.chance.p, 2))
    if found.trigger_chance is not None and found.trigger_chance.is_no_better:
        yield q.TriggersByTimeProve(round(found.trigger_chance.p, 2))
    if counts.causes["unobserved"] or counts.causes["unexplained"]:
        yield q.CausesKnown(counts.causes["unobserved"], counts.causes["unexplained"])
    if counts.states["mixed"] or counts.states["unknown"]:
        yield q.OthersInForeground(counts.states["mixed"], counts.states["unknown"])


def _other_devices(comparison: Comparison) -> Iterator[q.RealPhone]:
    """Yield what the recordings were made on where that was no phone, each once; nothing where that is not known."""
    found: dict[q.RealPhone, None] = {}
    for loaded in comparison.sessions.loaded:
        device, kind = loaded.header.get("device"), device_kind_of(loaded.header)
        system = device.get("os") if isinstance(device, dict) else None
        named = system if isinstance(system, str) and system else None
        if kind in ("virtual", "simulator"):
            found[q.RealPhone(named, kind)] = None
        elif named is not None and named.lower() not in _PHONES:
            found[q.RealPhone(named)] = None
    yield from found
