"""Turn a trace in the interchange format into a session file, whole or not at all."""

from __future__ import annotations

from pathlib import Path

from lightleak.trace.framing import framed
from lightleak.trace.interchange import Trace, read_trace
from lightleak.trace.journal import Journal


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
