"""Turn a trace in the interchange format into a session file, and back."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from lightleak.trace.framing import framed
from lightleak.trace.interchange import Trace, read_trace
from lightleak.trace.journal import Journal
from lightleak.trace.session import Session


def import_trace(path: Path, output: Path, *, force: bool = False) -> Trace:
    """Make a session file of a trace, whole or not at all; returns what was read. Errors: TraceError, FileError."""
    trace = read_trace(path)
    journal = Journal(output, trace.header_line)
    try:
        for lines, _ in framed(trace.lines()):
            journal.append(lines)
        journal.close()
        journal.publish(force=force)
    except BaseException:
        journal.abandon()
        raise
    return trace


def export_ndjson(session: Session, file: BinaryIO) -> None:
    """Write a session as a trace: header and events byte for byte as they were recorded. Errors: TraceError, OSError."""
    file.write(session.header_line + b"\n")
    file.writelines(session.blocks())
