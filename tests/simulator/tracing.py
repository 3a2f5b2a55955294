"""What was watched as a trace in the interchange format."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import Any

from simulator.clock import Clock
from simulator.triggers import is_lost, recorded
from simulator.watching import SKIPPED_PROBES, Watch
from simulator.world import Call, Life, Mark, Origin

Happening = tuple[float, dict[str, Any], Call | Origin | None]

SYMBOLS = {
    "open": "-[PHPhotoLibrary registerChangeObserver:]",
    "metadata": "+[PHAsset fetchAssetsWithOptions:]",
    "thumbnail": "-[PHImageManager requestImageForAsset:targetSize:contentMode:options:resultHandler:]",
    "data": "-[PHImageManager requestImageDataAndOrientationForAsset:options:resultHandler:]",
    "write": "+[PHAssetChangeRequest creationRequestForAssetFromImage:]",
    "picker": "-[PHPickerViewController initWithConfiguration:]",
}
STARTED_S = 0.1
"""An attachment so soon after the start was there at the start."""
HEARTBEAT_S = 900.0
"""How often the host compares clocks while the process runs."""


def header(session: str, zone: str, app: str) -> dict[str, Any]:
    """Return the first line of a trace."""
    return {"kind": "header", "format": "lightleak-trace", "version": 2, "session": session, "tool": "simulator",
            "device": {"name": "phone", "time_zone": zone}, "target": {"identifier": app, "name": "App"}}  # fmt: skip


def events(
    chance: random.Random,
    clock: Clock,
    watches: Sequence[Watch],
    marks: Sequence[Mark],
    names: dict[int, list[str]],
    *,
    origins: bool = False,
) -> Iterator[dict[str, Any]]:
    """Yield the events of all segments, numbered as in the file. Adds the events of each call and origin to ``names``."""
    of_life: dict[int, list[Mark]] = {}
    for mark in marks:
        of_life.setdefault(id(mark.life), []).append(mark)
    for number, watch in enumerate(watches, 1):
        seq, seqs = 0, {}
        for at, keys, what in _numbered(watch, of_life.get(id(watch.life), []), origins=origins):
            seq += keys.pop("skip", 0) + 1
            if what is not None:
                seqs[id(what)] = seq
                names.setdefault(id(what), []).append(f"1:{number}:{seq}")
            if isinstance(what, Call):
                cause = seqs.get(id(what.inside)) if what.inside else None
                keys["cause" if keys["kind"] == "access" else "of"] = cause
                if origins:
                    keys.update(_linked(what, watch, seqs))
            stamps = {"wall_ns": clock.wall_ns(at), "mono_ns": clock.mono_ns(at), "tid": chance.randrange(259, 900)}
            yield {"kind": keys.pop("kind"), "segment": number, "seq": seq, **stamps, **keys}


def _linked(call: Call, watch: Watch, seqs: dict[int, int]) -> dict[str, Any]:
    """Return the keys with which an act names its origin, as far as the agent followed it."""
    origin = call.origin
    if origin is None or not call.followed or not (recorded(origin, watch) or is_lost(origin, watch)):
        return {"cause": None}
    return {"cause": None, "cause_lost": True} if is_lost(origin, watch) else {"cause": seqs[id(origin)]}


def _numbered(watch: Watch, marks: Sequence[Mark], *, origins: bool) -> Iterator[Happening]:
    """Remove lost events, and leave a ``lost`` event or a hole in the numbers."""
    dropped = 0
    how = ""
    for at, keys, what in sorted(_happenings(watch, marks, origins=origins), key=lambda happening: happening[0]):
        loss = next((loss for loss in watch.losses if loss[0] <= at <= loss[1]), None)
        if loss is not None:
            dropped, how = dropped + 1, loss[2]
            continue
        if dropped and how == "lost":
            yield at - 1e-6, {"kind": "lost", "count": dropped, "reason": "agent buffer full"}, None
        yield at, keys | ({"skip": dropped} if dropped and how == "hole" else {}), what
        dropped = 0


def _happenings(watch: Watch, marks: Sequence[Mark], *, origins: bool) -> Iterator[Happening]:
    life, ready = watch.life, watch.ready
    who = {"pid": life.pid, "name": "App", "identifier": life.identifier, "role": life.role}
    launched = origins and ready - life.born < STARTED_S
    why = {"reason": "launch" if launched else None} if origins else {}
    yield ready - 0.03, {"kind": "process", "phase": "attached", **who, **why}, None
    yield ready - 0.02, _hook("accounting", "-[PAAccessLogger log:]", installed=watch.accounting), None
    for probe in SKIPPED_PROBES:
        yield ready - 0.02, _hook(probe, SYMBOLS[probe], installed=probe not in watch.skipped), None
    for n, call in enumerate(life.calls):
        if call.observer and call.at < ready:
            yield ready - 0.01, {"kind": "observer", "action": "found", **_observer(n)}, None
    yield ready, {"kind": "process", "phase": "ready", **who, **why}, None
    if life.role != "assetsd":
        known = {"changed": False} if origins and not launched else {}
        yield ready, {"kind": "state", "value": life.state_at(ready), **known}, None
    activations = {one.at: one for one in life.origins if one.trigger == "activation"}
    for at, value in life.states:
        if ready < at < watch.stop:
            yield at, {"kind": "state", "value": value}, activations.get(at) if value == "active" else None
    yield from _origins(watch, life) if origins else ()
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


def _origins(watch: Watch, life: Life) -> Iterator[Happening]:
    """Yield what an agent that follows origins adds: touches, wakes, and the state again after a loss."""
    ready = watch.ready - 0.02
    observers = "photo-library-change-observer.photo-library-did-change"
    yield ready, _hook(observers, "-[AlbumWatcher photoLibraryDidChange:]", installed=True), None
    yield ready, _hook("photo-library.register-change-observer", SYMBOLS["open"], installed=True), None
    for symbol in ("dispatch_async", "swift_task_create"):
        yield ready, _hook("handoff", symbol, installed=True), None
    yield ready, _hook("wake.application-delegate", "-[UIApplication setDelegate:]", installed=True), None
    yield ready, _hook("input.event", "-[UIApplication sendEvent:]", installed=watch.inputs), None
    escaped = next((call.at for call in life.calls if call.origin and not call.followed and watch.sees(call)), None)
    if escaped is not None:
        yield escaped - 1e-5, _hook("handoff", "an older task of Swift", installed=False), None
    for one in life.origins:
        if watch.ready < one.at <= watch.stop and one.trigger != "activation":
            state = {"kind": "state", "value": life.state_at(one.at), "reason": one.reason}
            if one.trigger != "touch":
                yield one.at, state, one
            elif watch.inputs:
                yield one.at, {"kind": "input", "type": "touch"}, one
    for at in watch.said_again:
        yield at, {"kind": "state", "value": life.state_at(at), "changed": False}, None


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
