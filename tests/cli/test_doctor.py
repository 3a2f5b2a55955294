"""``lightleak doctor``: exit codes, stable JSON, and a table that nothing steers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from lightleak.cli import main
from lightleak.device.doctor import CHECKS
from lightleak.errors import AgentError
from lightleak.views.terminal.doctor import render
from schema.published import schema, strict
from standin import Phone

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def doctor(capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["doctor", *map(str, arguments)])
        return ended.value.code or 0, capfd.readouterr().out  # type: ignore[return-value]

    return run


def test_nothing_in_the_way_is_exit_0_and_json_has_every_check_once(doctor: Run, tmp_path: Path) -> None:
    code, out = doctor("--format", "json", "--folder", tmp_path)

    document = json.loads(out)
    assert (code, document["version"], document["ready"], document["target"]) == (0, 1, True, None)
    assert [check["check"] for check in document["checks"]] == list(CHECKS)
    assert all(set(check) == {"check", "status", "found", "why", "remedy"} for check in document["checks"])


def test_something_in_the_way_is_exit_1_and_the_table_says_what_mends_it(doctor: Run) -> None:
    code, out = doctor("-H", "127.0.0.1:1")

    assert code == 1
    assert "no Frida server answers there" in out
    assert "→ start frida-server on the device" in out
    assert "Not ready: 1 problem" in out


def test_a_check_without_a_phone_says_so(capfd) -> None:
    for arguments, said in ((["doctor"], True), (["doctor", "-H", "127.0.0.1:1"], False)):
        with pytest.raises(SystemExit):
            main(arguments)
        assert ("only this machine was checked: add -U" in capfd.readouterr().err) is said


def test_a_program_to_be_started_is_wrong_usage(doctor: Run) -> None:
    assert doctor("-f", "/bin/true")[0] == 2


def test_names_from_the_device_do_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    from lightleak.cli._console import Console

    evil = "\x1b]0;owned\x07"
    checks = [{"check": check, "status": "ok", "found": evil, "why": "", "remedy": ""} for check in CHECKS]
    document = {
        "device": evil,
        "target": evil,
        "ready": True,
        "counts": dict.fromkeys(("problem", "warning", "unknown"), 0),
    }

    text = Console().rendered(render({**document, "checks": checks}))

    assert "\x1b]" not in text
    assert "owned" in text


def test_a_missing_agent_is_a_problem_with_its_remedy_and_the_rest_is_checked(doctor: Run, monkeypatch) -> None:
    """A hollow installation: the doctor itself died of the missing agent on its first line."""

    def missing(name: str) -> str:
        raise AgentError(f"the agent is not built ({name} is missing)", hint="run scripts/build-agent")

    monkeypatch.setattr("lightleak.device.agent_bundle.read_asset", missing)
    code, out = doctor()

    assert code == 1
    assert "✗  Agent              the agent is not built" in out
    assert "→ run scripts/build-agent" in out
    assert "✓  Free disk space" in out
    assert "Not ready: 1 problem" in out


@pytest.mark.standin
def test_bisect_prints_its_runs_and_its_json_is_of_the_published_schema(
    capfd: pytest.CaptureFixture[str], phone: Phone
) -> None:
    app = phone.launch("leaver")
    with pytest.raises(SystemExit) as ended:
        main(["doctor", "-p", str(app.pid), "--bisect", "--only", "handoffs", "--for", "1", "--repeat", "1", "--json"])

    printed = capfd.readouterr()
    document = json.loads(printed.out)
    jsonschema.validate(document, strict(schema("doctor")))
    assert ended.value.code == 0
    assert document["bisect"]["outcome"] == "stays"
    assert [run["kind"] for run in document["bisect"]["runs"]] == ["alone", "attached", "hooked"]
    assert document["bisect"]["runs"][-1]["words"] == ["handoff"]
    assert "run 3, 1 probe (handoff): it stayed for" in printed.err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["--bisect"], 2, "--bisect needs a target"),
        (["--bisect", "-f", "/bin/true"], 2, "the doctor needs a running target"),
        (["--bisect", "-W", "app"], 2, "the doctor needs a running target"),
        (["nosuchapp", "--bisect"], 1, "there is no app or process nosuchapp"),
        (["-p", "999999", "--bisect"], 1, "there is no process with pid 999999"),
        (["x", "--only", "reads"], 2, "--only and --without need --bisect"),
        (["x", "--bisect", "--only", "readz"], 2, "did you mean reads?"),
        (["x", "--bisect", "--for", "0.5"], 2, "too short"),
        (["x", "--bisect", "--repeat", "0"], 2, "0"),
        (["x", "-H", "127.0.0.1:1", "--bisect"], 1, "no Frida server answers there"),
    ],
)
def test_bisect_without_what_it_needs_says_so(
    arguments: list[str], code: int, said: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["doctor", *arguments])

    printed = "".join(capfd.readouterr())
    assert ended.value.code == code
    assert said in printed
    assert "Traceback" not in printed
