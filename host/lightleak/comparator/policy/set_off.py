"""What set some acts off, and how sure that is: what a rule can break on, and what keeps it from being proven.

Separate because several rules ask the same: reads, entries, and a maker's claim about them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lightleak.arrays import Bools, Bytes, Ints
from lightleak.comparator.policy.question import Question
from lightleak.comparator.policy.reasons import Reason, TriggersByTime, TriggersUnknown, TriggersUnlinked
from lightleak.comparator.timeline.triggers import (
    BY_LINK,
    BY_TIME,
    NO_TRIGGER,
    NONE,
    UNKNOWN,
    find_resumed,
    find_triggers,
)
from lightleak.events import TRIGGERS

_ALL = frozenset(range(len(TRIGGERS)))


def codes(names: Collection[str] | str) -> frozenset[int]:
    """Return the codes of the triggers that a rule names, one or several; empty where it asks for none."""
    return frozenset(map(TRIGGERS.index, [names] if isinstance(names, str) else names))


@dataclass(frozen=True)
class SetOff:
    """What set some acts off; arrays of shape (n,)."""

    question: Question
    kind: Bytes
    by: Bytes
    acts: Ints
    """Positions; −1 where the act was not seen."""
    noun: str
    """What the acts are called in a reason: read or entry."""

    @classmethod
    def of_reads(cls, question: Question, reads: Ints) -> SetOff:
        """Return what set reads off, by position."""
        comparison = question.watched.comparison
        found = find_triggers(comparison.sessions, reads, comparison.lag.value_ns)
        return cls(question, found.kind, found.by, reads, "read")

    @classmethod
    def of_entries(cls, question: Question) -> SetOff:
        """Return what set off the acts of an app's entries, in the order of its results."""
        results = question.watched.result.results
        return cls(question, results.trigger, results.trigger_by, results.act, "entry")

    def is_linked(self, trigger: int) -> Bools:
        """Return which were set off by this kind, by link."""
        return np.asarray((self.kind == trigger) & (self.by == BY_LINK), bool)

    def is_one_of(self, asked: frozenset[int]) -> Bools:
        """Return which were surely set off by one of these kinds; empty: which acts there are, whatever set them off.

        By link, or by nothing where all that could set acts off was watched. What is not known is known to be that.
        """
        if not asked:
            return np.ones(len(self.kind), bool)
        if asked == _ALL:
            return np.asarray(self.kind < len(TRIGGERS), bool)
        sure = (self.by == BY_LINK) | (self.kind == UNKNOWN) | ((self.kind == NONE) & self._vouched)
        return np.asarray(self._named(asked) & sure, bool)

    def perhaps(self, asked: frozenset[int], among: Bools) -> Iterator[tuple[Bools, Reason]]:
        """Yield which others can have been set off by one of these kinds, and why that is not known; each act once."""
        if not asked or asked == _ALL:
            return
        left = among & ~self.is_one_of(asked) & (self.kind < len(TRIGGERS))
        by_time = left & (self.by == BY_TIME) & (self._named(asked) | (NONE in asked))
        unknown = left & (self.kind == UNKNOWN)
        unlinked = left & (self.by != BY_LINK) & ~by_time & ~unknown & ~self._vouched
        if by_time.any():
            yield by_time, TriggersByTime(int(by_time.sum()), self.noun)
        if unknown.any():
            yield unknown, TriggersUnknown(int(unknown.sum()), self.noun)
        if unlinked.any():
            because = tuple(self.question.reasons_unlinked(self.acts[unlinked]))
            yield unlinked, TriggersUnlinked(int(unlinked.sum()), self.noun, because)

    @cached_property
    def resumed_otherwise(self) -> Bools:
        """Return for which acts an older task went on with a value of something other than what set them off.

        Which of the two an act is due to is not known: the link says what made the task, and not for what it waited.
        """
        found = np.zeros(len(self.kind), bool)
        sessions = self.question.watched.comparison.sessions
        if not any(len(loaded.columns.resumed) for loaded in sessions.loaded):
            return found
        acts, which = np.unique(self.acts, return_inverse=True)
        resumed = find_resumed(sessions, acts).kind[which]
        return np.asarray((self.acts >= 0) & (resumed != NO_TRIGGER) & (resumed != self.kind), bool)

    def _named(self, asked: frozenset[int]) -> Bools:
        return np.isin(self.kind, list(asked))

    @property
    def _vouched(self) -> Bools:
        """Which acts would have a link if they had been set off by anything that is watched."""
        return self.question.has_all_links(self.acts)
