"""The person who holds the phone, and how to wait for them without blocking the recorder.

A program must end on Ctrl-C even when its prompt is never answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from lightleak.fieldtest.steps import Step


class Operator(Protocol):
    """The person who holds the phone. The command line asks one; tests play one. Each method may take minutes."""

    def start_step(self, step: Step, number: int, of: int) -> None:
        """Show which step starts."""

    def show(self, text: str) -> None:
        """Show what is going on."""

    def do_task(self, step: Step, task: str) -> bool:
        """Have a task done on the phone; return False to skip the step."""

    def get_report(self) -> list[Path]:
        """Have the report exported; return its paths, or an empty list when there is none."""


P = ParamSpec("P")
T = TypeVar("T")


async def in_thread(work: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
    """Run ``work`` in its own thread and return its result. Raises: what ``work`` raises.

    When this is cancelled, the thread is not waited for.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, problem: BaseException | None) -> None:
        if answer.done():
            return
        if problem is not None:
            answer.set_exception(problem)
        else:
            answer.set_result(result)  # type: ignore[arg-type]

    def run() -> None:
        result, problem = None, None
        try:
            result = work(*args, **options)
        except BaseException as raised:  # noqa: BLE001  raised again where the result is awaited
            problem = raised
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(settle, result, problem)

    threading.Thread(target=run, daemon=True).start()
    return await answer
