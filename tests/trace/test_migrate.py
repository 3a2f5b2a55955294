"""Older versions are brought to today's by a chain of steps; newer ones are refused."""

from __future__ import annotations

import pytest

from lightleak.errors import TraceError
from lightleak.events import FORMAT_VERSION
from lightleak.trace import open as open_session
from lightleak.trace.migrate import STEPS, Migration, hook_code, migrated, migrated_lines, steps_from
from tracekit import HEADER, line, session

FAKE = {
    1: Migration(header=lambda it: {**it, "version": 2}, event=lambda it: {**it, "when": it["wall_ns"]}),
    2: Migration(header=lambda it: {**it, "version": 3}, event=lambda it: {**it, "then": it["when"]}),
}


def test_there_is_a_step_from_each_older_version():
    assert sorted(STEPS) == list(range(1, FORMAT_VERSION))


def test_todays_version_takes_no_step():
    assert steps_from(FORMAT_VERSION) == []


def test_steps_are_taken_in_order_from_the_version_on():
    steps = steps_from(1, steps=FAKE, newest=3)

    assert migrated({"wall_ns": 5}, [step.event for step in steps]) == {"wall_ns": 5, "when": 5, "then": 5}
    assert steps_from(2, steps=FAKE, newest=3) == [FAKE[2]]


def test_a_newer_version_is_refused_with_a_sentence(tmp_path):
    path = session(tmp_path / "newer", [line(1)], header={**HEADER, "version": 3})

    with pytest.raises(TraceError, match=f"format version 3.*up to {FORMAT_VERSION}") as caught:
        open_session(path)
    assert str(path) in caught.value.message
    assert caught.value.hint == "update lightleak"


def test_a_version_that_never_was_is_refused():
    with pytest.raises(TraceError, match="not known"):
        steps_from(1, steps={2: FAKE[2]}, newest=3)


def test_an_older_session_is_migrated_while_it_is_read(tmp_path, monkeypatch):
    path = session(tmp_path / "older", [line(1), line(2)], header={**HEADER, "version": 1})
    monkeypatch.setattr(
        "lightleak.trace.session_file.steps_from", lambda version: steps_from(version, steps=FAKE, newest=3)
    )
    opened = open_session(path)

    assert opened.header["version"] == 3
    assert b'"version":3' in opened.header_line
    assert [event["then"] for event in opened.events()] == [event["wall_ns"] for event in opened.events()]
    assert all(b'"then":' in each for each in opened.lines())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (None, {"reason": None}),
        ("launch", {"reason": "launch"}),
        ("launch for a url", {"reason": "url"}),
        ("pushkit", {"reason": "voip-push"}),
        ("background-fetch", {"reason": "background-task"}),
        ("events were dropped before this", {"reason": None, "changed": False}),
        (["no text"], {}),
    ],
)
def test_the_reasons_of_version_1_become_the_words_of_version_2(tmp_path, old, new):
    lines = [line(1, kind="state", value="background", reason=old), line(2, detail={"note": "state"}), line(3)]
    opened = open_session(session(tmp_path / "older", lines, header={**HEADER, "version": 1}))
    read = list(opened.lines())

    assert opened.header["version"] == 2
    assert read[1:] == lines[1:]
    state = next(opened.events())
    assert {key: state[key] for key in ("reason", "changed") if key in state} == new


def test_a_line_of_version_1_that_is_not_an_event_stays_as_it_is():
    broken = b'{"kind":"state"\n{"kind":"state","reason":"launch for a shortcut"}\n[1,"state"]\n'

    assert migrated_lines(broken, steps_from(1)).split(b"\n") == [
        b'{"kind":"state"', b'{"kind":"state","reason":"other"}', b'[1,"state"]', b"",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "reason", "found"),
    [
        ("inherited", "any words", "inherited"),
        ("a-new-code", None, "a-new-code"),
        (None, "this process has no class PHAsset", "no-class"),
        (None, "PHAsset has no method fetchAssetsWithOptions:", "no-method"),
        (None, "PHCachingImageManager does not override requestImageForAsset: here", "inherited"),
        (None, "it cannot be hooked: this process has no class PHAsset", None),
        (None, None, None),
        ([1], {"not": "text"}, None),
    ],
)
def test_a_hook_from_before_there_were_codes_has_that_of_its_reason(code, reason, found):
    assert hook_code(code, reason) == found
