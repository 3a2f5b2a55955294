"""Where the published lines lie, and how to put bytes where a report is expected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from lightleak.report import Report, read_report

# A busy machine is no failure.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")

DATA = Path(__file__).parents[1] / "data" / "report"


@pytest.fixture
def fixture_path() -> Path:
    """Apple's report as Plaso publishes it: 8 access lines, 64 network lines, iOS 15.2 or later."""
    return DATA / "ios_app_privacy_report.ndjson"


@pytest.fixture
def documented_lines() -> list[str]:
    lines = (DATA / "documented_lines.txt").read_text().splitlines()
    return [line for line in lines if not line.startswith("#")]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Report]:
    """Read texts or bytes as so many exports."""

    def read_all(*contents: str | bytes) -> Report:
        paths = []
        for number, content in enumerate(contents):
            path = tmp_path / f"{number}.ndjson"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(path)
        return read_report(*paths)

    return read_all


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder for property tests, which write the same files over and over."""
    return tmp_path_factory.mktemp("reports")
