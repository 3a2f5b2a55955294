"""Linux, macOS and Windows: what can be held of that on one of them."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from stories import Trace, entry_lines

TOP = Path(__file__).parent.parent
HOST = TOP / "host" / "lightleak"
ONLY_POSIX = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
"""Source: the module index of Python 3.11, "Unix only"."""
NAME = "微信 ✓ élan"
CODECS = ("ascii", "cp1252", "gbk")


def test_nothing_is_imported_that_windows_has_not():
    found = [
        f"{path.relative_to(HOST)}: {name}"
        for path in HOST.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
        if name.split(".")[0] in ONLY_POSIX
    ]
    assert found == []


def test_files_are_opened_as_utf_8_wherever_that_is_not_the_default(tmp_path):
    """Text that is read or written without an encoding means something else on Windows."""
    command = [sys.executable, "-X", "warn_default_encoding", "-W", "error::EncodingWarning", "-m", "lightleak", "demo"]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    wrong = [
        f"{path.relative_to(HOST)}:{node.lineno}"
        for path in HOST.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("read_text", "write_text")
        and not any(keyword.arg == "encoding" for keyword in node.keywords)
    ]
    assert wrong == []


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("command", ["inspect", "compare", "replay", "verify", "show"])
def test_a_pipe_that_cannot_hold_a_name_gets_it_escaped(codec, command, tmp_path):
    trace = Trace(app=NAME)
    trace.ready(0, name=NAME)
    trace.add(0.4, "observer", action="registered", observer={"class": NAME, "id": "1", "image": NAME}, type="change")
    trace.save(tmp_path, "s")
    (tmp_path / "r.ndjson").write_text(entry_lines(1, 1.1, 62.0, app=NAME), encoding="utf-8")
    arguments = {
        "inspect": ["r.ndjson"],
        "compare": ["s", "--report", "r.ndjson"],
        "replay": ["s", "--speed", "max"],
        "verify": ["s"],
        "show": ["s"],
    }
    done = subprocess.run(
        [sys.executable, "-m", "lightleak", command, *arguments[command]],
        check=False,
        capture_output=True,
        cwd=tmp_path,
        env=os.environ | {"PYTHONIOENCODING": codec},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_the_workflow_runs_tests_that_are_there():
    """On macOS and Windows it names the folders that need no stand-in phone; where they move, it must follow."""
    named = re.findall(r"\btests/\S+", (TOP / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8"))
    assert len(named) > 5
    assert [name for name in named if not (TOP / name).exists()] == []
