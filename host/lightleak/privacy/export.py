"""Read one NDJSON export, of whatever iOS, line by line or many at once."""

from __future__ import annotations

from typing import BinaryIO

from lightleak.errors import ReportError
from lightleak.privacy.collected import FROM_EXPORT, Collected
from lightleak.privacy.dialect import read_line
from lightleak.privacy.lines import MAX_LINE_BYTES, Block, blocks
from lightleak.privacy.plain import add_plain

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FILLERS = b"\0 \t\r"
"""NULs are what a phone that lost power leaves behind, CR what passing through Windows adds."""


def read_export(stream: BinaryIO, name: str, collected: Collected) -> None:
    """Add an export's lines; what could not be read is among the problems. Errors: what the stream raises."""
    file = collected.add_file(name, FROM_EXPORT)
    for block in blocks(stream):
        if block.first_line == 1 and block.data.startswith(_UTF16_MARKS):
            collected.problems.add(name, 1, "UTF-16, where a report is UTF-8")
            return
        if block.too_long:
            collected.problems.add(name, block.first_line, f"a line of more than {MAX_LINE_BYTES} bytes, skipped")
            continue
        if block.first_line == 1:
            block = block._replace(data=block.data.removeprefix(_UTF8_MARK))  # noqa: PLW2901
        plain = add_plain(collected, file, block.first_line, block.data)
        collected.recognised += plain
        if not plain:
            _add_singly(collected, file, block)


def _add_singly(collected: Collected, file: int, block: Block) -> None:
    for number, raw in enumerate(block.data.split(b"\n"), block.first_line):
        line = raw.strip(_FILLERS)
        if not line:
            continue
        try:
            collected.add(file, number, read_line(line))
            collected.recognised += 1
        except ReportError as problem:
            collected.problems.add(collected.files[file], number, problem.message)
