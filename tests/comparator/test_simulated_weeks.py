"""Whole weeks with a known truth: how often cause and depth are right, and what must never happen.

``LIGHTLEAK_WEEKS`` sets how many weeks of each kind are lived (default 5).
"""

from __future__ import annotations

import dataclasses
import os

import pytest

from simulator import BY, CAUSES, DEPTHS, READS, STATES, TRIGGERS, Plan, accuracy, score, simulate, table, verdicts

WEEKS = int(os.environ.get("LIGHTLEAK_WEEKS", "5"))


@pytest.mark.parametrize(
    ("accounting", "rough", "wanted"),
    [(True, False, 0.995), (False, False, 0.995), (True, True, 0.97), (False, True, 0.97)],
    ids=["hook", "no hook", "hook, restarts and reboots", "no hook, restarts and reboots"],
)
def test_weeks_are_judged_rightly(capsys, request, accounting, rough, wanted):
    found = score(Plan(seed, accounting, rough) for seed in range(WEEKS))
    with capsys.disabled():
        print(f"\n\n{WEEKS} weeks, {request.node.callspec.id}. Rows: truth; columns: verdict")
        print(table("cause", found.cause, CAUSES))
        print(table("depth", found.depth, DEPTHS))
        print(table("state", found.state, STATES))
        print(table("reads", found.read, (*READS, "neither")))
        print(f"unexplained, but made just before watching began or among lost events: {found.blamed_unseen}")
    assert found.entries > 150 * WEEKS
    assert accuracy(found.cause) >= wanted
    assert accuracy(found.depth) >= wanted
    assert accuracy(found.state) >= wanted
    assert accuracy(found.read) >= wanted
    assert found.blamed_unwatched == 0
    assert found.baseless == 0


@pytest.mark.parametrize(("accounting", "rough"), [(True, False), (False, False), (True, True), (False, True)],
                         ids=["hook", "no hook", "hook, restarts and reboots", "no hook, restarts and reboots"])  # fmt: skip
def test_what_set_the_acts_off_is_judged_rightly(capsys, request, accounting, rough):
    found = score(Plan(seed, accounting, rough, origins=True) for seed in range(WEEKS))
    with capsys.disabled():
        print(f"\n\n{WEEKS} weeks with origins, {request.node.callspec.id}. Rows: truth; columns: verdict")
        print(table("entries", found.trigger, TRIGGERS))
        print(table("entries, by", found.by, BY))
        print(table("acts", found.act_trigger, TRIGGERS))
        print(table("acts, by", found.act_by, BY))
        print(table("with the links", found.linked, TRIGGERS))
        print(f"links to an event that set nothing of it off: {found.false_links}")
    assert found.false_links == 0
    assert accuracy(found.linked) >= 0.99
    assert accuracy(found.act_trigger) >= 0.99
    # Entries are fewer, and more of them are of launches that came before the attachment: there time misleads.
    assert accuracy(found.trigger) >= 0.96
    assert found.trigger.total() > 150 * WEEKS
    assert {truth for truth, _ in found.act_trigger} == set(TRIGGERS)
    assert {truth for truth, _ in found.act_by} == set(BY)


def test_origins_change_nothing_else():
    """Whether and how deep, an entry is judged the same with the origins of its acts as without."""
    plans = [Plan(seed, accounting) for seed in range(2) for accounting in (True, False)]
    without, with_origins = score(plans), score(dataclasses.replace(plan, origins=True) for plan in plans)
    for matrix in ("cause", "read"):
        assert getattr(with_origins, matrix) == getattr(without, matrix)


def test_a_week_has_all_that_weeks_have():
    """The simulator is worth its name only if nothing that it promises is missing."""
    weeks = [simulate(Plan(seed, rough=True)) for seed in range(6)]
    events = [event for week in weeks for event in week.events]
    words = {(event["kind"], str(event.get("phase") or event.get("action") or event.get("status"))) for event in events}
    assert words >= {
        ("process", "suspended"), ("process", "resumed"), ("process", "detached"), ("process", "exited"),
        ("observer", "found"), ("observer", "registered"), ("hook", "skipped"), ("lost", "None"),
        ("accounting", "begin"), ("accounting", "touch"), ("accounting", "end"),
    }  # fmt: skip
    assert {event.get("role") for event in events if event["kind"] == "process"} == {"app", "extension", "assetsd"}
    truths = [truth for week in weeks for truth in week.truths.values()]
    assert {truth.cause for truth in truths} == set(CAUSES)
    assert {truth.depth for truth in truths} == set(DEPTHS)
    assert {truth.state for truth in truths} >= {"active", "background", "mixed", "unknown"}
    assert {bare for week in weeks for bare in week.reads.values()} == {True, False}
    found = [v for week in weeks for v in verdicts(week.header, [week.events], week.report)]
    flags = {flag for verdict in found for flag in verdict["flags"]}
    assert flags >= {
        "partly-observed",
        "lone-access",
        "library-open",
        "twin",
        "finalised",
        "still-open",
        "begin-missing",
    }


def test_nobody_watching_leaves_every_entry_unobserved():
    """Take the recording away: what was explained is then unobserved, and no depth is claimed."""
    week = simulate(Plan(1, days=1.0))
    found = verdicts(week.header, [week.events[:0]], week.report)
    assert {verdict["cause"] for verdict in found} <= {"unobserved", "picker"}
    assert {verdict["depth"] for verdict in found} == {"none"}
