"""Find what a page tells its readers to run.

Fenced blocks of ``shell`` and ``python`` are run; other languages are there to be read. What a reader does by hand stands
in comments that the site does not show, each above the block or at the place where it happens:

    <!-- test: phone com.example.app=refetch -->   a stand-in phone is on, and this app of it has that name on this page
    <!-- test: export report.ndjson -->            the person exports the report of that phone
    <!-- test: file policy.toml -->                the person saves the next block under this name
    <!-- test: exit 3 -->                          the next block ends with this code
    <!-- test: elsewhere tests/cli/test_x.py -->   the next block needs a person to act, and is run by that test
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
_COMMENT = re.compile(r"\s*<!-- test: (\w+) (.+?) -->\s*")
_FENCE = re.compile(r"(?P<indent> *)(?P<fence>```+)(?P<language>[\w-]*).*")
DEEDS = ("phone", "export", "file", "exit", "elsewhere")


@dataclass(frozen=True)
class Step:
    """A block, or something that the reader does; ``kind`` is the language or the deed."""

    kind: str
    text: str
    line: int


def pages() -> list[Path]:
    """List what strangers read, without what is made at build time."""
    return [TOP / "README.md", *sorted((TOP / "docs").rglob("*.md"))]


def steps(page: Path) -> list[Step]:
    """Read a page: its blocks in every language, and the deeds between them, in order."""
    found: list[Step] = []
    lines = iter(enumerate(page.read_text(encoding="utf-8").splitlines(), 1))
    for number, line in lines:
        if said := _COMMENT.fullmatch(line):
            assert said[1] in DEEDS, f"{page}:{number}: no such deed"
            found.append(Step(said[1], said[2], number))
        elif fence := _FENCE.fullmatch(line):
            block = []
            for _, inside in lines:
                if inside.strip() == fence["fence"]:
                    break
                block.append(inside.removeprefix(fence["indent"]))
            found.append(Step(fence["language"], "\n".join(block) + "\n", number))
    return found
