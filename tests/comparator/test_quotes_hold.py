"""Over whole simulated weeks: each figure that may be written is the JSON's, and no sentence comes without its limit.

The figures are counted again here from the JSON's entries and runs, in the plainest way.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from lightleak.comparator import Comparison
from lightleak.comparator.explain import quotes as q
from lightleak.comparator.explain.quotes_english import words
from lightleak.comparator.quotable import Quotes, quotes_of
from simulator import Plan, simulate
from simulator.judging import compared

PIXELS = ("thumbnail", "data", "upload")
SHARE = 0.4321
WEEKS = [
    Plan(seed, accounting, rough, origins=True)
    for seed in range(2)
    for accounting in (True, False)
    for rough in (True, False)
]
"""With and without the report's identifiers, smooth and with kills, losses and reboots."""


@pytest.fixture(scope="module", params=WEEKS, ids=str)
def week(request) -> Comparison:
    one = simulate(request.param)
    return compared(one.header, [one.events], one.report)


def of_apps(week: Comparison) -> list[tuple[Quotes, dict[str, Any], list[dict[str, Any]], int]]:
    """Return each app's quotes, its summary and entries in the JSON, and how many runs the JSON has of it."""
    verdicts, found = week.to_dict(), []
    for result in week.apps:
        mine = [one for one in week.verdicts() if one.app == result.app]
        entries = [one for one in verdicts["entries"] if one["app"] == result.app]
        runs = sum(one["app"] == result.app for one in verdicts["unreported"])
        found.append((quotes_of(week, result, mine, share=SHARE), verdicts["summary"][result.app], entries, runs))
    return found


def of(kind: type[Any], among: list[Any]) -> list[Any]:
    return [one for one in among if isinstance(one, kind)]


def is_night(entry: dict[str, Any]) -> bool:
    """Return whether an entry touches the hours before six. The end of one that was finalised after a restart has no meaning."""
    ends = ("begin",) if "finalised" in entry["flags"] else ("begin", "end")
    return any(entry[key] is not None and int(entry[key][11:13]) < 6 for key in ends)


def test_the_entries_with_reads_are_those_of_the_json(week):
    for (may, may_not), summary, entries, _ in of_apps(week):
        reads = [one for one in entries if one["depth"] in PIXELS]
        counts = Counter((one["depth"], one["state"]) for one in reads)
        nights = Counter((one["depth"], one["state"]) for one in reads if is_night(one))
        written = {(one.depth, one.state): one for one in of(q.EntriesWithReads, may)}
        assert {key: one.count for key, one in written.items()} == {
            key: n for key, n in counts.items() if key[1] in ("background", "active")
        }
        for key, one in written.items():
            assert (one.of, one.night) == (summary["entries"], nights[key])
        (listed,) = of(q.ReportLists, may)
        assert listed.entries == summary["entries"] == len(entries)
        assert [(one.entries, one.reads) for one in of(q.EntryIsRead, may_not)] == (
            [(len(entries), len(reads))] if entries else []
        )


def test_what_set_off_the_reads_adds_up(week):
    for (may, _), _, entries, _ in of_apps(week):
        reads = [
            one
            for one in entries
            if one["depth"] in PIXELS and one["state"] == "background" and one["cause"] != "picker"
        ]
        kinds = Counter(one["trigger"]["kind"] if one["trigger"] else "unknown" for one in reads)
        for one in of(q.SetOffWithReads, may):
            assert one.count == len(reads) == sum(part.count for part in one.set_off)
            written: Counter[str] = Counter()
            for part in one.set_off:
                written[part.kind] += part.count
            assert written == kinds
        assert bool(of(q.SetOffWithReads, may)) == bool(reads)


def test_the_answer_to_the_claim_is_of_the_same_entries_as_the_json_s(week):
    for (may, _), summary, entries, _ in of_apps(week):
        claim = summary["claims"][0]
        states = Counter(one["state"] for one in entries if one["cause"] != "picker")
        for one in of(q.ClaimAnswered, may):
            assert one.entries == claim["entries"]
            assert one.elsewhere == states["mixed"] + states["unknown"]
            if one.answer in ("holds", "likely"):
                assert claim["contradicts"] == claim["undecided"] == 0
            if one.answer == "holds":
                assert claim["fits_by_time"] == 0


def test_matches_and_runs_are_those_of_the_json_and_their_limits_are_beside_them(week):
    for (may, may_not), _, entries, runs in of_apps(week):
        matches = Counter(one["match"] for one in entries)
        assert [(one.identifier, one.time) for one in of(q.Matched, may)] == (
            [(matches["identifier"], matches["time"])] if matches["identifier"] or matches["time"] else []
        )
        assert [one.count for one in of(q.CertainByTime, may_not)] == ([matches["time"]] if matches["time"] else [])
        assert sum(one.runs for one in may if isinstance(one, q.RunsExpected | q.RunsWithQueries)) == runs
        assert [one.runs for one in of(q.ReportHides, may_not)] == ([runs] if runs else [])
        causes = Counter(one["cause"] for one in entries)
        unsure = (causes["unobserved"], causes["unexplained"])
        assert [(one.unobserved, one.unexplained) for one in of(q.CausesKnown, may_not)] == (
            [unsure] if any(unsure) else []
        )


def test_no_figure_of_time_is_quoted_without_the_share_that_was_watched(week):
    limited = (q.EntriesWithReads, q.NoReadInBackground, q.ReportLists, q.ClaimAnswered)
    for (may, may_not), _, _, _ in of_apps(week):
        for one in may:
            if isinstance(one, limited):
                assert "watched during 43.2% of" in words(one), words(one)
        assert of(q.OnlyThese, may_not)
        assert of(q.PhotoSent, may_not)
        assert of(q.PhoneConfirmed, may_not)


def test_the_words_have_no_number_that_the_data_has_not(week):
    for (may, may_not), _, _, _ in of_apps(week):
        for one in (*may, *may_not):
            if isinstance(one, q.ReportLists | q.ReadsInBackground):
                continue  # Dates.
            said = re.sub(r"midnight and 6:00|\d+(\.\d+)?%|p = [\d.]+", "", words(one)).replace(
                getattr(one, "app", "\0"), ""
            )
            numbers = {int(number.replace(",", "")) for number in re.findall(r"\d[\d,]*", said)}
            assert numbers <= _figures(one), words(one)


def _figures(quote: Any) -> set[int]:
    """Return every whole number among a quote's data, and 1, which is a word."""
    values = [getattr(quote, name) for name in quote.__struct_fields__]
    values += [part.count for part in getattr(quote, "set_off", ())]
    return {1} | {int(value) for value in values if isinstance(value, int | float) and not isinstance(value, bool)}
