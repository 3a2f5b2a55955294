"""The folder of a run: sockets, logs, accounts. The next driver removes the folder of a driver that was killed."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

_PREFIX = "standin-"


def make_folder(driver_pid: int) -> Path:
    """Make the folder of this driver's next run, with a path short enough for sockets."""
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        owner = left.name.removeprefix(_PREFIX).partition("-")[0]
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{driver_pid}-"))
    for name in ("truth", "log", "mobile"):
        (folder / name).mkdir()
    return folder
