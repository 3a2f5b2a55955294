"""The public words: texts that a redacted session keeps, because they say nothing about a person or an app.

Separate because it is the list that a reviewer reads to know which words a redacted session can contain.
"""

from __future__ import annotations

import re
from functools import cache

from lightleak.built_assets import catalogue
from lightleak.errors import AgentError
from lightleak.events import DEPTHS, LAUNCHED, OFF_LADDER, STATES, WAKE_REASONS
from lightleak.losses import CUT_SHORT
from lightleak.redact.hand_offs import HAND_OFFS

_METHOD = re.compile(r"[+-]\[(\S+) (\S+)\]")

PHASES = frozenset({"attached", "ready", "suspended", "resumed", "detached", "exited", "begin", "touch", "end"})
ROLES = frozenset({"app", "extension", "assetsd", "daemon", "other"})
STATUSES = frozenset({"installed", "skipped", "removed"})
CODES = frozenset({"no-class", "no-method", "no-function", "inherited", "escape", "found-late", "left-out"})
STATE_VALUES = frozenset(STATES)
STATE_REASONS = frozenset({LAUNCHED, *WAKE_REASONS})
INPUTS = frozenset({"touch", "key", "other"})
ACTIONS = frozenset({"asked", "answered", "read", "found", "registered", "unregistered"})
LEVELS = frozenset({"read-write", "readWrite", "add-only", "addOnly"})
PERMISSIONS = frozenset({"authorized", "limited", "denied", "restricted", "not-determined"})
CHANGE_TYPES = frozenset({"change", "availability", "unavailable", "persistent-changes"})
ACCESS_DEPTHS = frozenset({*DEPTHS, *OFF_LADDER})
SERVICES = frozenset(
    {
        "photos",
        "picker",
        "contacts",
        "camera",
        "microphone",
        "location",
        "mediaLibrary",
        "screenRecording",
        "nearbyInteraction",
        "kTCCServicePhotos",
        "kTCCServicePhotosAdd",
    }
)
DAEMONS = frozenset(
    {"assetsd", "photoanalysisd", "photolibraryd", "contactsd", "medialibraryd", "locationd", "nearbyd"}
)
"""Processes of the system that say nothing about an app."""
SYSTEMS = frozenset({"iOS", "iPadOS", "iPhone OS", "tvOS", "watchOS", "visionOS", "macOS", "linux", "Linux"})

DETAILS = frozenset(
    {"action", "choice", "contentMode", "enabled", "mediaType", "objectType", "sourceType", "type", "subtype"}
    | {"assets", "files", "identifiers", "items", "observers", "results", "width", "height"}
)
"""Keys of an access's ``detail`` that the agent writes: constants of PhotoKit's enumerations, counts, sizes in px.
``client`` and ``host`` are not among them: they name another app, and a server of the app's maker."""

QUERY_FACTS = frozenset({"predicate", "sort"})
QUERY_KEYS = frozenset(
    {"SELF", "(code)", "(more)", "(other)"}
    | {"localIdentifier", "creationDate", "modificationDate", "addedDate", "mediaType", "mediaSubtype", "mediaSubtypes"}
    | {"duration", "pixelWidth", "pixelHeight", "favorite", "isFavorite", "hidden", "isHidden", "burstIdentifier"}
    | {"burstSelectionTypes", "representsBurst", "sourceType", "playbackStyle", "location", "filename", "rating"}
    | {"contentType", "title", "localizedTitle", "startDate", "endDate", "estimatedAssetCount"}
)
"""What a query may test and sort by, as Apple's documentation of PHFetchOptions and its headers name it, and the agent's own words."""

PROCESS_REASONS = frozenset(
    {
        LAUNCHED,
        "application-requested",
        "process-replaced",
        "process-terminated",
        "connection-terminated",
        "device-lost",
        "stopped",
        "held",
        "no sign of life, while the device answers",
        "the process has gone",
        "the device does not answer",
        "the recording was stopped",
    }
)
"""Frida's words for the end of a session, and the recorder's own."""

