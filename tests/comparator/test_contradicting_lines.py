"""Lines of one identifier that contradict each other: the verdict depends on no order, accuses of nothing, and says that they do."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import lightleak
from lightleak.comparator import compare
from stories import APP, Trace, entry_lines, ident, judge, only, stamp


def line(n: int, kind: str, at_s: float, **keys: Any) -> str:
    return json.dumps(
        {"accessor": {"identifier": APP, "identifierType": "bundleID"}, "category": "photos", "identifier": ident(n),
         "kind": kind, "timeStamp": stamp(at_s), "type": "access", **keys}
    ) + "\n"  # fmt: skip


def story() -> Trace:
    trace = Trace()
    trace.ready(0)
    trace.access(10, "metadata")
    trace.add(10.01, "accounting", phase="begin", identifier=ident(1), service="photos")
    trace.access(500, "data")
    trace.add(1000, "mark", label="end")
    return trace


OTHERS = entry_lines(8, 2, 3) + entry_lines(9, 990, 991)


def test_two_ends_count_to_the_earlier_one_and_the_sentence_says_so(tmp_path: Path) -> None:
    """Two reports give 63 s and 900 s: a read at 500 s made "data" of it, and ``why`` was silent."""
    lines = [entry_lines(1, 10.1, 63), line(1, "intervalEnd", 900), OTHERS]
    document = judge(tmp_path, story(), *lines).to_dict()
    verdict = next(entry for entry in document["entries"] if entry["identifier"] == ident(1))
    assert (verdict["depth"], verdict["end"][11:19]) == ("metadata", stamp(63)[11:19])
    assert "duplicate" in verdict["flags"]
    assert (
        "the report's lines contradict each other on its end, so only the time on which they agree was counted"
        in verdict["why"]
    )
    # The read is under the entry, if the other line is right: it is not called unreported.
    assert document["unreported"] == []


def test_without_the_second_end_the_read_is_unreported(tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    document = judge(tmp_path, story(), entry_lines(1, 10.1, 63), OTHERS).to_dict()
    assert [run["depth"] for run in document["unreported"]] == ["data"]
    assert "contradict" not in document["entries"][1]["why"]


def test_two_begins_count_from_the_later_one(tmp_path: Path) -> None:
    """What the app did long before the later begin is not its depth, and is not unreported either."""
    trace = story()
    trace.add(1001, "mark", label="still")
    lines = [line(1, "intervalBegin", 499), entry_lines(1, 700, 705), OTHERS]
    document = judge(tmp_path, trace, *lines).to_dict()
    verdict = next(entry for entry in document["entries"] if entry["identifier"] == ident(1))
    assert verdict["begin"][11:19] == stamp(700)[11:19]
    assert "contradict each other on its start" in verdict["why"]
    assert verdict["depth"] == "none"
    assert [run["depth"] for run in document["unreported"]] == ["metadata"]


@pytest.mark.parametrize("half", ["intervalBegin", "intervalEnd"])
@pytest.mark.parametrize("at_s", [0.0, 0.5])
def test_a_picker_flag_of_any_line_counts(half: str, at_s: float, tmp_path: Path) -> None:
    """The flag of a half that was not chosen was lost; and whether one counted depended on the order of files."""
    moved = {"intervalBegin": 10.1 + at_s, "intervalEnd": 63 - at_s}[half]
    more = line(1, half, moved, outOfProcess=True)
    for n, lines in enumerate(itertools.permutations([entry_lines(1, 10.1, 63), more])):
        folder = tmp_path / str(n)
        folder.mkdir()
        verdict = only(judge(folder, story(), *lines))
        assert verdict["cause"] == "picker"
        assert "whether the picker wrote it" in verdict["why"]


def test_an_identifier_of_two_apps_is_a_contradiction(tmp_path: Path) -> None:
    other = line(1, "intervalEnd", 20, accessor={"identifier": "org.other", "identifierType": "bundleID"})
    for lines in ((entry_lines(1, 10.1, 63), other), (other, entry_lines(1, 10.1, 63))):
        folder = tmp_path / str(len(lines[0]))
        folder.mkdir()
        assert "contradict each other on its app or category" in only(judge(folder, story(), *lines))["why"]


TIMES = st.sampled_from([5.0, 9.0, 10.0, 10.0005, 10.001, 10.1, 11.0, 63.0, 63.001, 120.0, 499.0, 501.0, 900.0])
LINES = st.lists(
    st.builds(
        line,
        st.integers(1, 2),
        st.sampled_from(["intervalBegin", "intervalEnd", "intervalEnd", "event"]),
        TIMES,
        outOfProcess=st.sampled_from([False, False, True]),
        category=st.sampled_from(["photos", "photos", "photos", "contacts"]),
        accessor=st.sampled_from([APP, APP, "org.other", f"5Q4J53EFRC.{APP}"]).map(
            lambda app: {"identifier": app, "identifierType": "bundleID"}
        ),
    ),
    min_size=2,
    max_size=7,
)


def test_no_order_of_lines_or_files_changes_a_verdict(tmp_path: Path) -> None:
    """If two lines were within a millisecond, the first in file order won."""
    session = story().save(tmp_path)

    def verdicts(*files: list[str]) -> dict[str, Any]:
        paths = []
        for n, lines in enumerate(files):
            path = tmp_path / f"{n}.ndjson"
            path.write_text("".join(lines) + OTHERS)
            paths.append(path)
        document = compare([session], lightleak.read_report(*paths), apps=[APP, "org.other"]).to_dict()
        # Which file and line is named in a problem is the order's. So is whether a line is in a file twice.
        del document["report"], document["sessions"]
        for entry in document["entries"]:
            entry["flags"] = sorted({*entry["flags"]} - {"duplicate"})
        return document

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(LINES, st.randoms(use_true_random=False))
    def permuted(lines: list[str], chance: Any) -> None:
        lines = [one for n, one in enumerate(lines) if one not in lines[:n]]
        once = verdicts(lines)
        shuffled = [*lines]
        chance.shuffle(shuffled)
        assert verdicts(shuffled) == once
        cut = chance.randint(0, len(lines))
        first, second = shuffled[:cut], shuffled[cut:]
        assert verdicts(first, second) == once
        assert verdicts(second, first) == once

    permuted()
