"""Whoever holds the phone."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from lightleak.field.steps import Step


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
