"""What was watched as a trace in the interchange format."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from simulator.clock import Clock
from simulator.watching import SKIPPED_PROBES, Watch
from simulator.world import Call, Mark

Happening = tuple[float, dict[str, Any], Call | None]

SYMBOLS = {
    "open": "-[PHPhotoLibrary registerChangeObserver:]",
    "metadata": "+[PHAsset fetchAssetsWithOptions:]",
    "thumbnail": "-[PHImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]",
    "data": "-[PHImageManager requestImageDataAndOrientationForAsset:options:resultHandler:]",
    "write": "+[PHAssetChangeRequest creationRequestForAssetFromImage:]",
    "picker": "-[PHPickerViewController initWithConfiguration:]",
}
HEARTBEAT_S = 900.0
"""How often the host compares clocks while the process runs."""


def header(session: str, zone: str, app: str) -> dict[str, Any]:
    """Return the first line of a trace."""
    return {"kind": "header", "format": "lightleak-trace", "version": 2, "session": session, "tool": "simulator",
            "device": {"name": "phone", "time_zone": zone}, "target": {"identifier": app, "name": "App"}}  # fmt: skip


def events(
    chance: random.Random, clock: Clock, watches: Sequence[Watch], marks: Sequence[Mark], names: dict[int, list[str]]
) -> Iterator[dict[str, Any]]:
    """Yield the events of all segments, numbered as in the file. Adds each call's event to ``names``."""
    of_life: dict[int, list[Mark]] = {}
    for mark in marks:
        of_life.setdefault(id(mark.life), []).append(mark)
    for number, watch in enumerate(watches, 1):
        seq, seqs = 0, {}
        for at, keys, call in _numbered(watch, of_life.get(id(watch.life), [])):
            seq += keys.pop("skip", 0) + 1
            if call is not None:
                seqs[id(call)] = seq
                names.setdefault(id(call), []).append(f"1:{number}:{seq}")
                keys["cause" if keys["kind"] == "access" else "of"] = seqs.get(id(call.inside)) if call.inside else None
            stamps = {"wall_ns": clock.wall_ns(at), "mono_ns": clock.mono_ns(at), "tid": chance.randrange(259, 900)}
            yield {"kind": keys.pop("kind"), "segment": number, "seq": seq, **stamps, **keys}


def _numbered(watch: Watch, marks: Sequence[Mark]) -> Iterator[Happening]:
    """Remove lost events, and leave a ``lost`` event or a hole in the numbers."""
    dropped = 0
    how = ""
    for at, keys, call in sorted(_happenings(watch, marks), key=lambda happening: happening[0]):
        loss = next((loss for loss in watch.losses if loss[0] <= at <= loss[1]), None)
        if loss is not None:
            dropped, how = dropped + 1, loss[2]
            continue
        if dropped and how == "lost":
            yield at - 1e-6, {"kind": "lost", "count": dropped, "reason": "agent buffer full"}, None
        yield at, keys | ({"skip": dropped} if dropped and how == "hole" else {}), call
        dropped = 0


def _happenings(watch: Watch, marks: Sequence[Mark]) -> Iterator[Happening]:
    life, ready = watch.life, watch.ready
    who = {"pid": life.pid, "name": "App", "identifier": life.identifier, "role": life.role}
    yield ready - 0.03, {"kind": "process", "phase": "attached", **who}, None
    yield ready - 0.02, _hook("accounting", "-[PAAccessLogger log:]", installed=watch.accounting), None
    for probe in SKIPPED_PROBES:
        yield ready - 0.02, _hook(probe, SYMBOLS[probe], installed=probe not in watch.skipped), None
    for n, call in enumerate(life.calls):
        if call.observer and call.at < ready:
            yield ready - 0.01, {"kind": "observer", "action": "found", **_observer(n)}, None
    yield ready, {"kind": "process", "phase": "ready", **who}, None
    if life.role != "assetsd":
        yield ready, {"kind": "state", "value": life.state_at(ready)}, None
    for at, value in life.states:
        if ready < at < watch.stop:
            yield at, {"kind": "state", "value": value}, None
    for start, stop in life.asleep:
        if ready < start < watch.stop:
            yield start, {"kind": "process", "phase": "suspended", **who}, None
            if stop < watch.stop:
                yield stop, {"kind": "process", "phase": "resumed", **who}, None
    for n, call in enumerate(life.calls):
        if ready <= call.at <= watch.stop and call.depth not in watch.skipped:
            yield call.at, _call(n, call), call
    for mark in marks:
        if watch.accounting and ready <= mark.at <= watch.stop:
            keys = {"phase": mark.phase, "identifier": mark.identifier, "service": "kTCCServicePhotos"}
            yield mark.at, {"kind": "accounting", **keys}, None
    beat = ready + HEARTBEAT_S
    while beat < watch.stop:
        if life.awake(beat):
            yield beat, {"kind": "clock", "host_offset_ns": 1_000_000, "error_ns": 200_000}, None
        beat += HEARTBEAT_S
    yield watch.stop, {"kind": "process", "phase": watch.ended, "reason": "simulated", **who}, None


def _hook(probe: str, symbol: str, *, installed: bool) -> dict[str, Any]:
    status = {"status": "installed", "reason": None} if installed else {"status": "skipped", "reason": "no such method"}
    return {"kind": "hook", "probe": probe, "symbol": symbol, **status}


def _observer(n: int) -> dict[str, Any]:
    return {"observer": {"class": "AlbumWatcher", "id": hex(n + 1), "image": "App"}, "type": "change"}


def _call(n: int, call: Call) -> dict[str, Any]:
    if call.observer:
        return {"kind": "observer", "action": "registered", **_observer(n)}
    if call.depth == "notification":
        return {"kind": "notification", "change": hex(n), **_observer(0)}
    return {"kind": "access", "depth": call.depth, "symbol": SYMBOLS[call.depth], "detail": {}, "asset": None}
