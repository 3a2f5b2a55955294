"""Completion as docs/install.md describes it, in the shells themselves."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_ASK = {
    "bash": 'eval "$(_LIGHTLEAK_COMPLETE=bash_source lightleak)"\n'
    "COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _lightleak_completion lightleak\n"
    'printf "%s\\n" "${{COMPREPLY[@]}}"',
    # What zsh's line editor would show is handed to _describe; there is no line editor without a terminal.
    "zsh": 'autoload -Uz compinit; compinit -D; eval "$(_LIGHTLEAK_COMPLETE=zsh_source lightleak)"\n'
    "_describe() {{ print -l -- ${{(P)3}} }}; compstate=(); compadd() {{ print -l -- ${{(P)5}} }}\n"
    "words=({words}); CURRENT=${{#words}}; _lightleak_completion",
    "fish": '_LIGHTLEAK_COMPLETE=fish_source lightleak | source; complete -C "{words}"',
}
_FLAGS = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}


def complete(shell: str, words: str, home: Path) -> str:
    environment = os.environ | {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(home)}
    asked = [shell, *_FLAGS[shell], "-c", _ASK[shell].format(words=words)]
    return subprocess.run(asked, check=True, capture_output=True, text=True, env=environment, timeout=60).stdout


@pytest.mark.parametrize("shell", _ASK)
def test_commands_are_completed(shell, tmp_path):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    said = complete(shell, "lightleak re", tmp_path)
    assert "record" in said
    assert "replay" in said
    assert "compare" not in said


@pytest.mark.parametrize("shell", _ASK)
def test_an_options_choices_are_completed(shell, tmp_path):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    said = complete(shell, "lightleak compare --format h", tmp_path)
    assert "html" in said
    assert "json" not in said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("compare --js", "plain,--json"), ("record --qui", "plain,--quiet"), ("apps --ins", "plain,--installed"),
        ("help com", "plain,compare"), ("compare s", "file,s"), ("compare s.lightleak r", "file,r"), ("demo f", "file,f"),
        ("check a b --policy p", "file,p"), ("--vers", "plain,--version"),
        ("show s.lightleak --event", "plain,--events plain,--event"), ("show s.lightleak --cont", "plain,--context"),
        ("show s.lightleak --filter de", "plain,depth"), ("replay s.lightleak --filter c", "plain,class plain,cause.kind"),
        ("export s.lightleak --format p", "plain,parquet plain,perfetto"), ("compare s r --format c", "plain,csv"),
        ("compare s r --filter fl", "plain,flags"),
        ("verify s.lightleak --format j", "plain,json"), ("inspect r --format c", "plain,csv"),
    ],
)  # fmt: skip
def test_new_options_and_files_without_an_option_are_completed(words, expected):
    # The shell fills in files itself where the answer has the type "file".
    asked = f"lightleak {words}"
    environment = os.environ | {
        "_LIGHTLEAK_COMPLETE": "bash_complete", "COMP_WORDS": asked, "COMP_CWORD": str(len(asked.split()) - 1),
    }  # fmt: skip
    lightleak = [sys.executable, "-c", "import sys; sys.argv[0] = 'lightleak'; from lightleak.cli import main; main()"]
    done = subprocess.run(lightleak, check=False, capture_output=True, text=True, env=environment, timeout=60)
    assert done.stdout.splitlines() == expected.split(), done.stderr
