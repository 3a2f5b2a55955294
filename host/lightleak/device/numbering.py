"""Translate the agent's transport numbers into the file's sequence numbers."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(slots=True)
class Numbering:
    """Remember which seq each transport number got, as runs: memory grows with interruptions, not with events."""

    _starts: list[int] = field(default_factory=list)
    _ends: list[int] = field(default_factory=list)
    _shifts: list[int] = field(default_factory=list)

    def assign(self, number: int, seq: int) -> None:
        """Note that transport ``number`` became ``seq``; numbers come in rising order."""
        if self._ends and self._ends[-1] == number - 1 and self._shifts[-1] == seq - number:
            self._ends[-1] = number
            return
        self._starts.append(number)
        self._ends.append(number)
        self._shifts.append(seq - number)

    def seq_of(self, number: object) -> int | None:
        """Tell the seq of a transport number; None where that event was lost, or never was."""
        if type(number) is not int:
            return None
        run = bisect_right(self._starts, number) - 1
        if run < 0 or number > self._ends[run]:
            return None
        return number + self._shifts[run]
