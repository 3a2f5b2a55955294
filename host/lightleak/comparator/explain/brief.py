"""A verdict in one line that a person can quote: what made the entry and set that off, in which state, how far the app went.

No method names, at most ``LONGEST`` characters, and nothing that was not seen. The page has the same words
(``host/page/src/text/briefs.ts``), and Chinese ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal, NamedTuple, cast

import msgspec

from lightleak.comparator.explain import clauses as c
from lightleak.wording import SET_OFF_BY, exact_kind

LONGEST = 140

Act = Literal[
    "picker",
    "picker-unsure",
    "queried",
    "queried-unseen",
    "used",
    "extension-queried",
    "other-queried",
    "continued",
    "opened-by-system",
    "opened-by-other",
    "first-contact",
    "notified",
    "unexplained",
    "unobserved",
    "start-missing",
    "never-watched",
]
BriefDepth = Literal["none", "picked", "notification", "open", "metadata", "thumbnail", "data", "upload"]
BriefTrigger = Literal["change", "touch", "wake", "launch", "activation", "return", "none", "unknown", "no-act"]
TriggerBy = Literal["link", "time", "chance", "unwatched", "none"]
Certainty = Literal["certain", "likely", "shared", "weak", "chance", "none"]
Watched = Literal["whole", "partly", "not"]
Clauses = Mapping[type[c.Clause], c.Clause]


class Brief(msgspec.Struct, frozen=True, gc=False):
    """What a brief says, as data."""

    act: Act
    """What made the entry. ``queried-unseen``: the accounting shows a query that was not seen itself. ``used``: queried or
    read. ``picker-unsure``: perhaps without a choice."""
    depth: BriefDepth
    """``picked``: the app loaded what a person had chosen in a picker, and was not seen to go further than the act itself."""
    state: c.State
    certainty: Certainty
    """By time: ``shared``: near another entry too; ``weak``: a phone stamps entries before the call too; ``chance``: no
    better than chance."""
    trigger: BriefTrigger
    """What set it off. ``return``: an ``activation`` that is the return to the foreground. ``no-act``: the cause is no act
    of a process, or is itself the change notification."""
    trigger_by: TriggerBy
    """``chance``: by time, and no better than chance. ``unwatched``: nothing was seen, and not all was watched that could be."""
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
    act = _act(next(iter(said.values())), said)
    no_further = depth == "none" or (act in _QUERIED and depth not in LONG.requests)
    return Brief(
        act,
        "picked" if no_further and c.PickerLoads in said else cast("BriefDepth", depth),
        cast("c.State", state),
        certainty,
        *_set_off(said),
        _how_watched(said, flags),
    )


def _set_off(said: Clauses) -> tuple[BriefTrigger, TriggerBy]:
    origin = said.get(c.SetOffBy)
    if isinstance(origin, c.SetOffBy):
        by: TriggerBy = "link" if origin.linked else "chance" if c.TriggersByChance in said else "time"
        return cast("BriefTrigger", exact_kind(origin.kind, origin.state)), by
    if c.NothingSetOff in said:
        return "none", "unwatched" if said.keys() & c.NOT_ALL_ORIGINS else "none"
    return ("unknown" if c.TriggerUnknown in said else "no-act"), "none"


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
    before = said.get(c.NotWatchedBefore)
    if isinstance(before, c.NotWatchedBefore) and before.window:
        return "not"
    if c.NotWatchedThen in said or c.NeverWatched in said or c.PartlyWatched in said:
        return "not"
    if c.EventsMayBeMissing in said:
        return "partly"
    not_hooked = said.get(c.NotHooked)
    return "partly" if isinstance(not_hooked, c.NotHooked) and not_hooked.reads else "whole"


def _act(reason: c.Clause, said: Clauses) -> Act:
    if isinstance(reason, c.MatchedByIdentifier):
        if reason.who != "app":
            return "extension-queried" if reason.who == "extension" else "other-queried"
        return "queried-unseen" if said.get(c.TriggerUnknown) == c.TriggerUnknown("act-not-seen") else "queried"
    if isinstance(reason, c.PickerChoice):
        return "picker-unsure" if reason.also_without else "picker"
    if isinstance(reason, c.QueriesNear):
        return "used" if reason.or_reads else "queried"
    return _ACT_OF[reason.__class__]


_ACT_OF: dict[type[c.Clause], Act] = {
    c.ContinuedEntry: "continued",
    c.OpenedBySystem: "opened-by-system",
    c.OpenedByOther: "opened-by-other",
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
    """Return a brief in English, in the longest words with which it has at most ``LONGEST`` characters."""
    said = (_text(words, brief) for words in (LONG, MIDDLE, TERSE, SHORT))
    return next((one for one in said if len(one) <= LONGEST), "")


def _text(words: BriefWords, brief: Brief) -> str:
    parts = (_made_by, _went, _trigger, _certainty, _watched)
    return "".join([part(words, brief) for part in parts]) + "."


class BriefWords(NamedTuple):
    """The words of a brief, in one length."""

    acts: Mapping[Act, str]
    never_fully: str
    """For an app without a start of watching, of which something was seen all the same."""
    state_of_act: Mapping[c.State, str]
    state_of_app: Mapping[c.State, str]
    state_then: Mapping[c.State, str]
    state_of_other: Mapping[c.State, str]
    also_did: str
    app_did: str
    around_then: str
    requests: Mapping[BriefDepth, str]
    """What is seen is the call: whether the app got what it asked for is not said here."""
    no_photo: str
    not_watched: str
    call_not_seen: str
    queried_too: str
    only_queries: str
    queries_then: str
    no_query: str
    no_query_then: str
    no_access: str
    picked: str
    set_off: Mapping[TriggerBy, tuple[str, str]]
    """What is before and after the name of the origin."""
    origins: Mapping[BriefTrigger, str]
    no_origin: str
    no_origin_seen: str
    """Where not all was watched that could have set the act off."""
    unknown_origin: str
    certainties: Mapping[Certainty, str]
    partly: str = "; partly watched"
    otherwise_not: str = "; else unwatched"


_ORIGINS: dict[BriefTrigger, str] = {
    kind: SET_OFF_BY[kind] for kind in ("change", "touch", "wake", "launch", "activation", "return")
}

LONG = BriefWords(
    acts={
        "picker": "The person chose something in the photo picker",
        "picker-unsure": "The photo picker was used, perhaps without a choice",
        "queried": "Queried the photo library",
        "queried-unseen": "Queried the photo library",
        "used": "Used the photo library",
        "extension-queried": "The app's extension queried the library",
        "other-queried": "Queried by a process not known as the app's",
        "continued": "Continued an entry, no query seen between",
        "opened-by-system": "iOS opened the library for the app",
        "opened-by-other": "Another process opened the library for the app",
        "first-contact": "First contact seen with the library",
        "notified": "Was notified of a photo library change",
        "unexplained": "Unexplained: nothing seen accounts for this entry",
        "unobserved": "Cause unknown: the app was not watched just before",
        "start-missing": "Cause unknown: the report lacks the entry's start",
        "never-watched": "Cause unknown: the app was not recorded",
    },
    never_fully="Cause unknown: the app was never fully watched",
    state_of_act={
        "active": " in the foreground",
        "inactive": " while inactive",
        "background": " in the background",
        "mixed": " in mixed/unknown states",
        "unknown": " in an unknown app state",
    },
    state_of_app={
        "active": ", app in the foreground",
        "inactive": ", app inactive",
        "background": ", app in the background",
        "mixed": ", app state mixed/unknown",
        "unknown": ", app state unknown",
    },
    state_then={
        "active": ", in the foreground",
        "inactive": ", inactive",
        "background": ", in the background",
        "mixed": ", state mixed/unknown",
        "unknown": ", its state unknown",
    },
    state_of_other={
        "active": ", state active",
        "inactive": ", state inactive",
        "background": ", state background",
        "mixed": ", state mixed",
        "unknown": ", state unknown",
    },
    also_did=" and ",
    app_did="; the app ",
    around_then="; around then the app ",
    requests={
        "thumbnail": "requested thumbnails",
        "data": "requested photos or video",
        "upload": "asked iOS to upload photos (not through the app)",
    },
    no_photo="; not seen requesting a photo",
    not_watched="; app not watched then",
    call_not_seen="; the call itself was not seen",
    queried_too=" and queried it",
    only_queries="; only queries by the app seen",
    queries_then="; around then only queries by the app seen",
    no_query="; no query or read by the app seen",
    no_query_then="; around then no query or read by the app seen",
    no_access="; no access by the app seen",
    picked="; the app loaded what was chosen",
    set_off={
        "link": ("; set off by ", " (linked)"),
        "time": ("; likely set off by ", ""),
        "chance": ("; perhaps set off by ", " (may be chance)"),
    },
    origins=_ORIGINS,
    no_origin="; nothing that was watched set it off",
    no_origin_seen="; no trigger seen (not all watched)",
    unknown_origin="; what set it off is unknown",
    certainties={
        "certain": "; certain (same identifier)",
        "likely": "; likely (matched by time)",
        "shared": "; ambiguous (by time)",
        "weak": "; possible (by time)",
        "chance": "; no better than chance",
        "none": "",
    },
)

_SHORT_CERTAINTIES: dict[Certainty, str] = {
    "certain": "; match certain",
    "likely": "; match likely",
    "shared": "; match ambiguous",
    "weak": "; match possible",
    "chance": "; match may be chance",
    "none": "",
}
MIDDLE = LONG._replace(certainties=_SHORT_CERTAINTIES)

_SHORT_STATES: dict[c.State, str] = {
    "active": " (foreground)",
    "inactive": " (inactive)",
    "background": " (background)",
    "mixed": " (mixed states)",
    "unknown": " (state unknown)",
}
TERSE = MIDDLE._replace(
    acts={
        **LONG.acts,
        "queried": "Queried the library",
        "queried-unseen": "Queried the library",
        "used": "Used the library",
        "extension-queried": "Its extension queried the library",
        "other-queried": "Another process queried photos",
        "continued": "Continued an entry, no query seen",
        "opened-by-system": "iOS opened the library for it",
        "opened-by-other": "Other process opened the library",
        "first-contact": "First library contact seen",
    },
    state_of_act=_SHORT_STATES,
    state_of_app=_SHORT_STATES,
    state_then=_SHORT_STATES,
    state_of_other=_SHORT_STATES,
    app_did="; app ",
    requests={
        "thumbnail": "requested thumbnails",
        "data": "requested photos/video",
        "upload": "asked iOS to upload (not via the app)",
    },
    call_not_seen="; call not seen",
    only_queries="; only app queries seen",
    no_query="; no app query or read seen",
    no_access="; no app access seen",
    picked="; app loaded the choice",
)
SHORT = TERSE._replace(
    requests={**TERSE.requests, "upload": "asked iOS to upload"},
    set_off={"link": ("; by ", " (linked)"), "time": ("; likely by ", ""), "chance": ("; by chance or ", "")},
    origins={
        **_ORIGINS,
        "change": "a library change",
        "activation": "a state change",
        "return": "its return",
    },
    no_origin="; nothing seen set it off",
    no_origin_seen="; trigger maybe unseen",
    unknown_origin="; trigger unknown",
)
"""Each act in the fewest words; the longest of them has room for every state, depth, origin and certainty."""

_BY_APP = ("queried", "queried-unseen", "used", "notified")
"""Acts of the app itself: what follows has the same subject."""
_QUERIED = ("queried", "queried-unseen", "used")
_BY_OTHERS = ("extension-queried", "other-queried", "continued")
"""Acts whose state may be another process's."""
_UNMATCHED = ("picker", "picker-unsure", "unexplained", "unobserved", "start-missing", "never-watched")
"""Acts that were not matched to any event."""
_NOTHING = ("none", "picked")
"""Depths with no step of the ladder."""
_UNWATCHED = ("unobserved", "start-missing", "never-watched")
"""Acts that say themselves that the state is not known."""


