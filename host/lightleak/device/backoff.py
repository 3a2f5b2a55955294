"""Wait longer and longer between attempts."""

from __future__ import annotations

from collections.abc import Iterator

_FIRST_S = 0.1
_LONGEST_S = 10.0


def delays() -> Iterator[float]:
    """Yield seconds to wait, doubling, without end."""
    delay_s = _FIRST_S
    while True:
        yield delay_s
        delay_s = min(_LONGEST_S, delay_s * 2)
