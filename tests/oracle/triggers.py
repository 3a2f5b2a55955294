"""What set an act off, in the words of section 4: "``trigger`` answers *what set it off?*"."""

from __future__ import annotations

from typing import NamedTuple

from oracle.recording import ORIGINS, Event, Seen, Segment


class Trigger(NamedTuple):
    """What set an act off, how that is known, and by which origin."""

    kind: str
    by: str
    origin: Seen | None = None
    delay_ms: float | None = None
    what: str | None = None


UNKNOWN = Trigger("unknown", "none")
NOTHING = Trigger("none", "none")


def trigger_of(act: Seen, lag: int) -> Trigger:
    """Return the trigger of an act E, by the contract's rules 1 to 3."""
    segment, event = act
    if event["kind"] == "notification":  # 1. "E is itself a notification: change, by time"
        return Trigger("change", "time", act, 0.0, _what(event))
    if event.get("cause_lost"):
        return UNKNOWN  # it had an origin, and the origin's event was lost
    if event.get("cause") is not None:
        return _by_link(act)
    return _by_time(segment, event, lag)


def _by_link(act: Seen) -> Trigger:
    """2. "E's ``cause`` names an origin of its segment"."""
    segment, event = act
    named = [
        other
        for other in segment.seen()
        if other["seq"] == event["cause"] and other["kind"] in ORIGINS and other["seq"] < event["seq"]
    ]
    if not named:
        # The contract does not say what a cause is that names no origin before its act (issue 12: "the verdict says
        # unknown, never crashes, never guesses").
        return UNKNOWN
    return _of(segment, event, named[0], "link")


def _by_time(segment: Segment, event: Event, lag: int) -> Trigger:
    """3. "Otherwise the latest origin of E's segment within the lag before E … gives the kind, by ``time``"."""
    before = [
        origin
        for origin in segment.seen()
        if origin["seq"] < event["seq"] and _counts_by_time(origin) and segment.awake_between(origin, event) <= lag
    ]
    latest = before[-1] if before else None
    for last_seen, seen_again in segment.losses:
        if seen_again["seq"] > event["seq"]:
            continue  # what was lost was lost after E
        if latest is None:
            lost_since = segment.awake_between(seen_again, event) <= lag  # as near as an origin may be
        else:
            lost_since = last_seen["seq"] >= latest["seq"]
        if lost_since:
            return UNKNOWN  # "Where events were lost between that time and E"
    return NOTHING if latest is None else _of(segment, event, latest, "time")


def _counts_by_time(origin: Event) -> bool:
    """Return whether it is an origin: "of ``state`` events those with a reason or with value active"."""
    if origin["kind"] != "state":
        return origin["kind"] in ORIGINS
    if origin.get("changed") is False:
        return False  # the state was only read: nothing happened then
    return origin.get("reason") is not None or origin.get("value") == "active"


def _of(segment: Segment, event: Event, origin: Event, by: str) -> Trigger:
    """Return the trigger that an origin gives, with ``delay_ms`` "E minus the origin by ``mono_ns``"."""
    delay_ms = (event["mono_ns"] - origin["mono_ns"]) / 1e6
    return Trigger(_kind(segment, origin), by, Seen(segment, origin), delay_ms, _what(origin))


def _kind(segment: Segment, origin: Event) -> str:
    if origin["kind"] == "notification":
        return "change"
    if origin["kind"] == "input":
        return "touch"
    reason = origin.get("reason")
    if reason not in {None, "launch"}:
        return "wake"
    if reason == "launch" or (segment.started_here() and segment.of_kind("state")[0] is origin):
        return "launch"
    return "activation"


def _what(origin: Event) -> str | None:
    """Return "the observer's class, the wake's reason, or null"."""
    if origin["kind"] == "notification":
        return (origin.get("observer") or {}).get("class")
    if origin["kind"] == "state" and origin.get("reason") != "launch":
        return origin.get("reason")
    return None
