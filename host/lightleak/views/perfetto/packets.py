"""Perfetto's trace packets: tracks, slices, instants, with each name written once.

Separate because only this file knows Perfetto's format.

Source: perfetto.dev, "TrackEvent"; ``protos/perfetto/trace/trace_packet.proto``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, BinaryIO

from lightleak.errors import LightleakError
from lightleak.text import escaped

SEQUENCE = 1
"""One writer, one sequence of packets."""

NS_MAX = 2**63 - 1
_NAMES_MAX = 20_000
"""Names that are written by number; a hostile app may invent more, and those are written each time."""
_LONGEST = 300
_UNITS = {"ns": "UNIT_TIME_NS", "bytes": "UNIT_SIZE_BYTES", "count": "UNIT_COUNT"}
_AT_ONCE = 512


class Packets:
    """A writer of packets. Raises: LightleakError without the ``perfetto`` package, OSError when writing fails."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._proto = _proto()
        self._trace = self._proto.Trace()
        self._held = 0
        self._names: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        self._uuid = 0

    def clocks(self, at_ns: int) -> None:
        """Write first of all that times are those of the device's wall clock."""
        packet = self._packet(at_ns)
        packet.sequence_flags = self._proto.TracePacket.SEQ_INCREMENTAL_STATE_CLEARED
        packet.clock_snapshot.primary_trace_clock = self._proto.BUILTIN_CLOCK_BOOTTIME
        for clock in (self._proto.BUILTIN_CLOCK_BOOTTIME, self._proto.BUILTIN_CLOCK_REALTIME):
            packet.clock_snapshot.clocks.add(clock_id=clock, timestamp=_bounded(at_ns))

    def track(self, name: str, parent: int | None = None, rank: int = 0) -> int:
        """Describe a track and return its uuid; tracks of one parent are sorted by ``rank``."""
        self._descriptor(name, parent, rank)
        self._flush_if_large()
        return self._uuid

    def counter_track(self, name: str, parent: int, rank: int, unit: str) -> int:
        """Describe a track of numbers, and return its uuid. unit: ns, bytes, count or another word."""
        counter = self._descriptor(name, parent, rank).counter
        if unit in _UNITS:
            counter.unit = getattr(self._proto.CounterDescriptor, _UNITS[unit])
        else:
            counter.unit_name = unit
        self._flush_if_large()
        return self._uuid

    def count(self, track: int, at_ns: int, value: int) -> None:
        """Write a number, which holds until the next one."""
        event = self._packet(at_ns).track_event
        event.type, event.track_uuid = self._proto.TrackEvent.TYPE_COUNTER, track
        event.counter_value = min(value, NS_MAX)
        self._flush_if_large()

    def begin(  # noqa: PLR0917  one field each
        self, track: int, at_ns: int, name: str, category: str, notes: Mapping[str, Any], flows: Sequence[int] = ()
    ) -> None:
        """Begin a slice. flows: numbers of the arrows that start or end at it."""
        self._event(track, at_ns, self._proto.TrackEvent.TYPE_SLICE_BEGIN, name, category, notes, flows)

    def end(self, track: int, at_ns: int) -> None:
        """End the track's innermost slice."""
        event = self._packet(at_ns).track_event
        event.type, event.track_uuid = self._proto.TrackEvent.TYPE_SLICE_END, track
        self._flush_if_large()

    def instant(  # noqa: PLR0917  one field each
        self, track: int, at_ns: int, name: str, category: str, notes: Mapping[str, Any], flows: Sequence[int] = ()
    ) -> None:
        """Write an instant. flows: as of ``begin``."""
        self._event(track, at_ns, self._proto.TrackEvent.TYPE_INSTANT, name, category, notes, flows)

    def flush(self) -> None:
        """Write the packets that are held. Concatenated traces are one trace."""
        self._file.write(self._trace.SerializeToString())
        self._trace = self._proto.Trace()
        self._held = 0

    def _descriptor(self, name: str, parent: int | None, rank: int) -> Any:
        self._uuid += 1
        track = self._packet(None).track_descriptor
        track.uuid, track.name, track.sibling_order_rank = self._uuid, _shown(name), rank
        track.child_ordering = self._proto.TrackDescriptor.EXPLICIT
        if parent is not None:
            track.parent_uuid = parent
        return track

    def _event(  # noqa: PLR0917  one field each
        self,
        track: int,
        at_ns: int,
        form: int,
        name: str,
        category: str,
        notes: Mapping[str, Any],
        flows: Sequence[int],
    ) -> None:
        packet = self._packet(at_ns)
        event = packet.track_event
        event.type, event.track_uuid = form, track
        event.categories.append(_shown(category))
        if flows:
            event.flow_ids.extend(flows)
        self._name(packet, event, _shown(name))
        add = event.debug_annotations.add
        for key, value in notes.items():
            if value is not None:
                self._note(packet, add(), key, value)
        self._flush_if_large()

    def _name(self, packet: Any, event: Any, name: str) -> None:
        number = self._names.get(name)
        if number is None:
            if len(self._names) >= _NAMES_MAX:
                event.name = name
                return
            number = self._names[name] = len(self._names) + 1
            packet.interned_data.event_names.add(iid=number, name=name)
        event.name_iid = number

    def _note(self, packet: Any, note: Any, key: str, value: Any) -> None:
        number = self._keys.get(key)
        if number is None:
            number = self._keys[key] = len(self._keys) + 1
            packet.interned_data.debug_annotation_names.add(iid=number, name=key)
        note.name_iid = number
        if value.__class__ is bool:
            note.bool_value = value
        elif value.__class__ is int and -NS_MAX <= value <= NS_MAX:
            note.int_value = value
        else:
            note.string_value = _shown(value if value.__class__ is str else str(value))

    def _packet(self, at_ns: int | None) -> Any:
        packet = self._trace.packet.add()
        self._held += 1
        packet.trusted_packet_sequence_id = SEQUENCE
        if at_ns is not None:
            packet.timestamp = _bounded(at_ns)
            packet.sequence_flags = self._proto.TracePacket.SEQ_NEEDS_INCREMENTAL_STATE
        return packet

    def _flush_if_large(self) -> None:
        if self._held >= _AT_ONCE:
            self.flush()


def _bounded(at_ns: int) -> int:
    return min(max(at_ns, 0), NS_MAX)


@lru_cache(maxsize=4_000)
def _shown(text: str) -> str:
    text = text if text.isprintable() else escaped(text)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _proto() -> Any:
    try:
        from perfetto.protos.perfetto.trace import perfetto_trace_pb2
    except ImportError as problem:
        raise LightleakError(
            "Perfetto's format needs the perfetto package, which is not installed",
            hint="pip install 'lightleak[perfetto]'",
        ) from problem
    return perfetto_trace_pb2
