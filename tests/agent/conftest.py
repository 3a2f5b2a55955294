"""The tests of the agent, on both of its lanes."""

from __future__ import annotations

import os

import pytest

from agent.watching import Watch

LANES = os.environ.get("LIGHTLEAK_LANES", "c,js").split(",")
"""The lanes that are tested. In the emulated machine a test takes long, so one lane may have to do there."""
ON_BOTH_LANES = {
    "test_abi",
    "test_apps",
    "test_handoffs",
    "test_hardcases",
    "test_inputs",
    "test_load",
    "test_pickers",
    "test_properties",
    "test_query_keys",
    "test_states",
    "test_swift",
}
"""What an app does and what is said of it does not depend on how its calls are hooked."""


@pytest.fixture(scope="session", autouse=True)
def _built(built: None) -> None:
    """Every test here hooks something."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what an app's own account is held against once on each lane of the agent."""
    if metafunc.module.__name__.rpartition(".")[2] in ON_BOTH_LANES:
        metafunc.parametrize("lane", LANES, indirect=True)


@pytest.fixture(autouse=True)
def lane(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Have the agent take a lane where a test does not choose one. Of every test: a name that only parametrises is not set up."""
    monkeypatch.setattr(Watch, "lane", getattr(request, "param", Watch.lane))
    return Watch.lane
