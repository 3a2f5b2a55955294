"""What is in an open file can be saved whatever became of its name."""

from __future__ import annotations

import os

from lightleak.files import rescue_unlinked


def test_only_what_was_whole_is_saved(tmp_path):
    path = tmp_path / "a.lightleak"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT)
    os.write(descriptor, b"whole" + b"half")
    path.unlink()
    saved = rescue_unlinked(descriptor, path, 5)
    os.close(descriptor)

    assert saved is not None
    assert saved.suffix == ".lightleak"
    assert saved.read_bytes() == b"whole"


def test_where_nothing_can_be_written_nothing_is_left(tmp_path):
    descriptor = os.open(tmp_path / "a", os.O_RDWR | os.O_CREAT)

    assert rescue_unlinked(descriptor, tmp_path / "gone" / "a", 5) is None
    os.close(descriptor)
