"""``lightleak --help``: what a newcomer sees first."""

from __future__ import annotations

import click
import pytest

from lightleak.cli import main
from lightleak.cli._group import cli


def shown(capfd, *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    assert not ended.value.code
    return capfd.readouterr().out


def test_every_command_is_listed_in_full_on_a_narrow_terminal(capfd, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    said = shown(capfd, "--help")
    names = cli.list_commands(click.Context(cli))
    lines = [line for line in said.splitlines() if line.startswith("  ") and line.strip()]
    assert set(names) <= {line.split()[0] for line in lines}
    assert not [line for line in lines if line.endswith("...")]
    assert max(map(len, said.splitlines())) <= 80


def test_a_command_that_is_misspelt_is_guessed(capfd):
    with pytest.raises(SystemExit) as ended:
        main(["recrod"])
    assert ended.value.code == 2
    assert "did you mean record?" in capfd.readouterr().err


@pytest.mark.parametrize("name", cli.list_commands(click.Context(cli)))
def test_every_command_knows_h_and_every_option_says_what_it_does(name, capfd):
    shown(capfd, name, "-h")
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    silent = [one.name for one in command.params if isinstance(one, click.Option) and not one.help]
    assert silent == []


@pytest.mark.parametrize("name", ["add", "status", "query", "report", "compact"])
def test_every_command_of_fleet_knows_h_and_every_option_says_what_it_does(name, capfd):
    assert "Usage: lightleak fleet" in shown(capfd, "fleet", name, "-h")
    group = cli.get_command(click.Context(cli), "fleet")
    assert isinstance(group, click.Group)
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert [one.name for one in command.params if isinstance(one, click.Option) and not one.help] == []
    shown(capfd, "fleet", "-h")
