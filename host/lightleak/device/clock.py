"""Measure how far the device's wall clock is from the host's."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from lightleak.device.host_clock import host_now_ns

ROUNDS = 5
"""The quickest of a few round trips bounds the error best; more bring little."""


@dataclass(frozen=True, slots=True)
class ClockOffset:
    """One measurement: the device's wall clock minus the host's, and how wrong that can be, in ns."""

    host_offset_ns: int
    error_ns: int
    """Half the round trip: the reading happened somewhere within it."""
    clocks: tuple[int, int]
    """The device's (wall_ns, mono_ns) at the reading."""
    host_ns: int
    """The host's monotonic clock when the answer was here."""


async def measure_offset(read_clocks: Callable[[], Awaitable[tuple[int, int]]], *, rounds: int = ROUNDS) -> ClockOffset:
    """Read the device's clocks ``rounds`` times and keep the quickest round trip. Errors: those of the reading."""
    return min([await _round_trip(read_clocks) for _ in range(rounds)], key=lambda offset: offset.error_ns)


async def _round_trip(read_clocks: Callable[[], Awaitable[tuple[int, int]]]) -> ClockOffset:
    sent_wall_ns, sent_ns = time.time_ns(), host_now_ns()
    clocks = await read_clocks()
    received_ns = host_now_ns()
    half_ns = (received_ns - sent_ns + 1) // 2
    return ClockOffset(
        host_offset_ns=clocks[0] - (sent_wall_ns + half_ns), error_ns=half_ns, clocks=clocks, host_ns=received_ns
    )
