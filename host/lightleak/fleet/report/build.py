"""The report of a store as plain objects: for each app and value its figures, what was not pooled, and what changed between two.

Separate because it is arithmetic on the groups, and how it is shown is a matter of the views.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

from lightleak.events import TRIGGERS
from lightleak.fleet.needs import is_the_same_everywhere
from lightleak.fleet.query import FleetDatabase
from lightleak.fleet.report.figures import (
    CLAIM_NEEDS,
    CLAIM_PARTS,
    COST_NEEDS,
    FIGURES,
    READ_DEPTHS,
    TRIGGER_NEEDS,
    FleetFigure,
)
from lightleak.fleet.report.groups import By, RunGroup, groups_of, images_of
from lightleak.fleet.report.statistics import holm, rate_interval, rate_ratio, share_interval

VERSION = 1
SIGNIFICANT = 0.05

_FAILED = """
SELECT app, problem, count(*) AS runs FROM runs WHERE status = 'failed' GROUP BY ALL ORDER BY runs DESC, app, problem LIMIT 200
"""


def report_of(database: FleetDatabase, by: By) -> dict[str, Any]:
    """Return the report: contract section 7's rates per covered hour, with exact 95 % intervals."""
    groups = groups_of(database, by)
    cells = [
        _cell(app, value, list(mine)) for (app, value), mine in groupby(groups, key=lambda one: (one.app, one.value))
    ]
    cells.sort(key=lambda cell: (cell["app"] or "", _natural(cell["value"])))
    failed = database.rows(_FAILED)
    failures = [dict(zip(failed.names, row, strict=True)) for row in failed.rows]
    tests = list(_comparisons(cells, by))
    compared = [test for test in tests if "p" in test]
    for test, corrected in zip(compared, holm([test["p"] for test in compared]), strict=True):
        test["p_holm"] = _rounded(corrected)
        test["different"] = corrected < SIGNIFICANT
        test["p"] = _rounded(test["p"])
    return {
        "version": VERSION,
        "by": by,
        "store": database.store.objects.name,
        "runs": sum(group.runs for group in groups),
        "failed": sum(one["runs"] for one in failures),
        "covered_hours": round(sum(group.sums["covered_s"] for group in groups) / 3600, 4),
        "figures": [{"figure": one.name, "per": one.hours, "needs": list(one.needs)} for one in FIGURES],
        "cells": cells,
        "comparisons": compared,
        "not_compared": [test for test in tests if "p" not in test],
        "images": images_of(database),
        "failures": failures,
    }


def _cell(app: str | None, value: str | None, groups: list[RunGroup]) -> dict[str, Any]:
    return {
        "app": app,
        "value": value,
        "runs": sum(group.runs for group in groups),
        "covered_hours": _hours(groups, "covered_s"),
        "background_hours": _hours(groups, "background_s"),
        "figures": {figure.name: _rate(figure, groups) for figure in FIGURES},
        "background": _by_trigger(groups),
        "claim": _claim(groups),
        "cost": _cost(groups),
    }


def pooled(groups: list[RunGroup], needs: tuple[str, ...]) -> tuple[list[RunGroup], dict[str, Any]]:
    """Return the groups that are pooled for some needs, and what is said of it.

    Only runs that saw the same: those that missed least, and of these the longest. The others are left out, with their reasons.
    """
    kinds: dict[frozenset[str], list[RunGroup]] = {}
    for group in groups:
        kinds.setdefault(group.missing(needs), []).append(group)
    chosen = min(kinds, key=lambda missing: (len(missing), -_hours(kinds[missing], "covered_s"), sorted(missing)))
    left_out = [
        {"runs": sum(group.runs for group in rest), "hours": _hours(rest, "covered_s"), "reasons": sorted(missing)}
        for missing, rest in kinds.items()
        if missing != chosen
    ]
    mine = kinds[chosen]
    said = {"runs": sum(group.runs for group in mine), "limits": sorted(chosen), "left_out": left_out}
    return mine, said


def _rate(figure: FleetFigure, groups: list[RunGroup]) -> dict[str, Any]:
    """Return one figure of one cell. A count of 0 of what could not be seen is no 0: then there is no figure."""
    mine, said = pooled(groups, figure.needs)
    hours = _hours(mine, f"{figure.hours}_s")
    count = round(sum(group.sums[figure.name] for group in mine))
    is_measured = hours > 0 and not (said["limits"] and not count)
    interval = rate_interval(count, hours) if is_measured else None
    return {
        "count": count if is_measured else None,
        "hours": hours,
        "rate": _rounded(count / hours) if is_measured else None,
        "low": None if interval is None else _rounded(interval.low),
        # What was not seen can only be more.
        "high": None if interval is None or said["limits"] else _rounded(interval.high),
        "at_least": is_measured and bool(said["limits"]),
        **said,
    }


