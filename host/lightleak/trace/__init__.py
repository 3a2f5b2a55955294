"""The session file: sealed zstd frames of NDJSON, its writer and its readers. docs/trace-format.md describes it."""

from __future__ import annotations

from lightleak.trace.rotation import Rotation
from lightleak.trace.session import Session, grouped, open_session
from lightleak.trace.writer import Writer

__all__ = ["Rotation", "Session", "Writer", "grouped", "open_session"]
