"""Names from an app, a report or a policy never begin a line of their own: they would look like lightleak's words."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console as RichConsole

from lightleak.cli import main
from lightleak.cli._console import Console
from lightleak.errors import FileError
from lightleak.events import Event
from lightleak.views.live.view import LiveView
from lightleak.views.terminal import doctor, probes
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


BREAKS = st.sampled_from(
    ["\n", "\r", "\r\n", "\n\n", "\v", "\f", "\x85", "\u2028", "\u2029", "\x1b[2K\r", "\x1b[1A", "\x9b2J", "\x1c", "\x08" * 9,
     "\u202e", "\u2066", "\x00", "\u200b\n", "\xa0\n"]
)  # fmt: skip
"""What ends a line, goes back over it, or turns the direction of what follows."""


class Names:
    """Hostile names: each is a text, a break, and the words that must not begin a line."""

    def __init__(self, breaks: list[str]) -> None:
        self._breaks = breaks

    def __call__(self, at: int) -> str:
        return f"name{at}{self._breaks[at % len(self._breaks)]}FORGED"


def hostile_trace(name: Names) -> Trace:
    app = name(0)
    trace = Trace(app=app)
    trace.header["device"] = {
        "name": name(1),
        "model": name(2),
        "os": name(3),
        "os_version": name(4),
        "time_zone": "UTC",
    }
    trace.header["tool"] = name(5)
    trace.header["target"] = {"identifier": app, "name": name(6), "version": name(7)}
    trace.ready(0, name=name(8), reason=name(9))
    trace.add(0.5, "hook", probe=name(10), symbol=name(11), status="skipped", reason=name(12))
    trace.add(0.6, "hook", probe="input.event", symbol=name(13), status=name(14), reason=name(15))
    trace.add(
        1, "observer", action="found", observer={"class": name(16), "id": name(17), "image": name(18)}, type="change"
    )
    trace.add(2, "state", value=name(19), reason=name(20))
    trace.add(3, "input", type=name(21))
    trace.add(4, "authorization", symbol=name(22), action=name(23), level=name(24), status=name(25))
    trace.add(8, "notification", observer={"class": name(16), "id": name(17)}, change=name(26), type="change")
    trace.add(
        9, "access", depth="data", symbol=name(27), detail={name(28): name(29)}, caller={"image": name(30), "offset": 1}
    )
    trace.add(9.5, "delivery", of=12, bytes=3, error=name(31), reason=name(32))
    trace.access(10, "metadata", symbol=name(33))
    trace.add(10.01, "accounting", phase="begin", identifier=ident(1), service=name(34))
    trace.add(11, "property", symbol=name(35), count=2, assets=1)
    trace.add(12, name(36), label=name(37))
    trace.add(13, "mark", label=name(38))
    trace.add(14, "lost", count=3, reason=name(39))
    trace.add(60, "access", depth="upload", symbol=name(40))
    trace.ready(70, segment=2, role=name(41), identifier=None, name=name(42))
    trace.add(70.5, "accounting", segment=2, phase="begin", identifier=ident(3), service=name(43))
    trace.add(200, "process", phase="detached", reason=name(44), name=name(8), identifier=app)
    return trace


def hostile_report(name: Names) -> str:
    app = name(0)
    lines = entry_lines(1, 10.1, 71) + entry_lines(2, 9, 9.1, category=name(45)) + entry_lines(3, 70.6, 71)
    lines += entry_lines(4, 150, 151) + entry_lines(5, 40, None, odd=1)
    rows = [json.loads(line) for line in lines.splitlines()]
    for row in rows:
        row["accessor"]["identifier"] = app
    rows[-1][name(46)] = 1
    network = {"bundleID": app, "domain": name(47), "hits": 2, "type": "networkActivity", "context": name(48)}
    network |= {"firstTimeStamp": rows[0]["timeStamp"], "timeStamp": rows[0]["timeStamp"], "domainOwner": name(49)}
    kinds = [{**rows[0], "identifier": ident(6), "kind": name(50)}, {**rows[0], "timeStamp": name(51)}]
    return "".join(json.dumps(row) + "\n" for row in [*rows, network, *kinds, {"type": name(52)}])


def hostile_policy(name: Names) -> str:
    rules = [
        {"rule": "no-read", "name": name(53)},
        {"rule": "no-observer", "name": name(54), "allow": [name(55)]},
        {"rule": "entries", "cause": "unexplained", "name": name(56)},
        {"rule": "coverage", "hours": 99, "name": name(57)},
    ]
    text = "version = 1\n"
    for rule in rules:
        text += "[[rule]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in rule.items())
    return text


def _toml(value: Any) -> str:
    # A basic string of TOML is one of JSON, but for DEL and for what is no character.
    return json.dumps(value).replace("\\ud800", "?")


def outputs(folder: Path, name: Names) -> Iterator[tuple[str, str]]:
    """Yield what each command prints for people: its name, and its text on stdout and stderr."""
    trace, session = folder / "t.ndjson", folder / "s.lightleak"
    trace.write_text(hostile_trace(name).lines())
    reports = folder / f"report{name(58).replace(chr(0), '').encode(errors='replace').decode()}.ndjson"
    reports.write_text(hostile_report(name))
    policy = folder / "p.toml"
    policy.write_text(hostile_policy(name))
    given, report = str(session), str(reports)
    yield "import", run("-v", "import", str(trace), "-o", given)
    yield "compare", run("compare", given, "--report", report)
    yield "compare --why", run("compare", given, "--report", report, "--why")
    yield "compare --app", run("compare", given, "--report", report, "--app", "nothing")
    yield "check", run("check", given, "--report", report, "--policy", str(policy))
    yield "check, JUnit", run("check", given, "--report", report, "--policy", str(policy), "--format", "junit")
    written = str(folder / "check.json")
    yield (
        "check -o",
        run("check", given, "--report", report, "--policy", str(policy), "--format", "json", "-o", written),
    )
    yield "diff", run("diff", given, given)
    yield "show", run("show", given)
    yield "show --app", run("show", given, "--app", "nothing")
    yield "replay", run("replay", given, "--speed", "max")
    yield "verify", run("verify", given)
    yield "inspect", run("inspect", report)
    yield "a report as a session", run("verify", report)
    yield "a session as a policy", run("check", given, "--report", report, "--policy", report)
    yield "no such file", run("show", str(folder / name(59).replace(chr(0), "").encode(errors="replace").decode()))
    yield "live", live(name)
    yield "devices and apps", table(name)
    yield "doctor", printed(doctor.render(examination(name)))
    yield "probes", "\n".join(probes.render({"probes": [hook(name)], "excluded": []}, for_target=True))
    yield "notes", notes(name)


def run(*arguments: str) -> str:
    out, err = io.TextIOWrapper(io.BytesIO(), "utf-8", newline=""), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), contextlib.suppress(SystemExit):
        main(list(arguments))
    out.flush()
    return out.buffer.getvalue().decode() + "\n" + err.getvalue()  # type: ignore[attr-defined]


def live(name: Names) -> str:
    """Return the live view of a terminal, without the colours and moves that are its own."""
    console = RichConsole(file=io.StringIO(), width=500, height=60, markup=False, emoji=False, highlight=False)
    view = LiveView(SimpleNamespace(stdout=console, stderr=console))
    view.feed(list(map(Event, hostile_trace(name).events)))
    with console.capture() as captured:
        console.print(view._render())
    return captured.get()


def table(name: Names) -> str:
    return Console().table(("PID", "NAME", "IDENTIFIER"), [(1, name(60), name(61)), (None, name(62), None)])


def printed(content: Any) -> str:
    return Console().rendered(content)


def examination(name: Names) -> dict[str, Any]:
    check = {"check": "reach", "status": "problem", "found": name(63), "why": name(64), "remedy": name(65)}
    checks = [{**check, "check": one} for names in (names for _, names in doctor._SECTIONS) for one in names]
    counts = {"problem": 1, "warning": 0, "unknown": 0, "ok": 0}
    return {"checks": checks, "device": name(66), "target": name(67), "counts": counts, "ready": False}


def hook(name: Names) -> dict[str, Any]:
    return {"probe": name(68), "symbol": name(69), "depth": name(70), "status": name(71), "reason": name(72)}


def notes(name: Names) -> str:
    err = io.StringIO()
    with contextlib.redirect_stderr(err):
        console = Console(1)
        for say in (console.info, console.detail, console.heading, console.prompt, console.warning):
            say(name(73))
        console.error(FileError(name(74), hint=name(75)))
    return err.getvalue()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(breaks=st.lists(BREAKS, min_size=1, max_size=5))
def test_no_hostile_name_begins_a_line_or_reaches_the_terminal(breaks: list[str], tmp_path_factory: Any) -> None:
    """Whatever is in the names of app, class, kind, reason, label, device, symbol, rule, file: in no command's output."""
    shown = 0
    for command, text in outputs(tmp_path_factory.mktemp("hostile"), Names(breaks)):
        assert not [line for line in text.split("\n") if line.strip().startswith("FORGED")], (command, text)
        assert all(c.isprintable() or c == "\n" for c in text), (command, text)
        assert "Traceback" not in text, (command, text)
        shown += "FORGED" in text
    assert shown >= 16


def test_the_forged_words_are_shown_by_every_command(tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    silent = {command for command, text in outputs(tmp_path, Names(["\n"])) if "FORGED" not in text}
    assert silent <= {"diff", "a session as a policy", "a report as a session"}
