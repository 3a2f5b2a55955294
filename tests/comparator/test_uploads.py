"""Uploads that an app asked iOS for: what is said of them, and what of the report is shown with them as coincidence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lightleak.comparator.explain.quotes import RunsWithQueries
from lightleak.comparator.quotable import quotes_of
from policy_stories import rule
from policy_stories import watched as policy_watched
from report.written import network
from stories import APP, Trace, entry_lines, ident, judge, stamp

UPLOAD = f"{APP}.upload"
CREATE = "+[PHAssetResourceUploadJobChangeRequest createJobWithDestination:resource:]"
NO_BYTE = "no byte of such an upload passes through its process"


def watched(role: str = "app", identifier: str = APP) -> Trace:
    """A process that queries at 10 s, which made entry 1."""
    trace = Trace()
    trace.ready(0, role=role, identifier=identifier)
    trace.add(0.1, "state", value="background")
    trace.access(9.9, "metadata")
    trace.add(10, "accounting", phase="begin", identifier=ident(1))
    return trace


def asks(trace: Trace, at_s: float, host: object = "upload.example", segment: int = 1, **keys: Any) -> int:
    return trace.access(at_s, "upload", segment, symbol=CREATE, detail={"host": host}, **keys)


def contact(first_s: float, last_s: float, host: str = "upload.example", app: str = APP, hits: int = 3) -> str:
    row = network(bundleID=app, domain=host, firstTimeStamp=stamp(first_s), timeStamp=stamp(last_s), hits=hits)
    return json.dumps(row) + "\n"


def compared(tmp_path: Path, trace: Trace, *lines: str, app: str = APP, **options: Any) -> tuple[dict[str, Any], Any]:
    """Return the first entry, and what the summary says of uploads."""
    trace.add(500, "mark", label="end")
    found = judge(tmp_path, trace, entry_lines(1, 10.1, 20, app), *lines, **options).to_dict()
    [entry] = [one for one in found["entries"] if one["identifier"] == ident(1) and one["app"] == app]
    return entry, found["summary"][app]["uploads"]


def of(entry: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [clause for clause in entry["clauses"] if clause["code"] == code]


def test_an_upload_is_asked_for_to_a_host_and_no_byte_passes_through_the_app(tmp_path: Path) -> None:
    trace = watched()
    asks(trace, 11)
    asks(trace, 12)
    asks(trace, 13, None)
    entry, uploads = compared(tmp_path, trace)
    assert entry["depth"] == "upload"
    assert of(entry, "upload-asked") == [
        {"code": "upload-asked", "count": 3, "hosts": ["upload.example"], "nameless": 1}
    ]
    assert (
        "in that time the app asked iOS 3 times to upload photos to upload.example (1 without a host that was seen)"
        in entry["why"]
    )
    assert NO_BYTE in entry["why"]
    assert "whether iOS sent anything was not seen" in entry["why"]
    assert "(not via the app)" in entry["brief"] or "(not through the app)" in entry["brief"]
    assert [(one["identifier"], one["host"], one["asked"], one["network"]) for one in uploads] == [
        (APP, "upload.example", 2, []), (APP, None, 1, []),
    ]  # fmt: skip
    assert uploads[0]["first"] == stamp(11)
    assert uploads[0]["last"] == stamp(12)


def test_the_report_of_the_same_host_is_a_coincidence_in_time(tmp_path: Path) -> None:
    trace = watched()
    asks(trace, 11)
    entry, [upload] = compared(tmp_path, trace, contact(-86_400, 60, hits=7), contact(0, 60, "other.example"))
    assert of(entry, "host-contacted") == [
        {
            "code": "host-contacted", "app": APP, "host": "upload.example", "count": 7,
            "first": stamp(-86_400), "last": stamp(60),
        }
    ]  # fmt: skip
    assert "a coincidence in time, which does not show that a photo was sent" in entry["why"]
    assert upload["network"] == [
        {"app": APP, "domain": "upload.example", "hits": 7, "first": stamp(-86_400), "last": stamp(60)}
    ]
    for word in ("because", "caused", "uploaded"):
        assert word not in entry["why"]


@pytest.mark.parametrize(
    "row",
    [
        contact(-600, 10.5),  # over before the upload was asked for
        contact(0, 60, "upload.example.org"),
        contact(0, 60, app="org.other"),
        contact(0, 60, app=f"{APP}lication"),
    ],
)
def test_what_is_over_before_or_of_another_host_or_app_is_none(row: str, tmp_path: Path) -> None:
    trace = watched()
    asks(trace, 11)
    entry, [upload] = compared(tmp_path, trace, row)
    assert not of(entry, "host-contacted")
    assert upload["network"] == []


def test_several_rows_of_one_host_are_one_contact_and_later_exports_count_once(tmp_path: Path) -> None:
    trace = watched()
    asks(trace, 11)
    entry, _ = compared(
        tmp_path, trace, contact(-5, 30, hits=2), contact(-9, 12, hits=5), contact(0, 40, "UPLOAD.example.")
    )
    [clause] = of(entry, "host-contacted")
    assert (clause["count"], clause["first"], clause["last"]) == (10, stamp(-9), stamp(40))


def test_an_app_that_also_read_the_photo_itself_is_not_acquitted_of_it(tmp_path: Path) -> None:
    trace = watched()
    trace.access(10.5, "data")
    asks(trace, 11)
    entry, _ = compared(tmp_path, trace)
    assert of(entry, "upload-asked")[0]["also_read"] is True
    assert f"{NO_BYTE}, but it also requested photos itself then" in entry["why"]


def test_an_upload_before_or_after_the_entry_is_in_the_summary_only(tmp_path: Path) -> None:
    trace = watched()
    asks(trace, 300)
    entry, [upload] = compared(tmp_path, trace, entry_lines(2, 400, 401))
    assert not of(entry, "upload-asked")
    assert upload["asked"] == 1


def test_the_uploads_of_an_extension_are_named_as_its_own_and_not_the_apps_depth(tmp_path: Path) -> None:
    trace = watched()
    trace.ready(0, segment=2, role="extension", identifier=UPLOAD, name="Upload")
    asks(trace, 11, segment=2)
    trace.add(500, "mark", segment=2, label="end")
    entry, [upload] = compared(tmp_path, trace, contact(0, 60))
    assert entry["depth"] == "metadata"
    assert (
        f"the extension {UPLOAD} was seen to go as far as asking iOS for an upload in that time, once" in entry["why"]
    )
    assert f"the extension {UPLOAD} asked iOS once to upload photos to upload.example: {NO_BYTE}" in entry["why"]
    assert len(of(entry, "host-contacted")) == 1
    assert (upload["identifier"], len(upload["network"])) == (UPLOAD, 1)


def test_a_row_of_the_app_is_shown_with_an_entry_of_its_extension(tmp_path: Path) -> None:
    """The report can have the contacts of an upload under the app, whose extension asked for it."""
    trace = watched("extension", UPLOAD)
    asks(trace, 11)
    entry, [upload] = compared(tmp_path, trace, contact(0, 60), contact(0, 60, app="org.other"), app=UPLOAD)
    assert entry["depth"] == "upload"
    assert [clause["app"] for clause in of(entry, "host-contacted")] == [APP]
    assert [one["app"] for one in upload["network"]] == [APP]


def test_only_a_role_makes_the_rows_of_another_app_its_own(tmp_path: Path) -> None:
    trace = watched("app", UPLOAD)
    asks(trace, 11)
    entry, _ = compared(tmp_path, trace, contact(0, 60), app=UPLOAD)
    assert not of(entry, "host-contacted")


@pytest.mark.parametrize("host", [7, "", "a b", "a\nFORGED", ["a"], {}, "x" * 300, "[", "."])
def test_a_host_that_is_none_is_not_named(host: object, tmp_path: Path) -> None:
    trace = watched()
    asks(trace, 11, host)
    entry, _ = compared(tmp_path, trace)
    assert of(entry, "upload-asked") == [{"code": "upload-asked", "count": 1, "nameless": 1}]


@pytest.mark.parametrize("detail", [None, [], "x", 7, {"host": None}, {}])
def test_a_detail_of_another_type_loses_no_upload(detail: object, tmp_path: Path) -> None:
    trace = watched()
    trace.access(11, "upload", symbol=CREATE, detail=detail)
    entry, _ = compared(tmp_path, trace)
    assert entry["depth"] == "upload"
    assert of(entry, "upload-asked") == [{"code": "upload-asked", "count": 1, "nameless": 1}]


def test_addresses_are_hosts_too_in_either_spelling(tmp_path: Path) -> None:
    trace = watched()
    asks(trace, 11, "2001:DB8::1")
    entry, _ = compared(tmp_path, trace, contact(0, 60, "[2001:db8::1]"))
    assert of(entry, "upload-asked")[0]["hosts"] == ["2001:db8::1"]
    assert len(of(entry, "host-contacted")) == 1


def test_what_a_framework_did_on_its_own_counts_nowhere(tmp_path: Path) -> None:
    trace = watched()
    asks(trace, 11, internal=True)
    entry, uploads = compared(tmp_path, trace)
    assert entry["depth"] == "metadata"
    assert uploads == []
    assert not of(entry, "upload-asked")


def test_many_hosts_are_counted(tmp_path: Path) -> None:
    trace = watched()
    for at in range(5):
        asks(trace, 11 + at / 10, f"h{at}.example")
    entry, uploads = compared(tmp_path, trace)
    assert of(entry, "upload-asked")[0]["more"] == 2
    assert "to h0.example, h1.example, h2.example and 2 more hosts" in entry["why"]
    assert len(uploads) == 5


def test_a_host_is_found_wherever_its_line_is_in_the_file(tmp_path: Path) -> None:
    """An event of an unknown depth sends a block through the tolerant reading; one that comes twice counts once."""
    trace = watched()
    asks(trace, 11)
    trace.access(12, "a depth of a later version")
    trace.events.append(dict(trace.events[-2]))
    trace.events.reverse()
    entry, [upload] = compared(tmp_path, trace)
    assert of(entry, "upload-asked") == [{"code": "upload-asked", "count": 1, "hosts": ["upload.example"]}]
    assert upload["asked"] == 1


@pytest.mark.parametrize("depth", ["metadata", "data", "upload"])
def test_a_rule_about_reads_is_broken_by_an_upload_which_is_deeper_than_all(depth: str, tmp_path: Path) -> None:
    trace = policy_watched()
    asks(trace, 11)
    found = rule(tmp_path, trace, f'rule = "no-read"\ndepth = "{depth}"')
    assert found["result"] == "broken"
    # What was seen is named, and not more: no photo was read in the app.
    assert found["why"].startswith("The app asked iOS to upload photos, once")


def test_a_rule_that_reads_and_uploads_break_says_how_many_were_uploads(tmp_path: Path) -> None:
    trace = policy_watched()
    asks(trace, 11)
    trace.access(12, "data")
    trace.access(13, "data")
    found = rule(tmp_path, trace, 'rule = "no-read"\ndepth = "data"')
    assert found["why"].startswith("The app read data or deeper, 3 times (1 of them asking iOS to upload), first at ")


def test_reading_image_data_breaks_no_rule_about_uploads(tmp_path: Path) -> None:
    trace = policy_watched()
    trace.access(11, "data")
    found = rule(tmp_path, trace, 'rule = "no-read"\ndepth = "upload"')
    assert found["result"] == "held"
    assert found["why"].startswith("No request to iOS to upload photos in ")


def test_an_upload_under_no_entry_is_unreported_and_is_no_query(tmp_path: Path) -> None:
    trace = watched()
    asks(trace, 300)
    trace.add(500, "mark", label="end")
    found = judge(tmp_path, trace, entry_lines(1, 10.1, 20), entry_lines(2, 400, 401))
    [run] = found.to_dict()["unreported"]
    assert run["depth"] == "upload"
    may, _ = quotes_of(found, found.apps[0], list(found.verdicts()), share=1.0)
    assert not any(isinstance(one, RunsWithQueries) for one in may)
