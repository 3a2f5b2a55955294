"""The page as text: what the host puts into it. How it looks and acts is in tests/page, in a browser."""

from __future__ import annotations

import base64
import json
import re
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lightleak
from lightleak.cli import main
from lightleak.errors import FileError
from lightleak.views.page import build
from lightleak.views.page.bins import binned
from lightleak.views.page.build import render
from lightleak.views.page.text import LONGEST, harmless
from stories import Trace, entry_lines, ident, judge

TEMPLATE = (
    '<html><div id="page"><!--summary--></div><script type="application/json" id="facts">null</script>'
    '<script type="application/json" id="details">null</script></html>'
)


@pytest.fixture(autouse=True)
def _template(monkeypatch):
    """These tests are about the data; they need no build."""
    monkeypatch.setattr(build, "_template", lambda: TEMPLATE)


def block(text: str, name: str) -> dict:
    kind, body = re.search(rf'<script type="([^"]+)" id="{name}">([^<]*)</script>', text).groups()
    return json.loads(body if kind == "application/json" else zlib.decompress(base64.b64decode(body)))


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    return int(ended.value.code or 0)


def example() -> Trace:
    trace = Trace()
    trace.add(
        -1, "stack", id=5, frames=[{"image": "App", "offset": 16, "symbol": "-[A b]"}, {"image": "dyld", "offset": 1}]
    )
    trace.ready(0)
    trace.add(0.1, "state", value="active")
    observer = {"class": "Watcher", "id": "0x1", "image": "App"}
    trace.add(1, "observer", action="registered", observer=observer, type="change", stack=5)
    seen = trace.add(2, "notification", observer=observer, change="c", type="change")
    trace.access(2.1, "metadata", cause=seen, caller={"image": "App", "offset": 255}, stack=5)
    trace.add(2.2, "return", of=seen, duration_ns=5_000_000, cpu_ns=2_000_000)
    data = trace.access(10, "data", caller={"image": "App", "offset": 255}, stack=5, detail={"count": 3})
    trace.add(10.5, "delivery", of=data, bytes=1234, degraded=False)
    trace.add(20, "state", value="background")
    trace.access(21, "write")
    trace.add(30, "process", phase="detached", reason="connection-lost")
    trace.ready(50, segment=2)
    trace.add(60, "mark", 2, label="end")
    return trace


def test_each_evidence_event_has_its_time_symbol_caller_stack_and_result(tmp_path):
    document = block(render(judge(tmp_path, example(), entry_lines(1, 10.1, 71))), "details")
    (refs,) = document["refs"]
    assert refs == [0, 1]
    assert document["stacks"] == [["-[A b]  (App + 0x10)", "dyld + 0x1"]]
    assert document["callers"] == ["App + 0xff"]
    assert document["symbols"] == ["-[PHImageManager data]"]
    assert json.loads(document["infos"][0]) == {"detail": {"count": 3}}
    assert document["events"]["bytes"] == [1234]
    assert [document["clauses"][at]["code"] for at in document["why"][0]][:2] == [
        "acts-do-not-explain",
        "furthest-seen",
    ]


def test_an_observer_has_its_stack_deliveries_cost_and_what_was_done_inside(tmp_path):
    (observer,) = block(render(judge(tmp_path, example(), entry_lines(1, 10.1, 71))), "facts")["observers"]
    assert (observer["class"], observer["action"], observer["deliveries"]) == ("Watcher", "registered", 1)
    assert (observer["ms"], observer["accesses"], len(observer["stack"])) == (5.0, 1, 2)


def test_a_lane_has_coverage_gap_states_and_rows_in_ms_since_the_start(tmp_path):
    document = block(render(judge(tmp_path, example(), entry_lines(1, 10.1, 71))), "facts")
    (lane,) = document["lanes"]
    assert lane["covered"] == [1000, 31000, 51000, 61000]
    assert lane["gaps"] == [[31000, 51000, "detached: connection-lost", 1]]
    assert lane["states"] == [1000, 1100, 0, 1100, 21000, 1, 21000, 31000, 3, 51000, 61000, 0]
    assert lane["rows"]["data"] == {"width": 1, "bins": [11000], "counts": []}
    assert lane["rows"]["write"]["bins"] == [22000]
    assert document["entries"]["begin"] == [11100]
    assert document["marks"] == [[61000, "end"]]


def test_head_hash_and_report_hash_are_told_and_a_file_that_is_gone_is_said(tmp_path):
    comparison = judge(tmp_path, example(), entry_lines(1, 10.1, 71))
    document = block(render(comparison), "facts")
    assert re.fullmatch(r"[0-9a-f]{64}", document["sessions"][0]["heads"][0])
    assert re.fullmatch(r"[0-9a-f]{64}", document["report"]["hashes"][0][1])
    (tmp_path / "s.lightleak").unlink()
    gone = render(comparison)
    assert block(gone, "facts")["sessions"][0]["heads"] is None
    assert block(gone, "details")["events"]["wall_us"] == [None]


def test_a_page_shows_the_device_s_model_and_not_its_name_nor_the_folders_of_who_made_it(tmp_path):
    trace = example()
    trace.header["device"] = {"name": "Anna's iPhone", "model": "iPhone14,5", "os": "iOS", "os_version": "17.1"}
    trace.save(tmp_path)
    (tmp_path / "s.lightleak").write_bytes(
        (tmp_path / "s.lightleak").read_bytes()[:-9]
    )  # no closing seal: said with its path
    (tmp_path / "r.ndjson").write_text(entry_lines(1, 10.1, 71) + "no line of a report\n")
    text = render(
        lightleak.compare([lightleak.open(tmp_path / "s.lightleak")], lightleak.read_report(tmp_path / "r.ndjson"))
    )
    document = block(text, "facts")
    assert [notice["file"] for notice in document["notices"] if notice["code"] == "no-closing-seal"] == ["s.lightleak"]
    assert document["sessions"][0]["device"] == "iPhone14,5; iOS 17.1"
    assert document["report"]["problems"]
    assert "Anna" not in text
    assert str(tmp_path) not in text


