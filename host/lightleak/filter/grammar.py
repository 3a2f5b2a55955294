"""The grammar of the filter language, and errors that show their place.

Separate because it is the language as docs/filter.md describes it, and the only use of lark.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

from lightleak.errors import UsageError

LONGEST = 4_000
"""Characters of an expression: a longer one is a program."""

_SHOWN = 60
"""How many characters are shown on either side of a mistake."""

_GRAMMAR = r"""
    ?start: any
    ?any: all ("or"i all)*
    ?all: one ("and"i one)*
    ?one: "not"i one -> none
        | "(" any ")"
        | comparison
    comparison: NAME OPERATOR (WORD | QUOTED)

    NAME: /[a-z_]+(\.[a-z_]+)?/i
    OPERATOR: "=" | "!=" | "<=" | "<" | ">=" | ">" | "~"
    WORD: /[^\s()"'=!<>~][^\s()"']*/
    QUOTED: /"[^"]*"|'[^']*'/
    %ignore /\s+/
"""

_EXPECTED = {
    "NAME": "a field",
    "OPERATOR": "one of = != < <= > >= ~",
    "WORD": "a value",
    "AND": "and",
    "OR": "or",
    "RPAR": "a closing bracket",
    "$END": "the end",
}


def parse(text: str) -> Any:
    """Return the expression as a lark tree: ``any``, ``all``, ``none``, ``comparison``.

    Raises: UsageError with a caret under the mistake.
    """
    import lark

    if len(text) > LONGEST:
        raise UsageError(f"a filter has at most {LONGEST} characters (got {len(text)})", hint="shorten it")
    try:
        return _parser().parse(text)
    except lark.exceptions.UnexpectedInput as problem:
        at = len(text.rstrip()) if problem.pos_in_stream in (None, -1) else problem.pos_in_stream
        if isinstance(problem, lark.exceptions.UnexpectedToken) and problem.token.type == "$END":
            at = len(text.rstrip())
        names = getattr(problem, "accepts", None) or getattr(problem, "allowed", None) or set()
        raise mistake(text, at, f"{_wanted(names)} is expected") from problem


def mistake(text: str, at: int, problem: str, *, hint: str = "docs/filter.md has the language") -> UsageError:
    """Return an error whose picture is the expression, with a caret under the character at ``at``."""
    start = max(0, at - _SHOWN)
    before = _printable(text[start:at])
    after = _printable(text[at : at + _SHOWN])
    head = "…" if start else ""
    tail = "…" if at + _SHOWN < len(text) else ""
    picture = f"  {head}{before}{after}{tail}\n  {' ' * (len(head) + sum(map(_width, before)))}^"
    return UsageError(f"the filter is not valid, {problem}", hint=hint, picture=picture)


def unquoted(token: str) -> str:
    """Return a value without its quotes."""
    return token[1:-1] if token[:1] in ("'", '"') else token


@cache
def _parser() -> Any:
    import lark

    return lark.Lark(_GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False)


def _wanted(names: set[str]) -> str:
    expected = [words for name, words in _EXPECTED.items() if name in names]
    return " or ".join([", ".join(expected[:-1]), expected[-1]] if len(expected) > 1 else expected) or "something else"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text)


def _width(character: str) -> int:
    """Return how many columns a character takes in a terminal."""
    return 2 if unicodedata.east_asian_width(character) in "WF" else 0 if unicodedata.combining(character) else 1
