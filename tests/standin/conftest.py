"""Build the stand-in before its tests. That is quick if nothing has changed."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    script = Path(__file__).resolve().parents[2] / "scripts" / "build-standin"
    subprocess.run([script], check=True)
