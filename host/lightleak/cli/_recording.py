"""Run a recording for ``record`` and ``watch``: the file, the live view, and the summary at the end."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightleak.cli._console import Console
from lightleak.cli._files import refuse_existing
from lightleak.cli._options.recording import RecordingArguments
from lightleak.cli._session_name import default_session_name
from lightleak.device.targets import DeviceChoice, Target
from lightleak.wording import plural

if TYPE_CHECKING:
    from lightleak.device.recorder.sink import SessionRecorder
    from lightleak.trace.frame_writer import Rotation
    from lightleak.trace.writer import Writer

_SKIPPED_SHOWN = 5


def record_session(
    console: Console,
    device: DeviceChoice,
    targets: Sequence[Target],
    asked: RecordingArguments,
    *,
    days: bool,
    patience_s: float = math.inf,
    rotation: Rotation | None = None,
) -> int:
    """Record, print a summary, and return the exit code.

    days: wait for the next launch when the targets have exited. patience_s: how long a process that cannot be reached
    is tried again. Raises: LightleakError when the recording cannot start, or the file cannot be written.
    """
    from lightleak.device.recorder.run import RecordingRequest, run_recording
    from lightleak.device.recorder.sink import RecordingOptions, SessionRecorder
    from lightleak.trace.writer import Writer

    output = asked.output or default_session_name(targets[0], dt.datetime.now().astimezone(), Path())
    refuse_existing(output, force=asked.force)
    if asked.store is not None:
        from lightleak.fleet.store import FleetStore

        FleetStore.create(asked.store)  # what is wrong with it is known before days of recording
    request = RecordingRequest(
        device=device,
        targets=[*targets, *asked.others],
        output=output,
        force=asked.force,
        days=days,
        limit_s=asked.limit_s,
        options=RecordingOptions(
            internal=asked.internal, spool=asked.spool, left_out=asked.left_out, patience_s=patience_s
        ),
        rotation=rotation,
    )
    writers: list[Writer] = []

    def create(header: dict[str, Any]) -> Writer:
        writers.append(Writer(request.output, header, force=request.force, rotation=request.rotation))
        console.info(f"recording into {output}; press Ctrl-C to stop")
        return writers[-1]

    with contextlib.ExitStack() as stack:
        views = [_live_view(stack, console, writers)] if console.verbosity >= 0 else []
        recorder = SessionRecorder(create, console, views=views, options=request.options)
        try:
            lost = run_recording(request, recorder)
        finally:
            stack.close()
            for writer in writers:
                _close(console, writer, recorder)
    if not writers:
        console.info("nothing was recorded")
    elif asked.store is not None:
        failed = _add_to_store(console, asked.store, writers[-1].paths)
        return 1 if lost or failed else 0
    return 1 if lost else 0


def _add_to_store(console: Console, store: str, paths: Sequence[Path]) -> int:
    from lightleak.cli._fleet_add import add_jobs, chosen_runner
    from lightleak.fleet.manifest import jobs_of

    return add_jobs(console, store, jobs_of(paths, (), ()), chosen_runner(None, None))


def _live_view(stack: contextlib.ExitStack, console: Console, writers: list[Writer]) -> Any:
    from lightleak.pipeline import to_events
    from lightleak.views.live.view import LiveView

    def file_status() -> str:
        if not writers:
            return ""
        writer = writers[-1]
        return f"{writer.path} {writer.size_bytes / 1e6:.1f} MB, {_free_gb(writer.path)} GB free"

    return to_events(stack.enter_context(LiveView(console, file_status=file_status)).feed)


def _free_gb(path: Path) -> str:
    try:
        return f"{shutil.disk_usage(path.parent).free / 1e9:.1f}"
    except OSError:
        return "?"


def _close(console: Console, writer: Writer, recorder: SessionRecorder) -> None:
    head = writer.close()
    statistics = recorder.statistics
    files = ", ".join(map(str, writer.paths))
    counts = (
        f"{plural(statistics.events, 'event', zero='no')} in {plural(statistics.segments, 'segment', zero='no')}",
        plural(statistics.gaps, "gap", zero="no"),
        statistics.losses.words(),
        statistics.hooks.words(statistics.segments),
        f"{plural(statistics.faults, 'fault', zero='no')} of the agent",
    )
    console.info(f"recorded {statistics.duration_s:,.1f} s into {files}: {', '.join(counts)}")
    if seen := statistics.seen():
        console.info(f"seen: {seen}")
    for sentence in statistics.costs.sentences():
        console.info(sentence)
    for endings in recorder.endings.values():
        if endings.attached.ended:
            console.warning(endings.sentence())
    if statistics.not_watched:
        deliveries = plural(statistics.not_watched, "delivery", "deliveries")
        console.info(f"{deliveries} could not be watched: the code that they go to cannot be hooked")
    missing_hooks = list(statistics.hooks.missing.values())
    for missing in missing_hooks[:_SKIPPED_SHOWN]:
        console.info(f"  not installed: {missing}")
    if len(missing_hooks) > _SKIPPED_SHOWN:
        console.info(f"  and {len(missing_hooks) - _SKIPPED_SHOWN} more; lightleak probes TARGET lists them")
    console.info(f"head hash {head}")
    console.info(f"next: export the phone's report, then run lightleak compare {writer.paths[0]} REPORT")
