"""Answers that the phone gives without its report.

Separate because these answers need no report, and those of ``evaluate_rows`` do.
"""

from __future__ import annotations

from typing import Any

import msgspec

from lightleak.device.helpers.answers import Shape
from lightleak.events import NS_PER_S
from lightleak.fieldtest.answers import Answer, undecided
from lightleak.fieldtest.draft import Draft, Phone, StepFindings
from lightleak.fieldtest.private_classes import missing, observer_table
from lightleak.fieldtest.report_rows import ReportRows
from lightleak.wording import times

_BEAT_NS = 2 * NS_PER_S
"""Waking is noticed with the next sign of life."""


def names(seen: StepFindings) -> Answer:
    """8: the private names exist, and the table of observers is a known one."""
    shapes = msgspec.convert(seen.observations["shapes"], dict[str, Shape | None])
    absent, table = missing(shapes), observer_table(shapes)
    members = f"missing: {', '.join(absent)}" if absent else "all classes, methods and ivars exist"
    storage = f"observers are stored as in {table}" if table else "observers are stored in an unknown place"
    return Answer(
        8, not absent and table is not None, f"{members}; {storage}", figures={"missing": absent, "table": table}
    )


def arm64e(seen: StepFindings, phone: Phone) -> Answer:
    """12: functions can be hooked, and C can be compiled."""
    hook, compiler = seen.observations.get("hook"), seen.observations.get("compiler")
    figures: dict[str, Any] = {"hook": hook, "compiler": compiler}
    if phone.platform != "darwin" or phone.arch != "arm64":
        works = "hooks and compiler work" if hook is None and compiler is None else "hooks or compiler fail"
        return Answer(12, None, f"{works}, but this is {phone.platform} on {phone.arch}", figures=figures)
    if hook is None and compiler is None:
        return Answer(12, True, "a system function was hooked, and C was compiled", figures=figures)
    return Answer(12, False, "; ".join(filter(None, (hook, compiler))), figures=figures)


def launches(seen: StepFindings) -> Answer:
    """14: the device reports launches."""
    count, ended = int(seen.observations.get("launches", 0)), bool(seen.observations.get("ended"))
    end = ", and it stopped holding them by itself" if ended else ""
    return Answer(
        14,
        count > 0,
        f"the device reported {count or 'no'} launch{'es' * (count != 1)}{end}",
        figures={"launches": count},
    )


def asleep(seen: StepFindings) -> Answer:
    """15: the recorder noticed that the app slept, and that it woke."""
    slept = len(seen.marks_ns.get("suspended", []))
    if not slept:
        return Answer(15, False, "the phone was locked, and the recorder saw no suspension")
    spans = _spans(seen)
    figures = {"suspended_s": [round((to_ns - from_ns) / NS_PER_S, 1) for from_ns, to_ns in spans]}
    if not spans:
        return Answer(15, False, "the app was seen asleep, and never awake again", figures=figures)
    return Answer(15, True, f"the app was seen asleep {times(slept, twice=True)}, and awake again", figures=figures)


def woken(seen: StepFindings) -> Answer:
    """11: a change while the app slept was delivered when the app ran again, not before."""
    spans, deliveries = _spans(seen), seen.marks_ns.get("deliveries", [])
    if not spans:
        return undecided(11, "no suspension was seen")
    inside = [at for at in deliveries for from_ns, to_ns in spans if from_ns < at < to_ns - _BEAT_NS]
    after = [at for at in deliveries for _, to_ns in spans if at >= to_ns - _BEAT_NS]
    figures = {"asleep": len(inside), "awake": len(after)}
    if inside:
        return Answer(11, False, f"{len(inside)} changes were delivered while the app was seen asleep", figures=figures)
    if not after:
        return Answer(11, None, "no change was delivered after the app had woken", figures=figures)
    return Answer(11, True, "the change was delivered when the app ran again", figures=figures)


def store_layout(_draft: Draft, rows: ReportRows) -> Answer:
    """13: the on-device store can be read."""
    if not rows.store:
        return undecided(13, "an export was read, not the on-device store")
    figures = {"entries": len(rows.entries), "problems": rows.problems}
    if rows.problems or not rows.entries:
        return Answer(
            13, False, f"{rows.problems} records could not be read, {len(rows.entries)} entries", figures=figures
        )
    return Answer(
        13, True, f"all records were read, {len(rows.entries)} entries of the app among them", figures=figures
    )


def _spans(seen: StepFindings) -> list[tuple[int, int]]:
    spans = []
    for from_ns in seen.marks_ns.get("suspended", []):
        ends = [to_ns for to_ns in seen.marks_ns.get("resumed", []) if to_ns >= from_ns]
        if ends:
            spans.append((from_ns, min(ends)))
    return spans
