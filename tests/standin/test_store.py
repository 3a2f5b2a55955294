"""The on-device store that the stand-in writes is one that the reader for real ones reads."""

from __future__ import annotations

import pytest

import lightleak
from standin import Phone
from standin.waiting import records, until

pytestmark = pytest.mark.standin


def test_store_and_export_tell_the_same(tmp_path):
    with Phone(idle_s=0.3, leeway=0.0) as phone:
        app = phone.launch("refetch")
        phone.pick(app, 1)
        until(lambda: len(records(phone, 3)) == 3)
        export = lightleak.read_report(phone.export_report(tmp_path))
        store = lightleak.read_report(phone.copy_store(tmp_path))
    assert [entry.identifier for entry in store.entries] == [entry.identifier for entry in export.entries]
    assert [(e.app, e.out_of_process) for e in store.entries] == [(e.app, e.out_of_process) for e in export.entries]
