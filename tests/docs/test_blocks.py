"""Every shell and Python block that a reader can run is run; what a page says of commands and options exists."""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from docs.blocks import DEEDS, TOP, pages, steps
from docs.desk import Desk
from lightleak.cli._group import cli

RUN = ("shell", "python")
READ = ("text", "json", "toml", "yaml", "xml", "csv")
"""Languages of blocks that are there to be read."""

_INLINE = re.compile(r"(?<!`)`(lightleak [^`\n]+)`(?!`)")
_COMMAND = re.compile(r"^\s*(?:\$ )?lightleak [a-z-]+(?!.*\[-).*$", re.MULTILINE)
"""A command that could be run; with brackets round its options it is only how it is written."""


def with_blocks() -> list[Path]:
    return [page for page in pages() if any(step.kind in RUN for step in steps(page))]


def name(page: Path) -> str:
    return str(page.relative_to(TOP))


@pytest.fixture(scope="module", autouse=True)
def built():
    subprocess.run([TOP / "scripts" / "build-agent"], check=True)
    subprocess.run([TOP / "scripts" / "build-page"], check=True)
    subprocess.run([TOP / "scripts" / "build-standin"], check=True)


@pytest.mark.standin
@pytest.mark.parametrize("page", with_blocks(), ids=name)
def test_what_a_page_tells_its_readers_to_run_runs(page, tmp_path):
    shell = "".join(step.text for step in steps(page) if step.kind == "shell")
    if missing := [tool for tool in ("jq", "zstdcat") if f"{tool} " in shell and not shutil.which(tool)]:
        pytest.skip(f"needs {', '.join(missing)}")
    with contextlib.ExitStack() as stack:
        desk = Desk(tmp_path, stack)
        for step in steps(page):
            try:
                desk.do(step)
            except Exception as problem:
                raise AssertionError(f"{name(page)}:{step.line}: {problem}") from problem


@pytest.mark.parametrize("page", pages(), ids=name)
def test_a_block_says_its_language_and_no_command_hides_where_nothing_runs_it(page):
    for step in steps(page):
        if step.kind in RUN:
            continue
        where = f"{name(page)}:{step.line}"
        assert step.kind in (*READ, *DEEDS), f"{where}: what language is this?"
        assert not (step.kind == "text" and _COMMAND.search(step.text)), (
            f"{where}: fence it as shell, so that it is run"
        )
    outside = re.sub(r"^( *)```.*?^\1```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    indented = re.findall(r"^    +(?:lightleak|import lightleak) .*", outside, flags=re.MULTILINE)
    assert indented == [], f"{name(page)}: fence it, so that it is run"


@pytest.mark.parametrize("page", pages(), ids=name)
def test_commands_and_options_in_the_running_text_exist(page):
    context = click.Context(cli)
    for said in _INLINE.findall(page.read_text(encoding="utf-8")):
        words = shlex.split(re.sub(r"[|&>].*", "", said).replace("…", ""))[1:]
        if not words or words[0].startswith("-"):
            continue
        command = cli.get_command(context, words[0])
        assert command is not None, f"{name(page)}: `{said}`: no such command"
        if isinstance(command, click.Group) and words[1:]:
            command = command.get_command(context, words[1])
            assert command is not None, f"{name(page)}: `{said}`: no such command"
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        unknown = {word.split("=")[0] for word in words if word.startswith("-") and word != "-"} - known - {"--help"}
        assert not unknown, f"{name(page)}: `{said}`: no such option: {unknown}"