def _made_by(words: BriefWords, brief: Brief) -> str:
    is_seen = brief.act == "never-watched" and brief.depth != "none"
    return words.never_fully if is_seen else words.acts[brief.act]


def _went(words: BriefWords, brief: Brief) -> str:
    """Return state and depth; where nothing was matched, the state is that of what was seen, so it comes last."""
    state, depth = _state(words, brief), _depth(words, brief)
    return depth + state if brief.act in _UNMATCHED and brief.depth not in _NOTHING else state + depth


def _state(words: BriefWords, brief: Brief) -> str:
    if brief.act in _BY_APP:
        return words.state_of_act[brief.state]
    if brief.act in _BY_OTHERS:
        return words.state_of_other[brief.state]
    if brief.act in ("opened-by-system", "opened-by-other"):
        return words.state_then[brief.state]
    if brief.state == "unknown" and (brief.watched == "not" or brief.act in _UNWATCHED):
        return ""
    if brief.act == "start-missing" and brief.depth in _NOTHING:
        return ""  # it would be the state at the report's first line
    if brief.act in _UNMATCHED and brief.depth in words.requests:
        return words.state_of_act[brief.state]
    return words.state_of_app[brief.state]


def _depth(words: BriefWords, brief: Brief) -> str:
    # What was not matched to anything: no act may look like its cause.
    unmatched = brief.act in _UNMATCHED
    if brief.depth == "picked":
        return words.picked
    if brief.depth in words.requests:
        before = words.also_did if brief.act in _BY_APP else words.around_then if unmatched else words.app_did
        return before + words.requests[brief.depth]
    if brief.act in _QUERIED:
        if brief.watched == "not" and brief.depth == "none":
            return words.not_watched
        is_unseen = brief.act == "queried-unseen" and brief.depth != "metadata"
        return words.call_not_seen if is_unseen else words.no_photo
    # Other processes can have done more, so each negative says of whom it is.
    if brief.depth == "metadata":
        if brief.act == "notified":
            return words.queried_too
        return words.queries_then if unmatched else words.only_queries
    if brief.depth in ("open", "notification"):
        return words.no_query_then if unmatched else words.no_query
    if brief.watched == "not":
        return "" if brief.act in _UNWATCHED else words.not_watched
    return words.no_access


def _trigger(words: BriefWords, brief: Brief) -> str:
    if brief.trigger == "no-act":
        return ""
    if brief.trigger in words.origins and brief.trigger_by in words.set_off:
        before, after = words.set_off[brief.trigger_by]
        return f"{before}{words.origins[brief.trigger]}{after}"
    if brief.trigger == "none":
        return words.no_origin_seen if brief.trigger_by == "unwatched" else words.no_origin
    return words.unknown_origin


def _certainty(words: BriefWords, brief: Brief) -> str:
    return "" if brief.act in _UNMATCHED else words.certainties[brief.certainty]


def _watched(words: BriefWords, brief: Brief) -> str:
    if brief.watched == "not" and brief.depth != "none":
        return words.otherwise_not
    return words.partly if brief.watched == "partly" else ""
