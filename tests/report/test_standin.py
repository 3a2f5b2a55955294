"""What another hand wrote is read as it was meant: the stand-in's export and its store, live and over a week."""

from __future__ import annotations

import json
import random
import uuid
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from lightleak.cli import main
from lightleak.report import read_report
from standin import Phone
from standin.daemons.privacyaccountingd.export import export
from standin.daemons.privacyaccountingd.segb import write_store
from standin.daemons.privacyaccountingd.store import Record
from standin.waiting import records, until

BERLIN = ZoneInfo("Europe/Berlin")
# A Monday, 00:00 in Berlin; the clocks go back on the following Sunday.
MONDAY_NS = 1_760_911_200 * 10**9
S = 10**9
MINUTE, HOUR, DAY = 60 * S, 3600 * S, 86_400 * S


class Week:
    """A week that is made up, and what is true of it."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self._chance = random.Random(20261121)
        self._day(0, night=False)
        for day in range(1, 7):
            self._day(day, night=True)

    def _day(self, day: int, *, night: bool) -> None:
        start = MONDAY_NS + day * DAY
        # Daytime: the app is opened five times: assetsd's row of 75 s, and the app's own, cut when it is left.
        for hour in (8, 10, 13, 18, 22):
            at = start + hour * HOUR
            self.add("org.example.album", at, 74_900 * 10**6)
            self.add("org.example.album", at + 900 * 10**6, 31 * S)
        # Woken in the background at night, suspended at once.
        if night:
            self.add("org.example.album", start + 3 * HOUR, 100 * 10**6)
        self.add("org.example.chat", start + 12 * HOUR, 2 * S, picker=True)

    def add(self, app: str, at_ns: int, duration_ns: int, *, picker: bool = False) -> None:
        name = str(uuid.UUID(int=self._chance.getrandbits(128))).upper()
        service = None if picker else "kTCCServicePhotos"
        for kind, wall_ns in ((2, at_ns), (3, at_ns + duration_ns)):
            self.records.append(Record(wall_ns, name, kind, app, "photos", service, picker, 1, "x", "x"))
        self.records.sort(key=lambda record: record.wall_ns)


NETWORK = [{"bundle": "org.example.album", "domain": "up.example", "hits": 7, "first_ns": 0, "last_ns": 0}]


def rows(at_ns: int) -> list[dict[str, Any]]:
    return [row | {"first_ns": at_ns, "last_ns": at_ns + HOUR} for row in NETWORK]


def inspected(capfd: pytest.CaptureFixture[str], *arguments: object) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["inspect", *map(str, arguments)])
    assert ended.value.code == 0
    return capfd.readouterr().out


def test_inspect_of_a_week_says_what_is_true(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = export(tmp_path, Week().records, rows(MONDAY_NS + 8 * HOUR + 5 * S), BERLIN)
    found = json.loads(inspected(capfd, path, "--format", "json"))
    album, chat = found["summary"]["org.example.album"]["photos"], found["summary"]["org.example.chat"]["photos"]
    assert (album["entries"], album["moments"], album["pickers"]) == (7 * 10 + 6, 7 * 5 + 6, 0)
    assert (album["night"], album["background_candidates"]) == (6, 6)
    assert album["durations"] | {"median_s": 0} == {
        "instant": 6,
        "short": 0,
        "cut": 35,
        "lone_access": 35,
        "longer": 0,
        "not_meaningful": 0,
        "median_s": 0,
    }
    assert album["flags"] == {"lone-access": 35, "twin": 70}
    # On Sunday, the 26th, the clocks have gone back: what happened at the same UTC is an hour earlier.
    assert {hour: n for hour, n in enumerate(album["hours"]) if n} == {
        2: 1,
        3: 5,
        7: 2,
        8: 12,
        9: 2,
        10: 12,
        12: 2,
        13: 12,
        17: 2,
        18: 12,
        21: 2,
        22: 12,
    }
    assert (chat["entries"], chat["pickers"], chat["night"], chat["background_candidates"]) == (7, 7, 0, 0)
    assert [(c["what"], c["domain"], c["after_s"]) for u in found["beside_photos"] for c in u["coincidences"]] == [
        ("first contact", "up.example", 4.1)
    ]
    assert found["problems"] == []
    assert all(hole["reason"].startswith("no record") for hole in found["holes"])


def test_the_table_of_a_week_says_it_in_words(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    table = inspected(capfd, export(tmp_path, Week().records, rows(MONDAY_NS + 8 * HOUR + 5 * S), BERLIN))
    assert "org.example.album  photos      76       41      6       35        6       ·" in table
    assert "not a number of reads" in table
    assert "first contact with up.example" in table


def test_store_and_export_of_a_week_agree(tmp_path: Path) -> None:
    week = Week().records
    report = read_report(export(tmp_path, week, [], BERLIN), write_store(tmp_path / "root", week))
    reconciled = report.reconciliation()
    assert reconciled is not None
    assert (reconciled.both, reconciled.store_only, reconciled.export_only) == (83, [], [])
    assert report.problems == []
    assert {flag for entry in report.entries for flag in entry.flags} == {"lone-access", "twin"}


def test_what_the_store_has_pruned_is_listed_by_its_times(tmp_path: Path) -> None:
    week = Week().records
    whole = read_report(export(tmp_path, week, [], BERLIN))
    pruned = read_report(write_store(tmp_path / "root", week, deleted=4))
    assert len(pruned.deleted) == 8
    assert {d.wall_ns // 10**6 for d in pruned.deleted} <= {
        ns // 10**6 for entry in whole.entries for ns in (entry.begin_ns, entry.end_ns) if ns is not None
    }
    both = read_report(tmp_path).reconciliation()
    assert both is not None
    assert set(both.reasons()["export_only"]) == {"deleted from the store since: a record of that time is blank"}


@pytest.mark.standin
def test_a_live_phone_is_read_as_it_was(tmp_path: Path) -> None:
    with Phone(idle_s=0.3) as phone:
        phone.launch("refetch")
        until(lambda: len(records(phone, 3)) == 2)
        path = phone.export_report(tmp_path)
        store = phone.copy_store(tmp_path / "root")
        truth = {record["identifier"]: record for record in records(phone, 2)}
    report, stored = read_report(path), read_report(store)
    assert [e.identifier for e in report.entries] == [e.identifier for e in stored.entries]
    for entry, exact in zip(report.entries, stored.entries, strict=True):
        assert (entry.app, entry.category) == (truth[entry.identifier]["accessor"], "photos")
        assert entry.begin_ns == truth[entry.identifier]["wall_ns"] // 10**6 * 10**6
        assert abs(exact.begin_ns - truth[entry.identifier]["wall_ns"]) < 1000
    both = read_report(path, store).reconciliation()
    assert both is not None
    assert (both.both, both.store_only, both.export_only) == (2, [], [])
