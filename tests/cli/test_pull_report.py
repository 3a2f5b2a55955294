"""``pull-report`` writes a folder completely or not at all, and never over what exists unless --force is given."""

from __future__ import annotations

from pathlib import Path

import pytest

from lightleak.cli import main
from report.stored import write
from report.written import moment


@pytest.fixture
def pull(capfd: pytest.CaptureFixture[str]):
    def run(*arguments: object) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main(["pull-report", *map(str, arguments)])
        return ended.value.code, capfd.readouterr().err  # type: ignore[return-value]

    return run


def test_a_store_is_written_and_told(pull, tmp_path: Path) -> None:
    store = write(tmp_path / "phone", [moment(1, 0, 5000)])
    code, said = pull("--from", store, "-o", tmp_path / "out")
    assert code == 0
    assert "1 file, " in said
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["com.apple.privacy.accounting.stream.tcc"]


def test_what_exists_is_kept_unless_forced_and_strangers_always(pull, tmp_path: Path) -> None:
    store = write(tmp_path / "phone", [moment(1, 0, 5000)])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("mine")
    assert pull("--from", store, "-o", tmp_path / "out")[0] == 1
    assert pull("--from", store, "-o", tmp_path / "out", "--force")[0] == 0
    assert pull("--from", store, "-o", tmp_path / "out", "--force")[0] == 0
    assert (tmp_path / "out" / "mine").read_text() == "mine"
    assert len(list((tmp_path / "out").rglob("*/local/*"))) == 1


@pytest.mark.parametrize("store", ["missing", "empty"])
def test_without_a_store_nothing_is_written(store: str, pull, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert pull("--from", tmp_path / store, "-o", tmp_path / "out")[0] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["empty"]
