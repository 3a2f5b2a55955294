"""Name the categories of a report where only a TCC service, a stream or a picker's number is told.

Source: ``category`` of PATCCAccess and of its siblings in PrivacyAccounting.framework (iOS 18); 25 real exports.
"""

from __future__ import annotations

STREAM = "com.apple.privacy.accounting.stream"
"""The streams of the store are this and ``.tcc``, ``.location``, ``.oop`` or ``.replay-kit``."""
LOCATION, RECORDING, PICKER = f"{STREAM}.location", f"{STREAM}.replay-kit", f"{STREAM}.oop"

_SERVICES = {
    "kTCCServiceAddressBook": "contacts",
    "kTCCServiceCalendar": "calendar",
    "kTCCServiceCamera": "camera",
    "kTCCServiceMediaLibrary": "mediaLibrary",
    "kTCCServiceMicrophone": "microphone",
    "kTCCServicePhotos": "photos",
    "kTCCServiceUserTracking": "userTracking",
}
_STREAMS = {LOCATION: "location", RECORDING: "screenRecording"}
_PICKERS = {1: "photos", 2: "contacts"}

EXPORTED = frozenset({*_SERVICES.values(), *_STREAMS.values()})
"""What the export has a name for; it leaves the rest out."""


def category_of(stream: str | None, service: str | None) -> str | None:
    """Name the category of a record that has only its stream and TCC service; an unknown service stands for itself."""
    if service:
        return _SERVICES.get(service, service)
    return _STREAMS.get(stream or "", stream)


def category_of_stream(stream: str | None) -> str:
    """Name the category of everything in a stream; empty where it carries several."""
    return _STREAMS.get(stream or "", "")


def category_of_picker(kind: int) -> str:
    """Name what a picker lets the person choose; an unknown kind stands for itself."""
    return _PICKERS.get(kind, f"picker {kind}" if kind else "picker")
