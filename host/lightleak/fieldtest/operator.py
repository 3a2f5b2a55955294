"""Wait for a person without holding up the recorder, and without being held up by a person who has gone."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, Protocol, TypeVar

from lightleak.fieldtest.steps import Step


class Person(Protocol):
    """The command line asks a human; tests play one. The methods may take minutes, and run in a thread of their own."""

    def begins(self, step: Step, number: int, of: int) -> None:
        """Hear that a step begins."""

    def tells(self, text: str) -> None:
        """Hear what is going on."""

    def does(self, step: Step, task: str) -> bool:
        """Do something on the phone; False to skip the step."""

    def brings_report(self) -> list[Path]:
        """Export the report and name it; an empty list where there is none."""


P = ParamSpec("P")
T = TypeVar("T")


async def in_the_meantime(work: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
    """Run ``work`` in a thread of its own and wait for it. Raises: those of ``work``.

    The thread is not waited for where this is cancelled: Ctrl-C ends a program whose prompt nobody answers.
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
        except BaseException as raised:  # noqa: BLE001  it is raised again where somebody waits
            problem = raised
        with contextlib.suppress(RuntimeError):  # the loop has been closed meanwhile
            loop.call_soon_threadsafe(settle, result, problem)

    threading.Thread(target=run, daemon=True).start()
    return await answer
