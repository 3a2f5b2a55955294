"""How long an agent is asked for more once its hooks are out.

Separate because a recorder that stops and one that takes over what another one left ask in the same way.
"""

from __future__ import annotations

LATE_ROUNDS = 3
"""How often an agent is asked after everything of before its hooks were out: stacks come late, and move its next number."""


class LastEvents:
    """Events may wait in an agent until those before them are acknowledged. So it is asked again, until nothing more comes.

    An agent whose numbers rise on and on would be asked forever: it gets three rounds after the number that it answered first.
    """

    def __init__(self) -> None:
        self._hooks_out_at = 0
        self._delivered = -1
        self._late = 0

    def stopped(self, following: int) -> None:
        """Note the agent's next number, as it answered to ``stop``."""
        self._hooks_out_at = self._hooks_out_at or following

    def more_may_come(self, delivered: int) -> bool:
        """Return whether to acknowledge number ``delivered`` and to ask again; call it once a round."""
        if delivered <= self._delivered:
            return False
        self._delivered = delivered
        if self._hooks_out_at and delivered + 1 >= self._hooks_out_at:
            self._late += 1
        return self._late <= LATE_ROUNDS
