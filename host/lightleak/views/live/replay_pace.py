"""Read recorded events at the speed at which they came, or at another."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from lightleak.events import NS_PER_S
from lightleak.trace.line import decode_event
from lightleak.trace.session import Session

BATCH_LINES = 1_000
LONGEST_SLEEP_S = 1e6
SLOWEST, FASTEST = 0.01, 1e6
"""Bounds of a speed: below, a minute lasts for hours; above, a year lasts for half a minute, which ``None`` is for."""


def paced(
    session: Session,
    speed: float | None,
    *,
    now: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[list[bytes]]:
    """Yield the recorded lines in file order, in batches, each when it is due.

    speed: 2 is twice as fast as recorded, None as fast as possible. The time between two events is that of the device's
    ``mono_ns``; where that goes back (another clock after a restart, another segment's batch) there is no wait.
    Raises: TraceError when the session is damaged.
    """
    start_s, passed_s, last_ns = now(), 0.0, None
    batch: list[bytes] = []
    for line in session.lines():
        if speed is not None:
            mono_ns = decode_event(line).mono_ns
            if last_ns is not None and mono_ns > last_ns:
                passed_s += (mono_ns - last_ns) / NS_PER_S / speed
            last_ns = mono_ns
            if batch and start_s + passed_s > now():
                yield batch
                batch = []
            # What was yielded took time too. No system sleeps for as long as two clocks of a trace can be apart.
            while (wait_s := start_s + passed_s - now()) > 0:
                sleep(min(wait_s, LONGEST_SLEEP_S))
        batch.append(line)
        if len(batch) >= BATCH_LINES:
            yield batch
            batch = []
    if batch:
        yield batch
