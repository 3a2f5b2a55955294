"""What a field test found switches the rules that rest on it, and is named in the sentence of every verdict."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from lightleak.comparator.assumptions import ASSUMPTIONS, Assumptions, read_assumptions
from lightleak.errors import CompareError, FileError
from stories import APP, Trace, entry_lines, ident, judge, only

ROOT = Path(__file__).parents[2]
OBSERVER = {"class": "A", "id": "0x1", "image": "App"}


def story(*, accounting: bool = True) -> Trace:
    trace = Trace()
    trace.ready(0, accounting=accounting)
    return trace


def registers(trace: Trace, at_s: float = 10) -> None:
    trace.add(at_s, "observer", action="registered", observer=OBSERVER, type="change")


def notifies(trace: Trace, at_s: float = 10) -> None:
    trace.add(at_s, "notification", observer=OBSERVER, change="0x2", type="change")


def accounts(trace: Trace) -> None:
    trace.access(1, "metadata")
    trace.add(10, "accounting", phase="begin", identifier=ident(1))


def queries(trace: Trace) -> None:
    trace.access(1, "metadata")
    trace.access(10, "metadata")


def reads(trace: Trace) -> None:
    trace.access(1, "metadata")
    trace.access(10, "data")


@pytest.mark.parametrize(
    ("happens", "accounting", "fact", "causes"),
    [
        (registers, True, "registration_opens", ("open", "unexplained")),
        (registers, True, "opening_makes_entry", ("open", "unexplained")),
        (accounts, True, "identifier_is_shown", ("query", "unexplained")),
        (queries, False, "query_makes_entry", ("query", "unexplained")),
        (notifies, True, "delivery_makes_entry", ("notification", "unexplained")),
        (reads, False, "reads_make_no_entry", ("unexplained", "query")),
    ],
)
def test_a_refuted_fact_switches_its_rule(tmp_path, happens, accounting, fact, causes):
    trace = story(accounting=accounting)
    happens(trace)
    trace.add(80, "mark", label="end")
    verdicts = []
    for found in (Assumptions(), Assumptions(**{fact: True}), Assumptions(**{fact: False})):
        (tmp_path / "s.lightleak").unlink(missing_ok=True)
        verdicts.append(only(judge(tmp_path, trace, entry_lines(1, 10.3, 12), facts=found)))
    assert [verdict["cause"] for verdict in verdicts] == [causes[0], *causes]
    number = str(ASSUMPTIONS[fact].number)
    assert f"refuted on a phone, and taken into account: assumption {number}" in verdicts[2]["why"]


@pytest.mark.parametrize(("happens", "cause"), [(queries, "unexplained"), (reads, "query")])
def test_reads_make_entries_where_queries_were_found_to_make_none(tmp_path, happens, cause):
    trace = story(accounting=False)
    happens(trace)
    trace.add(80, "mark", label="end")
    found = Assumptions(query_makes_entry=False, reads_make_no_entry=False)
    assert only(judge(tmp_path, trace, entry_lines(1, 10.3, 12), facts=found))["cause"] == cause


def test_where_identifiers_are_not_shown_queries_are_matched_by_time(tmp_path):
    trace = story()
    accounts(trace)
    trace.access(10, "metadata")
    trace.add(80, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10.3, 12), facts=Assumptions(identifier_is_shown=False)))
    assert (verdict["cause"], verdict["match"]) == ("query", "time")


def test_a_later_contact_is_the_first_where_registering_opens_nothing(tmp_path):
    trace = story()
    registers(trace, 5)
    trace.access(10, "open")
    trace.add(80, "mark", label="end")
    found = Assumptions(registration_opens=False)
    assert only(judge(tmp_path, trace, entry_lines(1, 10.3, 12), facts=found))["cause"] == "open"


@pytest.mark.parametrize(
    ("happens", "accounting", "numbers"),
    [(registers, True, {3, 7}), (accounts, True, {2}), (queries, False, {2, 7}), (notifies, True, {4, 7})],
)
def test_a_sentence_names_what_no_phone_has_confirmed(tmp_path, happens, accounting, numbers):
    trace = story(accounting=accounting)
    happens(trace)
    trace.add(80, "mark", label="end")
    why = only(judge(tmp_path, trace, entry_lines(1, 10.3, 12)))["why"]
    (said,) = re.findall(r"not confirmed on a phone: assumptions? ([\d, and]+)", why)
    assert set(map(int, re.findall(r"\d+", said))) == numbers
    (tmp_path / "s.lightleak").unlink()
    confirmed = Assumptions(**dict.fromkeys(ASSUMPTIONS, True))
    assert "confirmed" not in only(judge(tmp_path, trace, entry_lines(1, 10.3, 12), facts=confirmed))["why"]


@pytest.mark.parametrize(
    ("accounting", "said"), [(True, "assumptions 1, 2, 5 and 7"), (False, "assumptions 2, 5 and 7")]
)
def test_unexplained_rests_on_all_that_would_have_been_seen(tmp_path, accounting, said):
    trace = story(accounting=accounting)
    trace.add(80, "mark", label="end")
    verdict = only(judge(tmp_path, trace, entry_lines(1, 10, 12)))
    assert verdict["cause"] == "unexplained"
    assert said in verdict["why"]


def test_unobserved_claims_nothing_and_so_rests_on_nothing(tmp_path):
    verdict = only(judge(tmp_path, story(), entry_lines(1, 10, 12, app="org.other"), apps=["org.other"]))
    assert verdict["cause"] == "unobserved"
    assert "confirmed" not in verdict["why"]


def test_the_lag_that_was_measured_is_the_bound_unless_the_caller_names_one(tmp_path):
    trace = story()
    notifies(trace)
    trace.add(80, "mark", label="end")
    causes = []
    for options in ({}, {"lag": 3}):
        (tmp_path / "s.lightleak").unlink(missing_ok=True)
        found = judge(tmp_path, trace, entry_lines(1, 15, 16), facts=Assumptions(lag_s=6), **options)
        causes.append((only(found)["cause"], found.lag.value_s))
    assert causes == [("notification", 6), ("unexplained", 3)]


def test_without_an_idle_timer_no_length_means_a_lone_access(tmp_path):
    verdict = only(judge(tmp_path, story(), entry_lines(1, 10, 70.2), facts=Assumptions(idle_timer_closes=False)))
    assert "lone-access" not in verdict["flags"]
    assert "idle timer" not in verdict["why"]


def test_extensions_with_rows_of_their_own_are_no_suspects(tmp_path):
    why = only(judge(tmp_path, story(), entry_lines(1, 10, 70.2), facts=Assumptions(extension_has_own_rows=True)))[
        "why"
    ]
    assert "extension" not in why
    assert "assetsd" in why


def test_facts_of_another_ios_are_warned_of(tmp_path):
    trace = story()
    trace.header["device"]["os_version"] = "17.0"
    found = judge(tmp_path, trace, entry_lines(1, 10, 70.2), facts=Assumptions(os_version="26.1"))
    assert any("iOS 26.1" in notice and "17.0" in notice for notice in found.notices)


def test_the_json_tells_what_was_assumed_and_what_was_found(tmp_path):
    shown = judge(tmp_path, story(), entry_lines(1, 10, 11), facts=Assumptions(query_makes_entry=True)).to_dict()[
        "facts"
    ]
    assert set(shown) == set(ASSUMPTIONS)
    assert (shown["query_makes_entry"]["found"], shown["registration_opens"]["found"]) == (True, None)


@pytest.mark.parametrize(
    "wrong",
    [{"no_such_fact": True}, {"query_makes_entry": "yes"}, {"lag_s": -1}, {"lag_s": True}, {"os_version": 26}],
)
def test_a_fact_that_is_none_is_refused(wrong):
    with pytest.raises(CompareError):
        Assumptions.of(wrong)
    with pytest.raises(FileError, match=r"f\.json"):
        read_assumptions(json.dumps({"facts": wrong}), "f.json")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"facts": 1}', "[" * 100_000, '{"facts": {}} x'])
def test_a_file_without_facts_is_refused(text):
    with pytest.raises(FileError):
        read_assumptions(text, "f.json")


def test_a_facts_file_may_say_other_things_too():
    text = json.dumps(
        {"version": 1, "steps": [], "facts": {"query_makes_entry": True, "lag_s": 1.5, "model": "iPhone"}}
    )
    assert read_assumptions(text, "f") == Assumptions(query_makes_entry=True, lag_s=1.5, model="iPhone")


def test_each_claim_has_its_row_in_the_documents():
    unconfirmed = (ROOT / "docs/unconfirmed.md").read_text()
    rules = (ROOT / "docs/verdicts.md").read_text()
    assert all(f"\n| {claim.number} |" in unconfirmed for claim in ASSUMPTIONS.values())
    assert all(f"`{name}`" in rules for name in ASSUMPTIONS)


def test_a_story_with_another_app_is_judged_by_the_same_facts(tmp_path):
    trace = story()
    notifies(trace)
    trace.add(80, "mark", label="end")
    lines = entry_lines(1, 10.3, 12) + entry_lines(2, 10.3, 12, app="org.other")
    found = judge(tmp_path, trace, lines, apps=[APP, "org.other"], facts=Assumptions(delivery_makes_entry=False))
    assert {verdict["cause"] for verdict in found.verdicts()} == {"unexplained", "unobserved"}
