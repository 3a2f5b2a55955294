"""What is kept of the machine is made again when something of it has changed, and only then."""

from __future__ import annotations

from pathlib import Path

import pytest

from arm64 import cache


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "KEPT", tmp_path)


def made(text: str, made_from: str) -> Path:
    return cache.kept("it", "making it", made_from, lambda folder: (folder / "text").write_text(text) and None)


def test_the_same_is_made_once(capsys: pytest.CaptureFixture[str]) -> None:
    made("first", "a")
    assert (made("second", "a") / "text").read_text() == "first"
    assert capsys.readouterr().err.count("making it …") == 1


def test_what_is_made_from_something_else_is_made_again_without_the_old() -> None:
    (made("first", "a") / "left").touch()
    folder = made("second", "b")
    assert [path.name for path in folder.iterdir()] == ["text"]
    assert (folder / "text").read_text() == "second"


def test_what_was_not_finished_is_made_again() -> None:
    made("first", "a")

    def fail(folder: Path) -> None:
        (folder / "text").write_text("half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.kept("it", "making it", "b", fail)
    assert (made("third", "b") / "text").read_text() == "third"
    assert (made("fourth", "a") / "text").read_text() == "fourth"


def test_a_hash_changes_with_a_file_and_with_the_order(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("a")
    before = cache.digest(file, "b")
    assert cache.digest(file, "b") == before
    assert cache.digest("b", file) != before
    file.write_text("c")
    assert cache.digest(file, "b") != before
