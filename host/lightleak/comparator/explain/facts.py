"""What the rules take for granted of a phone: read in Apple's code, and confirmed or refuted by a field test.

Each rule that rests on such a fact names it in ``why`` until a phone has confirmed it, and is switched off where one has
refuted it. Without a field test nothing is known, and every rule of contract section 4 applies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple

from lightleak.errors import CompareError


class Claim(NamedTuple):
    """A fact in words. ``number``: its row in docs/unconfirmed.md; ``text`` completes "on a phone, …"."""

    number: int
    text: str


CLAIMS: dict[str, Claim] = {
    "identifier_is_shown": Claim(1, "the identifier that an app's accounting logs is the one that the report shows"),
    "query_makes_entry": Claim(2, "a query makes an entry, through the accounting of the app's own process"),
    "registration_opens": Claim(3, "registering an observer opens the library"),
    "opening_makes_entry": Claim(3, "opening the library makes an entry of its own, by assetsd"),
    "delivery_makes_entry": Claim(4, "the delivery of a change notification can make an entry"),
    "reads_make_no_entry": Claim(5, "reading pixels or bytes makes no entry of its own"),
    "idle_timer_closes": Claim(6, "an entry ends 60 to 75 s after the last access"),
    "stamp_is_later": Claim(7, "the report stamps at or after the call, by seconds at most"),
    "picker_marks_choice": Claim(9, "the picker's rows are marked, and written only when something was chosen"),
    "extension_has_own_rows": Claim(10, "an extension's access is reported under its own identifier"),
}
"""Fact → claim. ``delivery_makes_entry`` is the premise of cause ``notification``; docs/unconfirmed.md has its contrary."""

_MAX_LAG_S = 3600


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What is known of a phone. True: confirmed; False: refuted; None: assumed, as the contract has it."""

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
        """Take a field test's findings by name. Errors: CompareError for a name or value that is none."""
        for name, value in found.items():
            if name not in _KINDS:
                raise CompareError(f"{name} is no fact that a rule rests on", hint=f"facts are {', '.join(_KINDS)}")
            if value is not None and not _fits(_KINDS[name], value):
                raise CompareError(f"the fact {name} cannot be {value!r:.40}", hint=f"it is {_KINDS[name]}, or null")
        return cls(**found)

    def unconfirmed(self, names: list[str]) -> list[int]:
        """Tell which of these facts nobody has confirmed or refuted, by number, ascending."""
        return sorted({CLAIMS[name].number for name in names if getattr(self, name) is None})

    def refuted(self, names: list[str]) -> list[int]:
        """Tell which of these facts do not hold, by number, ascending."""
        return sorted({CLAIMS[name].number for name in names if getattr(self, name) is False})

    def to_dict(self) -> dict[str, Any]:
        """Return each fact with its number, its claim, and what was found."""
        return {
            name: {"number": claim.number, "claim": claim.text, "found": getattr(self, name)}
            for name, claim in CLAIMS.items()
        }


_KINDS = {
    field.name: "true or false" if field.name in CLAIMS else "seconds" if field.name == "lag_s" else "a text"
    for field in fields(Assumptions)
}

UNTESTED = Assumptions()
"""Nothing was found on a phone: the contract's rules as they stand."""


def _fits(kind: str, value: Any) -> bool:
    if kind == "true or false":
        return isinstance(value, bool)
    if kind == "a text":
        return isinstance(value, str)
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _MAX_LAG_S
