"""The reader's desk: a folder with the demo's files, and a ``lightleak`` that takes a stand-in phone for theirs."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docs.blocks import TOP, Step
from standin import Phone

_DEMO = TOP / "host" / "lightleak" / "assets" / "demo"
_PHOTO_EVERY_S = 0.7
_IDLE_S = 1.0
_FIRST_ROW_WITHIN_S = 20.0


class Desk:
    """Do the steps of one page, in order, in one folder."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self._phone: Phone | None = None
        self._pids: dict[str, int] = {}
        self._names: dict[str, Any] = {"__name__": "__main__"}
        self._next_exit = 0
        self._next_file: str | None = None
        self._next_elsewhere = False
        self._deeds = {
            "shell": self._run_shell,
            "python": self._run_python,
            "phone": self._switch_on,
            "export": self._export,
            "file": self._name_file,
            "exit": self._expect_exit,
            "elsewhere": self._leave_out,
        }
        for name in ("session.lightleak", "report.ndjson"):
            shutil.copy(_DEMO / name, folder / name)
        (folder / ".bin").mkdir()
        replaced = {"lightleak": "replaced.py", "pip": "replaced_pip.py", "python3": "replaced_python.py"}
        for name, script in replaced.items():
            shim = folder / ".bin" / name
            shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{Path(__file__).with_name(script)}" "$@"\n')
            shim.chmod(0o755)

    def do(self, step: Step) -> None:
        """Run a block or do a deed; a block in another language is there to be read, or to be saved."""
        if self._next_file is not None:
            (self._folder / self._next_file).write_text(step.text)
            self._next_file = None
        elif self._next_elsewhere:
            self._next_elsewhere = False
        elif step.kind in self._deeds:
            self._deeds[step.kind](step.text)

    def _run_shell(self, text: str) -> None:
        expected, self._next_exit = self._next_exit, 0
        path = f"{self._folder}/.bin:{Path(sys.executable).parent}:{os.environ['PATH']}"
        environment = os.environ | {"HOME": str(self._folder), "PATH": path, "DESK_PIDS": json.dumps(self._pids)}
        if self._phone is not None and "pull-report" in text:
            environment["DESK_STORE"] = str(self._phone.copy_store(self._folder / ".phone"))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", text], cwd=self._folder, env=environment, check=False,
            capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        assert done.returncode == expected, f"exit {done.returncode}\n{done.stdout}{done.stderr}"

    def _run_python(self, text: str) -> None:
        with contextlib.chdir(self._folder), contextlib.redirect_stdout(io.StringIO()):
            exec(compile(text, "<page>", "exec"), self._names)

    def _switch_on(self, apps: str) -> None:
        self._phone = self._stack.enter_context(Phone(idle_s=_IDLE_S, leeway=0.1))
        for app in apps.split():
            identifier, name = app.split("=")
            self._pids[identifier] = self._phone.launch(name).pid
        self._stack.enter_context(_photos(self._phone))
        self._wait_for_a_row()

    def _export(self, name: str) -> None:
        assert self._phone is not None, "this page has no phone"
        folder = self._folder / ".exports"
        folder.mkdir(exist_ok=True)
        shutil.copy(self._phone.export_report(folder), self._folder / name)

    def _wait_for_a_row(self) -> None:
        """Nobody exports an empty report: the daemon stores at background priority, later than the call."""
        deadline = time.monotonic() + _FIRST_ROW_WITHIN_S
        with tempfile.TemporaryDirectory() as folder:
            while not self._phone.export_report(Path(folder)).stat().st_size:
                assert time.monotonic() < deadline, "the phone noted nothing"
                time.sleep(0.05)

    def _name_file(self, name: str) -> None:
        self._next_file = name

    def _leave_out(self, test: str) -> None:
        assert (TOP / test).is_file(), f"there is no {test}"
        self._next_elsewhere = True

    def _expect_exit(self, code: str) -> None:
        self._next_exit = int(code)


@contextlib.contextmanager
def _photos(phone: Phone) -> Iterator[None]:
    """Have somebody take a photo every now and then, so that apps have something to do."""
    over = threading.Event()

    def take() -> None:
        while not over.wait(_PHOTO_EVERY_S):
            phone.new_photo()

    photographer = threading.Thread(target=take)
    photographer.start()
    try:
        yield
    finally:
        over.set()
        photographer.join()
