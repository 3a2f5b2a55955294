"""The documentation builds without a warning, has a page for each command, and its notebook says what it said."""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

import lightleak
from docs.blocks import pages, steps
from docs.notebook import DEMO, NOTEBOOK, executed
from lightleak.cli import main
from lightleak.cli._group import cli

TOP = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "scripts/build_docs.py", "--out", folder]
    done = subprocess.run(command, cwd=TOP, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_it_builds_with_strict_links(site):
    assert (site / "index.html").exists()


def test_each_command_has_a_page_with_each_of_its_options(site):
    context = click.Context(cli)
    for name in cli.list_commands(context):
        page = html.unescape(re.sub(r"<[^>]+>", "", (site / "commands" / name / "index.html").read_text()))
        command = cli.get_command(context, name)
        options = [option for option in command.params if isinstance(option, click.Option) and not option.hidden]
        assert {opt for option in options for opt in option.opts if opt not in page} == set(), name
        assert name in (site / "commands" / "index.html").read_text()


def test_its_pages_ask_nobody_else_for_anything(site):
    """No font, script, picture or style comes from another host: who reads about privacy is nobody's business."""
    foreign = re.compile(
        r"""<(?:script|img|iframe)[^>]*\bsrc="?(?:https?:)?//[^ ">]+|<link[^>]*rel="?(?:stylesheet|preconnect)[^>]*href="?(?:https?:)?//[^ ">]+"""
    )
    found = {hit for page in site.rglob("*.html") for hit in foreign.findall(page.read_text())}
    assert found == set()


def test_what_the_pages_quote_of_the_demo_is_what_the_demo_says(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit):
        main(["demo"])
    with pytest.raises(SystemExit):
        main(["compare", "lightleak-demo/session.lightleak", "--report", "lightleak-demo/report.ndjson", "--why"])
    said = " ".join(capfd.readouterr().out.split())
    quoted = [step for page in pages() for step in steps(page) if step.kind == "text" and "org.lightleak." in step.text]
    assert len(quoted) >= 2
    for step in quoted:
        assert [line for line in step.text.splitlines() if " ".join(line.split()) not in said] == []


def test_each_defence_of_the_threat_model_names_a_test_that_is_there():
    rows = re.findall(r"^\|(.+)\|(.+)\|(.+)\|$", (TOP / "docs" / "threat-model.md").read_text(), flags=re.MULTILINE)
    held = [by for _, _, by in rows if by.strip() not in ("---", "held by")]
    assert len(held) > 15
    for by in held:
        named = re.findall(r"`(tests/[^`]+)`", by)
        assert named or by.strip() == "the same", by
        assert [name for name in named if not (TOP / name).exists()] == []


def test_the_notebook_says_what_it_said():
    kept = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert executed(kept, DEMO) == kept


def test_the_citation_names_the_version():
    cited = re.search(r"^version: (.+)$", (TOP / "CITATION.cff").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert cited is not None
    assert cited[1] == lightleak.__version__
