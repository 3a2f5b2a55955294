"""Write a session as a trace in the interchange format (contract, section 3)."""

from __future__ import annotations

from typing import BinaryIO

from lightleak.views.export.source import ExportSource


def export(reading: ExportSource, file: BinaryIO) -> None:
    """Write header and events, byte for byte as they were recorded and in that order. Errors: TraceError, OSError."""
    file.write(reading.session.header_line + b"\n")
    file.writelines(reading.blocks())
