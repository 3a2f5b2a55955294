"""A verdict in one line that a person can quote: what made the entry, in which state, how far the app went, how sure that is.

No method names, at most ``LONGEST`` characters, and nothing that was not seen. The page has the same words
(``host/page/src/text/briefs.ts``), and Chinese ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
Certainty = Literal["certain", "likely", "shared", "weak", "chance", "none"]
Watched = Literal["whole", "partly", "not"]
Clauses = Mapping[type[c.Clause], c.Clause]


class Brief(msgspec.Struct, frozen=True, gc=False):
    """What a brief says, as data."""

    act: Act
    """What made the entry. ``used``: queried or read. ``picker-unsure``: perhaps without a choice."""
    depth: BriefDepth
    state: c.State
    certainty: Certainty
    """By time: ``shared``: near another entry too; ``weak``: a phone stamps entries before the call too; ``chance``: no
    better than chance."""
    watched: Watched
    """How much was watched of the time in which the depth was looked for. ``partly``: or some deeper reads were not hooked."""


def brief_of(*, depth: str, match: str, state: str, flags: Iterable[str], clauses: Iterable[c.Clause]) -> Brief:
    """Return the brief of a verdict."""
    said = {clause.__class__: clause for clause in clauses}
    certainty: Certainty = "none"
    if match == "identifier":
        certainty = "certain"
    elif match == "time":
        certainty = _by_time(said, flags)
    reason = next(iter(said.values()))
    return Brief(_act(reason), cast("BriefDepth", depth), cast("c.State", state), certainty, _how_watched(said, flags))


def _by_time(said: Clauses, flags: Iterable[str]) -> Certainty:
    if c.ChanceNoBetter in said:
        return "chance"
    if "ambiguous" in flags:
        return "shared"
    return "weak" if c.StampsBeforeCall in said else "likely"


def _how_watched(said: Clauses, flags: Iterable[str]) -> Watched:
    if "partly-observed" in flags:
        return "partly"
    # What is deep was seen, although no time was covered: PartlyWatched without the flag.
    if c.NotWatchedThen in said or c.NeverWatched in said or c.PartlyWatched in said:
        return "not"
    not_hooked = said.get(c.NotHooked)
    return "partly" if isinstance(not_hooked, c.NotHooked) and not_hooked.reads else "whole"


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
    return f"{_made_by(brief)}{_went(brief)}{_certainty(brief)}{_watched(brief)}."


def _made_by(brief: Brief) -> str:
    # An app without a start of watching, of which something was seen all the same.
    is_seen = brief.act == "never-watched" and brief.depth != "none"
    return "Cause unknown: the app was never fully watched" if is_seen else ACTS[brief.act]


def _went(brief: Brief) -> str:
    """Return state and depth; where nothing was matched, the state is that of what was seen, so it comes last."""
    if brief.act in _UNMATCHED and brief.depth != "none":
        return f"{_depth(brief)}{_state(brief)}"
    return f"{_state(brief)}{_depth(brief)}"


ACTS: dict[Act, str] = {
    "picker": "The person chose something in the photo picker",
    "picker-unsure": "The photo picker was used, perhaps without a choice",
    "queried": "Queried the photo library",
    "used": "Used the photo library",
    "extension-queried": "The app's extension queried the library",
    "other-queried": "Queried by a process not known as the app's",
    "continued": "Continued an entry, no query seen between",
    "opened-by-system": "iOS opened the library for the app",
    "first-contact": "First contact seen with the library",
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
    "mixed": " in mixed/unknown states",
    "unknown": " in an unknown app state",
}
_STATES_OF_APP = {
    "active": ", app in the foreground",
    "inactive": ", app inactive",
    "background": ", app in the background",
    "mixed": ", app state mixed/unknown",
    "unknown": ", app state unknown",
}
_STATES_THEN = {
    "active": ", in the foreground",
    "inactive": ", inactive",
    "background": ", in the background",
    "mixed": ", state mixed/unknown",
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
    if brief.act == "start-missing" and brief.depth == "none":
        return ""  # it would be the state at the report's first line
    if brief.act in _UNMATCHED and brief.depth in _REQUESTS:
        return _STATES_OF_ACT[brief.state]
    return _STATES_OF_APP[brief.state]


def _depth(brief: Brief) -> str:
    if brief.act in _BY_APP and brief.depth in _REQUESTS:
        return f" and {_REQUESTS[brief.depth]}"
    if brief.act in ("queried", "used"):
        if brief.depth == "metadata":
            return "; not seen requesting a photo"
        unwatched = brief.watched == "not" and brief.depth == "none"
        return "; app not watched then" if unwatched else "; the call itself was not seen"
    # What was not matched to anything: no act may look like its cause.
    when = "around then " if brief.act in _UNMATCHED else ""
    if brief.depth in _REQUESTS:
        return f"; {when}the app {_REQUESTS[brief.depth]}"
    # Other processes can have done more, so each negative says of whom it is.
    if brief.depth == "metadata":
        return " and queried it" if brief.act == "notified" else f"; {when}only queries by the app seen"
    if brief.depth in ("open", "notification"):
        return f"; {when}no query or read by the app seen"
    if brief.watched == "not":
        return "" if brief.act in _UNWATCHED else "; app not watched then"
    return "; no access by the app seen"


_REQUESTS = {"thumbnail": "requested thumbnails", "data": "requested photos or video"}
"""What is seen is the call: whether the app got what it asked for is not said here."""

_CERTAINTIES = {
    "certain": "; certain (same identifier)",
    "likely": "; likely (matched by time)",
    "shared": "; ambiguous (by time)",
    "weak": "; possible (by time)",
    "chance": "; no better than chance",
    "none": "",
}


def _certainty(brief: Brief) -> str:
    return "" if brief.act in _UNMATCHED else _CERTAINTIES[brief.certainty]


def _watched(brief: Brief) -> str:
    if brief.watched == "not" and brief.depth != "none":
        return "; else unwatched"
    return "; partly watched" if brief.watched == "partly" else ""
