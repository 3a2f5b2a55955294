"""Uploads by the system (iOS 26.1 and later): depth upload, the destination's host only, and no byte through the app."""

from __future__ import annotations

from typing import Any

import pytest

from agent.watching import Watch
from standin import Phone
from standin.waiting import until

pytestmark = pytest.mark.standin

_REQUEST = "PHAssetResourceUploadJobChangeRequest"
CREATE = f"+[{_REQUEST} createJobWithDestination:resource:]"
NEWER = f"+[{_REQUEST} creationRequestForJobWithDestination:resource:]"
RETRY = f"-[{_REQUEST} retryWithDestination:]"
CHANGES = "-[PHPhotoLibrary performChangesAndWait:error:]"


def uploads(watch: Watch) -> list[tuple[str, object]]:
    """Return the uploads that were seen: symbol and host."""
    return [(event["symbol"], event["detail"]["host"]) for event in watch.of("access", depth="upload")]


def phone_of(ios: str) -> Phone:
    return Phone(idle_s=0.3, leeway=0.0, ios=ios)


def case(watch: Watch, name: str, **details: object) -> dict[str, Any]:
    return watch.app.order("case", name=name, **details)


@pytest.mark.parametrize("ios", ["26", "27"])
def test_a_job_and_its_retry_are_uploads_to_a_host_and_nothing_else_of_the_address_is_recorded(ios: str) -> None:
    with phone_of(ios) as phone, Watch(phone.launch("hardcases")) as watch:
        assert case(watch, "upload")["done"]
        phone.finish_uploads(success=False)
        assert case(watch, "upload-jobs", action=2, then="retry", address="https://b.example/x")["jobs"] == 1
        phone.finish_uploads()
        assert case(watch, "upload-jobs", action=1, then="acknowledge")["jobs"] == 1
        assert case(watch, "upload-jobs", action=3, then="")["jobs"] == 0
        watch.until(lambda: watch.of("access", symbol=f"-[{_REQUEST} acknowledge]"))
        # In 27 the older method calls the newer one: the app's own action, once.
        assert uploads(watch) == [(CREATE, "upload.example"), (RETRY, "b.example")]
        [job, retry] = watch.of("access", depth="upload")
        assert len(job["asset"]) == 64
        assert retry["asset"] is None
        assert not [event for event in watch.events if "secret" in str(event) or "anna" in str(event)]
        assert not watch.of("delivery")
        assert not watch.faults


def test_the_method_of_26_4_is_an_upload_too_and_a_download_or_a_cancelled_job_is_none() -> None:
    with phone_of("27") as phone, Watch(phone.launch("hardcases")) as watch:
        assert case(watch, "upload", newer=True)["done"]
        assert case(watch, "download-job")["done"]
        assert case(watch, "upload-jobs", action=3, then="cancel")["jobs"] == 2
        [cancelled, _] = watch.until(lambda: watch.of("access", symbol=f"-[{_REQUEST} cancel]"))
        assert cancelled["depth"] == "write"
        assert uploads(watch) == [(NEWER, "upload.example")]
        [download] = watch.of("access", symbol=f"+[{_REQUEST} creationRequestForDownloadJobWithResource:]")
        assert (download["depth"], len(download["asset"])) == ("write", 64)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://anna:secret@upload.example/anna?token=secret#secret", "upload.example"),
        # What is before the @ is no host, however much it looks like one.
        ("https://upload.example@b.example/secret", "b.example"),
        ("https://[2001:db8::1]:8443/secret", "2001:db8::1"),
        ("https://192.0.2.7/secret", "192.0.2.7"),
        ("file:///private/var/anna/secret", None),
        ("secret", None),
    ],
)
def test_of_an_address_the_host_is_recorded_and_nothing_else(address: str, host: str | None) -> None:
    with phone_of("27") as phone, Watch(phone.launch("hardcases")) as watch:
        case(watch, "upload", address=address)
        watch.until(lambda: watch.of("access", depth="upload"))
        assert uploads(watch) == [(CREATE, host)]
        assert not [event for event in watch.events if "secret" in str(event) or "anna" in str(event)]


