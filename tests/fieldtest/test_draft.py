"""What an interrupted field test leaves is private, whole or not at all, and refused where it is something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lightleak.errors import FileError
from lightleak.fieldtest.draft import Draft, Phone, StepFindings, draft_path, read_draft, remove_draft, write_draft


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "field.json"


def test_what_was_written_is_read(output: Path) -> None:
    seen = StepFindings(1, 2, "", [("A", 3)], [4], {"acts": [5]}, {"contact": True})
    draft = Draft(target="app", idle_s=80, phone=Phone("iPhone15,3", "18.4"), steps={"register": seen})

    write_draft(output, draft)
    write_draft(output, draft)

    assert read_draft(output) == draft
    assert draft_path(output).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in output.parent.iterdir()] == [draft_path(output).name]
    remove_draft(output)
    assert read_draft(output) is None


def test_a_link_that_somebody_has_put_there_is_not_followed(output: Path) -> None:
    victim = output.with_name("victim")
    victim.write_text("mine")
    draft_path(output).with_suffix(".new").symlink_to(victim)

    write_draft(output, Draft())

    assert victim.read_text() == "mine"


@pytest.mark.parametrize("content", ["", "[]", '{"version":2}', '{"steps":{"x":1}}', "[" * 10_000])
def test_a_file_that_is_not_a_draft_is_refused(content: str, output: Path) -> None:
    draft_path(output).write_text(content)

    with pytest.raises(FileError) as refused:
        read_draft(output)
    assert "start over" in refused.value.hint


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be written"):
        write_draft(tmp_path / "missing" / "field.json", Draft())
