"""The quick way of reading a block and the slow one say the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightleak.errors import ReportError
from lightleak.report import Report, export, read_report
from lightleak.report.export import add_ordinary
from lightleak.report.raw_rows import RawRows
from report.written import lines, network, text, truths

values = st.none() | st.booleans() | st.integers(-5, 1 << 60) | st.text(max_size=3) | st.just({}) | st.just("event")

PLAIN = json.dumps(network()).encode()


def shown(path: Path) -> object:
    try:
        report: Report = read_report(path)
    except ReportError as problem:
        return problem.message
    return list(report.entries), list(report.network), report.problems, report.unknown.keys, report.unknown.kinds


@given(truths(), st.data())
def test_a_block_is_read_as_its_lines_are(scratch: Path, entries: list, data) -> None:
    rows = [line for truth in entries for line in lines(truth)] + [network(), network(hits=3)]
    for _ in range(data.draw(st.integers(0, 3))):
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.sampled_from([*rows[0], *rows[-1], "broadcaster", "new"]))] = data.draw(values)
    path = scratch / "report.ndjson"
    path.write_text(text(rows))
    quick = shown(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "add_ordinary", lambda *_: 0)
        assert shown(path) == quick


@pytest.mark.parametrize(
    "odd",
    [
        b'{"a":1}{"a":2}\n\n',
        b'{"type":"access",\n"timeStamp":""}\n',
        b'[{"type":"access"}]\n',
        b'{"type":"other","timeStamp":"2020-09-13T12:26:41.000Z"}\n',
        b"\n",
        PLAIN + json.dumps(network(type="other")).encode() + b"\n",
        PLAIN[:-1] + b',"accessor":{"identifier":"a"}\n,"context":""}\n' + PLAIN + PLAIN + b"\n",
    ],
)
def test_a_block_with_one_odd_line_is_left_alone(odd: bytes) -> None:
    collected = RawRows()
    collected.add_file("x", 1)
    plain = PLAIN + b"\n"
    assert add_ordinary(collected, 0, 1, plain) == 1
    assert add_ordinary(collected, 0, 2, plain + odd + plain) == 0
    assert len(collected.network) == 1
