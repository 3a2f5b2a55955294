"""Name the facts that a verdict rests on and that no phone has confirmed, and those that a field test has refuted."""

from __future__ import annotations

from lightleak.comparator.explain.facts import Assumptions
from lightleak.comparator.rules.rules import (
    IDENTIFIER,
    NOTIFICATION,
    OPEN,
    PICKER,
    QUERY,
    TIME,
    UNEXPLAINED,
    RuleResults,
)
from lightleak.comparator.timeline.app_timeline import AppTimeline
from lightleak.report.entry_columns import LONE_ACCESS

_SWITCHES = ["identifier_is_shown", "query_makes_entry", "registration_opens", "opening_makes_entry"]
"""Facts whose refutation takes a rule away, or, as the next two, gives it more or less to go by."""
_SWITCHES += ["delivery_makes_entry", "reads_make_no_entry"]


def premises(lane: AppTimeline, ruling: RuleResults, entry: int, flags: int, *, blind: bool) -> list[str]:
    """Return clauses for the sentence on one entry.

    flags: those of the report. blind: whether the accounting could not be seen where what made the entry lies.
    """
    facts = lane.facts
    names = _names(lane, ruling, entry, blind=blind)
    if flags & LONE_ACCESS and int(ruling.cause[entry]) != PICKER:
        names.append("idle_timer_closes")
    clauses = []
    if open_numbers := facts.unconfirmed(names):
        clauses.append(f"not confirmed on a phone: {_listed(open_numbers)}")
    if int(ruling.match[entry]) == TIME or int(ruling.cause[entry]) == UNEXPLAINED:
        clauses += _refuted(facts)
    return clauses


def _names(lane: AppTimeline, ruling: RuleResults, entry: int, *, blind: bool) -> list[str]:
    cause, by_identifier = int(ruling.cause[entry]), int(ruling.match[entry]) == IDENTIFIER
    if cause == PICKER:
        return ["picker_marks_choice"]
    if by_identifier:
        return ["query_makes_entry" if cause == QUERY else "opening_makes_entry"]
    by_time = ["stamp_is_later"]
    if cause == OPEN:
        registered = ruling.why.positions(entry)[0] in lane.registrations
        return [*by_time, "opening_makes_entry", *(["registration_opens"] if registered else [])]
    if cause == QUERY:
        return [*by_time, "query_makes_entry"]
    if cause == NOTIFICATION:
        return [*by_time, "delivery_makes_entry"]
    if cause == UNEXPLAINED:
        # That nothing explains it is known only as far as what would have been seen is.
        seen = [] if blind else ["identifier_is_shown"]
        return [*by_time, *seen, "query_makes_entry", "reads_make_no_entry"]
    return []


def _refuted(facts: Assumptions) -> list[str]:
    clauses = []
    if numbers := facts.refuted(_SWITCHES):
        clauses.append(f"refuted on a phone, and judged accordingly: {_listed(numbers)}")
    if facts.stamp_is_later is False:
        clauses.append("the report was found to stamp before the call too, so what is near says less")
    return clauses


def _listed(numbers: list[int]) -> str:
    words = list(map(str, numbers))
    return f"facts {', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else f"fact {words[0]}"
