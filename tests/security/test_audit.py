"""scripts/audit reports known vulnerabilities, and does not take missing data for their absence."""

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


def test_a_known_vulnerability_is_reported(audit):
    vulnerable = {"name": "a", "version": "1", "vulns": [{"id": "PYSEC-1"}]}
    unknown = {"name": "b", "skip_reason": "not found", "vulns": []}
    assert audit.python_findings(json.dumps({"dependencies": [vulnerable, unknown]})) == ["a 1: PYSEC-1"]
    assert audit.npm_findings(json.dumps({"vulnerabilities": {"a": {"severity": "high"}}})) == ["a: high"]


@pytest.mark.parametrize(
    "output",
    [
        "",
        "no",
        "[]",
        "{}",
        json.dumps({"dependencies": [{"name": "b", "skip_reason": "not found"}]}),
        '{"error": {"code": 405}}',
    ],
)
def test_missing_data_is_not_taken_for_no_vulnerability(audit, output):
    assert audit.python_findings(output) is None
    assert audit.npm_findings(output) is None


def test_audited_packages_without_vulnerabilities_have_an_empty_list(audit):
    clean = {"dependencies": [{"name": "a", "version": "1", "vulns": []}]}
    assert audit.python_findings(json.dumps(clean)) == []
    assert audit.npm_findings(json.dumps({"vulnerabilities": {}})) == []


@pytest.mark.parametrize(("found", "code"), [(None, 1), (["a: high"], 1), ([], 0)])
def test_only_strict_fails(audit, found, code, monkeypatch, capsys):
    monkeypatch.setattr(audit, "_audit_python", lambda: found)
    monkeypatch.setattr(audit, "npm_findings", lambda _: [])
    monkeypatch.setattr(audit, "_output", lambda *_: "")
    monkeypatch.setattr("sys.argv", ["audit"])
    assert audit.main() == 0
    monkeypatch.setattr("sys.argv", ["audit", "--strict"])
    assert audit.main() == code
    assert ("no data" in capsys.readouterr().err) is (found is None)
