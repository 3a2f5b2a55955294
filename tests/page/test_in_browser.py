"""Open pages in a real browser. The tests are in ``*.test.mjs``; the pages are written here from stories."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from page.pages import write

TOP = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(not CHROMIUM or not shutil.which("npm"), reason="needs Chromium, Node and npm")


@pytest.fixture(scope="module")
def pages() -> Path:
    subprocess.run([TOP / "scripts" / "build-page"], check=True)
    folder = TOP / "build" / "pages"
    write(folder)
    return folder


@pytest.mark.parametrize("file", sorted(Path(__file__).parent.glob("*.test.mjs")), ids=lambda file: file.stem)
def test_in_a_browser(file, pages):
    environment = os.environ | {"LIGHTLEAK_PAGES": str(pages), "CHROMIUM": CHROMIUM}
    command = ["node", "--test", "--test-reporter=spec", str(file)]
    done = subprocess.run(command, check=False, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
