"""The list of what only a phone can confirm is one list: in the code, in the docs, and in the comparator's facts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lightleak.comparator.assumptions import ASSUMPTIONS as FACTS
from lightleak.defaults import FIELD_STEPS
from lightleak.fieldtest.claims import CLAIMS, markdown_list, markdown_table
from lightleak.fieldtest.draft import Draft
from lightleak.fieldtest.evaluate import evaluate
from lightleak.fieldtest.step_actions import ACTIONS
from lightleak.fieldtest.steps import STEPS

DOCS = Path(__file__).parents[2] / "docs" / "unconfirmed.md"


def test_the_docs_show_the_table_as_it_is() -> None:
    """A row that is not in ``lightleak.fieldtest.claims`` is asked of no phone; a claim that is not shown is kept from readers."""
    rows = [line for line in DOCS.read_text().splitlines(keepends=True) if line.startswith("|")]

    assert "".join(rows) == markdown_table(), (
        f"put the claims into the code, and this into {DOCS}:\n\n{markdown_table()}"
    )


def test_the_docs_say_what_arm64_itself_no_longer_leaves_open() -> None:
    assert markdown_list() in DOCS.read_text(), f"put this into {DOCS}:\n\n{markdown_list()}"
    assert "* **16**: " in markdown_list()
    assert "* **20**: " in markdown_list()


def test_every_claim_is_numbered_and_asked() -> None:
    assert [claim.number for claim in CLAIMS] == list(range(1, len(CLAIMS) + 1))
    assert [answer.number for answer in evaluate(Draft(), None)] == [claim.number for claim in CLAIMS if claim.asked]


@pytest.mark.parametrize(("page", "text", "word"), [
    ("verdicts.md", r"name the same UUID \(assumption (.+?)\)", "UUID"),
    ("verdicts.md", r"writes no entry \(assumption (.+?)\)", "pixels"),
    ("verdicts.md", r"send later, or under another name \(assumption (.+?)\)", "contacts"),
    ("without-a-phone.md", r"private classes, ivars and tables of a version \((.+?)\)", "observer"),
    ("without-a-phone.md", r"hooks and the C lane on arm64e \((.+?)\)", "arm64"),
    ("without-a-phone.md", r"uploads by the system \((.+?)\)", "upload"),
])  # fmt: skip
def test_pages_that_name_a_claim_by_its_number_name_the_right_one(page: str, text: str, word: str) -> None:
    """Numbers were given out on several branches, and two pages kept those of a claim that had moved."""
    (numbers,) = re.findall(text, (DOCS.parent / page).read_text())
    for number in map(int, numbers.split(", ")):
        claim = CLAIMS[number - 1]
        assert word in f"{claim.claim} {claim.matters} {claim.how}", claim


def test_without_steps_and_report_nothing_is_decided_and_each_says_why() -> None:
    assert all(answer.holds is None and answer.why for answer in evaluate(Draft(), None))


def test_claims_and_the_comparator_s_facts_name_each_other() -> None:
    named = {fact: claim.number for claim in CLAIMS for fact in claim.facts}

    assert named == {fact: claim.number for fact, claim in FACTS.items()}


def test_every_step_is_done_by_somebody() -> None:
    assert {step.name for step in STEPS} == {*ACTIONS, "fresh", "report"}


def test_the_command_offers_to_skip_each_step() -> None:
    assert set(FIELD_STEPS) == set(ACTIONS) - {"look"}
