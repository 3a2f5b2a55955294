"""Name at the end of a run each test that was run again, with the reason: a rerun must not hide a fault.

A pytest plugin of its own, so that its test can load it into a run of pytest inside a test.
"""

from __future__ import annotations

from pathlib import Path

import pytest

_LONGEST = 300


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print one line for each failure that led to a rerun, in the order in which they came in."""
    # Under xdist the controller has the workers' reports here too.
    reports: list[pytest.TestReport] = terminalreporter.stats.get("rerun", [])
    if not reports:
        return
    tests = {report.nodeid for report in reports}
    terminalreporter.section(f"{len(tests)} test{'s' if len(tests) > 1 else ''} rerun", yellow=True)
    for report in reports:
        terminalreporter.line(f"RERUN {report.nodeid}: {reason(report)}")


def reason(report: pytest.TestReport) -> str:
    """Return why a test failed in one short line: phase, place and the error."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is None:  # a worker that crashed, and whatever else has only a text
        lines = report.longreprtext.strip().splitlines()
        text = lines[-1] if lines else "no reason was reported"
    else:
        text = f"{Path(crash.path).name}:{crash.lineno}: {' '.join(str(crash.message).split())}"
    if report.when in {"setup", "teardown"}:
        text = f"{report.when}: {text}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
