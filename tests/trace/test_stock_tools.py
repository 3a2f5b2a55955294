"""What docs/trace-format.md says can be done without lightleak can be done."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lightleak.trace.frames import split
from lightleak.trace.session_file import SessionFile
from tracekit import lines, session

DOCUMENT = (Path(__file__).parents[2] / "docs" / "trace-format.md").read_text()


def shell(command: str, folder: Path, *tools: str, **variables: str) -> bytes:
    for tool in tools:
        if shutil.which(tool) is None:
            pytest.skip(f"no {tool} here")
    return subprocess.run(
        ["bash", "-ec", command],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", **variables},
        capture_output=True,
        check=True,
    ).stdout


def documented(tool: str) -> str:
    """Find the one line of the document's code that begins with this tool, without its comment."""
    (found,) = re.findall(rf"^(?:    )?({re.escape(tool)}.*?)(?:  +#.*)?$", DOCUMENT, re.MULTILINE)
    return found


def test_jq_reads_the_events(tmp_path):
    session(tmp_path / "session.lightleak", lines(25))

    assert shell(documented("zstdcat session.lightleak | jq"), tmp_path, "zstdcat", "jq").splitlines() == lines(25)


def test_grep_makes_a_trace(tmp_path):
    path = session(tmp_path / "session.lightleak", lines(25))
    shell(documented("zstdcat session.lightleak | grep"), tmp_path, "zstdcat")

    expected = [SessionFile(path).header_line, *lines(25)]
    assert (tmp_path / "run.ndjson").read_bytes().splitlines() == expected


def test_sha256sum_follows_the_chain(tmp_path):
    part = SessionFile(session(tmp_path / "session.lightleak", lines(25)))
    (_, first), (_, second) = list(part.contents())[:2]
    (tmp_path / "frame2").write_bytes(second)
    told = shell(documented("{ printf"), tmp_path, "sha256sum", HASH_OF_FRAME_1=split(first)[1].hash)

    assert told.decode().split()[0] == split(second)[1].hash
