"""What is missing, other than expected, or gone: a skipped probe or a null field with its reason, never a crash."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agent.watching import Watch, called, seen
from standin import App, Phone

pytestmark = pytest.mark.standin

CONTAINING = "+[PHAssetCollection fetchAssetCollectionsContainingAsset:withType:options:]"
FETCH = "+[PHAsset fetchAssetsWithMediaType:options:]"
DATA = "-[PHImageManager requestImageDataAndOrientationForAsset:options:resultHandler:]"


def damaged(phone: Phone, what: str, cls: str, member: str, *, of_class: bool = False) -> App:
    """Launch an app on a phone whose frameworks are otherwise than expected."""
    app = phone.launch("hardcases")
    details = {"what": what, "class": cls, "member": member, "of_class": of_class}
    assert "error" not in app.order("case", name="damage", **details)
    return app


def test_a_class_that_the_process_does_not_have_is_skipped_and_named(phone: Phone) -> None:
    app = phone.launch("quicksend")
    with Watch(app) as watch:
        [hook] = watch.of("hook", symbol="-[UIImagePickerController setSourceType:]")
        assert (hook["status"], hook["reason"]) == ("skipped", "this process has no class UIImagePickerController")
        assert (hook["absent"], hook["code"]) == (True, "no-class")


def test_a_selector_that_a_class_does_not_have_is_skipped_and_named(phone: Phone) -> None:
    app = damaged(phone, "selector", "PHAsset", "fetchAssetsWithBurstIdentifier:options:", of_class=True)
    with Watch(app) as watch:
        [hook] = watch.of("hook", symbol="+[PHAsset fetchAssetsWithBurstIdentifier:options:]")
        assert hook["status"] == "skipped"
        assert hook["reason"] == "PHAsset has no method fetchAssetsWithBurstIdentifier:options:"
        assert hook["code"] == "no-method"
        app.order("fetch")
        watch.until(lambda: watch.of("access", symbol=FETCH))


def test_an_unexpected_type_encoding_is_not_read_from(phone: Phone) -> None:
    app = damaged(phone, "encoding", "PHImageManager", DATA.split()[1][:-1])
    with Watch(app) as watch:
        [hook] = watch.of("hook", symbol=DATA)
        assert hook["status"] == "skipped"
        assert hook["reason"] == "its type encoding v24@0:8q16 is not the expected one"
        assert "absent" not in hook
        app.order("data")
        app.order("fetch")
        watch.until(lambda: watch.of("access", symbol=FETCH))
        assert not watch.of("access", symbol=DATA)


def test_without_the_ivar_of_an_assets_identifier_the_asset_is_null_and_the_access_is_told(phone: Phone) -> None:
    app = damaged(phone, "ivar", "PHAsset", "_uuid")
    with Watch(app) as watch:
        app.order("data")
        [event] = watch.until(lambda: watch.of("access", symbol=DATA))
        assert event["asset"] is None
        assert not watch.faults


def test_without_the_ivar_of_the_observers_table_callbacks_are_hooked_by_class_and_that_is_said(phone: Phone) -> None:
    app = damaged(phone, "ivar", "PHPhotoLibrary", "_observerRegistrar")
    app.order("case", name="inherit")
    with Watch(app) as watch:
        hooks = watch.of("hook", probe="photo-library-change-observer.photo-library-did-change", status="installed")
        assert any("by class" in (hook["reason"] or "") for hook in hooks)


@pytest.fixture
def phone_27() -> Iterator[Phone]:
    """A phone with iOS 27, whose frameworks a test then damages: as a version that nobody has read about may be."""
    with Phone(idle_s=0.3, leeway=0.0, ios="27") as phone:
        yield phone


@pytest.mark.parametrize("what", ["ivar", "ivar-encoding"])
@pytest.mark.parametrize(
    ("cls", "ivar", "lost"),
    [
        (
            "PHPhotoLibrary",
            "_changeObserverRegistrar",
            ["photoLibraryDidChange:", "photoLibraryPersistentChangesDidUpdate:"],
        ),
        ("PHPhotoLibraryChangeObserverRegistrar", "_lock_externalChangeObservers", ["photoLibraryDidChange:"]),
        (
            "PHPhotoLibraryChangeObserverRegistrar",
            "_lock_persistentChangesObservers",
            ["photoLibraryPersistentChangesDidUpdate:"],
        ),
    ],
)
def test_a_table_that_is_not_as_described_is_not_read_and_that_is_said_once(
    phone_27: Phone, what: str, cls: str, ivar: str, lost: list[str]
) -> None:
    app = phone_27.launch("hardcases")
    app.order("case", name="history-observer", both=True)
    assert "error" not in app.order("case", name="damage", what=what, **{"class": cls}, member=ivar)
    with Watch(app) as watch:
        assert not watch.faults
        said = [event["symbol"] for event in watch.of("hook") if "table of observers" in (event["reason"] or "")]
        assert [symbol for symbol in said if symbol.startswith("-[* ")] == [f"-[* {selector}]" for selector in lost]
        found = {event["type"] for event in watch.of("observer", action="found")}
        assert found == {"change", "persistent-changes"} - {
            "persistent-changes" if "Persistent" in one else "change" for one in lost
        }
        phone_27.new_photo()
        notified = watch.until(lambda: len(events := watch.of("notification")) == 2 and events)
        assert {event["type"] for event in notified} == {"change", "persistent-changes"}


def test_a_class_of_27_that_is_there_without_its_methods_costs_only_their_probes(phone_27: Phone) -> None:
    app = phone_27.launch("hardcases")
    for member in ("registerPersistentChangesObserver:", "unregisterPersistentChangesObserver:"):
        app.order("case", name="damage", what="selector", **{"class": "PHPhotoLibrary"}, member=member)
    with Watch(app) as watch:
        [hook] = watch.of("hook", symbol="-[PHPhotoLibrary registerPersistentChangesObserver:]")
        assert (hook["status"], hook["code"]) == ("skipped", "no-method")
        assert not [event for event in watch.of("hook") if "table of observers" in (event["reason"] or "")]
        app.order("case", name="inherit")
        phone_27.new_photo()
        [told] = watch.until(lambda: watch.of("notification"))
        assert told["type"] == "change"
        assert not watch.faults


def test_a_registration_whose_argument_is_no_object_is_not_hooked(phone_27: Phone) -> None:
    register = "-[PHPhotoLibrary registerPersistentChangesObserver:]"
    app = phone_27.launch("hardcases")
    app.order(
        "case",
        name="damage",
        what="encoding",
        **{"class": "PHPhotoLibrary"},
        member="registerPersistentChangesObserver:",
    )
    with Watch(app) as watch:
        [hook] = watch.of("hook", symbol=register)
        assert hook["reason"] == "its type encoding v24@0:8q16 is not the expected one"
        assert "absent" not in hook
        app.order("case", name="history-observer")  # what adds it to the table is hooked too, and sees the observer
        phone_27.new_photo()
        [told] = watch.until(lambda: watch.of("notification"))
        assert (told["type"], told["observer"]["class"]) == ("persistent-changes", "HistoryObserver")


@pytest.mark.parametrize("kind", ["nil", "unmapped", "number", "freed", "scribbled", "string"])
def test_an_object_that_is_none_or_none_any_more_is_null(phone: Phone, kind: str) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="bad-asset", kind=kind)
        [event] = watch.until(lambda: watch.of("access", symbol=CONTAINING))
        assert event["asset"] is None
        assert not watch.faults
        app.order("fetch")
        watch.until(lambda: watch.of("access", symbol=FETCH))


def test_a_handler_that_is_nil_is_nothing_to_wait_for(phone: Phone) -> None:
    app = phone.launch("hardcases")
    with Watch(app) as watch:
        app.order("case", name="nil-handler")
        watch.until(lambda: called(phone, app) == seen(watch))
        assert not watch.of("delivery")
        assert not watch.faults


def test_an_apps_own_collection_is_not_asked_by_us(phone: Phone) -> None:
    app = phone.launch("hardcases")
    before = app.order("case", name="own-array")["asked"]
    with Watch(app) as watch:
        assert app.order("case", name="own-array")["asked"] == before
        [event] = watch.until(lambda: watch.of("access"))
        assert event["detail"] == {"identifiers": None}
