"""The accounting daemon writes what Apple's does, for every process that logs."""

from __future__ import annotations

import json
import re
import struct
import time
import uuid
import zlib
from zoneinfo import ZoneInfo

import pytest

from standin import Phone
from standin.daemons.privacyaccountingd.export import access_line, network_line, stamp
from standin.daemons.privacyaccountingd.segb import message, segment
from standin.daemons.privacyaccountingd.store import Record, Store
from standin.waiting import account, records, until
from standin.wire import connect

BERLIN = ZoneInfo("Europe/Berlin")


def record(**more):
    return Record(
        **{
            "wall_ns": 1_760_000_000_123_999_999,
            "identifier": "5F0B5CE1-3B4E-4F49-8F3E-0A8E0E8F0001",
            "kind": 2,
            "accessor": "org.lightleak.refetch",
            "category": "photos",
            "service": "kTCCServicePhotos",
            "out_of_process": False,
            "writer_pid": 7,
            "writer": "refetch",
            "reason": "logged",
        }
        | more
    )


def test_an_access_line_is_generation_g3c_with_sorted_keys():
    assert access_line(record(), BERLIN) == (
        '{"accessCount":0,"accessor":{"identifier":"org.lightleak.refetch","identifierType":"bundleID"},'
        '"category":"photos","identifier":"5F0B5CE1-3B4E-4F49-8F3E-0A8E0E8F0001","kind":"intervalBegin",'
        '"timeStamp":"2025-10-09T10:53:20.123+02:00","type":"access"}'
    )


def test_a_picker_line_says_out_of_process_in_its_sorted_place():
    keys = list(json.loads(access_line(record(out_of_process=True, kind=3), BERLIN)))
    assert keys == sorted(keys)
    assert "outOfProcess" in keys


def test_times_have_three_digits_and_z_on_utc():
    assert stamp(0, ZoneInfo("UTC")) == "1970-01-01T00:00:00.000Z"
    assert stamp(1_700_000_000_999_999_999, BERLIN) == "2023-11-14T23:13:20.999+01:00"


def test_a_network_row_has_the_keys_of_a_real_one():
    row = {"bundle": "org.example", "domain": "a.example", "hits": 2, "first_ns": 0, "last_ns": 0}
    assert set(json.loads(network_line(row, BERLIN))) == {
        *("type", "bundleID", "domain", "domainOwner", "domainType", "domainClassification", "context"),
        *("contextVerificationType", "initiatedType", "hits", "firstTimeStamp", "timeStamp"),
    }


def test_a_store_that_is_opened_again_finalises_what_was_open_at_one_time(tmp_path):
    path = tmp_path / "records.ndjson"
    first = Store(path)
    for number in range(3):
        first.add(record(identifier=str(uuid.UUID(int=number)).upper()))
    first.end(first.open[str(uuid.UUID(int=1))], "idle")
    second = Store(path)
    second.finalise()
    ends = [end for end in second.records if end.reason == "finalised"]
    assert len(ends) == 2
    assert len({end.wall_ns for end in ends}) == 1
    assert not second.open


def test_a_segment_can_be_read_slot_by_slot():
    rows = [record(), record(kind=3), record(kind=3, accessor="org.example")]
    data = segment(rows, deleted={0})
    magic, slots, _ = struct.unpack_from("<4sid", data)
    assert magic == b"SEGB"
    start = 32
    for index, row in enumerate(rows):
        end, state, time_s = struct.unpack_from("<iid", data, len(data) - 16 * slots + 16 * index)
        checksum, _ = struct.unpack_from("<Ii", data, start)
        body = data[start + 8 : 32 + end]
        assert checksum == zlib.crc32(message(row))
        assert body == (bytes(len(body)) if index == 0 else message(row))
        assert state == (3 if index == 0 else 1)
        assert time_s + 978_307_200 == pytest.approx(row.wall_ns / 1e9, abs=1e-5)
        start = 32 + end + -end % 4


@pytest.mark.standin
def test_an_app_cannot_blame_another_one():
    with Phone(idle_s=0.3) as phone:
        app = phone.launch("hardcases")
        app.order("case", name="blame")
        begin = until(lambda: records(phone, 2))[0]
        assert (begin["writer_pid"], begin["accessor"]) == (app.pid, "org.lightleak.hardcases")


@pytest.mark.standin
def test_a_process_without_a_bundle_logs_nothing():
    with Phone(idle_s=0.3) as phone:
        wire = connect(phone.folder / "privacyaccountingd.sock")
        wire.send(
            {
                "do": "log",
                "kind": 2,
                "identifier": str(uuid.uuid4()).upper(),
                "class": "PATCCAccess",
                "service": "kTCCServicePhotos",
                "accessor": {"identifier": "org.lightleak.refetch", "identifierType": "bundleID"},
            }
        )
        phone.launch("refetch")
        until(lambda: {"assetsd", "refetch"} <= {begin["writer"] for begin in records(phone, 2)})
        assert len(records(phone, 2)) == 2


@pytest.mark.standin
def test_the_export_lies_under_apples_name_and_has_two_blocks(tmp_path):
    with Phone(idle_s=0.3, time_zone="America/New_York") as phone:
        app = phone.launch("refetch")
        phone.add_network_row(app, "collector.example.org", 3)
        until(lambda: len(records(phone, 3)) == 2)
        path = phone.export_report(tmp_path)
    assert re.fullmatch(r"App_Privacy_Report_v4_\d{4}-\d\d-\d\dT\d\d_\d\d_\d\d\.ndjson", path.name)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["type"] for line in lines] == ["access"] * 4 + ["networkActivity"]
    assert [line["kind"] for line in lines[:4]] == ["intervalBegin"] * 2 + ["intervalEnd"] * 2
    assert all(re.search(r"\.\d{3}-0[45]:00$", line["timeStamp"]) for line in lines)


@pytest.mark.standin
def test_with_recording_off_nothing_is_written():
    with Phone(idle_s=0.3, accounting=False) as phone:
        app = phone.launch("refetch")
        app.order("fetch")
        until(lambda: len(account(phone, app, "call")) == 3)
        time.sleep(0.1)  # nothing arrives, so there is nothing to wait for
        assert records(phone) == []
