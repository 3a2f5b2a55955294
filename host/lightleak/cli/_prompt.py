"""The person with the phone: asked at a terminal, or not asked at all (``--yes``).

Separate because it is the only place that waits for a key, and the field test runs without it too.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lightleak.cli._console import Console
from lightleak.errors import UsageError

if TYPE_CHECKING:
    from lightleak.fieldtest.steps import Step

_MARGIN = " " * 7
_KEYS = "Enter when done"
_KEYS_OPTIONAL = "Enter when done, s to skip"


class SilentOperator:
    """Ask nothing, and take every task as done."""

    def __init__(self, console: Console, reports: Sequence[Path]) -> None:
        self._console = console
        self._reports = list(reports)

    def start_step(self, step: Step, number: int, of: int) -> None:
        """Print which step starts."""
        self._console.heading(f"{number:>2}/{of}  {step.title}")

    def show(self, text: str) -> None:
        """Print what is going on."""
        self._say(text)

    def do_task(self, step: Step, task: str) -> bool:
        """Print a task, and return True: it counts as done."""
        del step
        self._say(task, "▸ ")
        return True

    def get_report(self) -> list[Path]:
        """Return the reports that the command line named."""
        return self._reports

    def _say(self, text: str, sign: str = "") -> None:
        width = max(40, shutil.get_terminal_size().columns)
        for line in textwrap.wrap(text, width, initial_indent=_MARGIN + sign, subsequent_indent=_MARGIN + "  "):
            self._console.info(line)


class AskingOperator(SilentOperator):
    """Print tasks, and wait for a key after each."""

    def do_task(self, step: Step, task: str) -> bool:
        """Print a task, wait, and return whether it was done. Raises: UsageError when there is no terminal."""
        super().do_task(step, task)
        return self._answer(_KEYS_OPTIONAL if step.optional else _KEYS) != "s" or not step.optional

    def get_report(self) -> list[Path]:
        """Ask for the path of the export, unless the command line named it.

        Raises: UsageError when there is no terminal.
        """
        from lightleak.fieldtest.steps import EXPORT

        self._say(EXPORT, "▸ ")
        if self._reports:
            self._answer(f"{_KEYS}: {', '.join(map(str, self._reports))}")
            return self._reports
        while path := self._answer("Its path here, or Enter for none"):
            if Path(path).expanduser().exists():
                return [Path(path).expanduser()]
            self._console.warning(f"there is no {path}")
        return []

    def _answer(self, prompt: str) -> str:
        self._console.prompt(f"{_MARGIN}  [{prompt}] ")
        try:
            return input().strip()
        except EOFError as problem:
            raise UsageError(
                "the field test asks questions, and there is no terminal to answer them",
                hint="run it in a terminal, or add --yes",
            ) from problem
