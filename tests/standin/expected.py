"""The right verdict on an entry for a comparator that saw everything that was watched, by rules of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .app import App

LADDER = ("notification", "open", "metadata", "thumbnail", "data", "upload")
_JUST_BEFORE_NS = 50_000_000
_AFTER_BEGIN_NS = 1_000_000


def expected_cause(
    entry: dict[str, Any], apps: list[App], assetsds: list[App], truth: dict[str, Any], lag_ns: int
) -> str | None:
    """Return the cause. None: `query` and `unobserved` are both right, as the app was watched only in the entry's middle."""
    begin_ns, end_ns = entry["begin_ns"], entry["end_ns"]
    if entry["why"] == "picker":
        return "picker"
    if entry["why"] == "query":
        watched = next(app.watched for app in apps if app.pid == entry["writer"]["pid"])
        seen_end = entry["ended_by"] == "idle" and end_ns is not None and watched.covers(end_ns)
        if watched.covers(begin_ns) or seen_end:
            return "query"
        return None if watched.touches(begin_ns, end_ns or begin_ns) else "unobserved"
    if any(assetsd.pid == entry["writer"]["pid"] and assetsd.watched.covers(begin_ns) for assetsd in assetsds):
        return "open"
    mine = [app for app in apps if app.identifier == entry["app"]]
    if not any(app.watched.covers(begin_ns - _JUST_BEFORE_NS) for app in mine):
        return "unobserved"
    if entry["why"] == "bind":
        return "open"
    near = _ladder_depths(entry, mine, truth, begin_ns - lag_ns, begin_ns + _AFTER_BEGIN_NS)
    return "notification" if near == {"notification"} else "unexplained"


def expected_trigger(entry: dict[str, Any], truth: dict[str, Any]) -> str | None:
    """Return what set off the query that made an entry; None for an entry that no query made, or that no app accounts for."""
    if entry["cause"] != "query":
        return None
    before = [
        call["trigger"]
        for call in truth["calls"]
        if call["pid"] == entry["writer"]["pid"]
        and call.get("depth") == "metadata"
        and call["wall_ns"] <= entry["begin_ns"] + _AFTER_BEGIN_NS
    ]
    return before[-1] if before else None


def expected_depth(entry: dict[str, Any], apps: list[App], truth: dict[str, Any], lag_ns: int) -> str:
    """Return the depth of what the app did while it was watched and the entry was open."""
    mine = [app for app in apps if app.identifier == entry["app"]]
    end_ns = entry["end_ns"] if entry["end_ns"] is not None else max(call["wall_ns"] for call in truth["calls"])
    depths = _ladder_depths(entry, mine, truth, entry["begin_ns"] - lag_ns, end_ns)
    return max(depths, key=LADDER.index, default="none")


def _ladder_depths(
    entry: dict[str, Any], mine: list[App], truth: dict[str, Any], begin_ns: int, end_ns: int
) -> set[str]:
    """Return the depths of the calls and notifications of the entry's app in a stretch of time while watched."""
    watched = {app.pid: app.watched for app in mine}
    depths = set()
    for event in (*truth["calls"], *truth["notifications"]):
        stretch = watched.get(event["pid"])
        if stretch is None or not begin_ns <= event["wall_ns"] <= end_ns or not stretch.covers(event["wall_ns"]):
            continue
        depths.add(event.get("depth", "notification"))
    return depths & set(LADDER)
