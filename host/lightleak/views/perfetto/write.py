"""Write a session as a Perfetto trace: one track a lane, slices that nest, times of the device's clocks.

A call is a slice where its return was seen, else an instant. What a thread did lies on its track, one call inside the
other; what overlaps without nesting (requests until their delivery, accounting) lies on tracks of its own.
"""

from __future__ import annotations

from typing import BinaryIO

from lightleak.views.export.source import ExportSource
from lightleak.views.perfetto.call_results import Results
from lightleak.views.perfetto.packets import Packets
from lightleak.views.perfetto.segment import SegmentTracks


def export(reading: ExportSource, file: BinaryIO) -> None:
    """Write the trace; of a filtered session app states and coverage are drawn whole.

    Reads the session twice, and holds 16 bytes for each return and delivery. Errors: LightleakError without the
    ``perfetto`` package; TraceError, OSError.
    """
    packets = Packets(file)
    results = Results(reading.session.blocks())
    segment: SegmentTracks | None = None
    number = 0
    for event, here, chosen in reading.everything():
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
