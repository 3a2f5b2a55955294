"""What tests of several parts stand on: the phone that is not there, and the agent, both built before they are used."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from standin import Phone

pytest_plugins = ["pytester", "reruns"]

# pytest imports readline, which puts the terminal's size into the environment of child processes: xdist's workers would
# print narrow tables.
for _name in ("COLUMNS", "LINES"):
    os.environ.pop(_name, None)

_SCRIPTS = Path(__file__).parents[1] / "scripts"


@pytest.fixture(scope="session")
def built() -> None:
    """Build what is hooked and what hooks; quick when nothing has changed."""
    for script in ("build-standin", "build-agent"):
        subprocess.run([_SCRIPTS / script], check=True)


@pytest.fixture
def phone(built: None) -> Iterator[Phone]:
    """A phone of the present, with a short idle timer."""
    with Phone(idle_s=0.3, leeway=0.0) as phone:
        yield phone
