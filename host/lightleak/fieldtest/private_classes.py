"""The private classes that probes rest on, and what is wanted of each: data for claim 8.

Source: runtime dumps of iOS 12.0, 15.0 and 17.0.3, and public symbol diffs up to 18.4.
"""

from __future__ import annotations

from collections.abc import Mapping

from lightleak.device.helpers.answers import Shape

WANTED: Mapping[str, tuple[str, ...]] = {
    "PAAccessLogger": ("log:reason:", "beginIntervalForAccess:", "loggingEnabled"),
    "PACoalescingIntervalTracker": ("coalesce:",),
    "PAAccess": ("_identifier", "_kind", "_accessor"),
    "PATCCAccess": ("_tccService",),
    "PLPrivacy": ("logPhotosAccessWithSelfAuditToken",),
    "PHQuery": ("executeQuery",),
}
"""Class → methods and ivars of its own that are hooked or read."""

TABLES: tuple[tuple[str, str, str], ...] = (
    ("iOS 15", "PHPhotoLibrary", "_externalObservers"),
    ("iOS 17.0", "PHPhotoLibrary", "_externalChangeObservers"),
    ("iOS 17.4 and later", "PHPhotoLibraryObserverRegistrar", "_lock_externalChangeObservers"),
    ("a later build", "PHPhotoLibraryChangeObserverRegistrar", "_lock_externalChangeObservers"),
)
"""Where each version keeps an app's observers: version, class, ivar."""

ALSO = ("PAOutOfProcessPickerAccess", "PAApplication", "PHPhotoLibrary", "PHFetchResult", "PHChange", "PLPhotoLibrary")
"""Looked at for whoever mends a probe; nothing depends on them here."""

NAMES = [*dict.fromkeys([*WANTED, *(cls for _, cls, _ in TABLES), *ALSO])]


def missing(shapes: Mapping[str, Shape | None]) -> list[str]:
    """Name what is wanted and not there: a class, or ``Class.member``."""
    absent = []
    for name, members in WANTED.items():
        shape = shapes.get(name)
        if shape is None:
            absent.append(name)
        else:
            absent += [f"{name}.{member}" for member in members if member not in (*shape.ivars, *shape.methods)]
    return absent


def table_of(shapes: Mapping[str, Shape | None]) -> str | None:
    """Return whose table of observers this phone has, by version; None for one that nobody has read about."""
    for version, cls, ivar in TABLES:
        shape = shapes.get(cls)
        if shape is not None and ivar in shape.ivars:
            return version
    return None
