"""The names that were replaced somewhere: asked before any name is kept elsewhere.

Separate because only ``names="keep"`` needs it: what is hidden there as a text could still be read in a name that is kept.

Names are compared without what changes between their usual forms: case, blanks, dashes, apostrophes of both kinds,
percent-encoding. ``Anna’s iPhone`` is found in ``Annas-iPhone.local``, ``anna%27s_iphone`` and ``AnnasIPhoneView``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

_FEWEST_LETTERS = 3
_FEWEST_SIGNS = 2
"""Of a script whose names are short, like Chinese."""
_LONGEST = 256
"""Signs of a name; a longer text is a sentence, and its words are not names."""
_MOST = 100_000
_NOT_A_SIGN = 0x2E80
"""Characters from here on are words of their own: Chinese, Japanese and Korean are written without blanks."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_APOSTROPHES = re.compile(r"['’‘`´]")


class ReplacedNames:
    """Names that were replaced, in bounded memory: when there are too many, every name counts as one of them."""

    def __init__(self, *, most: int = _MOST) -> None:
        self._names: set[str] = set()
        self._longest = 0
        self._most = most
        self.too_many = False

    def add(self, value: Any) -> None:
        """Add a text, or all texts inside a value."""
        for text in _texts(value):
            if not (_FEWEST_LETTERS if text.isascii() else _FEWEST_SIGNS) <= len(text.strip()) <= _LONGEST * 4:
                continue
            name = "".join(_words(text))
            if not 0 < len(name) <= _LONGEST or name in self._names:
                continue
            if len(self._names) >= self._most:
                self.too_many = True
                return
            self._names.add(name)
            self._longest = max(self._longest, len(name))

    def mentioned_in(self, text: str) -> bool:
        """Return whether a text has one of the names as one or several whole words."""
        words = _words(text)
        if self.too_many or sum(map(len, words)) > _LONGEST:
            return True
        return any(run in self._names for at in range(len(words)) for run in self._runs(words, at))

    def _runs(self, words: list[str], at: int) -> Iterator[str]:
        run = ""
        for word in words[at:]:
            run += word
            if len(run) > self._longest:
                return
            yield run


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(key)
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _words(text: str) -> list[str]:
    plain = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", unquote(text)))
    words: list[str] = []
    for word in _WORD.findall(plain):
        words += word if ord(word[0]) >= _NOT_A_SIGN else [word.casefold()]
    return words
