"""The categories of a report, by TCC service, stream or picker number, for lines that do not name one.

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
"""What the export has a name for; it leaves out the rest."""


def category_of(stream: str | None, service: str | None) -> str | None:
    """Return the category of a record with only a stream and a TCC service; an unknown service is its own category."""
    if service:
        return _SERVICES.get(service, service)
    return _STREAMS.get(stream or "", stream)


def category_of_stream(stream: str | None) -> str:
    """Return the category of everything in a stream; empty when it carries several."""
    return _STREAMS.get(stream or "", "")


def category_of_picker(kind: int) -> str:
    """Return the category that a picker lets the person choose from; an unknown kind is its own category."""
    return _PICKERS.get(kind, f"picker {kind}" if kind else "picker")
