"""Draw the live view of a session at one time as SVG. Arguments: SESSION SVG."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

from rich.console import Console

import lightleak
from lightleak.views.live.view import LiveView

STOP_AFTER_NS = 205 * 10**9
"""Since the start of the recording: every app has been notified, the scanner is suspended, and no app has ended."""
_FORMAT = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="ui-monospace, Menlo, Consolas, monospace" font-size="20">
<style>{styles} text {{ white-space: pre; }}</style>
<defs>{lines}</defs>
<rect width="{width}" height="{height}" rx="8" fill="#1b1d23"/>
<g transform="translate({terminal_x}, {terminal_y})">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g>
</svg>
"""


def draw(path: str) -> str:
    """Return the live view of a session as SVG that loads no fonts."""
    console = Console(record=True, width=118, height=22, file=io.StringIO(), force_terminal=True)
    events = sorted(lightleak.open(path).events(), key=lambda event: event.wall_ns)
    shown = [event for event in events if event.wall_ns - events[0].wall_ns < STOP_AFTER_NS]
    view = LiveView(SimpleNamespace(stdout=console, stderr=console), file_status=lambda: "three.lightleak")
    view.feed(shown)
    console.print(view._render())  # noqa: SLF001  only this picture needs one frame of the view
    return console.export_svg(title="", code_format=_FORMAT, unique_id="live")


if __name__ == "__main__":
    with open(sys.argv[2], "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(draw(sys.argv[1]))
