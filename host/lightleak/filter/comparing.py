"""How the values of a field compare: texts, words with an order, lists of words, numbers and times.

A test takes a subject and what is true around it: an event and the state of its segment, or an entry and None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any, Protocol, TypeAlias

from lightleak.filter.glob import matcher
from lightleak.filter.time_expr import Moment, read_moment

Test: TypeAlias = Callable[[Any, Any], bool]

_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?")
_ORDERED = "use = != < <= > >="


class ComparisonError(ValueError):
    """A comparison that a field does not have; the message says which it has."""


class ValueNotAllowedError(ComparisonError):
    """The field cannot have the value."""


class OperatorNotAllowedError(ComparisonError):
    """The field or its value does not compare in this way."""


class Field(Protocol):
    """What one name of the language reads from a subject, and how that compares."""

    def test(self, name: str, operator: str, value: str, zone: tzinfo, /) -> Test:
        """Return the test of one comparison, any but ``!=``. Raises: ComparisonError."""


Fields: TypeAlias = Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class TextField:
    """A text, or one of a fixed set of words."""

    of: Callable[[Any, Any], str | None]
    words: tuple[str, ...] = ()
    """All that it can be; empty for any text."""
    ladder: tuple[str, ...] = ()
    """Those of ``words`` that have an order, lowest first."""
    normal: Callable[[str], str] = str
    """How a value that is typed becomes one as ``of`` returns it."""

    def test(self, name: str, operator: str, value: str, _zone: tzinfo, /) -> Test:
        """Return the test of one comparison. Raises: ComparisonError."""
        of, value = self.of, self.normal(value)
        if operator == "~":
            matches = matcher(value)
            return lambda subject, around: (text := of(subject, around)) is not None and matches(text)
        _ensure_known(name, value, self.words)
        if operator == "=":
            return lambda subject, around: of(subject, around) == value
        if not self.ladder:
            raise OperatorNotAllowedError(f"{name} has no order: use =, != or ~")
        if value not in self.ladder:
            raise OperatorNotAllowedError(f"{value} has no order: use =, != or ~")
        step = self.ladder.index(value)
        wanted = frozenset(word for at, word in enumerate(self.ladder) if _holds(operator, at, step, step + 1))
        return lambda subject, around: of(subject, around) in wanted


@dataclass(frozen=True, slots=True)
class ListField:
    """Several words or texts: a comparison is true if it is true of one of them."""

    of: Callable[[Any, Any], Iterable[str]]
    words: tuple[str, ...] = ()
    """All that they can be; empty for any text."""

    def test(self, name: str, operator: str, value: str, _zone: tzinfo, /) -> Test:
        """Return the test of one comparison. Raises: ComparisonError."""
        of = self.of
        if operator == "~":
            matches = matcher(value)
            return lambda subject, around: any(map(matches, of(subject, around)))
        _ensure_known(name, value, self.words)
        if operator == "=":
            return lambda subject, around: value in of(subject, around)
        raise OperatorNotAllowedError(f"{name} has no order: use =, != or ~")


@dataclass(frozen=True, slots=True)
class NumberField:
    """A number."""

    of: Callable[[Any, Any], float | None]

    def test(self, name: str, operator: str, value: str, _zone: tzinfo, /) -> Test:
        """Return the test of one comparison. Raises: ComparisonError."""
        if operator == "~":
            raise OperatorNotAllowedError(f"{name} is not text: {_ORDERED}")
        if not _NUMBER.fullmatch(value):
            raise ValueNotAllowedError(f"{name} is a number")
        of, wanted = self.of, float(value) if "." in value else int(value)

        def holds(subject: Any, around: Any) -> bool:
            number = of(subject, around)
            return number is not None and _compares(operator, number, wanted)

        return holds


@dataclass(frozen=True, slots=True)
class TimeField:
    """A moment, or a time of day on any day."""

    of: Callable[[Any, Any, Moment, tzinfo], int | None]
    """Unix ns or, for a time of day, ns since midnight: what the value that it is compared with counts in."""

    def test(self, name: str, operator: str, value: str, zone: tzinfo, /) -> Test:
        """Return the test of one comparison. Raises: ComparisonError."""
        if operator == "~":
            raise OperatorNotAllowedError(f"{name} is not text: {_ORDERED}")
        moment = read_moment(value, zone)
        if moment is None:
            raise ValueNotAllowedError(
                "a time is 2026-11-20, 2026-11-20T22:30, 2026-11-20T22:30:15.250+01:00 or, on any day, 22:30"
            )
        of, start_ns, stop_ns = self.of, moment.start_ns, moment.stop_ns

        def holds(subject: Any, around: Any) -> bool:
            at_ns = of(subject, around, moment, zone)
            return at_ns is not None and _holds(operator, at_ns, start_ns, stop_ns)

        return holds


def compare(fields: Fields, name: str, operator: str, value: str, zone: tzinfo) -> Test:
    """Return the test of one comparison. Raises: ComparisonError."""
    if operator == "!=":
        equal = fields[name].test(name, "=", value, zone)
        return lambda subject, around: not equal(subject, around)
    return fields[name].test(name, operator, value, zone)


def _ensure_known(name: str, value: str, words: tuple[str, ...]) -> None:
    if words and value not in words:
        raise ValueNotAllowedError(f"{name} is one of {', '.join(words)}")


def _holds(operator: str, number: int, start: int, stop: int) -> bool:
    """Compare with a value that covers ``start`` up to, not including, ``stop``."""
    match operator:
        case "<":
            return number < start
        case "<=":
            return number < stop
        case ">":
            return number >= stop
        case ">=":
            return number >= start
        case _:
            return (number >= start) & (number < stop)


def _compares(operator: str, number: float, wanted: float) -> bool:
    match operator:
        case "<":
            return number < wanted
        case "<=":
            return number <= wanted
        case ">":
            return number > wanted
        case ">=":
            return number >= wanted
        case _:
            return number == wanted
