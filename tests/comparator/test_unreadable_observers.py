"""An observer that no one can tell apart is an observer all the same: what is said of observers agrees with the depth."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lightleak.comparator.diff.diff import diff
from stories import APP, Trace, entry_lines, judge, only


def registered(observer: Any, **keys: Any) -> Trace:
    trace = Trace()
    trace.ready(0)
    trace.add(10, "observer", action="registered", observer=observer, **{"type": "change", **keys})
    trace.add(90, "mark", label="end")
    return trace


@pytest.mark.parametrize("observer", [None, "0x1", 7, ["A"]])
def test_a_registration_of_an_unknown_object_counts(observer: Any, tmp_path: Path) -> None:
    """With ``observer`` null, depth was ``open``, and no observer was counted."""
    comparison = judge(tmp_path, registered(observer), entry_lines(1, 10.1, 20))
    assert only(comparison)["depth"] == "open"
    assert comparison.to_dict()["summary"][APP]["observers"] == 1
    (segment,) = comparison.sessions.segments
    assert segment.unreadable_observers == 1


@pytest.mark.parametrize(
    ("observer", "keys"),
    [({"class": "A", "id": "1"}, {}), (None, {"type": "availability"}), (None, {"internal": True})],
)
def test_what_can_be_read_or_observes_no_changes_is_not_unreadable(
    observer: Any, keys: dict[str, Any], tmp_path: Path
) -> None:
    (segment,) = judge(tmp_path, registered(observer, **keys), entry_lines(1, 10.1, 20)).sessions.segments
    assert segment.unreadable_observers == 0


def test_a_new_version_that_registers_one_differs(tmp_path: Path) -> None:
    """Else a version could hide its first observer behind a trace that does not name it."""
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    old, new = registered(None, internal=True).save(tmp_path / "old"), registered(None).save(tmp_path / "new")
    assert diff(old, new).to_dict()["apps"][APP]["observers"] != diff(old, old).to_dict()["apps"][APP]["observers"]
