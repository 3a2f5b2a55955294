"""The host's clock, the device's offset from it, and the device's clocks carried forward between two readings."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from lightleak.events import NS_PER_MS

_CLOCK = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def host_now_ns() -> int:
    """Return the host's monotonic clock, ns; it counts the time asleep where the system has such a clock."""
    return time.monotonic_ns() if _CLOCK is None else time.clock_gettime_ns(_CLOCK)


ROUNDS = 5
"""The quickest of a few round trips has the smallest error; more rounds add little."""


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """One measurement: the device's wall clock minus the host's, and its largest error, in ns."""

    host_offset_ns: int
    error_ns: int
    """Half the round trip: the reading happened within it."""
    clocks: tuple[int, int]
    """The device's (wall_ns, mono_ns) at the reading."""
    host_ns: int
    """The host's monotonic clock when the answer arrived."""


async def measure_offset(read_clocks: Callable[[], Awaitable[tuple[int, int]]], *, rounds: int = ROUNDS) -> ClockOffset:
    """Read the device's clocks ``rounds`` times and return the quickest round trip. Raises: what the reading raises."""
    return min([await _round_trip(read_clocks) for _ in range(rounds)], key=lambda offset: offset.error_ns)


async def _round_trip(read_clocks: Callable[[], Awaitable[tuple[int, int]]]) -> ClockOffset:
    sent_wall_ns, sent_ns = time.time_ns(), host_now_ns()
    clocks = await read_clocks()
    received_ns = host_now_ns()
    half_ns = (received_ns - sent_ns + 1) // 2
    return ClockOffset(
        host_offset_ns=clocks[0] - (sent_wall_ns + half_ns), error_ns=half_ns, clocks=clocks, host_ns=received_ns
    )


_STEP_NS = 10 * NS_PER_MS
"""Two readings of both clocks, a second apart, differ by microseconds; this much is not noise."""
_SLEW = 0.0005
"""A clock that is being slewed runs at most this much faster or slower (adjtime's 500 ppm)."""


class DeviceClocks:
    """The device's (wall_ns, mono_ns) as last read, and the host's monotonic time (ns) of that reading."""

    def __init__(self, clocks: tuple[int, int], host_ns: int) -> None:
        self.wall_ns, self.mono_ns = clocks
        self._host_ns = host_ns
        self._stepped_ns = 0

    def at(self, host_ns: int) -> tuple[int, int]:
        """Return the expected (wall_ns, mono_ns) at a moment of the host."""
        elapsed_ns = max(0, host_ns - self._host_ns)
        return self.wall_ns + elapsed_ns, self.mono_ns + elapsed_ns

    def note(self, clocks: tuple[int, int], host_ns: int) -> None:
        """Take the stamp of an event, which may be old on arrival: it counts only when it is ahead."""
        if clocks[1] > self.at(host_ns)[1]:
            self._set(clocks, host_ns)

    def read(self, clocks: tuple[int, int], host_ns: int) -> int:
        """Take a reading; return by how much the wall clock has stepped since the last one (ns, 0 for no step).

        A reading that arrives late can show a step, but does not set the clocks back.
        """
        self._set(clocks, host_ns)
        stepped_ns, self._stepped_ns = self._stepped_ns, 0
        return stepped_ns

    def _set(self, clocks: tuple[int, int], host_ns: int) -> None:
        wall_ns, mono_ns = clocks
        drift_ns = (wall_ns - mono_ns) - (self.wall_ns - self.mono_ns)
        if abs(drift_ns) > _STEP_NS + _SLEW * abs(mono_ns - self.mono_ns):
            self._stepped_ns += drift_ns
        late_ns = self.at(host_ns)[1] - mono_ns
        if late_ns > _SLEW * max(0, host_ns - self._host_ns):
            wall_ns, mono_ns = wall_ns + late_ns, mono_ns + late_ns
        self.wall_ns, self.mono_ns, self._host_ns = wall_ns, mono_ns, host_ns
