"""The session file: sealed zstd frames of NDJSON, its writer and its readers. docs/trace-format.md describes it."""

from __future__ import annotations

from lightleak.trace.rotation import Rotation
from lightleak.trace.session import Session, grouped
from lightleak.trace.session import open_session as open  # noqa: A004  lightleak.open says what it does
from lightleak.trace.writer import Writer

__all__ = ["Rotation", "Session", "Writer", "grouped", "open"]
