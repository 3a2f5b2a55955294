"""Every message with which the tool gives up has its entry in the docs, and every entry its message."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import messages as source
from messages import messages

PAGE = Path(__file__).parent.parent / "docs" / "troubleshooting.md"
ENTRY = re.compile(r"^(?:### |\* )`(.+)`$", re.MULTILINE)


def test_every_message_has_an_entry_under_its_text() -> None:
    without = {message: places for message, places in messages().items() if message not in entries()}

    assert without == {}, (
        f"write an entry for each into {PAGE.name}: '### `message`', then what it means and what to do"
    )


def test_every_entry_has_a_message() -> None:
    assert set(entries()) - messages().keys() == set(), "nothing says this any more: take the entry out"


def test_no_message_has_two_entries() -> None:
    found = entries()

    assert len(found) == len(set(found))


def test_every_entry_says_something() -> None:
    for section in PAGE.read_text().split("\n### ")[1:]:
        title, _, rest = section.partition("\n")
        said = [line for line in rest.partition("\n## ")[0].splitlines() if line and not line.startswith("* ")]
        assert len(" ".join(said)) > 20, title


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('raise FileError("it is so")', ["it is so"]),
        ('raise FileError(f"{a}{b} is so ({c})", hint="x")', ["… is so (…)"]),
        ('what = f"{a} went"\nraise FileError(what)', ["… went"]),
        ('raise FileError(problem.message, hint="x")', []),
        ('raise FileError("one" if a else "two")', ["one", "two"]),
        ('raise ValueError("not ours")', []),
    ],
)
def test_messages_are_read_from_the_source(code: str, expected: list[str]) -> None:
    assert list(source._raised(ast.parse(code), "x")) == expected


def test_a_message_that_cannot_be_told_from_the_source_is_an_error() -> None:
    with pytest.raises(AssertionError, match="cannot be told"):
        list(source._raised(ast.parse("raise FileError(texts[0])"), "x"))


def entries() -> list[str]:
    return ENTRY.findall(PAGE.read_text())
