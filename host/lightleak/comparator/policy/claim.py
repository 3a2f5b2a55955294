"""The rule ``claim``: whether what an app's maker says of its entries in the background is so.

Separate because it weighs entries in its own way: which fit, which contradict, and how sure each of these is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from lightleak.arrays import Bools
from lightleak.comparator.policy.coverage import PolicyCoverage
from lightleak.comparator.policy.decision import ClaimCount, Sighting, Violation
from lightleak.comparator.policy.question import Question
from lightleak.comparator.policy.reasons import (
    EntriesCameUnwatched,
    EntriesInUnclearStates,
    EntriesMatchedByTime,
    EntriesReadOtherwise,
    EntriesResumed,
    EntriesUndecided,
    NoEntryInBackground,
    ReadsUnderNoEntry,
    Reason,
)
from lightleak.comparator.policy.schema import MakersClaim
from lightleak.comparator.policy.set_off import SetOff, codes
from lightleak.comparator.rules.rules import BACKGROUND, IDENTIFIER, OPEN, PICKER, TIME, UNEXPLAINED, UNOBSERVED
from lightleak.comparator.timeline.triggers import BY_LINK, CHANGE
from lightleak.events import DEPTHS, STATES, TRIGGERS

_OTHERS = codes([kind for kind in TRIGGERS if kind not in ("change", "unknown")])
"""What contradicts the claim that a change set an entry off."""

_BACKGROUND_CODES = [STATES.index("background"), STATES.index("unknown")]
_PERHAPS_BACKGROUND = BACKGROUND | 1 << STATES.index("unknown")


def see_claim(rule: MakersClaim, question: Question) -> Sighting:
    """Break where an entry in the background was surely not set off by a change, or went deeper than ``deepest``.

    What is likely only, by time, breaks nothing and proves nothing.
    """
    watched, set_off = question.watched, SetOff.of_entries(question)
    results = watched.result.results
    reads = (results.cause != PICKER) & (results.cause != OPEN)
    background = results.state_bits == BACKGROUND
    known_act = results.match == IDENTIFIER
    # A task that waited for changes can have been made at the launch, and the other way round.
    resumed = set_off.resumed_otherwise
    fits = reads & set_off.is_linked(CHANGE) & known_act & ~resumed
    # By time, too: what went too deep was set off by a change and breaks the claim, or was not and contradicts it.
    too_deep = reads & background & known_act & (set_off.kind == CHANGE) & (results.depth > _step(rule))
    contradicts = reads & background & known_act & set_off.is_one_of(_OTHERS) & ~resumed
    figures = _count(watched, background, fits & ~too_deep)
    if (wrong := contradicts | too_deep).any():
        kinds = np.bincount(results.trigger[contradicts], minlength=len(TRIGGERS)).tolist()
        figures = replace(
            figures,
            contradicts=tuple((kind, count) for kind, count in zip(TRIGGERS, kinds, strict=False) if count),
            too_deep=int(too_deep.sum()),
            first_why=watched.result.explainer.why(int(np.flatnonzero(wrong)[0])),
        )
        acts = results.act[wrong & (results.act >= 0)]
        return Sighting(figures, Violation(figures, events=acts, rows=results.rows[wrong]))
    perhaps = [(which, reason) for which, reason in _perhaps(watched, set_off, reads, background, fits) if which.any()]
    doubts: list[Reason] = [*(reason for _, reason in perhaps), *_under_no_entry(watched)]
    if figures.entries == figures.opens:
        doubts.append(NoEntryInBackground(figures.opens))
    unclear = np.logical_or.reduce([np.zeros(len(reads), bool), *(which for which, _ in perhaps)])
    return Sighting(figures, None, doubts, rows=results.rows[unclear])


def _step(rule: MakersClaim) -> int:
    return DEPTHS.index(rule.deepest or DEPTHS[-1])


def _count(watched: PolicyCoverage, background: Bools, fits: Bools) -> ClaimCount:
    results, fitting = watched.result.results, fits & background
    return ClaimCount(
        entries=int((background & (results.cause != PICKER)).sum()),
        fits=int(fitting.sum()),
        opens=int((background & (results.cause == OPEN)).sum()),
        deepest=DEPTHS[int(results.depth[fitting].max(initial=0))],
    )


def _under_no_entry(watched: PolicyCoverage) -> Iterator[Reason]:
    """Yield that the app read in the background without an entry, and not surely because of a change."""
    result, states = watched.result, watched.comparison.sessions.state
    linked = (result.run_triggers.kind == CHANGE) & (result.run_triggers.by == BY_LINK)
    perhaps = [bool(np.isin(states[run.positions], _BACKGROUND_CODES).any()) for run in result.runs]
    if runs := int((np.array(perhaps, bool) & ~linked).sum()):
        yield ReadsUnderNoEntry(runs)


def _perhaps(
    watched: PolicyCoverage, set_off: SetOff, reads: Bools, background: Bools, fits: Bools
) -> Iterator[tuple[Bools, Reason]]:
    """Yield the entries that could contradict the claim, and why that is not known."""
    results = watched.result.results
    unwatched, unexplained = results.cause == UNOBSERVED, background & (results.cause == UNEXPLAINED)
    yield unwatched, EntriesCameUnwatched(int(unwatched.sum()))
    yield unexplained, EntriesUndecided(int(unexplained.sum()))
    by_time = reads & background & (results.match == TIME)
    yield by_time, EntriesMatchedByTime(int(by_time.sum()))
    resumed = reads & background & ~by_time & set_off.resumed_otherwise
    yield resumed, EntriesResumed(int(resumed.sum()))
    yield from set_off.perhaps(_OTHERS | codes("change"), reads & background & ~by_time & ~fits & ~resumed)
    # An entry takes in all that the app does within a minute of its last access, whatever sets it off.
    otherwise = np.delete(results.trigger_counts, CHANGE, axis=1).sum(axis=1) > 0
    also = background & otherwise & (fits | (results.cause == OPEN))
    yield also, EntriesReadOtherwise(int(also.sum()))
    unclear = reads & ~background & ~fits & ~unwatched & ((results.state_bits & _PERHAPS_BACKGROUND) != 0)
    yield unclear, EntriesInUnclearStates(int(unclear.sum()))
