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

    def assign(self, number: int, seq: int, count: int = 1) -> None:
        """Note that ``count`` transport numbers from ``number`` on became seqs from ``seq`` on; numbers only rise."""
        if self._ends and self._ends[-1] == number - 1 and self._shifts[-1] == seq - number:
            self._ends[-1] = number + count - 1
            return
        self._starts.append(number)
        self._ends.append(number + count - 1)
        self._shifts.append(seq - number)

    def seq_of(self, number: object) -> int | None:
        """Tell the seq of a transport number; None where that event was lost, or never was."""
        if type(number) is not int:
            return None
        run = bisect_right(self._starts, number) - 1
        if run < 0 or number > self._ends[run]:
            return None
        return number + self._shifts[run]
