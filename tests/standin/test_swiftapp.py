"""The Swift app without an agent: each pattern reads as often as its code says; and how its toolchain is found."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from .app import App
from .phone import Phone
from .swift import why_no_swift
from .waiting import account, until

pytestmark = pytest.mark.standin

READS = {20: 3, 21: 5, 22: 5, 24: 3, 51: 3, 60: 125, 61: 200, 62: 125}
"""How often a pattern reads in one callback, where not once."""
PATTERNS = [*range(1, 8), *range(10, 15), *range(20, 25), *range(30, 34), 40, *range(50, 55), 60, 61, 62]
SCRIPT = Path(__file__).parents[2] / "scripts" / "fetch-swift"


@pytest.fixture(scope="module")
def swift() -> Iterator[tuple[Phone, App]]:
    if (reason := why_no_swift()) is not None:
        pytest.skip(reason)
    with Phone() as phone:
        app = phone.launch("swiftapp")
        assert "error" not in app.order("load")
        yield phone, app


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_reads_as_often_as_its_code_says(swift: tuple[Phone, App], pattern: int) -> None:
    phone, app = swift
    app.order("pattern", number=pattern)
    before = len(account(phone, app, "call"))
    for _ in range(2):
        app.order("many", threads=1, count=1)
        until(lambda: account(phone, app, "notification"))
    wanted = 2 * READS.get(pattern, 1) if pattern not in (52, 53, 54) else 1

    def reads() -> Counter[int]:
        return Counter(call["cause"] for call in account(phone, app, "call")[before:] if call["cause"] is not None)

    until(lambda: reads().total() >= wanted)
    assert reads().total() <= 2 * READS.get(pattern, 1)


@pytest.mark.parametrize(
    ("apt", "reason"),
    [
        ("exit 0", "apt knows no archive of Debian; run 'apt-get update' first."),
        ('[ "$1" != indextargets ] && exit 1; echo file:/nowhere', "apt cannot read the archive's trixie."),
    ],
)
def test_without_swift_one_sentence_says_why_and_nothing_fails(tmp_path: Path, apt: str, reason: str) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(SCRIPT, tmp_path / "scripts")
    tools = tmp_path / "bin"
    tools.mkdir()
    for name, text in (("apt-get", apt), ("unshare", "exit 0"), ("dpkg-deb", "exit 1")):
        (tools / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (tools / name).chmod(0o755)
    environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"}
    done = subprocess.run(
        [tmp_path / "scripts/fetch-swift"], check=True, capture_output=True, text=True, env=environment
    )
    kept = (tmp_path / "build/swift.missing").read_text(encoding="utf-8")
    assert kept == f"Swift is not available here: {reason}\n"
    assert kept in done.stderr
    assert not (tmp_path / "build/swift").exists()