LOSS_REASONS = frozenset(
    {
        "not delivered",
        CUT_SHORT,
        "the agent sent an event that cannot be read",
        "the host did not take events in time, and the agent's memory for them was full",
    }
)
DELIVERY_REASONS = frozenset({"the handler cannot be hooked: whether and what it was given is not known"})
HOOK_REASONS = frozenset(
    {
        "this process has no Objective-C runtime",
        "this process cannot compile C, and a slower hook would cost the app too much",
        "no class is known yet that implements it for Photos: hooked on each class as soon as it is known",
        "this is internal to Photos and shows no access of its own: hooked with record --internal",
        "the class forwards the message to an object that cannot be found",
        (
            "the implementation was replaced in a way that is not hooked, and found by the check once a second: "
            "its calls before were not seen"
        ),
        "the table of observers of this version is not known: each class of the app that implements it is hooked",
        "hooked by class: the table of observers of this version is not known",
        "other threads kept the code from being changed: calls at first were perhaps not seen",
        "more threads acted because of an event at once than can be followed",
        "too many events were being handled on one thread, one inside the other",
        "more work was handed on at once than can be kept in mind",
        "the code of some work that was handed on cannot be hooked",
        "the same function was handed on with the same argument because of different events",
        "a timer of libdispatch was given a function, not a block",
        "more Swift tasks were made at once than can be kept in mind",
        "a Swift task ran so long before its maker was done that it was asked for in vain",
        "a value was put into a Swift stream that no task waited for: which task goes on with it cannot be seen",
    }
)
"""The agent's sentences that name nothing of the app."""

ERROR_DOMAINS = frozenset(
    {
        "AVFoundationErrorDomain",
        "CloudPhotoLibraryErrorDomain",
        "NSCocoaErrorDomain",
        "NSItemProviderErrorDomain",
        "NSMachErrorDomain",
        "NSOSStatusErrorDomain",
        "NSPOSIXErrorDomain",
        "NSURLErrorDomain",
        "PHPhotosErrorDomain",
    }
)
"""The system's own. The agent writes an error as its domain and code; an app's domain carries the app's names."""
UNKNOWN_ERROR = "an error of an unknown class"

_SYSTEM_METHODS = (
    *(
        f"-[{cls} {getter}]"
        for cls in ("PHAsset", "ALAsset")
        for getter in ("location", "filename", "_uncachedLocation")
    ),
    "-[PHAssetResource originalFilename]",
    "-[PHAssetExtendedMetadata caption]",
    "-[ALAssetRepresentation filename]",
)
"""Getters that are counted (``property``). Source: PHAsset.h, PHAssetResource.h, ALAssetRepresentation.h."""
_PROBES = ("handoff", "replacement")
"""Probes that are not in the catalogue."""
_FAMILIES = ("live-photo-view", "observer")


@cache
def _symbols() -> frozenset[str]:
    try:
        found = catalogue()
    except AgentError:  # not built: only the words above are public
        return frozenset((*_SYSTEM_METHODS, *HAND_OFFS))
    catalogued = (*(probe.symbol for probe in found.probes), *(row["symbol"] for row in found.excluded))
    return frozenset((*_SYSTEM_METHODS, *HAND_OFFS, *catalogued))


@cache
def system_classes() -> frozenset[str]:
    """Return the classes of the hook catalogue, which say nothing about an app."""
    return frozenset(found[1] for found in map(_METHOD.fullmatch, _symbols()) if found)


@cache
def system_selectors() -> frozenset[str]:
    """Return the selectors of the hook catalogue: an app's class that has one implements a protocol of the system."""
    return frozenset(found[2] for found in map(_METHOD.fullmatch, _symbols()) if found)


@cache
def probes() -> frozenset[str]:
    """Return the names of all probes."""
    try:
        return frozenset((*_PROBES, *(probe.probe for probe in catalogue().probes)))
    except AgentError:
        return frozenset(_PROBES)


@cache
def probe_families() -> frozenset[str]:
    """Return what the names of probes begin with, up to the first dot."""
    return frozenset((*_FAMILIES, *(probe.partition(".")[0] for probe in probes())))


def is_system_symbol(symbol: str) -> bool:
    """Return whether a symbol is the system's, or a name that the agent gave."""
    return symbol in _symbols()


@cache
def public_words() -> frozenset[str]:
    """Return all single words and sentences of these lists."""
    return frozenset().union(
        PHASES, ROLES, STATUSES, CODES, STATE_VALUES, STATE_REASONS, INPUTS, ACTIONS, LEVELS, PERMISSIONS, CHANGE_TYPES,
        ACCESS_DEPTHS, SERVICES, DAEMONS, SYSTEMS, DETAILS, PROCESS_REASONS, LOSS_REASONS, DELIVERY_REASONS, HOOK_REASONS,
        ERROR_DOMAINS, {UNKNOWN_ERROR}, _symbols(), system_classes(), system_selectors(), probes(), probe_families(),
    )  # fmt: skip
