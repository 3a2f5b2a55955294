"""A session as a trace in the interchange format (contract, section 3)."""

from __future__ import annotations

from typing import BinaryIO

from lightleak.views.export.source import ExportSource


def export(source: ExportSource, file: BinaryIO) -> None:
    """Write header and events, byte for byte as they were recorded and in that order.

    Raises: TraceError when the session is damaged, OSError when the file cannot be written.
    """
    file.write(source.session.header_line + b"\n")
    file.writelines(source.blocks())
