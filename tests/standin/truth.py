"""What really happened, according to the apps' own accounts, assetsd's bindings and the accounting daemon's records.

No agent, no session and no comparator had a part in it. The format is described in README.md.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .expected import expected_cause, expected_depth, expected_trigger
from .moment import Moment, Stretches

if TYPE_CHECKING:
    from .app import App
    from .phone import Phone

VERSION = 1


def gather(phone: Phone, lag_s: float = 3.0) -> dict[str, Any]:
    """Return the truth of a run so far. `lag_s` is the comparator's lag, for the right verdicts."""
    for app in phone.apps:
        app.notice_end()
    phone.catch_up()
    accounts = _accounts(phone)
    truth: dict[str, Any] = {
        "version": VERSION,
        "phone": asdict(phone.settings),
        "processes": [_process(app) for app in (*phone.apps, *phone.assetsds)],
        "calls": accounts["call"],
        "notifications": accounts["notification"],
        "deliveries": accounts["delivery"],
        "others": accounts["other"],
        "binds": sorted(phone.binds, key=lambda bind: int(bind["wall_ns"])),
    }
    truth["entries"] = _entries(phone, truth, round(lag_s * 1e9))
    return truth


def _accounts(phone: Phone) -> dict[str, list[dict[str, Any]]]:
    """Return the apps' accounts, sorted by time, without a last line that a kill has cut."""
    accounts: dict[str, list[dict[str, Any]]] = {"call": [], "notification": [], "delivery": [], "other": []}
    for path in sorted((phone.folder / "truth").glob("*.ndjson")):
        for line in path.read_text(encoding="utf-8").split("\n")[:-1]:
            event = json.loads(line)
            accounts[event["event"] if event["event"] in accounts else "other"].append(event)
    for events in accounts.values():
        events.sort(key=lambda event: event["wall_ns"])
    return accounts


def _moment(moment: Moment | None) -> dict[str, int] | None:
    return None if moment is None else asdict(moment)


def _spans(stretches: Stretches) -> list[list[dict[str, int] | None]]:
    return [[_moment(begin), _moment(end)] for begin, end in stretches.spans]


def _process(app: App) -> dict[str, Any]:
    return {
        "pid": app.pid,
        "name": app.name,
        "identifier": app.identifier,
        "role": app.role,
        "launched": _moment(app.launched),
        "ended": _moment(app.ended),
        "ending": app.ending,
        "suspended": _spans(app.suspended),
        "watched": _spans(app.watched),
    }


def _entries(phone: Phone, truth: dict[str, Any], lag_ns: int) -> list[dict[str, Any]]:
    """Return for each entry of the report why it was written, and the right verdict."""
    text = (phone.folder / "PrivacyAccounting" / "records.ndjson").read_text(encoding="utf-8")
    records = [json.loads(line) for line in text.splitlines()]
    ends = {record["identifier"]: record for record in records if record["kind"] == 3}
    entries = []
    for begin in (record for record in records if record["kind"] == 2):
        end = ends.get(begin["identifier"])
        bind = _bind_of(begin, truth["binds"])
        entry = {
            "identifier": begin["identifier"],
            "app": begin["accessor"],
            "out_of_process": begin["out_of_process"],
            "begin_ns": begin["wall_ns"],
            "end_ns": None if end is None else end["wall_ns"],
            "writer": {"pid": begin["writer_pid"], "name": begin["writer"]},
            "why": _why(begin, bind),
            "begun_by": begin["reason"],
            "ended_by": None if end is None else end["reason"],
            "bound_pid": None if bind is None else bind["pid"],
        }
        entry["cause"] = expected_cause(entry, phone.apps, phone.assetsds, truth, lag_ns)
        entry["trigger"] = expected_trigger(entry, truth)
        entry["depth"] = expected_depth(entry, phone.apps, truth, lag_ns)
        entries.append(entry)
    return entries


def _bind_of(begin: dict[str, Any], binds: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the binding that assetsd logged: the app's last one before the entry's start."""
    if begin["writer"] != "assetsd":
        return None
    mine = [bind for bind in binds if bind["identifier"] == begin["accessor"] and bind["wall_ns"] <= begin["wall_ns"]]
    return mine[-1] if mine else None


def _why(begin: dict[str, Any], bind: dict[str, Any] | None) -> str:
    if begin["out_of_process"]:
        return "picker"
    return "query" if bind is None else str(bind["event"])
