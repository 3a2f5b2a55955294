"""The host's clock for stamps and silences: it never steps, and goes on while the host sleeps.

``time.monotonic`` stands still while a laptop sleeps; what is stamped after that would lie hours in the past.
Source: clock_gettime(2) of Linux, CLOCK_BOOTTIME; clock_gettime(3) of Darwin, CLOCK_MONOTONIC counts sleep there.
"""

from __future__ import annotations

import time

_CLOCK = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def host_now_ns() -> int:
    """Tell the time since some moment, ns."""
    return time.monotonic_ns() if _CLOCK is None else time.clock_gettime_ns(_CLOCK)