@pytest.mark.parametrize("kind", ["nil", "string", "own", "no-url"])
def test_a_destination_of_another_class_has_no_host_and_is_not_asked(kind: str) -> None:
    with phone_of("27") as phone:
        app = phone.launch("hardcases")
        asked = app.order("case", name="upload", kind=kind)["asked"]
        with Watch(app) as watch:
            assert case(watch, "upload", kind=kind)["asked"] == asked
            watch.until(lambda: watch.of("access", depth="upload"))
            assert uploads(watch) == [(CREATE, None)]
            assert not watch.faults


def test_a_retry_without_a_destination_names_no_host() -> None:
    with phone_of("26") as phone, Watch(phone.launch("hardcases")) as watch:
        case(watch, "upload")
        phone.finish_uploads(success=False)
        case(watch, "upload-jobs", action=2, then="retry-same")
        watch.until(lambda: len(uploads(watch)) == 2)
        assert uploads(watch)[1] == (RETRY, None)


@pytest.mark.parametrize("ends", [{"end": "asset"}, {"kind": "nil"}])
def test_a_job_whose_transaction_fails_was_asked_for_and_nothing_more(ends: dict[str, str]) -> None:
    """What a call asks for is recorded when it is made: whether iOS takes the job is not known then."""
    with phone_of("27") as phone, Watch(phone.launch("hardcases")) as watch:
        answer = case(watch, "upload", **ends)
        assert (bool(answer["done"]), bool(answer["error"])) == (False, True)
        assert case(watch, "upload-jobs", action=3, then="")["jobs"] == 0
        watch.until(lambda: len(watch.of("access", symbol=CHANGES)) == 2)
        assert [symbol for symbol, _ in uploads(watch)] == [CREATE]
        assert not watch.faults


def test_an_app_that_is_killed_in_the_middle_has_asked_and_no_job_is_there() -> None:
    with phone_of("27") as phone:
        app = phone.launch("hardcases")
        with Watch(app) as watch:
            app.wire.send({"do": "case", "name": "upload", "end": "kill"})
            until(lambda: app.process.poll() is not None)
            assert uploads(watch) == [(CREATE, "upload.example")]
        with Watch(phone.launch("hardcases")) as again:
            assert case(again, "upload-jobs", action=3, then="")["jobs"] == 0


_LIBRARY = "-[PHPhotoLibrary {}]"
_SET, _ENABLE = "setUploadJobExtensionEnabled:error:", "enableUploadJobExtensionWithOptions:error:"
_OPTIONS, _DISABLE = "setUploadJobExtensionOptions:error:", "disableUploadJobExtensionWithError:"


@pytest.mark.parametrize(
    ("ios", "how", "selector", "detail"),
    [
        ("26", "set", _SET, {"enabled": 1}), ("26", "unset", _SET, {"enabled": 0}),
        # In 27 the older method calls the newer ones.
        ("27", "set", _SET, {"enabled": 1}), ("27", "unset", _SET, {"enabled": 0}),
        ("27", "enable", _ENABLE, {}), ("27", "enable-options", _ENABLE, {}),
        ("27", "options", _OPTIONS, {}), ("27", "disable", _DISABLE, {}),
    ],
)  # fmt: skip
def test_switching_uploads_is_one_opening_with_what_was_switched(
    ios: str, how: str, selector: str, detail: dict[str, int]
) -> None:
    with phone_of(ios) as phone, Watch(phone.launch("hardcases")) as watch:
        assert case(watch, "upload-switch", how=how)["done"]
        watch.until(lambda: watch.of("access", depth="open"))
        switches = [(e["symbol"], e["detail"]) for e in watch.of("access", depth="open") if "Upload" in e["symbol"]]
        assert switches == [(_LIBRARY.format(selector), detail)]
        assert not uploads(watch)
