"""What fingers type out of habit: it works, or the answer says what was meant."""

from __future__ import annotations

import json

import click
import pytest

from lightleak.cli import main
from lightleak.cli._group import cli
from lightleak.cli._misplaced import MEANT
from stories import Trace, entry_lines

COMMANDS = cli.list_commands(click.Context(cli))


def run(capfd, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    out, err = capfd.readouterr()
    return int(ended.value.code or 0), out, err


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A session and a report in the current folder."""
    trace = Trace()
    trace.ready(0)
    trace.access(10, "data")
    trace.add(80, "mark", label="end")
    trace.save(tmp_path)
    (tmp_path / "r.ndjson").write_text(entry_lines(1, 11, 12))
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_quiet_verbose_and_json_itself(name):
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert cli.get_command(click.Context(cli), name) is command
    options = [letter for parameter in command.params for letter in parameter.opts]
    assert {"-q", "--quiet", "-v", "--verbose", "--json"} <= set(options)
    assert len(options) == len(set(options))


@pytest.mark.parametrize("arguments", [["-q", "import"], ["import", "-q"], ["-q", "import", "-q"]])
def test_quiet_means_the_same_before_and_after_the_command(capfd, files, arguments):
    assert run(capfd, "export", "s.lightleak", "--json", "-o", "t.ndjson")[0] == 0
    assert run(capfd, *arguments, "t.ndjson", "-o", "u.lightleak") == (0, "", "")


def test_verbose_after_the_command_is_verbose(capfd, files):
    assert run(capfd, "export", "s.lightleak", "--json", "-o", "t.ndjson")[0] == 0
    _, _, err = run(capfd, "import", "t.ndjson", "-o", "u.lightleak", "-v")
    assert "  access: 1" in err.splitlines()


@pytest.mark.parametrize("arguments", [["-q", "devices", "-v"], ["-qv", "devices"], ["devices", "-v", "-q"]])
def test_quiet_and_verbose_contradict_each_other_wherever_they_are(capfd, arguments):
    code, out, err = run(capfd, *arguments)
    assert (code, out, err) == (2, "", "error: -v and -q cannot be combined: choose one\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "s.lightleak"], ["inspect", "r.ndjson"], ["compare", "s.lightleak", "r.ndjson"],
        ["diff", "s.lightleak", "s.lightleak"], ["probes"], ["devices"],
    ],
)  # fmt: skip
def test_json_is_short_for_format_json(capfd, files, arguments):
    code, out, _ = run(capfd, *arguments, "--json")
    assert code == 0
    assert json.loads(out)
    assert run(capfd, *arguments, "--format", "json")[1] == out
    assert run(capfd, *arguments, "--json", "--format", "json")[1] == out


def test_json_is_ndjson_where_there_is_no_other(capfd, files):
    code, out, _ = run(capfd, "replay", "s.lightleak", "--json")
    assert code == 0
    assert [json.loads(line)["kind"] for line in out.splitlines()][:2] == ["header", "process"]


def test_json_and_another_format_contradict_each_other(capfd, files):
    code, out, err = run(capfd, "inspect", "r.ndjson", "--json", "--format", "csv")
    assert (code, out) == (2, "")
    assert err == "error: --json and --format csv contradict each other: leave one of them out\n"


@pytest.mark.parametrize("name", ["demo", "import", "mark", "pull-report", "record", "show", "watch"])
def test_a_command_without_json_says_what_has_it(capfd, name):
    """``--json`` was answered with: did you mean '--token'?"""
    code, out, err = run(capfd, name, "--json", "x")
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {name} has no JSON output: ")
    assert "token" not in err


def test_help_is_a_command(capfd):
    assert run(capfd, "help")[1] == run(capfd, "--help")[1]
    for name in COMMANDS:
        assert run(capfd, "help", name) == run(capfd, name, "--help")
    code, _, err = run(capfd, "help", "recrd")
    assert code == 2
    assert "did you mean record?" in err


def test_the_version_has_a_letter(capfd):
    assert run(capfd, "-V") == run(capfd, "--version")


@pytest.mark.parametrize("word", MEANT)
def test_a_word_of_another_tool_is_answered_with_what_does_that_here(capfd, word):
    code, _, err = run(capfd, word)
    assert code == 2
    assert f"No such command '{word}': lightleak " in err
    assert word not in COMMANDS


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("-U -n App", "record -U -n App"),
        ("-U", "record -U -n App"),
        ("-U record com.x", "record -U com.x"),
        ("-q -U watch com.x -o f", "watch -q -U com.x -o f"),
        ("-H host:1 apps", "apps -H host:1"),
        ("--json devices", "devices --json"),
        ("--format json devices", "devices --format json"),
        ("--policy p.toml s r", "check --policy p.toml s r"),
        ("-n 'My App' record", "record -n 'My App'"),
        ("-W a\x1b[2J record", "record -W 'a\\x1b[2J'"),
        ("--token secret record com.x", "record --token TOKEN com.x"),
        ("--token=secret record com.x", "record --token=TOKEN com.x"),
    ],
)
def test_an_option_before_its_command_is_answered_with_the_right_order(capfd, typed, meant):
    words = typed.split(" ") if "'" not in typed else ["-n", "My App", "record"]
    code, out, err = run(capfd, *words)
    assert (code, out) == (2, "")
    option = next(word for word in words if word != "-q").partition("=")[0]
    assert err == f"error: options such as {option} follow a command: lightleak {meant}\n"


@pytest.mark.parametrize("typed", [["--nonsense", "devices"], ["--rotate-mb", "3", "record"], ["-Z"]])
def test_an_option_that_the_command_does_not_have_is_just_unknown(capfd, typed):
    code, _, err = run(capfd, *typed)
    assert code == 2
    assert "No such option" in err


@pytest.mark.parametrize("name", ["compare", "check", "diff", "inspect", "export"])
def test_a_dash_is_stdout_and_never_a_file(capfd, files, tmp_path, name):
    (tmp_path / "p.toml").write_text('version = 1\n[[rule]]\nrule = "coverage"\nprobes = ["accounting"]\n')
    arguments = {
        "compare": ["s.lightleak", "r.ndjson"],
        "check": ["s.lightleak", "r.ndjson", "--policy", "p.toml"],
        "diff": ["s.lightleak", "s.lightleak"],
        "inspect": ["r.ndjson"],
        "export": ["s.lightleak", "--format", "csv"],
    }[name]
    plain = run(capfd, name, *arguments)
    assert plain[0] == 0
    assert run(capfd, name, *arguments, "-o", "-") == plain
    assert not (tmp_path / "-").exists()


@pytest.mark.parametrize(
    "arguments", [["import", "t", "-o", "-"], ["demo", "-"], ["pull-report", "-o", "-"], ["fieldtest", "x", "-o", "-"]]
)
def test_what_must_be_a_file_or_a_folder_refuses_a_dash(capfd, tmp_path, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capfd, *arguments)
    assert (code, out) == (2, "")
    assert "cannot be written to stdout: give it a name after -o" in err
    assert not list(tmp_path.iterdir())


def test_verdicts_in_parquet_do_not_go_to_a_terminal(capfd, files, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    code, out, err = run(capfd, "compare", "s.lightleak", "r.ndjson", "--format", "parquet")
    assert (code, out) == (2, "")
    assert (
        err == "error: parquet is binary and is not written to a terminal: name a file with -o FILE; -o - forces it\n"
    )
