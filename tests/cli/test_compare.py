"""``lightleak compare``: its options reach the verdicts, and files that are none are named."""

from __future__ import annotations

import json

import pytest

from lightleak.cli import main
from stories import Trace, entry_lines


@pytest.fixture
def paths(tmp_path) -> list[str]:
    """A session in which a notification comes 4 s before an entry, and the report."""
    trace = Trace()
    trace.ready(0)
    trace.add(10, "notification", observer={"class": "A", "id": "0x1"}, change="0x2", type="change")
    trace.add(80, "mark", label="end")
    trace.save(tmp_path)
    (tmp_path / "report.ndjson").write_text(entry_lines(1, 14, 15))
    return [str(tmp_path / "s.lightleak"), "--report", str(tmp_path / "report.ndjson")]


def compared(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["compare", *arguments])
    captured = capsys.readouterr()
    return ended.value.code, captured.out, captured.err


@pytest.mark.parametrize(("lag", "cause"), [([], "unexplained"), (["--lag", "5"], "notification")])
def test_the_lag_reaches_the_verdicts(capsys, paths, lag, cause):
    code, out, _ = compared(capsys, *paths, *lag, "--format", "json")
    assert (code, json.loads(out)["entries"][0]["cause"]) == (0, cause)


def test_a_lag_that_cannot_be_fitted_is_said(capsys, paths):
    code, out, err = compared(capsys, *paths, "--lag", "auto", "--format", "json")
    assert (code, json.loads(out)["clock"]["lag_ms"]["bound"]) == (0, 3000)
    assert "could not be fitted" in err


@pytest.mark.parametrize("lag", ["-1", "nan", "inf", "soon", "1e9"])
def test_a_lag_that_is_none_is_wrong_usage(capsys, paths, lag):
    code, out, err = compared(capsys, *paths, "--lag", lag)
    assert (code, out) == (2, "")
    assert err


def test_facts_reach_the_verdicts_and_the_table_lists_what_is_not_confirmed(capsys, tmp_path, paths):
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"facts": {"lag_s": 5, "delivery_makes_entry": True}}))
    code, out, _ = compared(capsys, *paths, "--facts", str(facts), "--why")
    assert code == 0
    assert "notification" in out
    assert "Not confirmed on a phone" in out
    assert "registering an observer" in out
    assert "delivery of a change notification" not in out


def test_the_table_has_the_brief_and_with_why_the_sentence_too(capsys, paths):
    code, out, _ = compared(capsys, *paths, "--lag", "5")
    assert code == 0
    assert "Was notified of a photo library change" in out
    assert "near the start" not in out
    assert "Not confirmed on a phone: " in out
    code, out, _ = compared(capsys, *paths, "--lag", "5", "--why")
    assert "Was notified of a photo library change" in out
    assert "One change notification (A, 4000 ms before it) near the start" in out
    with pytest.raises(SystemExit):
        main(["-v", "compare", *paths, "--lag", "5"])
    assert capsys.readouterr().out == out


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"{}", b'{"facts":{"moon":true}}'])
def test_facts_that_are_none_are_an_error_with_their_file(capsys, tmp_path, paths, content):
    facts = tmp_path / "facts.json"
    if content is not None:
        facts.write_bytes(content)
    code, out, err = compared(capsys, *paths, "--facts", str(facts))
    assert (code, out) == (1, "")
    assert "facts.json" in err


def test_an_output_that_exists_is_not_overwritten(capsys, tmp_path, paths):
    output = tmp_path / "out.json"
    output.write_text("mine")
    code, _, err = compared(capsys, *paths, "--format", "json", "-o", str(output))
    assert (code, output.read_text()) == (1, "mine")
    assert "--force" in err
    assert compared(capsys, *paths, "--format", "json", "-o", str(output), "--force")[0] == 0
    assert json.loads(output.read_text())["version"] == 2
    assert output.stat().st_mode & 0o777 == 0o600


def test_nothing_to_compare_is_exit_1_and_one_sentence(capsys, tmp_path, paths):
    (tmp_path / "report.ndjson").write_text(entry_lines(1, 90_000, 90_001, app="org.other"))
    code, out, err = compared(capsys, *paths, "--format", "json")
    assert (code, out) == (1, "")
    assert "nothing can be compared" in err
    assert "export the report after the recording" in err


def test_the_table_does_not_take_a_state_that_is_not_known_for_the_foreground(capsys, paths):
    assert "in the background 0, in an unknown state 1, at night 0" in compared(capsys, *paths)[1]


@pytest.mark.parametrize(
    "app_and_hint",
    [
        ("org.example.ap", "did you mean org.example.app?"),
        ("App", "did you mean org.example.app?"),
        ("com.zzzz", "they know org.example.app"),
        ("evil\x1b[2J", "they know org.example.app"),
    ],
)
@pytest.mark.parametrize("command", ["compare", "check", "diff", "show"])
def test_an_app_that_no_file_knows_is_wrong_usage(capsys, tmp_path, paths, command, app_and_hint):
    app, hint = app_and_hint
    policy = tmp_path / "policy.toml"
    policy.write_text('version = 1\n[[rule]]\nrule = "no-read"\ndepth = "data"\n')
    session = paths[0]
    files = {
        "compare": paths,
        "check": [*paths, "--policy", str(policy)],
        "diff": [session, session],
        "show": [session],
    }
    with pytest.raises(SystemExit) as ended:
        main([command, *files[command], "--app", app])
    captured = capsys.readouterr()
    assert (ended.value.code, captured.out) == (2, "")
    assert "none of the given files knows the app" in captured.err
    assert hint in " ".join(captured.err.split())
    assert "\x1b" not in captured.err


def test_an_app_that_only_the_report_knows_is_known(capsys, tmp_path, paths):
    report = tmp_path / "report.ndjson"
    report.write_text(report.read_text() + entry_lines(2, 20, 21, app="org.other"))
    code, out, _ = compared(capsys, *paths, "--app", "org.other", "--format", "json")
    assert (code, [entry["app"] for entry in json.loads(out)["entries"]]) == (0, ["org.other"])
