"""How long, as people type it: ``90``, ``90s``, ``20m``, ``1h30m``, ``500ms``; a plain number is seconds."""

from __future__ import annotations

import math
import re
from typing import Any

import click

EXAMPLES = "90, 500ms, 20m or 1h30m"

_NUMBER = r"[0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9}"
_PLAIN = re.compile(_NUMBER)
_SECONDS = {"d": 86_400.0, "h": 3_600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_SPELT = {"d": "d", "h": "h", "m": "m(?:in)?(?!s)", "s": "s(?:ec)?", "ms": "ms"}
_WITH_UNITS = re.compile("".join(f"(?:(?P<{unit}>{_NUMBER}){spelt})?" for unit, spelt in _SPELT.items()))


def read_duration(text: str) -> float:
    """Return a duration in seconds, never negative. Raises: ValueError for anything that is not one."""
    text = text.strip().lower()
    if _PLAIN.fullmatch(text):
        return float(text)
    found = _WITH_UNITS.fullmatch(text)
    if not text or found is None:
        raise ValueError(text)
    return sum(float(number) * _SECONDS[unit] for unit, number in found.groupdict().items() if number is not None)


class Duration(click.ParamType[float]):
    """A duration from ``least_s`` to ``most_s`` seconds, and above zero; the option receives seconds."""

    name = "duration"

    def __init__(self, least_s: float = 0.0, most_s: float = math.inf) -> None:
        self._least_s, self._most_s = least_s, most_s

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return seconds."""
        if isinstance(value, float):
            return value
        try:
            seconds = read_duration(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a duration: write {EXAMPLES}; a plain number is seconds.", param, ctx)
        if seconds <= 0 or seconds < self._least_s:
            self.fail(
                f"{value!r} is too short: give {f'{self._least_s:g} s or more' if self._least_s else 'more than 0 s'}.",
                param,
                ctx,
            )
        if seconds > self._most_s:
            self.fail(f"{value!r} is too long: give {self._most_s:g} s or less.", param, ctx)
        return seconds
