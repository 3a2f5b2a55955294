"""Agent and stand-in are built before these tests; that is quick when nothing has changed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from standin import Phone

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture(scope="session", autouse=True)
def _built() -> None:
    for script in ("build-standin", "build-agent"):
        subprocess.run([SCRIPTS / script], check=True)


@pytest.fixture
def phone() -> Iterator[Phone]:
    """A phone of the present."""
    with Phone(idle_s=0.3, leeway=0.0) as phone:
        yield phone
