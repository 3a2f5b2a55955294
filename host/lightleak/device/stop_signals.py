"""Ctrl-C and SIGTERM as an event: the first asks for the end in order, the second ends the program."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def signals_set(stop: asyncio.Event) -> Iterator[None]:
    """Have the first Ctrl-C or SIGTERM set ``stop`` while inside; the second raises KeyboardInterrupt."""
    loop = asyncio.get_running_loop()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(stop.set)

    before = {}
    with contextlib.suppress(ValueError):  # only a program's main thread gets signals
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, on_signal)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
