"""Apple's private classes that probes depend on, and the members that each must have: data for claim 8.

Source: runtime dumps of iOS 12.0, 15.0 and 17.0.3, and public symbol diffs up to 27.0.
"""

from __future__ import annotations

from collections.abc import Mapping

from lightleak.device.helpers.answers import Shape

REQUIRED_MEMBERS: Mapping[str, tuple[str, ...]] = {
    "PAAccessLogger": ("log:reason:", "beginIntervalForAccess:", "loggingEnabled"),
    "PACoalescingIntervalTracker": ("coalesce:",),
    "PAAccess": ("_identifier", "_kind", "_accessor"),
    "PATCCAccess": ("_tccService",),
    "PLPrivacy": ("logPhotosAccessWithSelfAuditToken",),
    "PHQuery": ("executeQuery",),
}
"""Class → its own methods and ivars that are hooked or read."""

OBSERVER_TABLES: tuple[tuple[str, str, str], ...] = (
    ("iOS 15", "PHPhotoLibrary", "_externalObservers"),
    ("iOS 17.0", "PHPhotoLibrary", "_externalChangeObservers"),
    ("iOS 17.4 to 18", "PHPhotoLibraryObserverRegistrar", "_lock_externalChangeObservers"),
    ("iOS 26 and 27", "PHPhotoLibraryChangeObserverRegistrar", "_lock_externalChangeObservers"),
)
"""Where each iOS version stores an app's observers: version, class, ivar."""

OTHER_CLASSES = (
    "PAOutOfProcessPickerAccess",
    "PAApplication",
    "PHPhotoLibrary",
    "PHFetchResult",
    "PHChange",
    "PLPhotoLibrary",
)
"""Included to help with fixing a probe; nothing here depends on them."""

CLASS_NAMES = [*dict.fromkeys([*REQUIRED_MEMBERS, *(cls for _, cls, _ in OBSERVER_TABLES), *OTHER_CLASSES])]


def missing(shapes: Mapping[str, Shape | None]) -> list[str]:
    """Return what is required and does not exist: a class, or ``Class.member``."""
    absent = []
    for name, members in REQUIRED_MEMBERS.items():
        shape = shapes.get(name)
        if shape is None:
            absent.append(name)
        else:
            absent += [f"{name}.{member}" for member in members if member not in (*shape.ivars, *shape.methods)]
    return absent


def observer_table(shapes: Mapping[str, Shape | None]) -> str | None:
    """Return the iOS version whose table of observers this phone has; None when the table is unknown."""
    for version, cls, ivar in OBSERVER_TABLES:
        shape = shapes.get(cls)
        if shape is not None and ivar in shape.ivars:
            return version
    return None
