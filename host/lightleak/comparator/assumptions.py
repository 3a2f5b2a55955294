"""What the rules assume about iOS: read in Apple's code, and confirmed or refuted by a field test on a phone.

Each rule that rests on an assumption names it in ``why`` until a phone has confirmed it, and is switched off where one has
refuted it. Without a field test nothing is known, and every rule of contract section 4 applies. On the command line and
in files they are called facts: ``--facts``, and the key ``facts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, NamedTuple

import msgspec

from lightleak.errors import CompareError, FileError


class Assumption(NamedTuple):
    """An assumption in words. ``number``: its row in docs/unconfirmed.md; ``text`` completes "on a phone, …"."""

    number: int
    text: str


ASSUMPTIONS: dict[str, Assumption] = {
    "identifier_is_shown": Assumption(
        1, "the identifier that an app's accounting logs is the one that the report shows"
    ),
    "query_makes_entry": Assumption(2, "a query makes an entry, through the accounting of the app's own process"),
    "registration_opens": Assumption(3, "registering an observer opens the library"),
    "opening_makes_entry": Assumption(3, "opening the library makes an entry of its own, by assetsd"),
    "delivery_makes_entry": Assumption(4, "the delivery of a change notification can make an entry"),
    "reads_make_no_entry": Assumption(5, "reading pixels or bytes makes no entry of its own"),
    "idle_timer_closes": Assumption(6, "an entry ends 60 to 75 s after the last access"),
    "stamp_is_later": Assumption(7, "the report stamps at or after the call, by seconds at most"),
    "picker_marks_choice": Assumption(9, "the picker's rows are marked, and written only when something was chosen"),
    "extension_has_own_rows": Assumption(10, "an extension's access is reported under its own identifier"),
}
"""By name. ``delivery_makes_entry`` is the premise of cause ``notification``; docs/unconfirmed.md has its contrary."""

_MAX_LAG_S = 3600


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a field test found. True: confirmed; False: refuted; None: not tested, assumed as the contract has it."""

    identifier_is_shown: bool | None = None
    query_makes_entry: bool | None = None
    registration_opens: bool | None = None
    opening_makes_entry: bool | None = None
    delivery_makes_entry: bool | None = None
    reads_make_no_entry: bool | None = None
    idle_timer_closes: bool | None = None
    stamp_is_later: bool | None = None
    picker_marks_choice: bool | None = None
    extension_has_own_rows: bool | None = None
    lag_s: float | None = None
    """The bound of the lag that was measured there; used where the caller names none."""
    os_version: str | None = None
    """Where it was found: a comparison of another version is warned of."""
    model: str | None = None

    @classmethod
    def of(cls, found: Mapping[str, Any]) -> Assumptions:
        """Return a field test's findings, given by name. Raises: CompareError when a name or a value is not known."""
        for name, value in found.items():
            if name not in _KINDS:
                raise CompareError(f"{name} is not a known fact", hint=f"facts are {', '.join(_KINDS)}")
            if value is not None and not _fits(_KINDS[name], value):
                raise CompareError(
                    f"the fact {name} must be {_KINDS[name]} or null (got {value!r:.40})",
                    hint="see docs/unconfirmed.md",
                )
        return cls(**found)

    def unconfirmed(self, names: Iterable[str]) -> list[int]:
        """Return those of these assumptions that were neither confirmed nor refuted, by number, ascending."""
        return sorted({ASSUMPTIONS[name].number for name in names if getattr(self, name) is None})

    def refuted(self, names: Iterable[str]) -> list[int]:
        """Return those of these assumptions that do not hold, by number, ascending."""
        return sorted({ASSUMPTIONS[name].number for name in names if getattr(self, name) is False})

    def to_dict(self) -> dict[str, Any]:
        """Return each assumption with its number, its words, and what was found: the key ``facts`` of the JSON."""
        return {
            name: {"number": one.number, "claim": one.text, "found": getattr(self, name)}
            for name, one in ASSUMPTIONS.items()
        }


_KINDS = {
    field.name: "true or false" if field.name in ASSUMPTIONS else "seconds" if field.name == "lag_s" else "a text"
    for field in fields(Assumptions)
}

UNTESTED = Assumptions()
"""No field test was made: the contract's rules as they are."""


def _fits(kind: str, value: Any) -> bool:
    if kind == "true or false":
        return isinstance(value, bool)
    if kind == "a text":
        return isinstance(value, str)
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MAX_LAG_S


REFUTED_TO_NAME = (
    "identifier_is_shown",
    "query_makes_entry",
    "registration_opens",
    "opening_makes_entry",
    "delivery_makes_entry",
    "reads_make_no_entry",
)
"""Assumptions whose refutation takes a rule away, or gives it more or less to go by."""


@cache
def resting_on(
    cause: str, *, by_identifier: bool, registered: bool, accounting_unseen: bool, idle_timer: bool
) -> tuple[str, ...]:
    """Return the assumptions that a verdict rests on, by name.

    registered: whether the first contact was the registration of an observer. accounting_unseen: whether the accounting could not be
    seen where what made the entry would be. idle_timer: whether the entry's length is that of the idle timer.
    """
    length = ("idle_timer_closes",) if idle_timer and cause != "picker" else ()
    if cause == "picker":
        return ("picker_marks_choice",)
    if by_identifier:
        return ("query_makes_entry" if cause == "query" else "opening_makes_entry", *length)
    if cause == "open":
        return ("stamp_is_later", "opening_makes_entry", *(("registration_opens",) if registered else ()), *length)
    if cause == "query":
        return ("stamp_is_later", "query_makes_entry", *length)
    if cause == "notification":
        return ("stamp_is_later", "delivery_makes_entry", *length)
    if cause == "unexplained":
        # That nothing explains it is known only as far as what would have been seen is.
        seen = () if accounting_unseen else ("identifier_is_shown",)
        return ("stamp_is_later", *seen, "query_makes_entry", "reads_make_no_entry", *length)
    return length


class _File(msgspec.Struct):
    facts: dict[str, Any]
    """Name → true, false or null; and lag_s, os_version and model. All may be left out."""


def read_assumptions(text: str, source: str) -> Assumptions:
    """Return the findings of a field test; other keys of the file are ignored. Raises: FileError when it is not a facts file."""
    try:
        return Assumptions.of(msgspec.json.decode(text, type=_File).facts)
    except CompareError as problem:
        raise FileError(f"{source}: {problem.message}", hint=problem.hint) from problem
    except (msgspec.MsgspecError, RecursionError) as problem:
        raise FileError(
            f"{source} is not a facts file ({problem})", hint="give a file that lightleak fieldtest wrote"
        ) from problem
