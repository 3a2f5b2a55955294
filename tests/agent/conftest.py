"""Agent and stand-in are built before these tests; that is quick when nothing has changed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.watching import Watch
from standin import Phone

ON_BOTH_LANES = {"test_apps", "test_hardcases", "test_load"}
"""What an app does and what is said of it does not depend on how its calls are hooked."""

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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what an app's own account is held against once on each lane of the agent."""
    if metafunc.module.__name__.rpartition(".")[2] in ON_BOTH_LANES:
        metafunc.fixturenames.append("lane")
        metafunc.parametrize("lane", ["c", "js"], indirect=True)


@pytest.fixture
def lane(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have the agent take a lane where a test does not choose one."""
    monkeypatch.setattr(Watch, "lane", request.param)
    return str(request.param)
