"""Tell from the agent's beats whether its process runs. Pure; ``host_ns`` is the host's monotonic clock, ns."""

from __future__ import annotations

from lightleak.events import NS_PER_S

BEAT_NS = NS_PER_S
"""The agent's beat (protocol, version 1)."""
SILENCE_NS = int(2.5 * NS_PER_S)
"""Two beats that did not come, and half a second for the way."""


class Pulse:
    """Remember when the process was last heard, on the host's clock and on its own."""

    def __init__(self, clocks: tuple[int, int], host_ns: int) -> None:
        self.suspended_at: tuple[int, int] | None = None
        """(wall_ns, mono_ns) from which the process counts as suspended; None while it runs."""
        self._heard_ns = host_ns
        self._clocks = clocks

    def silent(self, host_ns: int) -> bool:
        """Tell whether beats are missing."""
        return host_ns - self._heard_ns > SILENCE_NS

    def expect(self, host_ns: int) -> None:
        """Begin to wait for beats now: until here none could come."""
        self._heard_ns = host_ns

    def suspend(self) -> tuple[int, int]:
        """Take the process for suspended, from the moment when its first missing beat was due."""
        self.suspended_at = (self._clocks[0] + BEAT_NS, self._clocks[1] + BEAT_NS)
        return self.suspended_at

    def heard(self, clocks: tuple[int, int], host_ns: int) -> tuple[int, int] | None:
        """Note a sign of life stamped ``clocks``; returns since when the process runs again, if it did not before."""
        self._heard_ns = host_ns
        if clocks[1] > self._clocks[1]:
            self._clocks = clocks
        # What was stamped before it fell silent and comes only now does not tell when it woke.
        if self.suspended_at is None or clocks[1] < self.suspended_at[1]:
            return None
        self.suspended_at = None
        return clocks
