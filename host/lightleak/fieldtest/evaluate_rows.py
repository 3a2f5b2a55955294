"""Answers from the report's entries: what each action made.

Separate because these answers need a report, and those of ``evaluate_device`` do not.
"""

from __future__ import annotations

from lightleak.events import NS_PER_MS, NS_PER_S
from lightleak.fieldtest.answers import Answer, undecided
from lightleak.fieldtest.draft import Draft, StepFindings
from lightleak.fieldtest.report_rows import ReportRows
from lightleak.report import Entry

IDLE_S = (59.9, 75.6)
"""How long an entry stays open after its last access. Source: 25 real exports."""
MOST_LAG_S = 10.0


def identifier(draft: Draft, rows: ReportRows) -> Answer:
    """1: the identifier that the app's accounting logs is in the report."""
    logged = [pair for seen in draft.steps.values() for pair in seen.accounted]
    if not logged:
        return undecided(1, "the app's own accounting was not seen")
    shown = sum(name in rows.identifiers for name, _ in logged)
    figures = {"logged": len(logged), "shown": shown}
    if shown:
        return Answer(
            1, True, f"{shown} of {len(logged)} identifiers are in the report", {"identifier_is_shown": True}, figures
        )
    near = rows.near(at_ns for _, at_ns in logged)
    if not near:
        return Answer(1, None, "the report has no row from that time", figures=figures)
    why = f"none of {len(logged)} identifiers is in the report, which has {len(near)} rows from those times"
    return Answer(1, False, why, {"identifier_is_shown": False}, figures)


def query(draft: Draft, rows: ReportRows) -> Answer:
    """2: a query makes an entry, through the app's own accounting."""
    seen = draft.steps["query"]
    found = rows.near(seen.marks_ns.get("acts", []))
    figures = {"rows": len(found), "accounted": len(seen.accounted)}
    if not found:
        return Answer(2, False, "the query made no entry", {"query_makes_entry": False}, figures)
    if not seen.accounted:
        why = "the query made an entry, but not through the app's own accounting"
        return Answer(2, False, why, {"query_makes_entry": None}, figures)
    return Answer(2, True, "the query was accounted for, and has an entry", {"query_makes_entry": True}, figures)


def registration(draft: Draft, rows: ReportRows) -> Answer:
    """3: registering alone makes an entry, because it opens the library."""
    seen = draft.steps["register"]
    at_ns = seen.marks_ns["acts"][0]
    own = {name for name, _ in seen.accounted}
    found = [entry for entry in rows.near([at_ns]) if entry.identifier.upper() not in own]
    figures = {"rows": len(found), "contact_before": bool(seen.observations.get("contact"))}
    if found:
        opened: dict[str, bool | None] = {"registration_opens": True, "opening_makes_entry": True}
        return Answer(3, True, "registering made an entry that the app itself did not log", opened, figures)
    fresh_ns = at_ns - round(float(seen.observations.get("fresh_ago_s") or 0) * NS_PER_S)
    if figures["contact_before"] or rows.within(fresh_ns - NS_PER_S, at_ns):
        return Answer(3, None, "no entry, but the app had opened its library before", figures=figures)
    later = _opened_by_query(draft.steps.get("query"), rows)
    facts = {"registration_opens": False if later else None, "opening_makes_entry": later or False}
    more = "; the first query did" if later else ""
    return Answer(3, False, f"registering in a fresh process made no entry{more}", facts, figures)


def _opened_by_query(seen: StepFindings | None, rows: ReportRows) -> bool:
    """Return whether the query made a second entry, which the app itself did not log."""
    if seen is None or seen.skipped or not seen.accounted:
        return False
    shown = {name for name, _ in seen.accounted} & rows.identifiers.keys()
    return bool(shown) and len(rows.near(seen.marks_ns.get("acts", []))) > len(shown)


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
    """Return whether one of these moments made an entry, or None when something else may have, and why."""
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


