"""A person who does with the stand-in phone what the field kit asks for."""

from __future__ import annotations

import time
from pathlib import Path

from lightleak.fieldtest.steps import Step
from standin import App, Phone


class Hands:
    """Whoever holds the stand-in phone. ``skips``: steps that this person has no time for."""

    def __init__(self, phone: Phone, app: App, folder: Path, skips: frozenset[str] = frozenset({"extension"})) -> None:
        self.phone = phone
        self.app = app
        self.folder = folder
        self.skips = skips
        self.begun: list[str] = []
        self.shown: list[str] = []
        self.asked: list[tuple[str, str]] = []

    def start_step(self, step: Step, number: int, of: int) -> None:
        assert 1 <= number <= of
        self.begun.append(step.name)

    def show(self, text: str) -> None:
        self.shown.append(text)

    def info(self, text: str) -> None:
        self.shown.append(text)

    def warning(self, text: str) -> None:
        self.shown.append(f"warning: {text}")

    def do_task(self, step: Step, task: str) -> bool:
        self.asked.append((step.name, task))
        if step.name in self.skips:
            return False
        getattr(self, f"do_{step.name}", lambda _number: None)(step.tasks.index(task))
        return True

    def do_delivery(self, _task: int) -> None:
        self.phone.new_photo()

    do_details = do_delivery

    def do_sleep(self, task: int) -> None:
        if task == 0:
            self.app.suspend()
            self.phone.new_photo()
        else:
            time.sleep(5)  # the half minute that the person is asked to wait; silence must be noticed meanwhile
            self.app.resume()

    def do_picker(self, task: int) -> None:
        self.phone.pick(self.app, task)

    def do_extension(self, _task: int) -> None:
        self.phone.launch("gallery", extension="share")

    def get_report(self) -> list[Path]:
        report = self.phone.export_report(self.folder)
        return [report] if report.stat().st_size else []
