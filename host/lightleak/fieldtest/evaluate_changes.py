"""Whether telling an app of a change makes an entry, with and without its asking what has changed."""

from __future__ import annotations

from lightleak.events import NS_PER_S
from lightleak.fieldtest.answers import Answer
from lightleak.fieldtest.draft import Draft, StepFindings
from lightleak.fieldtest.report_rows import ReportRows


def changes(draft: Draft, rows: ReportRows) -> Answer:
    """4: neither the delivery nor ``changeDetailsForFetchResult:`` makes an entry."""
    plain, plain_why = _made(draft.steps["delivery"], "deliveries", rows)
    details_step = draft.steps.get("details")
    if details_step is None or details_step.skipped:
        details, details_why = None, f"not asked ({details_step.skipped if details_step else 'no such step'})"
    else:
        details, details_why = _made(details_step, "details", rows)
    holds = None if plain is None else not plain and not details
    if details is None and holds:
        holds = None
    return Answer(
        4,
        holds,
        f"delivery: {plain_why}; changeDetailsForFetchResult: {details_why}",
        {"delivery_makes_entry": plain},
        {"delivery_makes_entry": plain, "details_make_entry": details},
    )


def _made(seen: StepFindings, what: str, rows: ReportRows) -> tuple[bool | None, str]:
    """Return whether one of these moments made an entry; None where something else may have."""
    times = seen.marks_ns.get(what) or []
    if not times:
        return None, "never happened"
    found = rows.near(times)
    came = "1 entry" if len(found) == 1 else f"{len(found)} entries"
    often = "it happened once" if len(times) == 1 else f"it happened {len(times)} times"
    if not found:
        return False, f"{often}, and no entry came"
    if any(at - NS_PER_S <= query_ns < at + rows.near_ns for at in times for query_ns in seen.queries_ns):
        return None, f"{often}, {came} came, but the app queried by itself"
    return True, f"{often}, {came} came, and the app did not query"
