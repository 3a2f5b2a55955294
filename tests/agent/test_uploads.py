"""Uploads by the system (iOS 26.1 and later): depth upload, the destination's host only, and no byte through the app."""

from __future__ import annotations

import pytest

from agent.watching import Watch
from standin import Phone

pytestmark = pytest.mark.standin

CREATE = "+[PHAssetResourceUploadJobChangeRequest createJobWithDestination:resource:]"
NEWER = "+[PHAssetResourceUploadJobChangeRequest creationRequestForJobWithDestination:resource:]"
RETRY = "-[PHAssetResourceUploadJobChangeRequest retryWithDestination:]"


def uploads(watch: Watch) -> list[tuple[str, object]]:
    """Return the uploads that were seen: symbol and host."""
    return [(event["symbol"], event["detail"]["host"]) for event in watch.of("access", depth="upload")]


@pytest.mark.parametrize("ios", ["26", "27"])
def test_a_job_and_its_retry_are_uploads_to_a_host_and_nothing_else_of_the_address_is_told(ios: str) -> None:
    with Phone(idle_s=0.3, leeway=0.0, ios=ios) as phone:
        app = phone.launch("hardcases")
        with Watch(app) as watch:
            app.order("case", name="upload", retry=True)
            watch.until(lambda: watch.of("access", symbol="-[PHAssetResourceUploadJobChangeRequest acknowledge]"))
            # In 27 the older method calls the newer one: the app's own action, once.
            assert uploads(watch) == [(CREATE, "upload.example"), (RETRY, "upload.example")]
            [job, _] = watch.of("access", depth="upload")
            assert len(job["asset"]) == 64
            assert not [event for event in watch.events if "secret" in str(event) or "anna" in str(event)]
            [switch] = watch.of("access", symbol="-[PHPhotoLibrary setUploadJobExtensionEnabled:error:]")
            assert (switch["depth"], switch["detail"]) == ("open", {"enabled": 1})
            assert not watch.of("delivery")
            assert not watch.faults


def test_the_method_of_26_4_is_an_upload_too() -> None:
    with Phone(idle_s=0.3, leeway=0.0, ios="27") as phone:
        app = phone.launch("hardcases")
        with Watch(app) as watch:
            app.order("case", name="upload", newer=True)
            watch.until(lambda: watch.of("access", depth="upload"))
            assert uploads(watch) == [(NEWER, "upload.example")]


@pytest.mark.parametrize("kind", ["nil", "string", "own"])
def test_a_destination_of_another_class_has_no_host_and_is_not_asked(kind: str) -> None:
    with Phone(idle_s=0.3, leeway=0.0, ios="27") as phone:
        app = phone.launch("hardcases")
        with Watch(app) as watch:
            assert app.order("case", name="upload", kind=kind)["asked"] == 0
            watch.until(lambda: watch.of("access", depth="upload"))
            assert uploads(watch) == [(CREATE, None)]
            assert not watch.faults
