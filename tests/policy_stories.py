"""Traces of an app that is watched with everything in place, held against one rule of a policy."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from lightleak.comparator.policy.check import check, read_policy
from lightleak.comparator.rules.visibility import REGISTRATION, required_from
from lightleak.comparator.timeline.segments import CALLBACK, HANDOFF
from stories import APP, Trace, entry_lines, judge

PROBES = (*required_from("metadata"), REGISTRATION)
AROUND = entry_lines(101, -10, -9, app="org.other") + entry_lines(102, 5000, 5001, app="org.other")
LINKS = (
    (HANDOFF, "dispatch_async"),
    (HANDOFF, "swift_task_create"),
    ("input.event", "-[UIApplication sendEvent:]"),
    ("wake.application-delegate", "-[UIApplication setDelegate:]"),
)
"""What must be in place for an act without a link to have been set off by nothing that is watched."""
OBSERVER = {"class": "Gallery", "id": "0x1", "image": "App"}


def attach(
    trace: Trace, at_s: float, segment: int = 1, *, without: str = "", reason: str = "it cannot be hooked"
) -> None:
    """Watch the app from a moment on, in the foreground, with everything in place but one probe, or one of ``LINKS`` by its symbol."""
    trace.ready(at_s, segment)
    for probe in PROBES:
        word = {"status": "skipped", "reason": reason} if probe == without else {"status": "installed", "reason": None}
        trace.add(at_s, "hook", segment, probe=probe, symbol=f"-[Some {probe}]", **word)
    waiting = {"symbol": "-[* photoLibraryDidChange:]", "status": "skipped", "reason": "nobody yet"}
    trace.add(at_s, "hook", segment, probe=CALLBACK, **waiting)
    for probe, symbol in LINKS:
        word = {"status": "skipped", "reason": reason} if symbol == without else {"status": "installed", "reason": None}
        trace.add(at_s, "hook", segment, probe=probe, symbol=symbol, **word)
    trace.add(at_s, "state", segment, value="active", changed=False)


def watched(*, zone: str | None = "UTC", **keys: str) -> Trace:
    trace = Trace(zone=zone)
    attach(trace, 0, **keys)
    return trace


def observe(trace: Trace, at_s: float = 1, *, hooked: bool = True, action: str = "registered") -> None:
    if hooked:
        trace.add(
            at_s, "hook", probe=CALLBACK, symbol="-[Gallery photoLibraryDidChange:]", status="installed", reason=None
        )
    trace.add(at_s, "observer", action=action, observer=OBSERVER, type="change")


def rule(tmp_path: Path, trace: Trace, text: str, *lines: str, top: str = "", until: float = 3600) -> dict[str, Any]:
    """Hold a trace that ends at a moment against one rule; returns its finding."""
    trace.add(until, "mark", max(trace.seqs), label="end")
    policy = read_policy(f"version = 1\n{top}\n[[rule]]\n{text}\n", "p.toml")
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    (finding,) = check(judge(folder, trace, AROUND, *lines, apps=[APP]), policy).outcomes
    return finding.to_dict()
