"""Say what limits a verdict: what was not watched, what could not be hooked, and what its length means."""

from __future__ import annotations

from lightleak.comparator.explain.why_subject import ExplainContext
from lightleak.comparator.explain.words import span_of
from lightleak.comparator.rules.rules import IDENTIFIER, PICKER, TIME, UNEXPLAINED, UNOBSERVED, RuleResults
from lightleak.comparator.timeline.visibility import Visibility
from lightleak.report.entry_columns import LONE_ACCESS

_NAMED = 3
"""How many missing probes a sentence names before it only counts them."""


def limit_clauses(about: ExplainContext, entry: int) -> list[str]:
    """Return clauses for the sentence on one entry."""
    ruling, sight, chance = about.ruling, about.sight, about.chance
    cause, match = int(ruling.cause[entry]), int(ruling.match[entry])
    limits = []
    if ruling.partly[entry]:
        limits.append(_share(int(sight.watched_ns[entry]), int(sight.whole_ns[entry])))
    if (match == TIME or cause == UNEXPLAINED) and sight.unseen_before_ns[entry] > 0:
        limits.append(
            f"of the {span_of(int(sight.before_ns[entry]))} before the begin {span_of(int(sight.unseen_before_ns[entry]))} "
            "were not watched, so what made the entry may have been missed"
        )
    if cause != PICKER and about.flags(entry) & LONE_ACCESS and about.lane.facts.idle_timer_closes is not False:
        limits.append(
            "its length is that of Apple's idle timer after one access or a short burst, and tells nothing of reads"
        )
    if match == TIME and chance and chance.is_no_better:
        limits.append(f"this app's matches by time are no better than chance (p = {chance.p:.2f})")
    if ruling.touched[entry] and (missing := _missing(ruling, sight, entry)):
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        limits.append(f"could not be hooked, so not excluded: {', '.join(missing[:_NAMED])}{more}")
    others = [other.name for other in sight.others if not other.watched[entry]]
    if others and cause != PICKER and match != IDENTIFIER:
        limits.append(f"not watched: {' and '.join(others)}")
    return limits


def _share(watched_ns: int, whole_ns: int) -> str:
    share = min(99, round(100 * watched_ns / whole_ns))
    return f"only {share} % of that time was watched" if share else "less than 1 % of that time was watched"


def _missing(ruling: RuleResults, sight: Visibility, entry: int) -> tuple[str, ...]:
    """Name the probes whose absence leaves something open: where the cause is sure, those that see deeper reads."""
    is_sure = int(ruling.match[entry]) == IDENTIFIER or int(ruling.cause[entry]) in (PICKER, UNOBSERVED)
    return sight.missing_deeper[int(ruling.depth[entry])] if is_sure else sight.missing
