"""Recognise sessions and privacy reports by their content, whatever their names and order.

Separate because the comparison's options and its files change for different reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from lightleak.errors import FileError, UsageError

_LOOK_BYTES = 1_000
_KINDS = "name recordings of lightleak, and exports or stores of the App Privacy Report"


class InputFiles(NamedTuple):
    """What is to be compared, each kind in the order in which it was given."""

    sessions: tuple[Path, ...]
    reports: tuple[Path, ...]


def recognised(files: Sequence[Path], reports: Sequence[Path]) -> InputFiles:
    """Return the sessions and the reports among ``files``, and ``reports``, which were given as such.

    Raises: UsageError when a kind is missing, FileError for a file that is of neither kind or cannot be read.
    """
    kinds = {path: _is_session(path, is_report=False) for path in files}
    kinds |= {path: _is_session(path, is_report=True) for path in reports}
    found = InputFiles(
        tuple(path for path, is_session in kinds.items() if is_session),
        tuple(path for path, is_session in kinds.items() if not is_session),
    )
    if not found.sessions:
        raise UsageError("no session given", hint="name a recording, which lightleak record makes")
    if not found.reports:
        raise UsageError(
            "no privacy report given",
            hint="name its export; the phone makes it in Settings › Privacy & Security › App Privacy Report",
        )
    return found


def _is_session(path: Path, *, is_report: bool) -> bool:
    """Return whether a file is a session; if not, it is a report. is_report: it was given as one."""
    from lightleak.report import looks_like_report
    from lightleak.trace.frames import starts_like_session_file

    if path.is_dir():
        return False
    try:
        with path.open("rb") as file:
            start = file.read(_LOOK_BYTES)
    except OSError as problem:
        raise FileError(f"{path} cannot be read ({problem.strerror})", hint=_KINDS) from problem
    if starts_like_session_file(start[:8]):
        return True
    if is_report or looks_like_report(path):
        return False
    # Empty, or a trace that is not imported yet: opening it as a session says so.
    if not start or (start.lstrip().startswith(b"{") and b'"lightleak-trace"' in start):
        return True
    raise FileError(f"{path} is neither a session nor a privacy report", hint=_KINDS)
