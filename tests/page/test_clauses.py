"""The types of the page's statements are the comparator's, and every code is tested."""

from __future__ import annotations

from pathlib import Path

from lightleak.comparator.explain.clauses import Clause
from lightleak.comparator.explain.notices import Notice
from lightleak.comparator.explain.quotes import MayNotWrite, MayWrite
from lightleak.trace.file_status import FileNotice
from page.clause_types import statements, typescript
from page.statements import every_quote, every_statement

SOURCE = Path(__file__).resolve().parents[2] / "host" / "page" / "src" / "text"


def test_the_pages_types_are_those_of_the_comparator():
    written = (SOURCE / "clauses.gen.ts").read_text(encoding="utf-8")
    assert written == typescript(), "run scripts/make-clause-types"


def test_every_code_is_tried():
    assert {one.__class__ for one in every_statement()} == set(statements(Clause, Notice, FileNotice))
    assert {one.__class__ for one in every_quote()} == set(statements(MayWrite, MayNotWrite))
