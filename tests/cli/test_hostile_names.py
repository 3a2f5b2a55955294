"""Names from an app, a report or a policy never begin a line of their own: they would look like lightleak's words."""

from __future__ import annotations

from pathlib import Path

import pytest

from lightleak.cli import main
from stories import Trace, entry_lines, ident

APP = "org.example\nFORGED: certain (same identifier)\u202e"
POLICY = """
version = 1
[[rule]]
rule = "no-read"
name = "one\\nFORGED held"
[[rule]]
rule = "entries"
cause = "unexplained"
"""


@pytest.fixture
def paths(tmp_path: Path) -> tuple[str, str, str]:
    trace = Trace(app=APP)
    trace.ready(0, name="App\nFORGED")
    trace.ready(0, segment=2, role="extension", identifier=f"{APP}.share\nFORGED", name="Share\nFORGED")
    trace.add(1, "observer", action="found", observer={"class": "O\nFORGED", "id": "o", "image": "A"}, type="change")
    trace.access(10, "metadata", symbol="-[PHAsset x]\nFORGED")
    trace.add(10.01, "accounting", phase="begin", identifier=ident(1))
    trace.access(30, "data", segment=2, symbol="-[PHAsset x]\nFORGED")
    trace.add(30.1, "accounting", 2, phase="begin", identifier=ident(2))
    trace.add(200, "process", phase="detached", reason="over\nFORGED", name="App\nFORGED", identifier=APP)
    trace.ready(250, segment=3)
    trace.add(300, "mark", segment=3, label="end\nFORGED")
    trace.save(tmp_path)
    (tmp_path / "report.ndjson").write_text(
        "".join(entry_lines(n, at, at + 61, app=APP) for n, at in ((1, 10.1), (2, 30.2), (3, 100)))
    )
    (tmp_path / "policy.toml").write_text(POLICY)
    return str(tmp_path / "s.lightleak"), str(tmp_path / "report.ndjson"), str(tmp_path / "policy.toml")


@pytest.mark.parametrize(
    "command", ["compare", "compare --why", "check", "diff", "show", "replay", "verify", "inspect"]
)
def test_no_name_begins_a_line(capsys: pytest.CaptureFixture[str], paths: tuple[str, str, str], command: str) -> None:
    session, report, policy = paths
    arguments = {
        "compare": [session, "--report", report],
        "compare --why": [session, "--report", report],
        "check": [session, "--report", report, "--policy", policy],
        "diff": [session, session],
        "replay": [session, "--speed", "max"],
        "inspect": [report],
    }.get(command, [session])
    with pytest.raises(SystemExit) as ended:
        main([*command.split(), *arguments])
    captured = capsys.readouterr()
    assert ended.value.code in (None, 0, 3), captured.err
    assert "\u202e" not in captured.out + captured.err
    assert "FORGED" in captured.out + captured.err
    lines = (captured.out + captured.err).splitlines()
    # Of a line that is folded the rest can begin with any word: the forged one comes after the escape all the same.
    assert not [line for line in lines if line.lstrip().startswith("FORGED")]


def test_no_kind_of_an_imported_trace_begins_a_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    trace = Trace(app=APP)
    trace.ready(0)
    trace.add(1, "odd\nFORGED")
    (tmp_path / "t.ndjson").write_text(trace.lines())
    with pytest.raises(SystemExit) as ended:
        main(["-v", "import", str(tmp_path / "t.ndjson"), "-o", str(tmp_path / "s.lightleak")])
    captured = capsys.readouterr()
    assert ended.value.code in (None, 0)
    assert "FORGED" in captured.err
    assert not [line for line in captured.err.splitlines() if line.lstrip().startswith("FORGED")]