def read(draft: Draft, rows: ReportRows) -> Answer:
    """5: reading makes no entry of its own."""
    seen = draft.steps["read"]
    found = rows.near(seen.marks_ns.get("acts", []))
    figures = {"rows": len(found)}
    if not found:
        why = "an image was read, and no entry made"
        return Answer(5, True, why, {"reads_make_no_entry": True}, figures)
    if seen.queries_ns:
        return Answer(5, None, "an entry, but the app queried by itself", figures=figures)
    return Answer(5, False, "reading one image made an entry", {"reads_make_no_entry": False}, figures)


def idle_timer(draft: Draft, rows: ReportRows) -> Answer:
    """6: an entry ends 60 to 75 s after the last access."""
    seen = draft.steps["query"]
    acts = seen.marks_ns.get("acts", [])
    lengths = [_length_s(entry) for entry in rows.near(acts) if entry.end_ns is not None]
    if not lengths:
        return undecided(6, "the query's entry has no end yet")
    figures = {"length_s": [round(length, 3) for length in lengths]}
    holds = all(IDLE_S[0] <= length <= IDLE_S[1] for length in lengths)
    lengths_text = ", ".join(f"{length:.1f} s" for length in lengths)
    return Answer(6, holds, f"the entry of one query was {lengths_text} long", {"idle_timer_closes": holds}, figures)


def lag(draft: Draft, rows: ReportRows) -> Answer:
    """7: the report stamps at or after the call, by seconds at most."""
    shown = rows.identifiers
    lags_ms = sorted(
        (begin_ns - at_ns) / NS_PER_MS
        for seen in draft.steps.values()
        for name, at_ns in seen.accounted
        if (begin_ns := getattr(shown.get(name), "begin_ns", None)) is not None
    )
    if not lags_ms:
        return undecided(7, "no identifier joins a call and a row")
    least, most = lags_ms[0], lags_ms[-1]
    figures = {"n": len(lags_ms), "least_ms": round(least, 1), "most_ms": round(most, 1)}
    holds = least >= -1 and most <= MOST_LAG_S * 1000
    why = f"{len(lags_ms)} rows are stamped {least:.1f} to {most:.1f} ms after the call (the report writes whole ms)"
    return Answer(7, holds, why, {"stamp_is_later": holds}, figures)


def picker(draft: Draft, rows: ReportRows) -> Answer:
    """9: the picker's rows are marked, and written only when something was chosen."""
    seen = draft.steps["picker"]
    cancelled_ns, chosen_ns = seen.marks_ns["ends"]
    cancelled = len(rows.within(seen.began_ns, cancelled_ns, picked=True))
    chosen = len(rows.within(cancelled_ns, chosen_ns + rows.near_ns, picked=True))
    holds = cancelled == 0 and chosen > 0
    why = f"{cancelled or 'no'} marked rows after cancelling, {chosen or 'none'} after choosing"
    return Answer(9, holds, why, {"picker_marks_choice": holds}, {"cancelled": cancelled, "chosen": chosen})


def extension(draft: Draft, rows: ReportRows) -> Answer:
    """10: an extension's access is reported under its own identifier."""
    seen = draft.steps["extension"]
    until_ns = seen.ended_ns + rows.near_ns
    extensions = [e for e in rows.extensions if e.begin_ns is not None and seen.began_ns <= e.begin_ns < until_ns]
    own = rows.within(seen.began_ns, until_ns)
    figures = {"under_its_own": len(extensions), "under_the_app": len(own)}
    if extensions:
        return Answer(10, True, "the extension has rows of its own", {"extension_has_own_rows": True}, figures)
    if own and not seen.accounted:
        return Answer(10, False, "the rows are the app's", {"extension_has_own_rows": False}, figures)
    return Answer(10, None, "no row that could be the extension's", figures=figures)


def _length_s(entry: Entry) -> float:
    assert entry.begin_ns is not None
    assert entry.end_ns is not None
    return (entry.end_ns - entry.begin_ns) / NS_PER_S
