"""A verdict in one line that a person can quote: what made the entry, in which state, how far the app went, how sure that is.

No method names, at most ``LONGEST`` characters, and nothing that was not seen. The page has the same words
(``host/page/src/text/briefs.ts``), and Chinese ones.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Literal, cast

import msgspec

from lightleak.comparator.explain import clauses as c

LONGEST = 140

Act = Literal[
    "picker",
    "picker-unsure",
    "queried",
    "used",
    "extension-queried",
    "other-queried",
    "continued",
    "opened-by-system",
    "first-contact",
    "notified",
    "unexplained",
    "unobserved",
    "start-missing",
    "never-watched",
]
BriefDepth = Literal["none", "notification", "open", "metadata", "thumbnail", "data"]
Certainty = Literal["certain", "likely", "shared", "chance", "none"]
Watched = Literal["whole", "partly", "not"]


class Brief(msgspec.Struct, frozen=True, gc=False):
    """What a brief says, as data."""

    act: Act
    """What made the entry. ``used``: queried or read. ``picker-unsure``: perhaps without a choice."""
    depth: BriefDepth
    state: c.State
    certainty: Certainty
    """``shared``: by time, and near another entry too. ``chance``: by time, and no better than chance."""
    watched: Watched
    """How much of the time in which the depth was looked for."""


def brief_of(*, depth: str, match: str, state: str, flags: Iterable[str], clauses: Iterable[c.Clause]) -> Brief:
    """Return the brief of a verdict."""
    said = {clause.__class__: clause for clause in clauses}
    certainty: Certainty = "none"
    if match == "identifier":
        certainty = "certain"
    elif match == "time":
        certainty = "chance" if c.ChanceNoBetter in said else "shared" if "ambiguous" in flags else "likely"
    watched: Watched = "whole"
    if c.NotWatchedThen in said or c.NeverWatched in said:
        watched = "not"
    elif "partly-observed" in flags:
        watched = "partly"
    reason = next(iter(said.values()))
    return Brief(_act(reason), cast("BriefDepth", depth), cast("c.State", state), certainty, watched)


def _act(reason: c.Clause) -> Act:
    if isinstance(reason, c.MatchedByIdentifier):
        return (
            "queried" if reason.who == "app" else "extension-queried" if reason.who == "extension" else "other-queried"
        )
    if isinstance(reason, c.PickerChoice):
        return "picker-unsure" if reason.also_without else "picker"
    if isinstance(reason, c.QueriesNear):
        return "used" if reason.or_reads else "queried"
    return _ACT_OF[reason.__class__]


_ACT_OF: dict[type[c.Clause], Act] = {
    c.ContinuedEntry: "continued",
    c.OpenedBySystem: "opened-by-system",
    c.FirstContact: "first-contact",
    c.NotificationsNear: "notified",
    c.ActsDoNotExplain: "unexplained",
    c.NothingNear: "unexplained",
    c.NotWatchedBefore: "unobserved",
    c.BeginMissing: "start-missing",
    c.NeverWatched: "never-watched",
}


@cache
def text(brief: Brief) -> str:
    """Return a brief in English."""
    return f"{ACTS[brief.act]}{_state(brief)}{_depth(brief)}{_certainty(brief)}{_watched(brief)}."


ACTS: dict[Act, str] = {
    "picker": "The person chose something in the system's photo picker",
    "picker-unsure": "The photo picker was used, perhaps without a choice",
    "queried": "Queried the photo library",
    "used": "Used the photo library",
    "extension-queried": "The app's extension queried the library",
    "other-queried": "Queried by a process not known as the app's",
    "continued": "Continued the entry before, no query seen",
    "opened-by-system": "The system opened the library for the app",
    "first-contact": "First contact seen with the photo library",
    "notified": "Was notified of a photo library change",
    "unexplained": "Unexplained: nothing seen accounts for this entry",
    "unobserved": "Cause unknown: the app was not watched just before",
    "start-missing": "Cause unknown: the report lacks the entry's start",
    "never-watched": "Cause unknown: the app was not recorded",
}

_BY_APP = ("queried", "used", "notified")
"""Acts of the app itself: what follows has the same subject."""
_BY_OTHERS = ("extension-queried", "other-queried", "continued")
"""Acts whose state may be another process's."""
_UNMATCHED = ("picker", "picker-unsure", "unexplained", "unobserved", "start-missing", "never-watched")
"""Acts that were not matched to any event."""
_UNWATCHED = ("unobserved", "start-missing", "never-watched")
"""Acts that say themselves that the state is not known."""

_STATES_OF_ACT = {
    "active": " in the foreground",
    "inactive": " while inactive",
    "background": " in the background",
    "mixed": " in several app states",
    "unknown": " in an unknown app state",
}
_STATES_OF_APP = {
    "active": ", app in the foreground",
    "inactive": ", app inactive",
    "background": ", app in the background",
    "mixed": ", app in several states",
    "unknown": ", app state unknown",
}
_STATES_THEN = {
    "active": ", then in the foreground",
    "inactive": ", then inactive",
    "background": ", then in the background",
    "mixed": ", then in several states",
    "unknown": ", its state unknown",
}


def _state(brief: Brief) -> str:
    if brief.act in _BY_APP:
        return _STATES_OF_ACT[brief.state]
    if brief.act in _BY_OTHERS:
        return f", state {brief.state}"
    if brief.act == "opened-by-system":
        return _STATES_THEN[brief.state]
    if brief.state == "unknown" and (brief.watched == "not" or brief.act in _UNWATCHED):
        return ""
    return _STATES_OF_APP[brief.state]


def _depth(brief: Brief) -> str:
    if brief.act in _BY_APP and brief.depth in _READS:
        return f" and {_READS[brief.depth]}"
    if brief.act in ("queried", "used"):
        if brief.depth == "metadata":
            return "; no photo seen being read"
        return "; app not watched then" if brief.watched == "not" else "; the call itself was not seen"
    # What was not matched to anything: no act may look like its cause.
    when = "around then " if brief.act in _UNMATCHED else ""
    if brief.depth in _READS:
        return f"; {when}the app {_READS[brief.depth]}"
    by_app = " by the app" if brief.act in _BY_OTHERS else ""
    if brief.depth == "metadata":
        return " and queried it" if brief.act == "notified" else f"; {when}only queries{by_app} seen"
    if brief.depth == "open" and brief.act == "notified":
        return " and opened the library"
    if brief.depth in ("open", "notification"):
        return f"; no query or read{by_app} seen"
    if brief.watched == "not":
        return "" if brief.act in _UNWATCHED else "; app not watched then"
    return "; no access by the app seen"


_READS = {"thumbnail": "read thumbnails", "data": "read photos or videos"}

_CERTAINTIES = {
    "certain": "; certain (same identifier)",
    "likely": "; likely (matched by time)",
    "shared": "; ambiguous (by time)",
    "chance": "; no better than chance",
    "none": "",
}


def _certainty(brief: Brief) -> str:
    return "" if brief.act in _UNMATCHED else _CERTAINTIES[brief.certainty]


def _watched(brief: Brief) -> str:
    return "; partly watched" if brief.watched == "partly" else ""