def test_the_same_comparison_gives_the_same_page(tmp_path):
    comparison = judge(tmp_path, example(), entry_lines(1, 10.1, 71))
    assert render(comparison) == render(comparison)


@pytest.mark.parametrize("odd", [2**61, -5, 1.5, [1], {"a": 1}, "x", True, None])
def test_values_of_an_odd_trace_neither_stop_the_page_nor_count(tmp_path, odd):
    trace = Trace()
    number = odd if odd.__class__ is int else None  # the importer lets no other pass
    trace.ready(0)
    seen = trace.add(1, "notification", observer=odd, change=odd, type="change", stack=odd)
    trace.add(1.1, "return", of=number, duration_ns=odd, cpu_ns=odd)
    trace.add(1.2, "return", of=seen, duration_ns=odd, cpu_ns=odd)
    trace.add(2, "access", depth="data", symbol=odd, detail=odd, asset=odd, caller=odd, stack=odd, cause=number)
    trace.add(2.5, "delivery", of=3, bytes=odd, error=odd)
    trace.add(3, "stack", id=odd, frames=odd)
    trace.add(3, "stack", id=1, frames=[odd, {"image": odd, "offset": odd, "symbol": odd}])
    trace.add(4, "mark", label=odd)
    assert block(render(judge(tmp_path, trace, entry_lines(1, 2.1, 63))), "details")["why"]


def test_no_string_ends_the_data_block_or_steers_the_reader(tmp_path):
    trace = example()
    bad = "</script><!--<script>&\u2028\u2029\u202e\x1b[2J"
    trace.access(10.2, "data", caller={"image": bad, "offset": 0})
    text = render(judge(tmp_path, trace, entry_lines(1, 10.1, 71)))
    assert text.count("</script>") == 2
    assert not set(text) & set("\u2028\u2029\u202e\x1b")
    assert block(text, "details")["callers"][1].startswith("</script><!--<script>&\\u2028")


def test_large_details_are_deflated(tmp_path, monkeypatch):
    comparison = judge(tmp_path, example(), entry_lines(1, 10.1, 71))
    plain = block(render(comparison), "details")
    monkeypatch.setattr(build, "PLAIN_BYTES", 10)
    small = render(comparison)
    assert 'type="application/deflate" id="details"' in small
    assert block(small, "details") == plain


def test_a_page_that_was_not_built_is_an_error_with_its_remedy(tmp_path, monkeypatch):
    comparison = judge(tmp_path, example(), entry_lines(1, 10.1, 71))
    monkeypatch.setattr(build, "_template", lambda: "<html></html>")
    with pytest.raises(FileError, match="scripts/build-page"):
        render(comparison)


def test_the_command_writes_the_page_and_prints_nothing(tmp_path, capfd):
    example().save(tmp_path)
    (tmp_path / "r.ndjson").write_text(entry_lines(1, 10.1, 71))
    out = tmp_path / "page.html"
    arguments = ["compare", str(tmp_path / "s.lightleak"), "--report", str(tmp_path / "r.ndjson"), "--format", "html"]
    assert run(*arguments, "-o", str(out)) == 0
    assert capfd.readouterr().out == ""
    assert out.stat().st_mode & 0o777 == 0o600
    assert ident(1) in out.read_text()
    assert run(*arguments, "-o", str(out)) == 1


@given(st.lists(st.lists(st.integers(0, 10**9), max_size=60).map(sorted), max_size=4), st.integers(1, 40))
def test_bins_keep_every_event_within_the_budget_or_stand_alone(series, budget):
    tables = binned([np.array(one, dtype=np.int64) for one in series], max(budget, len(series)))
    for one, table in zip(series, tables, strict=True):
        bins = np.cumsum(table["bins"]).tolist()
        counts = table["counts"] or [1] * len(bins)
        expected = {}
        for moment in one:
            expected[moment // table["width"]] = expected.get(moment // table["width"], 0) + 1
        assert dict(zip(bins, counts, strict=True)) == expected
    assert sum(len(table["bins"]) for table in tables) <= max(budget, len(series))


def test_long_strings_are_clipped_and_numbers_stay():
    assert harmless({"a": ["x" * 10_000, 5, None, [1, 2]]}) == {"a": ["x" * LONGEST + "…", 5, None, [1, 2]]}


@pytest.mark.parametrize(("kind", "named"), [("virtual", "a virtual device"), ("simulator", "a simulator")])
def test_a_virtual_device_is_said_to_be_no_phone_also_where_scripts_do_not_run(tmp_path, kind, named):
    trace = Trace()
    trace.header["device"] |= {"model": "iPhone99,11", "os": "iOS", "kind": kind}
    trace.ready(0)
    trace.access(10, "metadata")
    text = render(judge(tmp_path, trace, entry_lines(1, 10, 71)))

    [shown] = block(text, "facts")["sessions"]
    assert (shown["kind"], shown["device"].split(";")[0]) == (kind, "iPhone99,11")
    without_script = text[text.index("<header") : text.index('<script type="application/json" id="facts"')]
    assert f"was recorded on {named}, which is not a phone" in without_script
    assert f"That an iPhone did this: the recording was made on {named} (iOS)." in without_script
