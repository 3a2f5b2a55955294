"""Which probes carry which negative statement: what nobody could have seen was not watched.

Twin of the agent's catalogue (``agent/src/probes/catalogue``): a test holds the two together.
"""

from __future__ import annotations

import re

from lightleak.comparator.columns.event_columns import EventFields

CALLBACK = "photo-library-change-observer.photo-library-did-change"
"""Hooked on each class that implements it, as soon as the class is known."""

REGISTRATION = "photo-library.register-change-observer"

_DATA = (
    "asset.request-content-editing-input-with-options",
    "asset-resource-manager.request-data-for-asset-resource",
    "asset-resource-manager.write-data-for-asset-resource",
    "caching-image-manager.start-caching-images-for-assets",
    "content-editing-input.audiovisual-asset",
    "content-editing-input.av-asset",
    "content-editing-input.display-size-image",
    "content-editing-input.full-size-image-url",
    "content-editing-input.live-photo",
    "image-manager.request-avasset-for-video",
    "image-manager.request-export-session-for-video",
    "image-manager.request-image-data-and-orientation-for-asset",
    "image-manager.request-image-data-for-asset",
    "image-manager.request-image-for-asset",
    "image-manager.request-live-photo-for-asset",
    "image-manager.request-player-item-for-video",
    "live-photo.request-live-photo-with-resource-file-urls",
    "image-manager.av-proxy",
    "image-manager.video-url",
    "resource-manager.file-url",
    "caching-manager.image",
)
"""They see pixels and bytes, thumbnails too: the size that is asked for decides."""

_METADATA = (
    "asset.fetch-assets-in-asset-collection",
    "asset.fetch-assets-with-alasset-urls",
    "asset.fetch-assets-with-burst-identifier",
    "asset.fetch-assets-with-local-identifiers",
    "asset.fetch-assets-with-media-type",
    "asset.fetch-assets-with-options",
    "asset.fetch-key-assets-in-asset-collection",
    "asset-collection.fetch-asset-collections-containing-asset",
    "asset-collection.fetch-asset-collections-with-alasset-group-urls",
    "asset-collection.fetch-asset-collections-with-local-identifiers",
    "asset-collection.fetch-asset-collections-with-type",
    "asset-collection.fetch-moments-in-moment-list",
    "asset-collection.fetch-moments-with-options",
    "asset-resource.asset-resources-for-asset",
    "asset-resource.asset-resources-for-live-photo",
    "collection.fetch-collections-in-collection-list",
    "collection.fetch-top-level-user-collections-with-options",
    "collection-list.fetch-collection-lists-containing-collection",
    "collection-list.fetch-collection-lists-with-local-identifiers",
    "collection-list.fetch-collection-lists-with-type",
    "collection-list.fetch-moment-lists-with-subtype",
    "collection-list.fetch-moment-lists-with-subtype-options",
    "asset-resource-upload-job.fetch-jobs-with-action",
    "persistent-change.change-details-for-object-type",
    "persistent-change-fetch-result.enumerate-changes-with-block",
    "photo-library.current-change-token",
    "photo-library.fetch-persistent-changes-since-token",
    "query.execute",
)
"""They see queries."""

_REQUIRED = frozenset(
    {
        "asset.fetch-assets-in-asset-collection",
        "asset.fetch-assets-with-burst-identifier",
        "asset.fetch-assets-with-local-identifiers",
        "asset.fetch-assets-with-media-type",
        "asset.fetch-assets-with-options",
        "asset.fetch-key-assets-in-asset-collection",
        "asset-collection.fetch-asset-collections-containing-asset",
        "asset-collection.fetch-asset-collections-with-local-identifiers",
        "asset-collection.fetch-asset-collections-with-type",
        "asset-resource.asset-resources-for-asset",
        "collection.fetch-collections-in-collection-list",
        "collection.fetch-top-level-user-collections-with-options",
        "collection-list.fetch-collection-lists-containing-collection",
        "collection-list.fetch-collection-lists-with-local-identifiers",
        "collection-list.fetch-collection-lists-with-type",
        "asset.request-content-editing-input-with-options",
        "asset-resource-manager.request-data-for-asset-resource",
        "asset-resource-manager.write-data-for-asset-resource",
        "caching-image-manager.start-caching-images-for-assets",
        "image-manager.request-avasset-for-video",
        "image-manager.request-export-session-for-video",
        "image-manager.request-image-for-asset",
        "image-manager.request-player-item-for-video",
    }
)
"""Public and there on every iOS: a process in which one of these is not hooked was not watched for it."""

_BESIDE = re.compile(r"^[+-]\[[^ ]*(?:Change|Creation)Request |^[+-]\[[^ ]*Picker|^[+-]\[\* |^[+-]\[(?:PA|PL)[A-Z]")
"""Writes, pickers, other callbacks and accounting: none of them sees a read."""

_QUIET = (
    "photo-library.",
    "photo-library-change-observer.",
    "photo-library-availability-observer.",
    "accounting",
    "assetsd.",
    "picker-",
    "ui-image-picker-",
    "live-photo-view.",
    "wake.",
)
"""Beginnings of probes' names that see no read, unless a list above names them."""

_ABSENT = re.compile(r"^this process has no class |^\S+ has no method |^\S+ does not override ")
"""How the agent says that a process does not have a method. Source: agent/src/probes/resolve.ts."""


_INHERITED = re.compile(r"^\S+ does not override ")
"""How it says that a method is the superclass's, which has a hook of its own."""


def reads_from(depth: str) -> tuple[str, ...]:
    """Name the known probes that see reads of ``depth`` (metadata, thumbnail or data) or deeper."""
    return (*_METADATA, *_DATA) if depth == "metadata" else _DATA


def required_from(depth: str) -> tuple[str, ...]:
    """Name those among them without which nothing can be said."""
    return tuple(probe for probe in reads_from(depth) if probe in _REQUIRED)


def could_see(probe: str, symbol: object, depth: str) -> bool:
    """Tell whether a probe sees reads of ``depth`` or deeper; one that is not known counts as if it did."""
    if probe in _METADATA or probe in _DATA:
        return probe in reads_from(depth)
    return not (probe.startswith(_QUIET) or (isinstance(symbol, str) and _BESIDE.match(symbol)))


def is_absent(hook: EventFields) -> bool:
    """Tell whether a probe was skipped because the process does not have what it would hook: nothing can be missed."""
    return hook.absent is True or (isinstance(hook.reason, str) and _ABSENT.match(hook.reason) is not None)


def is_inherited(hook: EventFields) -> bool:
    """Tell whether a probe was skipped because another one sees the same calls."""
    return isinstance(hook.reason, str) and _INHERITED.match(hook.reason) is not None
