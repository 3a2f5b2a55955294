"""The catalogue accounts for Apple's whole public surface, and what it wants to read fits the type encodings."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SURFACE = ROOT / "tests" / "data" / "photokit_public.csv"
ACCOUNTED = re.compile(
    r"observe_\w+|authorization|fetch_metadata|read_\w+|change_history|live_photo|write|limited_picker|picker\w*"
    r"|upload|share|cloud_id_map|metadata_property"
)
PROTOCOLS = re.compile(r"Observer|Delegate")
WISHES = ("read_options", "read_bytes_property")


@pytest.fixture(scope="module")
def catalogue() -> dict[str, Any]:
    """What `lightleak probes --format json` prints."""
    command = [sys.executable, "-m", "lightleak", "probes", "--format", "json"]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def surface() -> list[dict[str, str]]:
    """Read the public selectors that the catalogue must account for, with the symbol that it would use."""
    with SURFACE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if ACCOUNTED.fullmatch(row["kind"])]
    for row in rows:
        row["symbol"] = f"{row['method_type']}[{row['class']} {row['selector']}]"
        row["callback"] = f"-[* {row['selector']}]" if PROTOCOLS.search(row["class"]) else ""
    return rows


def is_probe(row: dict[str, str], catalogue: dict[str, Any]) -> bool:
    """Tell whether a selector is a probe."""
    symbols = {probe["symbol"] for probe in catalogue["probes"]}
    return row["symbol"] in symbols or row["callback"] in symbols


def test_every_public_selector_is_a_probe_or_excluded_for_a_reason(catalogue: dict[str, Any]) -> None:
    excluded = {one["symbol"]: one["reason"] for one in catalogue["excluded"]}
    for row in surface():
        assert is_probe(row, catalogue) != (row["symbol"] in excluded), row["symbol"]
    assert all(len(reason) > 20 for reason in excluded.values())


def test_a_share_sheet_is_named_although_it_is_not_of_photokit(catalogue: dict[str, Any]) -> None:
    sheets = [one for one in catalogue["excluded"] if "UIActivityViewController" in one["symbol"]]
    assert [one["symbol"] for one in sheets] == [
        "-[UIActivityViewController initWithActivityItems:applicationActivities:]"
    ]


def test_at_least_sixty_selectors_besides_pickers_are_probes(catalogue: dict[str, Any]) -> None:
    rows = [row for row in surface() if not row["kind"].startswith("picker") and row["kind"] not in WISHES]
    assert len(rows) == 258
    assert sum(is_probe(row, catalogue) for row in rows) >= 60


def test_everything_that_observes_asks_queries_or_reads_is_a_probe(catalogue: dict[str, Any]) -> None:
    must = re.compile(r"observe_\w+|authorization|fetch_metadata|cloud_id_map|read_pixels\w*|read_bytes")
    rows = [row for row in surface() if must.fullmatch(row["kind"]) and not row["selector"].startswith("cancel")]
    assert len(rows) > 40
    assert [row["symbol"] for row in rows if not is_probe(row, catalogue)] == []


def versions(text: str) -> list[tuple[int, ...]]:
    """Return the versions of iOS in a text, as numbers."""
    return [tuple(map(int, found.split("."))) for found in re.findall(r"\b[1-9]\d?(?:\.\d+)*\b", text)]


def test_no_document_names_an_ios_newer_than_the_newest_selector() -> None:
    newest = max(version for row in surface() for version in versions(row["ios_since"]))
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        named = re.findall(
            r"i(?:Pad)?OS[ -](\d+(?:\.\d+)*(?:(?:,| and| to| or) \d+(?:\.\d+)*\b)*)", path.read_text(encoding="utf-8")
        )
        assert [text for text in named if max(versions(text)) > newest] == [], path


def test_names_and_symbols_of_probes_are_unique(catalogue: dict[str, Any]) -> None:
    for key in ("probe", "symbol"):
        values = [probe[key] for probe in catalogue["probes"]]
        assert len(values) == len(set(values))


def test_the_catalogue_has_the_form_of_the_contract(catalogue: dict[str, Any]) -> None:
    assert catalogue["version"] == 1
    keys = {"probe", "symbol", "depth", "required", "ios_since", "ios_deprecated"}
    assert all(set(probe) == keys for probe in catalogue["probes"])
    depths = {probe["depth"] for probe in catalogue["probes"]}
    assert depths <= {"notification", "open", "metadata", "thumbnail", "data", "upload", "write", "picker", None}
    assert any(probe["probe"] == "accounting" for probe in catalogue["probes"])
