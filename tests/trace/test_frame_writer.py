"""A file being written is whole at every moment, and still the one under its name."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

import lightleak
from lightleak.errors import FileError
from lightleak.trace.frame_writer import FrameWriter
from lightleak.trace.header import encode_header
from tracekit import HEADER, lines


@pytest.fixture
def writer(tmp_path):
    writer = FrameWriter(tmp_path / "a.lightleak", encode_header(HEADER))
    yield writer
    writer.abandon()


def names(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_file_has_its_name_only_once_it_is_published(writer, tmp_path):
    assert not writer.path.exists()
    writer.publish()

    assert names(tmp_path) == ["a.lightleak"]
    assert lightleak.open(writer.path).header == HEADER


def test_no_one_else_may_read_it(writer):
    writer.publish()

    assert writer.path.stat().st_mode & 0o777 == 0o600


def test_each_frame_can_be_read_as_soon_as_it_is_appended(writer):
    writer.publish()
    for count in (1, 2, 3):
        writer.append(lines(3)[count - 1 : count])

        assert list(lightleak.open(writer.path).lines()) == lines(3)[:count]


def test_the_head_is_the_last_seal_and_the_close_says_that_all_is_there(writer):
    writer.publish()
    writer.append(lines(2))
    head = writer.close()
    opened = lightleak.open(writer.path)

    assert (opened.head_hash, opened.closed, opened.notices) == (head, True, [])


def test_an_existing_file_is_left_alone(writer, tmp_path):
    (tmp_path / "a.lightleak").write_text("mine")

    with pytest.raises(FileError, match="exists"):
        writer.publish()
    writer.abandon()

    assert (tmp_path / "a.lightleak").read_text() == "mine"
    assert names(tmp_path) == ["a.lightleak"]


def test_an_existing_file_is_replaced_where_that_is_asked_for(writer, tmp_path):
    (tmp_path / "a.lightleak").write_text("old")
    writer.publish(force=True)

    assert lightleak.open(writer.path).header == HEADER


def test_a_file_system_without_links_will_do(writer, tmp_path, monkeypatch):
    def link(*_args):
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", link)
    (tmp_path / "a.lightleak").write_text("mine")
    with pytest.raises(FileError, match="exists"):
        writer.publish()
    (tmp_path / "a.lightleak").unlink()
    writer.publish()

    assert names(tmp_path) == ["a.lightleak"]


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(FileError, match="cannot be written"):
        FrameWriter(tmp_path / "no" / "a.lightleak", encode_header(HEADER))


@pytest.mark.parametrize("taken", [0, 1, 20, 100])
def test_a_full_disk_leaves_the_frames_before_it_whole(writer, monkeypatch, taken):
    writer.publish()
    writer.append(lines(5))
    size, write = writer.path.stat().st_size, os.write

    def full(descriptor, data):
        if os.fstat(descriptor).st_size >= size + taken:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data[:taken])

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(FileError, match="No space left on device") as caught:
        writer.append(lines(9))

    assert caught.value.hint
    assert writer.path.stat().st_size == size
    assert list(lightleak.open(writer.path).lines()) == lines(5)


def test_a_disk_that_is_full_from_the_start_leaves_nothing(tmp_path, monkeypatch):
    def full(*_args):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    with pytest.raises(FileError, match="No space"):
        FrameWriter(tmp_path / "a.lightleak", encode_header(HEADER))

    assert names(tmp_path) == []


def test_a_write_in_pieces_is_written_whole(writer, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
    writer.publish()
    writer.append(lines(5))

    assert list(lightleak.open(writer.path).lines()) == lines(5)


def test_a_removed_file_is_noticed_and_what_was_in_it_is_saved(writer, tmp_path):
    writer.publish()
    writer.append(lines(5))
    writer.path.unlink()

    with pytest.raises(FileError, match="moved, removed or replaced") as caught:
        writer.sync()
    (saved,) = names(tmp_path)
    assert saved in caught.value.hint
    assert (tmp_path / saved).stat().st_mode & 0o777 == 0o600
    assert list(lightleak.open(tmp_path / saved).lines()) == lines(5)


def test_a_replaced_file_is_noticed_and_neither_file_is_touched(writer, tmp_path):
    writer.publish()
    writer.append(lines(5))
    (tmp_path / "other").write_text("theirs")
    (tmp_path / "other").replace(writer.path)

    with pytest.raises(FileError, match="replaced"):
        writer.sync()
    saved = next(path for path in tmp_path.iterdir() if "rescued" in path.name)
    assert writer.path.read_text() == "theirs"
    assert list(lightleak.open(saved).lines()) == lines(5)


def test_a_moved_file_is_noticed_and_is_whole_where_it_is(writer, tmp_path):
    writer.publish()
    writer.append(lines(5))
    writer.path.rename(tmp_path / "moved")

    with pytest.raises(FileError, match="moved") as caught:
        writer.sync()
    assert "new place of the file" in caught.value.hint
    assert names(tmp_path) == ["moved"]
    assert list(lightleak.open(tmp_path / "moved").lines()) == lines(5)


def test_a_file_system_that_renumbers_files_does_not_end_a_recording(writer, monkeypatch):
    writer.publish()
    monkeypatch.setattr(os.path, "samestat", lambda *_stats: False)
    writer.append(lines(5))
    writer.sync()

    assert list(lightleak.open(writer.path).lines()) == lines(5)


def test_another_program_that_writes_into_it_is_noticed(writer):
    writer.publish()
    with writer.path.open("ab") as file:
        file.write(b"x")

    with pytest.raises(FileError, match="changed by another program"):
        writer.sync()


def test_a_failed_sync_is_not_a_sync(writer, monkeypatch):
    writer.publish()

    def broken(_descriptor):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(FileError, match="Input/output error"):
        writer.sync()


@pytest.mark.parametrize("force", [False, True])
def test_where_open_files_cannot_be_renamed_it_is_closed_for_that_moment(writer, tmp_path, monkeypatch, force):
    """Behave like Windows, which was not at hand."""
    publish = lightleak.trace.frame_writer.publish

    def publish_closed(draft, path, *, force):
        assert draft.resolve() not in [path.resolve() for path in Path("/proc/self/fd").iterdir()]
        publish(draft, path, force=force)

    monkeypatch.setattr("lightleak.trace.frame_writer._CAN_RENAME_OPEN_FILES", False)
    monkeypatch.setattr("lightleak.trace.frame_writer.publish", publish_closed)
    if force:
        writer.path.write_bytes(b"before")
    writer.append(lines(3))
    writer.publish(force=force)
    writer.append(lines(6)[3:])
    writer.close()

    assert names(tmp_path) == ["a.lightleak"]
    assert len(list(lightleak.open(writer.path).events())) == 6
