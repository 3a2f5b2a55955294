"""Keys of any type are kept in the file and read as absent, by every reader, through one schema."""

from __future__ import annotations

import io
import types
import typing
from collections import Counter
from typing import Annotated, Any

import pytest

import lightleak
from lightleak.comparator.columns.decode import EventFields, Plain
from lightleak.comparator.columns.event_columns import EventColumns
from lightleak.trace.schema import INSIDE, OPTIONAL, readable, readable_header
from lightleak.trace.verify import SequenceFields, verify
from lightleak.views.export import csv, ndjson
from lightleak.views.export.source import ExportSource
from lightleak.views.page.evidence import EvidenceFields
from tracekit import HEADER, event, line, session

VALUES: list[Any] = [True, 7, 2**70, 1.5, "text", [], [1], {}, {"class": []}, {"class": "A", "new": [1]}]


def fits(value: Any, types_: tuple[type, ...]) -> bool:
    return type(value) in types_ and not (type(value) is int and abs(value) > 2**62)


@pytest.mark.parametrize("key", OPTIONAL)
@pytest.mark.parametrize("value", VALUES, ids=str)
def test_a_value_is_read_the_same_way_by_events_columns_and_verify(tmp_path, key, value):
    """`verify` failed on a phase that was an object, `replay` on a probe that was a list, `compare` on others again."""
    path = session(tmp_path / "s", [line(1, kind="process", phase="ready"), line(2, kind="observer", **{key: value})])
    opened = lightleak.open(path)
    columns = EventColumns.decode(opened.blocks())
    (_, read) = opened.events()
    odd_of_events = opened.odd

    whole = fits(value, OPTIONAL[key]) and (key, value) != ("frames", [1])
    assert (key not in odd_of_events) == whole
    if not whole and key not in ("cause", "resumed_by", "frames"):
        assert key not in read
    assert read.odd.get(key, value) == value, "nothing is lost"
    if key in EventFields.__struct_fields__:
        assert columns.odd == odd_of_events
        assert len(columns) == 2
    if key in SequenceFields.__struct_fields__:
        assert any(f" of {key} in " in note for note in verify(path).notes) == (not whole)


def test_what_is_read_as_absent_stays_in_the_file_and_in_every_export(tmp_path):
    odd = line(1, kind="state", value={"a": 1}, reason=[2], extra="x")
    source = ExportSource(lightleak.open(session(tmp_path / "s", [odd])))
    plain, table = io.BytesIO(), io.BytesIO()
    ndjson.export(source, plain)
    csv.export(source, table)
    assert odd in plain.getvalue().splitlines()
    assert '""value"":{""a"":1}' in table.getvalue().decode()


def test_an_act_whose_cause_cannot_be_read_has_an_unknown_cause_and_not_none():
    odd, act = Counter[str](), event(2, cause="no number", resumed_by=[])
    readable(act, odd)
    assert (act.get("cause"), act["cause_lost"], act["resumed_by"]) == (None, True, None)
    assert odd == {"cause": 1, "resumed_by": 1}


def test_a_header_is_read_by_the_schema_too():
    """`compare` failed on a version of the system that was an object, `export --redact` on such a zone."""
    device = {"name": "phone", "os_version": {}, "time_zone": [], "model": None, "new": [1]}
    odd = Counter[str]()
    read = readable_header({**HEADER, "device": device, "target": "com.example.app"}, odd)
    assert read["device"] == {"name": "phone", "model": None, "new": [1]}
    assert "target" not in read
    assert odd == {"device.os_version": 1, "device.time_zone": 1, "target": 1}


@pytest.mark.parametrize("rows", [EventFields, Plain, SequenceFields, EvidenceFields])
def test_the_structs_of_readers_have_the_types_of_the_schema(rows):
    """There is one schema: a struct that allows another type would let a value pass that another reader leaves out."""
    hints = typing.get_type_hints(rows, include_extras=True)
    for key in OPTIONAL.keys() & set(rows.__struct_fields__):
        assert plain_types(hints[key]) == set(OPTIONAL[key]), key


def plain_types(hint: Any) -> set[type]:
    """Return the classes that a field may hold, apart from None and UNSET."""
    found = set()
    for part in (
        typing.get_args(hint)
        if isinstance(hint, types.UnionType) or typing.get_origin(hint) is typing.Union
        else (hint,)
    ):
        inner = typing.get_args(part)[0] if typing.get_origin(part) is Annotated else part
        found.add(typing.get_origin(inner) or inner)
    return {kind for kind in found if kind in (str, int, bool, dict, list)}


def test_objects_inside_lose_only_what_is_odd():
    odd, one = (
        Counter[str](),
        event(1, observer={"class": 7, "id": "0x1", "new": 1}, frames=[{"image": "A", "offset": "x"}, 3]),
    )
    taken = readable(one, odd)
    assert one["observer"] == {"id": "0x1", "new": 1}
    assert one["frames"] == [{"image": "A"}, {}]
    assert odd == {"observer.class": 1, "frames": 1, "frames.offset": 1}
    assert taken["observer"] == {"class": 7, "id": "0x1", "new": 1}
    assert set(INSIDE) <= set(OPTIONAL)
