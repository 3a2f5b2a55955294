"""Import and export turn a trace into a session and back without changing an event."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lightleak
from lightleak.errors import FileError, LightleakError, TraceError
from lightleak.trace.ndjson import import_trace
from lightleak.trace.schema import OPTIONAL
from lightleak.trace.verify import verify
from lightleak.views.export import ndjson
from lightleak.views.export.source import ExportSource
from tracekit import HEADER, as_line, event, line, lines, trace

CORPUS = Path(__file__).parent.parent / "data" / "trace"

_texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_numbers = st.integers(-(2**62), 2**62)
_values = st.recursive(
    st.none() | st.booleans() | _numbers | st.floats(allow_nan=False, allow_infinity=False) | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=8,
)
_extra = st.dictionaries(_texts.filter(lambda key: key not in OPTIONAL), _values, max_size=4)
_events = st.builds(
    lambda extra, kind, wall_ns, mono_ns: extra | {"kind": kind, "wall_ns": wall_ns, "mono_ns": mono_ns},
    _extra,
    st.sampled_from(["access", "notification", "header", "seal"]) | _texts,
    _numbers,
    _numbers,
)
_keys = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 2**62)), unique=True, max_size=30)


@st.composite
def traces(draw) -> tuple[bytes, list[dict]]:
    """Draw a trace as anybody might write it: any order, any keys, any spelling; with its events."""
    events = [{**draw(_events), "segment": segment, "seq": seq} for segment, seq in draw(_keys)]
    header = {**draw(_extra), **HEADER}
    ascii_only, spaced = draw(st.booleans()), draw(st.booleans())
    separators = (", ", ": ") if spaced else (",", ":")
    text = [json.dumps(each, ensure_ascii=ascii_only, separators=separators) for each in [header, *events]]
    return "\n".join(text).encode(), events


def export(session: Path) -> bytes:
    file = io.BytesIO()
    ndjson.export(ExportSource(lightleak.open(session)), file)
    return file.getvalue()


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(traces())
def test_imported_exported_imported_and_exported_again_it_is_the_same(tmp_path_factory, drawn):
    content, events = drawn
    folder = tmp_path_factory.mktemp("trip")
    (folder / "one").write_bytes(content)
    import_trace(folder / "one", folder / "two")
    first = export(folder / "two")
    (folder / "three").write_bytes(first)
    import_trace(folder / "three", folder / "four")

    assert export(folder / "four") == first
    in_order = sorted(events, key=lambda each: (each["segment"], each["seq"]))
    assert [dict(each) for each in lightleak.open(folder / "four").events()] == in_order
    assert set(first.splitlines()[1:]) == set(content.split(b"\n")[1:]), "each line is kept word for word"


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.binary(max_size=300) | traces().flatmap(lambda drawn: st.binary(max_size=40).map(lambda junk: drawn[0] + junk))
)
def test_whatever_a_file_holds_it_is_read_or_refused_and_nothing_is_left(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "in").write_bytes(content)
    try:
        import_trace(folder / "in", folder / "out")
    except TraceError:
        assert [path.name for path in folder.iterdir()] == ["in"]
    else:
        assert lightleak.open(folder / "out").closed


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.binary(max_size=300), st.booleans())
def test_whatever_a_session_file_holds_opening_raises_nothing_else(tmp_path_factory, content, started):
    path = tmp_path_factory.mktemp("fuzz") / "a"
    path.write_bytes((b"\x5a\x2a\x4d\x18\x08\x00\x00\x00" if started else b"") + content)

    with pytest.raises(LightleakError):
        list(lightleak.open(path).events())


def test_the_session_has_mode_0600_and_no_fault(tmp_path):
    import_trace(trace(tmp_path / "t", lines(5)), tmp_path / "s")

    assert (tmp_path / "s").stat().st_mode & 0o777 == 0o600
    assert verify(tmp_path / "s").problems == []


def test_a_trace_with_a_bad_line_leaves_nothing(tmp_path):
    trace(tmp_path / "t", [*lines(5), b"x"])

    with pytest.raises(TraceError):
        import_trace(tmp_path / "t", tmp_path / "s")
    assert [path.name for path in tmp_path.iterdir()] == ["t"]


def test_an_existing_file_survives_an_import_that_fails(tmp_path):
    (tmp_path / "s").write_text("mine")
    with pytest.raises(FileError, match="exists"):
        import_trace(trace(tmp_path / "t", lines(5)), tmp_path / "s")
    with pytest.raises(TraceError):
        import_trace(trace(tmp_path / "bad", [b"x"]), tmp_path / "s", force=True)

    assert (tmp_path / "s").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad", "s", "t"]
    import_trace(tmp_path / "t", tmp_path / "s", force=True)
    assert list(lightleak.open(tmp_path / "s").lines()) == lines(5)


def test_a_trace_of_many_frames_is_whole(tmp_path):
    many = [line(seq, text="x" * 1_000) for seq in range(1, 1_001)]
    import_trace(trace(tmp_path / "t", many), tmp_path / "s")
    found = verify(tmp_path / "s")

    assert found.frames > 4
    assert (found.events, found.problems) == (1_000, [])


@pytest.mark.parametrize("name", ["minimal", "full", "nulls"])
def test_the_corpus_reads_as_ever(name, tmp_path):
    """The session files were written by version 0.1.0 (format 1) and must open in every later one."""
    written = (CORPUS / f"{name}.ndjson").read_bytes().replace(b'"version":1', b'"version":2', 1)
    import_trace(CORPUS / f"{name}.ndjson", tmp_path / "s")

    header, events = export(tmp_path / "s").split(b"\n", 1)
    assert re.sub(rb',"imported":{[^}]*}', b"", header) + b"\n" + events == written
    assert export(CORPUS / f"{name}.lightleak") == written
    assert verify(CORPUS / f"{name}.lightleak").problems == []


def test_null_stays_null_and_absent_stays_absent(tmp_path):
    least = as_line({"kind": "access", "segment": 1, "seq": 1, "wall_ns": 0, "mono_ns": 0})
    nulls = as_line({**event(2), "tid": None, "cause": None, "asset": None, "new": None})
    import_trace(trace(tmp_path / "t", [least, nulls]), tmp_path / "s")
    one, two = lightleak.open(tmp_path / "s").events()

    assert "tid" not in one
    assert (two["tid"], two["asset"], two["new"]) == (None, None, None)


def test_a_session_that_was_imported_says_so_and_its_trace_says_so_when_it_is_imported_again(tmp_path):
    """A trace that a person wrote by hand cannot be told from a recording in any other way."""
    import_trace(trace(tmp_path / "t", [line(1)]), tmp_path / "s")
    said = lightleak.open(tmp_path / "s").header["imported"]
    assert re.fullmatch(r"lightleak [\d.]+", said["tool"])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", said["date"])
    assert any("it was imported from a trace" in note for note in verify(tmp_path / "s").notes)

    dated = {**HEADER, "imported": {"tool": "lightleak 0.0.1", "date": "2020-01-01"}}
    import_trace(trace(tmp_path / "t2", [line(1)], dated), tmp_path / "s2")
    assert lightleak.open(tmp_path / "s2").header["imported"]["date"] == "2020-01-01"


@pytest.mark.parametrize(
    "bad",
    [
        b'{"kind":"access","kind":"mark","segment":1,"seq":1,"wall_ns":1,"mono_ns":1}',
        b'{"kind": "access", "segment": 1, "seq": 1, "wall_ns": 1, "mono_ns": 1, "detail": {"a": 1, "a": 2}}',
    ],
)
def test_a_line_that_says_a_key_twice_is_refused(tmp_path, bad):
    """Readers take the last one, a person who searches the file finds the first: such a line says two things."""
    with pytest.raises(TraceError, match=r"line 2: the key (kind|a) is there twice"):
        import_trace(trace(tmp_path / "t", [bad]), tmp_path / "s")


def test_a_trace_that_was_cut_off_is_named_as_that(tmp_path):
    """It said only "line 4432: not JSON". Nothing is imported: a session of what is left would look whole."""
    path = tmp_path / "t.ndjson"
    whole = [json.dumps(HEADER).encode(), line(1), line(2)]
    path.write_bytes(b"\n".join(whole)[:-9])
    with pytest.raises(TraceError, match=r"line 3: .*no newline, so the trace was probably cut off there") as raised:
        import_trace(path, tmp_path / "s")
    assert "replace that line by a lost event" in str(raised.value.hint)
    assert not (tmp_path / "s").exists()
    path.write_bytes(b"\n".join(whole)[:-9] + b"\n")
    with pytest.raises(TraceError) as raised:
        import_trace(path, tmp_path / "s")
    assert "cut off" not in raised.value.message
