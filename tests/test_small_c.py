"""The C in the agent loses its spaces when it is built, and none of its tokens."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "scripts"))
from build_assets import small_line  # noqa: E402

TOKEN = re.compile(
    r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|\$\{[^}]*\}|\w+|[<>]{2}=|\.\.\.|->|\+\+|--|&&|\|\||[-+*/%&|^<>=!]=|<<|>>|/\*|//|\S'
)


def tokens(line: str) -> list[str]:
    """Return what a compiler of C makes of a line: the longest token first. A value of the script is one, however it is spaced."""
    return [token.replace(" ", "") if token.startswith("${") else token for token in TOKEN.findall(line)]


@pytest.mark.parametrize(
    ("line", "small"),
    [
        ("static Thread * adopt (void) {", "static Thread*adopt(void){"),
        ("if (a - -b > c & &d / *p) return *q + +r;", "if(a- -b>c& &d/ *p)return*q+ +r;"),
        ('PUT ("a ( b ) , \\"c\\" ");', 'PUT("a ( b ) , \\"c\\" ");'),
        ("case ' ': x = (u8) '\\'' ;", "case ' ':x=(u8) '\\'' ;"),
        ("guint i = ${n}; unsigned long ${name} = 1;", "guint i=${n};unsigned long ${name} =1;"),
        ("#define F(x) (x + 1)", "#define F(x) (x + 1)"),
        ("`, a ? b : c)} + `", "`, a ? b : c)} + `"),
    ],
)
def test_a_line_loses_the_spaces_that_it_does_not_need(line: str, small: str) -> None:
    assert small_line(line) == small


def test_no_line_of_the_agent_means_something_else() -> None:
    lines = [line.strip() for path in (TOP / "agent" / "src").rglob("*.ts") for line in path.read_text().splitlines()]
    looked = [line for line in lines if not line.startswith(("//", "*", "/*")) and "`" not in line]
    assert len(looked) > 5_000
    assert [line for line in looked if tokens(small_line(line)) != tokens(line)] == []
    assert sum(map(len, map(small_line, looked))) < sum(map(len, looked))
