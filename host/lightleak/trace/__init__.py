"""The session file: sealed zstd frames of NDJSON, its writer and its readers. docs/trace-format.md describes it.

Writing: ``writer`` (a thread, and when to write and sync) → ``frame_writer`` (appends frames durably, to one file or to
several), which closes each frame with a ``seal`` and packs it with ``frames``.

Reading: ``frames`` cuts a file into frames and unpacks them → ``seal`` splits a frame into lines and seal →
``session_file`` joins both for one file, header included → ``session`` is one recording of one or several files →
``file_order`` gives a file's events segment by segment, by its ``segment_index`` → ``read_ahead`` brings the lines, with a second
process where that helps → ``clean_lines`` recognises ordinary ones, ``line`` decodes every other.
"""

from __future__ import annotations

from lightleak.trace.frame_writer import Rotation
from lightleak.trace.session import Session, grouped
from lightleak.trace.session import open_session as open  # noqa: A004  lightleak.open says what it does
from lightleak.trace.writer import Writer

__all__ = ["Rotation", "Session", "Writer", "grouped", "open"]
