"""A session as a Perfetto trace: slices on tracks, with times of the device's clocks.

A call is a slice if its return was seen, otherwise an instant. Each thread has a track, on which calls nest. What
overlaps without nesting (requests until their delivery, accounting) has tracks of its own.
"""

from __future__ import annotations

from typing import BinaryIO

from lightleak.views.export.source import ExportSource
from lightleak.views.perfetto.call_results import Results
from lightleak.views.perfetto.packets import Packets
from lightleak.views.perfetto.segment import SegmentTracks


def export(source: ExportSource, file: BinaryIO) -> None:
    """Write the trace. A filter selects calls and accounting; app states, origins, usage and coverage are always drawn.

    Reads the session twice, and holds 16 bytes for each return, delivery and cause. Raises: LightleakError without the
    ``perfetto`` package, TraceError when the session is damaged, OSError when the file cannot be written.
    """
    packets = Packets(file)
    results = Results(source.session.blocks())
    segment: SegmentTracks | None = None
    number = 0
    for event, here, chosen in source.everything():
        if segment is None or event.segment != number:
            if segment is None:
                packets.clocks(event.wall_ns)
            else:
                segment.finish()
            number, segment = event.segment, SegmentTracks(packets, results, event, here)
        segment.draw(event, chosen=chosen)
    if segment is not None:
        segment.finish()
    packets.flush()
