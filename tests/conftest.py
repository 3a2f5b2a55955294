"""What tests of several parts stand on: the phone that is not there, and the agent, both built before they are used."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from standin import Phone

pytest_plugins = ["pytester", "reruns"]

# pytest imports readline, which puts the terminal's size into the environment of child processes: xdist's workers would
# print narrow tables.
for _name in ("COLUMNS", "LINES"):
    os.environ.pop(_name, None)

_KEPT_LOGS = os.environ.get("LIGHTLEAK_KEEP_LOGS")
"""A folder for the logs of phones whose tests failed, for a machine whose files are gone when it has ended."""
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Copy what the phone's processes printed, if their test failed and a folder for it is named."""
    report = yield
    phone = getattr(item, "funcargs", {}).get("phone")
    if _KEPT_LOGS and report.failed and isinstance(phone, Phone):
        folder = Path(_KEPT_LOGS, re.sub(r"\W+", "-", item.nodeid))
        for name in ("log", "truth"):
            shutil.copytree(phone.folder / name, folder / name, dirs_exist_ok=True)
    return report
