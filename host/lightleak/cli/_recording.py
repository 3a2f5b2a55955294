"""What ``record`` and ``watch`` share: the file, the live view, and the summary at the end."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightleak.cli._console import Console
from lightleak.cli._files import refuse_existing
from lightleak.wording import plural

if TYPE_CHECKING:
    from lightleak.device.recorder.run import RecordingRequest
    from lightleak.device.recorder.sink import SessionRecorder
    from lightleak.trace.writer import Writer

RECORD_PATIENCE_S = 120.0
"""How long record tries to reach a process again; watch does not tire."""
_SKIPPED_SHOWN = 5


def record_session(console: Console, request: RecordingRequest) -> int:
    """Record, print a summary, and return the exit code. Raises: LightleakError."""
    from lightleak.device.recorder.run import run_recording
    from lightleak.device.recorder.sink import SessionRecorder
    from lightleak.trace.writer import Writer

    refuse_existing(request.output, force=request.force)
    writers: list[Writer] = []

    def create(header: dict[str, Any]) -> Writer:
        writers.append(Writer(request.output, header, force=request.force, rotation=request.rotation))
        console.info(f"recording into {request.output}; Ctrl-C ends it")
        return writers[-1]

    with contextlib.ExitStack() as stack:
        views = [_live_view(stack, console, writers)] if console.verbosity >= 0 else []
        recording = SessionRecorder(create, console, views=views, options=request.options)
        try:
            lost = run_recording(request, recording)
        finally:
            stack.close()
            for writer in writers:
                _close(console, writer, recording)
    if not writers:
        console.info("nothing was recorded")
    return 1 if lost else 0


def _live_view(stack: contextlib.ExitStack, console: Console, writers: list[Writer]) -> Any:
    from lightleak.pipeline import to_events
    from lightleak.views.live.view import LiveView

    def place() -> str:
        if not writers:
            return ""
        writer = writers[-1]
        return f"{writer.path} {writer.size_bytes / 1e6:.1f} MB, {_free_gb(writer.path)} GB free"

    return to_events(stack.enter_context(LiveView(console, place=place)).feed)


def _free_gb(path: Path) -> str:
    try:
        return f"{shutil.disk_usage(path.parent).free / 1e9:.1f}"
    except OSError:
        return "?"


def _close(console: Console, writer: Writer, recording: SessionRecorder) -> None:
    head = writer.close()
    statistics = recording.statistics
    files = ", ".join(map(str, writer.paths))
    console.info(
        f"recorded {statistics.duration_s:,.1f} s into {files}: {plural(statistics.events, 'event', zero='no')} in "
        f"{plural(statistics.segments, 'segment', zero='no')}, {plural(statistics.gaps, 'gap', zero='no')}, {plural(statistics.lost, 'event', zero='no')} lost, "
        f"{plural(len(statistics.skipped), 'hook', zero='no')} not installed, {plural(statistics.faults, 'fault', zero='no')} of the agent"
    )
    for sentence in statistics.costs.sentences():
        console.info(sentence)
    for missing in list(statistics.skipped.values())[:_SKIPPED_SHOWN]:
        console.info(f"  not installed: {missing}")
    if len(statistics.skipped) > _SKIPPED_SHOWN:
        console.info(f"  and {len(statistics.skipped) - _SKIPPED_SHOWN} more; lightleak probes TARGET lists them")
    console.info(f"head hash {head}")
    console.info(f"next: export the phone's report, then lightleak compare {writer.paths[0]} --report REPORT")
