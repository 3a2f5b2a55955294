"""Know which of the agent's events are on the disk, so that the agent can forget them. Pure."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Receipts:
    """What was handed over to the file and not yet acknowledged to the agent."""

    _pending: deque[tuple[int, int]] = field(default_factory=deque)
    _acknowledged: int = 0

    def handed_over(self, written: int, number: int) -> None:
        """Note that all events up to transport ``number`` are among the first ``written`` lines of the file."""
        if number > (self._pending[-1][1] if self._pending else self._acknowledged):
            self._pending.append((written, number))

    def due(self, durable: int) -> int | None:
        """Tell the last transport number that the agent can forget, when there is a new one."""
        number = None
        while self._pending and self._pending[0][0] <= durable:
            number = self._pending.popleft()[1]
        self._acknowledged = number or self._acknowledged
        return number
