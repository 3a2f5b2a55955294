"""Which targets the words of a command line name."""

from __future__ import annotations

import click
import pytest

from lightleak.cli._options.targets import target_options
from lightleak.device.targets import Either, Frontmost, Name, Pid, SpawnFile
from lightleak.errors import UsageError


def targets(words: str, *, many: bool) -> list[object]:
    @click.command()
    @target_options(many=many)
    def command(targets: list[object]) -> list[object]:
        return targets

    found: list[object] = command.main(words.split(), standalone_mode=False)
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", []),
        ("com.x", [Either("com.x")]),
        ("com.x 12 Photos", [Either("com.x"), Pid(12), Either("Photos")]),
        ("-n App com.x", [Name("App"), Either("com.x")]),
        ("com.x -F", [Frontmost(), Either("com.x")]),
        ("./app a b", [SpawnFile(("./app", "a", "b"))]),
        ("com.x /bin/app a 12", [Either("com.x"), SpawnFile(("/bin/app", "a", "12"))]),
        ("-f app a 12", [SpawnFile(("app", "a", "12"))]),
    ],
)
def test_record_and_watch_take_several(words, expected):
    assert targets(words, many=True) == expected


@pytest.mark.parametrize("words", ["a b", "-n a b", "a ./b c"])
def test_other_commands_take_one(words):
    with pytest.raises(UsageError, match=r"unexpected extra target (b|\./b): this command takes one target"):
        targets(words, many=False)


def test_a_program_and_its_arguments_are_one_target():
    assert targets("./app a b", many=False) == [SpawnFile(("./app", "a", "b"))]
