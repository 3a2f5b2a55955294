"""From the findings of the steps and the report to an answer for each claim. Pure.

Separate because it is pure, and a test can give it any findings and reports.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lightleak.fieldtest.answers import Answer, undecided
from lightleak.fieldtest.draft import Draft, StepFindings
from lightleak.fieldtest.evaluate_device import arm64e, asleep, launches, names, store_layout, woken
from lightleak.fieldtest.evaluate_rows import (
    changes,
    extension,
    identifier,
    idle_timer,
    lag,
    picker,
    query,
    read,
    registration,
)
from lightleak.fieldtest.report_rows import ReportRows

_NO_REPORT = "no report was read"

_BY_STEP: Mapping[int, tuple[str, Callable[[StepFindings, Draft], Answer]]] = {
    8: ("look", lambda seen, _: names(seen)),
    11: ("sleep", lambda seen, _: woken(seen)),
    12: ("look", lambda seen, draft: arm64e(seen, draft.phone)),
    14: ("gate", lambda seen, _: launches(seen)),
    15: ("sleep", lambda seen, _: asleep(seen)),
}
"""Claims that need no report: number → the step that shows it, and the function that decides."""

_BY_ROWS: Mapping[int, tuple[str | None, Callable[[Draft, ReportRows], Answer]]] = {
    1: (None, identifier),
    2: ("query", query),
    3: ("register", registration),
    4: ("delivery", changes),
    5: ("read", read),
    6: ("query", idle_timer),
    7: (None, lag),
    9: ("picker", picker),
    10: ("extension", extension),
    13: (None, store_layout),
}
"""Claims that the report decides: number → the step that it needs, and the function that decides."""


def evaluate(draft: Draft, rows: ReportRows | None) -> list[Answer]:
    """Return the answer to every claim, by number. ``rows`` None: there was no report."""
    answers = [_by_step(number, draft) for number in _BY_STEP]
    answers += [_by_rows(number, draft, rows) for number in _BY_ROWS]
    return sorted(answers, key=lambda answer: answer.number)


def _by_step(number: int, draft: Draft) -> Answer:
    step, answer = _BY_STEP[number]
    return _undone(number, step, draft) or answer(draft.steps[step], draft)


def _by_rows(number: int, draft: Draft, rows: ReportRows | None) -> Answer:
    step, answer = _BY_ROWS[number]
    if rows is None:
        return undecided(number, _NO_REPORT)
    return (step and _undone(number, step, draft)) or answer(draft, rows)


def _undone(number: int, step: str, draft: Draft) -> Answer | None:
    seen = draft.steps.get(step)
    if seen is None:
        return undecided(number, f"the step {step} was not done")
    return undecided(number, f"{step}: {seen.skipped}") if seen.skipped else None
