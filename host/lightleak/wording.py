"""Write counts, lengths of time, sizes and lists as every text of the tool does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lightleak.events import NS_PER_MS


class Unit(NamedTuple):
    """One unit of a scale."""

    least: float
    """The smallest value that is written in this unit."""
    size: float
    """The value of one such unit."""
    name: str
    form: str = ".1f"


_MS, _S, _MIN, _H, _D = 0.001, 1, 60, 3_600, 86_400

FITTING = (Unit(7_200, _H, "h"), Unit(120, _MIN, "min", ".0f"), Unit(_S, _S, "s"), Unit(0, _MS, "ms", ".0f"))
"""For sentences: two hours and more in hours, two minutes and more in minutes."""
LARGEST = (Unit(_D, _D, "d"), Unit(_H, _H, "h"), Unit(_MIN, _MIN, "min"), Unit(_S, _S, "s"), Unit(0, _MS, "ms", ".3g"))
"""For axes: the largest unit that fits once."""
WATCHED = (Unit(_H, _H, "h"), Unit(_MIN, _MIN, "min"), Unit(0, _S, "s"))
"""For how long something was watched, in a policy's reasons."""
HOURS = (Unit(7_200, _H, "h", ",.1f"), Unit(0, _MIN, "min", ",.1f"))
"""For how long something was watched, in tables."""
SIZES = (Unit(10**9, 10**9, "GB"), Unit(10**6, 10**6, "MB"), Unit(10**3, 10**3, "kB"), Unit(0, 1, "B", ".0f"))
DISKS = (Unit(10**9, 10**9, "GB"), Unit(0, 10**6, "MB", ".0f"))


SET_OFF_BY = {
    "change": "a change notification",
    "touch": "a touch or key",
    "wake": "a wake-up",
    "launch": "the launch",
    "activation": "a change of the app's state",
    "return": "the return to the foreground",
    "none": "nothing that was watched",
    "unknown": "something that is not known",
}
"""A kind of trigger → what follows "set off by"; ``return``: as of ``exact_kind``."""

TRIGGER_NAMES = {
    "change": "change notification",
    "touch": "touch or key",
    "wake": "wake-up",
    "launch": "launch",
    "activation": "change of app state",
    "return": "return to the foreground",
    "none": "nothing seen",
    "unknown": "not known",
}
"""The same as a name, for tables."""


def exact_kind(kind: str, state: str | None) -> str:
    """Return a kind of trigger, and ``return`` for a change of the app's state that is its return to the foreground.

    The kind ``activation`` is any change of the app's state: its going to the background can set an act off too.
    state: to which the app changed; None where that is not known.
    """
    return "return" if kind == "activation" and state == "active" else kind


def plural(count: int, one: str, many: str = "", *, zero: str = "0", grouped: bool = True) -> str:
    """Return a count of things: ``1 read``, ``2 reads``, ``1,000 entries``.

    many: the plural (default: ``one`` with an s). zero: the word for 0. grouped: thousands have commas.
    """
    number = zero if not count else f"{count:,}" if grouped else str(count)
    return f"{number} {one if count == 1 else many or one + 's'}"


def times(count: int, *, twice: bool = False) -> str:
    """Return a count of occasions: ``once``, ``3 times``. twice: write ``twice`` for two."""
    return "once" if count == 1 else "twice" if twice and count == 2 else f"{count} times"


def duration(seconds: float, scale: Sequence[Unit] = FITTING) -> str:
    """Return a length of time in the unit that fits."""
    return _in_units(seconds, scale)


def elapsed(since_ns: int, now_ns: int) -> str:
    """Return the time between two readings of one clock as ``+H:MM:SS.mmm``."""
    sign = "+" if now_ns >= since_ns else "-"
    seconds, milliseconds = divmod(abs(now_ns - since_ns) // NS_PER_MS, 1000)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}.{milliseconds:03}"


def size(count: float, scale: Sequence[Unit] = SIZES) -> str:
    """Return a number of bytes in the unit that fits, decimal."""
    return _in_units(count, scale)


def percent(share: float) -> str:
    """Return a share in percent, rounded down: only a full share reads ``100 %``."""
    return f"{int(share * 1000) / 10:g} %"


def join_and(parts: Sequence[str]) -> str:
    """Return a list of things: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)


def _in_units(value: float, scale: Sequence[Unit]) -> str:
    unit = next((unit for unit in scale if value >= unit.least), scale[-1])
    return f"{value / unit.size:{unit.form}} {unit.name}"
