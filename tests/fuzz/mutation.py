"""Change an input: values for others of any type, lines for others, bytes for others."""

from __future__ import annotations

import copy
import random
from typing import Any

ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 7, 2**31, 2**53, 2**62, 2**63, -(2**63), 2**64, 10**30, 1.5, -0.0, 1e300, 1e-300),
    *(
        "",
        "x",
        " ",
        "data",
        "ready",
        "app",
        "\n",
        "\x1b[31m",
        "\u202e",
        "=1+1",
        "😀",
        "a" * 300,
        "../..",
        "\x00",
        "1",
        "true",
    ),
    *([], [1], [[]], ["a"], [None, {}], {}, {"class": []}, {"class": "A"}, {"identifier": {}}, {"a": {"b": [1]}}),
)
TEXTS = (
    "",
    "nan",
    "inf",
    "-inf",
    "-1",
    "0",
    "1e300",
    "1e-300",
    "-0",
    "9" * 40,
    "0x10",
    " 1",
    "1_000",
    "max",
    "auto",
    "all",
    "١",
    "\x1b[2J",
    "a\nb",
)
_TOKENS = (
    b"\x00",
    b"\xff",
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\n",
    b"\\",
    b"null",
    b"1e999",
    b"-",
    b"\\ud800",
    b"\xe2\x80\xae",
    b"=",
    b"nan",
)


class Mutator:
    """Changes things by one source of chance."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def confuse(self, objects: list[dict[str, Any]], times: int, *, keep: frozenset[str] = frozenset()) -> None:
        """Give keys of objects, at any depth, values of any type; take keys out, and add unknown ones. keep: keys left alone."""
        for _ in range(times):
            if not objects:
                return
            where: Any = self.chance.choice(objects)
            while True:
                keys = [key for key in where if key not in keep]
                if not keys:
                    break
                key = self.chance.choice(keys)
                if where[key].__class__ is dict and self.chance.random() < 0.6:
                    where = where[key]
                    continue
                if where[key].__class__ is list and where[key] and self.chance.random() < 0.6:
                    where[key][self.chance.randrange(len(where[key]))] = self.odd()
                    break
                self._change(where, key)
                break

    def _change(self, where: dict[str, Any], key: str) -> None:
        what = self.chance.random()
        if what < 0.75:
            where[key] = self.odd()
        elif what < 0.85:
            del where[key]
        elif what < 0.95:
            where[
                self.chance.choice(("new", "count", "identifier", "phase", "cause", "step_ns", "internal", "detail"))
            ] = self.odd()
        else:
            where[key] = copy.deepcopy(where[self.chance.choice(list(where))])

    def odd(self) -> Any:
        """Return any value."""
        return copy.deepcopy(self.chance.choice(ODD))

    def shuffle_lines(self, lines: list[Any]) -> None:
        """Repeat, leave out or move a line."""
        if not lines:
            return
        at = self.chance.randrange(len(lines))
        what = self.chance.random()
        if what < 0.4:
            lines.insert(self.chance.randrange(len(lines) + 1), lines[at])
        elif what < 0.7:
            del lines[at]
        else:
            lines.append(lines.pop(at))

    def bytes(self, data: bytes, times: int) -> bytes:
        """Flip, cut, repeat, insert and replace bytes."""
        found = bytearray(data)
        for _ in range(times):
            at = self.chance.randrange(len(found) + 1)
            match self.chance.randrange(6):
                case 0 if at < len(found):
                    found[at] ^= 1 << self.chance.randrange(8)
                case 1:
                    del found[at : at + self.chance.randrange(1, 40)]
                case 2:
                    found[at:at] = self.chance.choice(_TOKENS)
                case 3:
                    piece = found[at : at + self.chance.randrange(1, 60)]
                    to = self.chance.randrange(len(found) + 1)
                    found[to:to] = piece
                case 4 if self.chance.random() < 0.2:
                    del found[at:]
                case _ if at < len(found):
                    found[at] = self.chance.randrange(256)
        return bytes(found)

    def text(self, text: str, times: int) -> str:
        """Do the same with characters; what is no UTF-8 afterwards is replaced."""
        return self.bytes(text.encode("utf-8", "replace"), times).decode("utf-8", "replace")
