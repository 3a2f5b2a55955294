"""scripts/audit: holes are told, and silence is not taken for a clean bill."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
from pathlib import Path

import pytest

PATH = Path(__file__).parents[2] / "scripts" / "audit"


@pytest.fixture(scope="module")
def audit():
    loader = importlib.machinery.SourceFileLoader("audit", str(PATH))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("audit", loader))
    loader.exec_module(module)
    return module


def test_a_known_hole_of_a_python_package_is_told(audit):
    hole = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]}
    unknown = {"name": "b", "skip_reason": "not found", "vulns": []}
    assert audit.python_findings(json.dumps({"dependencies": [hole, unknown]})) == ["a 1: PYSEC-1"]
    assert audit.npm_findings(json.dumps({"vulnerabilities": {"a": {"severity": "high"}}})) == ["a: high"]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "no",
        "[]",
        "{}",
        json.dumps({"dependencies": [{"name": "b", "skip_reason": "not found"}]}),
        '{"error": {"code": 405}}',
    ],
)
def test_no_data_is_not_taken_for_no_hole(audit, said):
    assert audit.python_findings(said) is None
    assert audit.npm_findings(said) is None


def test_what_was_audited_and_is_clean_says_so(audit):
    clean = {"dependencies": [{"name": "a", "version": "1", "vulns": []}]}
    assert audit.python_findings(json.dumps(clean)) == []
    assert audit.npm_findings(json.dumps({"vulnerabilities": {}})) == []


@pytest.mark.parametrize(("found", "code"), [(None, 1), (["a: high"], 1), ([], 0)])
def test_only_strict_fails(audit, found, code, monkeypatch, capsys):
    monkeypatch.setattr(audit, "_ask_python", lambda: found)
    monkeypatch.setattr(audit, "npm_findings", lambda _: [])
    monkeypatch.setattr(audit, "_say", lambda *_: "")
    monkeypatch.setattr("sys.argv", ["audit"])
    assert audit.main() == 0
    monkeypatch.setattr("sys.argv", ["audit", "--strict"])
    assert audit.main() == code
    assert ("no data" in capsys.readouterr().err) is (found is None)
