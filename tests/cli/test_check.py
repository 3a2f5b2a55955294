"""``lightleak check``: exit codes, formats, and names that are hostile."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from lightleak.cli import main
from stories import APP, Trace, entry_lines

READS = 'version = 1\n[[rule]]\nrule = "no-read"\nstates = ["active"]\n'
OPEN = 'version = 1\nnot_proven = "{}"\n[[rule]]\nrule = "no-observer"\nname = "who looks"\n'
HOLDS = 'version = 1\n[[rule]]\nrule = "coverage"\nprobes = ["accounting"]\n'


def check(folder: Path, policy: str, *more: str, app: str = APP) -> int:
    trace = Trace(app=app)
    trace.ready(0)
    trace.add(0.1, "state", value="active")
    trace.access(10, "data")
    trace.save(folder)
    (folder / "r.ndjson").write_text(entry_lines(1, 20, 22, app=app))
    (folder / "p.toml").write_text(policy)
    paths = [str(folder / name) for name in ("s.lightleak", "r.ndjson", "p.toml")]
    with pytest.raises(SystemExit) as ended:
        main(["check", paths[0], "--report", paths[1], "--policy", paths[2], *more])
    return int(ended.value.code or 0)


@pytest.mark.parametrize(
    ("policy", "code", "said"),
    [(HOLDS, 0, "held"), (READS, 3, "broken"), (OPEN.format("warn"), 0, "not-proven"), (OPEN.format("fail"), 3, "not-proven")],
)  # fmt: skip
def test_three_is_for_what_the_policy_calls_a_failure(tmp_path, capfd, policy, code, said):
    assert check(tmp_path, policy) == code
    assert said in capfd.readouterr().out


def test_a_policy_that_cannot_be_read_is_one_sentence_and_exit_1(tmp_path, capfd):
    assert check(tmp_path, "version = 1\n[[rule]]\nrule = 'no-raed'\n") == 1
    out, err = capfd.readouterr()
    assert (out, "p.toml line 3: there is no rule 'no-raed'" in err) == ("", True)


def test_json_names_the_evidence(tmp_path, capfd):
    assert check(tmp_path, READS, "--format", "json") == 3
    found = json.loads(capfd.readouterr().out)
    assert (found["version"], found["result"], found["policy"]["file"]) == (1, "broken", "p.toml")
    assert found["rules"][0]["evidence"] == ["1:1:5"]


@pytest.mark.parametrize(("mode", "failures", "skipped"), [("warn", "0", "1"), ("fail", "1", "0")])
def test_junit_skips_what_is_not_proven_or_fails_it(tmp_path, capfd, mode, failures, skipped):
    check(tmp_path, OPEN.format(mode), "--format", "junit")
    (suite,) = ET.fromstring(capfd.readouterr().out)
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("1", failures, skipped)
    assert (suite[0].get("classname"), suite[0].get("name")) == (APP, "who looks")
    assert [child.tag for child in suite[0]] == ["failure" if mode == "fail" else "skipped"]


@pytest.mark.parametrize("form", ["junit", "table"])
def test_names_from_the_app_and_the_policy_steer_neither_xml_nor_terminal(tmp_path, capfd, form):
    hostile = 'a"><b>\x1b[2J\x00&amp;]]>\u202e\ufffe'
    policy = READS.replace("states", 'name = "x\\u001b\\u0008<\\uFFFF]]>"\nstates')
    assert check(tmp_path, policy, "--format", form, app=hostile) == 3
    out = capfd.readouterr().out
    assert not set(out) & set("\x1b\x00\x08\u202e\ufffe\uffff")
    if form == "junit":
        (suite,) = ET.fromstring(out)
        assert suite[0].get("classname") == 'a"><b>\\x1b[2J\\x00&amp;]]>\\u202e\\ufffe'


def test_an_output_is_private_and_not_overwritten(tmp_path, capfd):
    out = tmp_path / "out.xml"
    assert check(tmp_path, HOLDS, "--format", "junit", "-o", str(out)) == 0
    assert out.stat().st_mode & 0o777 == 0o600
    (tmp_path / "s.lightleak").unlink()
    assert check(tmp_path, HOLDS, "-o", str(out)) == 1
    assert "exists" in capfd.readouterr().err


@pytest.mark.parametrize(("lag", "code"), [([], 3), (["--lag", "12"], 0)])
def test_the_lag_reaches_the_rules(tmp_path, lag, code):
    policy = 'version = 1\n[[rule]]\nrule = "entries"\ncause = "unexplained"\n'
    trace = Trace()
    trace.ready(0)
    trace.add(10, "notification", observer={"class": "A", "id": "0x1"}, change="0x2", type="change")
    trace.add(80, "mark", label="end")
    trace.save(tmp_path)
    (tmp_path / "r.ndjson").write_text(entry_lines(1, 20, 22))
    (tmp_path / "p.toml").write_text(policy)
    with pytest.raises(SystemExit) as ended:
        main(["check", str(tmp_path / "s.lightleak"), "--report", str(tmp_path / "r.ndjson"), "--policy",
              str(tmp_path / "p.toml"), *lag])  # fmt: skip
    assert (ended.value.code or 0) == code


@pytest.mark.parametrize("form", ["junit", "json", "table"])
def test_results_in_a_file_leave_a_line_for_each_rule_on_stderr(tmp_path, capfd, form):
    """JUnit to a file left the log of CI empty, and needed a second run."""
    assert check(tmp_path, READS, "--format", form, "-o", str(tmp_path / "out")) == 3
    out, err = capfd.readouterr()
    assert out == ""
    results = [f"broken      no-read ({APP})", "0 held, 1 broken, 0 not proven", f"written to {tmp_path / 'out'}"]
    assert [line for line in err.splitlines() if not line.startswith("warning: ")] == results
    assert (tmp_path / "out").exists()


def test_results_on_stdout_are_not_repeated(tmp_path, capfd):
    assert check(tmp_path, READS, "--format", "junit", "-o", "-") == 3
    out, err = capfd.readouterr()
    assert ET.fromstring(out).tag
    assert "no-read" not in err


@pytest.mark.parametrize(("reads", "shown"), [(3, "evidence: 1:1:5, 1:1:6, 1:1:7\n"), (40, ", 1:1:7 and 37 more\n")])
def test_the_table_names_three_pieces_of_evidence_and_how_many_more(tmp_path, capfd, reads, shown):
    trace = Trace()
    trace.ready(0)
    trace.add(0.1, "state", value="active")
    for number in range(reads):
        trace.access(10 + number, "data")
    trace.save(tmp_path)
    (tmp_path / "r.ndjson").write_text(entry_lines(1, 20, 22))
    (tmp_path / "p.toml").write_text(READS)
    with pytest.raises(SystemExit):
        main(["check", str(tmp_path / "s.lightleak"), str(tmp_path / "r.ndjson"), "--policy", str(tmp_path / "p.toml")])
    assert shown in capfd.readouterr().out
