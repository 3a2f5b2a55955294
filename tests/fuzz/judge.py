"""Run one command in this process, and judge how it ended: with an exit code and a sentence, or not as it should."""

from __future__ import annotations

import contextlib
import io
import json
import signal
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from typing import NamedTuple

CPU_LIMIT_S = 20
"""More of the processor's time than any of these small inputs may take."""
ALLOWED = frozenset({0, 1, 2, 3})


class TooSlowError(Exception):
    """An input took more time than it may."""


class Outcome(NamedTuple):
    """How a command ended."""

    code: int | None
    """None: with an exception that is not the tool's own."""
    out: bytes
    err: str
    fault: str
    """What is wrong with that; empty when it ended as it should."""
    where: str = ""
    """The last lines of the traceback."""


def run(arguments: Sequence[str]) -> Outcome:
    """Run ``lightleak ARGUMENTS`` as the command line does."""
    from lightleak.cli import _group

    out, err = io.BytesIO(), io.BytesIO()
    with _streams(out, err), _limited(), warnings.catch_warnings():
        # A warning of Python's would reach the person as text that no one wrote.
        warnings.simplefilter("error")
        try:
            code: int | None = _group._run(list(arguments))
            where = fault = ""
        except BaseException as problem:
            code, fault = None, f"{type(problem).__name__}: {str(problem)[:200]}"
            frames = traceback.extract_tb(problem.__traceback__)
            where = " < ".join(
                f"{frame.filename.rpartition('lightleak/')[2]}:{frame.lineno}" for frame in frames[-3:][::-1]
            )
        sys.stdout.flush()
        sys.stderr.flush()
    text = err.getvalue().decode("utf-8", "replace")
    return Outcome(code, out.getvalue(), text, fault or _fault(code, arguments, out.getvalue(), text), where)


def _fault(code: int | None, arguments: Sequence[str], out: bytes, err: str) -> str:
    if code not in ALLOWED:
        return f"exit code {code}"
    if "Traceback (most recent call last)" in err:
        return "a traceback on stderr"
    if code in (1, 2) and not _sentence(err) and not (code == 1 and "verify" in arguments and out):
        return f"exit code {code} without a sentence"
    if code in (0, 3) and "json" in arguments and "-o" not in arguments and out:
        return _not_json(out)
    return ""


def _sentence(err: str) -> bool:
    said = next((err.partition(start)[2] for start in ("error: ", "Error: ") if start in err), "")
    return len(said.strip(" .:\n")) > 5


def _not_json(out: bytes) -> str:
    try:
        json.loads(out, parse_constant=lambda name: (_ for _ in ()).throw(ValueError(f"{name} in JSON")))
    except ValueError as problem:
        return f"not JSON: {str(problem)[:100]}"
    return ""


@contextlib.contextmanager
def _streams(out: io.BytesIO, err: io.BytesIO) -> Iterator[None]:
    kept = sys.stdout, sys.stderr
    sys.stdout = io.TextIOWrapper(_Kept(out), encoding="utf-8")
    sys.stderr = io.TextIOWrapper(_Kept(err), encoding="utf-8", errors="backslashreplace")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = kept


class _Kept(io.BufferedIOBase):
    """A stream whose bytes are still there when the text layer above it is gone."""

    def __init__(self, into: io.BytesIO) -> None:
        self._into = into

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        return self._into.write(data)


@contextlib.contextmanager
def _limited() -> Iterator[None]:
    def stop(_signal: int, _frame: object) -> None:
        raise TooSlowError(f"more than {CPU_LIMIT_S} s")

    before = signal.signal(signal.SIGVTALRM, stop)
    term = signal.getsignal(signal.SIGTERM)
    signal.setitimer(signal.ITIMER_VIRTUAL, CPU_LIMIT_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
        signal.signal(signal.SIGTERM, term)