def _by_trigger(groups: list[RunGroup]) -> dict[str, Any]:
    mine, said = pooled(groups, TRIGGER_NEEDS)
    counts = {
        trigger: {
            depth: round(number)
            for depth in READ_DEPTHS
            if (number := sum(group.sums[f"reads_{trigger}_{depth}"] for group in mine))
        }
        for trigger in TRIGGERS
    }
    some = {trigger: depths for trigger, depths in counts.items() if depths}
    return {"hours": _hours(mine, "background_s"), "background_by_trigger": some, **said}


def _claim(groups: list[RunGroup]) -> dict[str, Any]:
    """Return how far the maker's claim holds, and the share of what is decided that contradicts it."""
    mine, said = pooled(groups, CLAIM_NEEDS)
    parts = {part: round(sum(group.sums[part] for group in mine)) for part in CLAIM_PARTS}
    decided = parts["fits_by_link"] + parts["fits_by_time"] + parts["contradicts"]
    interval = share_interval(parts["contradicts"], decided) if decided else None
    return {
        "claim": "background-only-on-change",
        "entries": parts.pop("claim_entries"),
        **parts,
        "decided": decided,
        "contradicting_share": _rounded(parts["contradicts"] / decided) if decided else None,
        "low": None if interval is None else _rounded(interval.low),
        "high": None if interval is None else _rounded(interval.high),
        **said,
    }


def _cost(groups: list[RunGroup]) -> dict[str, Any]:
    """Return what observers cost per covered hour of the runs in which it was measured; None where in none."""
    mine, said = pooled(groups, COST_NEEDS)
    found: dict[str, Any] = {}
    for name, exposure in (("cpu_ms", "cpu_s"), ("bytes", "bytes_s")):
        hours = sum(group.sums[exposure] for group in mine) / 3600
        found[f"{name}_per_hour"] = _rounded(sum(group.sums[name] for group in mine) / hours) if hours else None
    return {**found, **said}


def _comparisons(cells: list[dict[str, Any]], by: By) -> Iterator[dict[str, Any]]:
    """Yield for each app and figure how one value compares with the one before it; of conditions, with the one watched longest."""
    if by == "app":
        return
    for app, mine in groupby(cells, key=lambda cell: cell["app"]):
        known = [cell for cell in mine if cell["value"] is not None]
        pairs = list(pairwise(known))
        if by == "condition" and known:
            longest = max(known, key=lambda cell: cell["covered_hours"])
            pairs = [(longest, cell) for cell in known if cell is not longest]
        for first, second in pairs:
            for figure in FIGURES:
                between = {"app": app, "figure": figure.name, "from": first["value"], "to": second["value"]}
                yield {**between, **_compared(first["figures"][figure.name], second["figures"][figure.name])}


def _compared(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    if first["limits"] != second["limits"]:
        return {"reason": "the two did not see the same", "limits": [first["limits"], second["limits"]]}
    if not all(map(is_the_same_everywhere, first["limits"])):
        return {"reason": "how much was not seen is not known to be the same in both", "limits": [first["limits"]] * 2}
    if not first["hours"] or not second["hours"]:
        return {"reason": "one of the two was watched for no such time", "limits": [first["limits"], second["limits"]]}
    if first["count"] is None or second["count"] is None:
        return {"reason": "it was not measured in one of the two", "limits": [first["limits"], second["limits"]]}
    if not first["count"] and not second["count"]:
        return {"reason": "there was none in either", "limits": [first["limits"], second["limits"]]}
    found = rate_ratio(first["count"], first["hours"], second["count"], second["hours"])
    return {
        "numbers": [first["count"], second["count"]],
        "ratio": None if found.ratio is None else _rounded(found.ratio),
        "low": _rounded(found.low),
        "high": _rounded(found.high) if math.isfinite(found.high) else None,
        "p": found.p,
    }


def _hours(groups: list[RunGroup], name: str) -> float:
    return round(sum(group.sums[name] for group in groups) / 3600, 4)


def _rounded(number: float) -> float:
    """Round to four significant digits, so that the same store gives the same text everywhere."""
    return float(f"{number:.4g}")


def _natural(value: str | None) -> tuple[Any, ...]:
    """Return a key by which 8.0.9 comes before 8.0.10, and what is not known last."""
    if value is None:
        return (1,)
    return (0, *((0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.split(r"(\d+)", value) if part))
