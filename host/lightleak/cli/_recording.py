"""What ``record`` and ``watch`` share: the file, the live view, and the summary at the end."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lightleak.cli._console import Console
from lightleak.cli._files import refuse_existing
from lightleak.device.targets import DeviceChoice, Target
from lightleak.wording import plural

if TYPE_CHECKING:
    from lightleak.device.recorder.sink import Options, SessionRecorder
    from lightleak.trace.frame_writer import Rotation
    from lightleak.trace.writer import Writer

RECORD_PATIENCE_S = 120.0
"""How long record tries to reach a process again; watch does not tire."""
_SKIPPED_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for."""

    device: DeviceChoice
    targets: Sequence[Target]
    output: Path
    force: bool
    days: bool
    limit_s: float | None
    options: Options
    rotation: Rotation | None = None


def run_recording(console: Console, wish: Wish) -> int:
    """Record and tell what came of it; returns the exit code. Errors: LightleakError."""
    from lightleak.device.recorder.run import RecordingRequest, run_recording
    from lightleak.device.recorder.sink import SessionRecorder
    from lightleak.trace.writer import Writer

    refuse_existing(wish.output, force=wish.force)
    writers: list[Writer] = []

    def create(header: dict[str, Any]) -> Writer:
        writers.append(Writer(wish.output, header, force=wish.force, rotation=wish.rotation))
        console.info(f"recording into {wish.output}; Ctrl-C ends it")
        return writers[-1]

    with contextlib.ExitStack() as stack:
        views = [_live_view(stack, console, writers)] if console.verbosity >= 0 else []
        recording = SessionRecorder(create, console, views=views, options=wish.options)
        order = RecordingRequest(wish.device, wish.targets, wish.output, days=wish.days, limit_s=wish.limit_s)
        try:
            lost = run_recording(order, recording)
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
    tally = recording.tally
    files = ", ".join(map(str, writer.paths))
    console.info(
        f"recorded {tally.duration_s:,.1f} s into {files}: {plural(tally.events, 'event', zero='no')} in "
        f"{plural(tally.segments, 'segment', zero='no')}, {plural(tally.gaps, 'gap', zero='no')}, {plural(tally.lost, 'event', zero='no')} lost, "
        f"{plural(len(tally.skipped), 'hook', zero='no')} not installed, {plural(tally.faults, 'fault', zero='no')} of the agent"
    )
    for sentence in tally.costs.sentences():
        console.info(sentence)
    for missing in list(tally.skipped.values())[:_SKIPPED_SHOWN]:
        console.info(f"  not installed: {missing}")
    if len(tally.skipped) > _SKIPPED_SHOWN:
        console.info(f"  and {len(tally.skipped) - _SKIPPED_SHOWN} more; lightleak probes TARGET lists them")
    console.info(f"head hash {head}")
    console.info(f"next: export the phone's report, then lightleak compare {writer.paths[0]} --report REPORT")
