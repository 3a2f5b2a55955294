"""What a figure of many runs needs to have been watched, and what of it one run did not see.

The rules of a policy ask the same question, so the answer comes from there. Runs that differ in it are not pooled.
"""

from __future__ import annotations

from typing import Literal, get_args

from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.needs import LINKS, Needs
from lightleak.comparator.policy.question import Question
from lightleak.comparator.policy.reason_text import reason_text
from lightleak.comparator.policy.reasons import (
    ActsOutsideReport,
    ClockSet,
    NoCommonTime,
    ProbesMissing,
    ProbesRemoved,
    Reason,
    ReportSpansLess,
    ReportUnreadable,
)
from lightleak.comparator.timeline.segments import RecordedSegment

Need = Literal["reads", "uploads", "places", "links", "states", "observers", "report"]
NEEDS: tuple[Need, ...] = get_args(Need)

_ASKED: dict[Need, Needs] = {
    "reads": Needs(files=False, processes=False, events=False, reads="metadata"),
    "links": LINKS,
    "states": Needs(files=False, processes=False, events=False, states=True),
    "observers": Needs(files=False, processes=False, events=False, observers=True, callbacks=True),
}
"""Need → what a policy's rule would ask of the hooks. Gaps and losses are in no covered hour, so no rate needs to ask for them."""

_REPORT = Needs(files=False, processes=False, events=False, report="time", wall_clock=True)

_UPLOAD = "asset-resource-upload-job-change-request."
"""The beginning of the names of the probes that see uploads."""
_GETTER, _STORAGE = "-[PHAsset location]", "-[PHAsset _uncachedLocation]"
PLACES = (_GETTER, _STORAGE)
"""The getter of the place of a photo, and what returns it on another way; one read is counted by one of them. Source: PHAsset.h; decompiled Photos."""

_NAMED = 3
"""So many names a reason's text has; where there are more, all follow, so that no run is pooled with one that missed others."""

_NOT_HOOKED = "not hooked: "
NO_REPORT = "no privacy report was given"
NO_HOOK = "no hook says that it was watched"


def unseen_of(watched: PolicyCoverage, *, has_report: bool) -> list[dict[str, str]]:
    """Return what one app's run did not see, by need: the reasons in words, with all names."""
    question = Question(watched)
    found: list[tuple[Need, str]] = []
    for need, asked in _ASKED.items():
        found += [(need, _words(reason)) for reason in question.hooks.missing(asked)]
    found += [("uploads", words) for words in _uploads(watched)]
    found += [("places", words) for words in _places(watched)]
    if has_report:
        found += [("report", _words(reason)) for reason in question.missing(_REPORT)]
    else:
        found.append(("report", NO_REPORT))
    return [{"need": need, "reason": words} for need, words in sorted(set(found))]


def _uploads(watched: PolicyCoverage) -> list[str]:
    """Return which probes of uploads missed something. A process without the class, on an older iOS, can upload nothing so."""
    missing = {
        str(hook.symbol or hook.probe)
        for segment in watched.segments
        for probe, hook in segment.hooks.items()
        if probe.startswith(_UPLOAD) and segment.misses(probe)
    }
    is_unknown = any(not any(probe.startswith(_UPLOAD) for probe in segment.hooks) for segment in watched.segments)
    return [*([f"{_NOT_HOOKED}{', '.join(sorted(missing))}"] if missing else []), *([NO_HOOK] if is_unknown else [])]


def _places(watched: PolicyCoverage) -> list[str]:
    """Return which ways to a photo's place were not hooked. An older iOS does not have the second one."""
    if not watched.segments:
        return [f"{_NOT_HOOKED}{', '.join(PLACES)}"]
    missing = [symbol for symbol in PLACES if not all(_is_watched(segment, symbol) for segment in watched.segments)]
    return [f"{_NOT_HOOKED}{', '.join(missing)}"] if missing else []


def _is_watched(segment: RecordedSegment, symbol: str) -> bool:
    probes = [probe for probe, hook in segment.hooks.items() if hook.symbol == symbol]
    is_optional = symbol != _GETTER
    return any(
        segment.has_installed(probe) or (is_optional and segment.lacks_nothing_without(probe)) for probe in probes
    )


def sees_places(segment: RecordedSegment) -> bool:
    """Return whether reads of photos' places were counted in a segment, at least on one way."""
    return any(hook.symbol in PLACES and hook.status == "installed" for hook in segment.hooks.values())


def is_the_same_everywhere(reason: str) -> bool:
    """Return whether two runs with this reason missed the same part: a hook that was never there misses all of its calls.

    A report that is too short, or a hook that was gone for a while, misses more in one run than in another.
    """
    return reason.startswith(_NOT_HOOKED) or reason == NO_HOOK


def _words(reason: Reason) -> str:
    """Return a reason in words that two runs share where they missed the same: without durations, and with all names."""
    match reason:
        case ProbesMissing(symbols):
            return f"{_NOT_HOOKED}{', '.join(symbols)}"
        case ProbesRemoved(symbols, _):
            return f"not hooked all the time: {', '.join(symbols)}"
        case ReportSpansLess() | ActsOutsideReport() | NoCommonTime():
            return "the report does not span all that was watched"
        case ReportUnreadable():
            return "a part of the report could not be read"
        case ClockSet():
            return "the device's clock was set"
    text, symbols = reason_text(reason), getattr(reason, "symbols", ())
    return f"{text} ({', '.join(symbols)})" if len(symbols) > _NAMED else text
