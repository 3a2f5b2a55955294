"""The frameworks' methods have Apple's type encodings: agents read arguments by them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from standin import Phone

pytestmark = pytest.mark.standin

APPLE = Path(__file__).parent / "encodings.csv"
"""Type encodings of iOS on arm64 for what the stand-in implements, derived from Apple's headers and class dumps."""


def test_every_method_that_apple_has_too_has_apples_encoding():
    with APPLE.open(encoding="utf-8", newline="") as file:
        apple = {row["symbol"]: row["encoding"] for row in csv.DictReader(file)}
    with Phone(ios="27") as phone:
        ours = phone.launch("hardcases").order("case", name="encodings", timeout_s=30)["methods"]
    assert {symbol: ours.get(symbol) for symbol in apple} == apple
