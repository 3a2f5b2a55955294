"""``lightleak demo``: replay and compare the bundled session and report; no device needed."""

from __future__ import annotations

import textwrap
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit
from lightleak.cli._options.values import OnDisk
from lightleak.errors import FileError, UsageError
from lightleak.files import replace_folder_when_whole

if TYPE_CHECKING:
    from lightleak.trace import Session

_FOLDER = Path("lightleak-demo")
_BUNDLED = ("session.lightleak", "report.ndjson")
"""In assets/demo. scripts/make-demo makes them: it plays tests/standin/scenarios/story.toml."""

_SPEED = 60.0
"""Seven minutes of recording in about seven seconds, at a terminal."""

_BEFORE = """\
Three apps, and one sentence of their makers: "In the background it reads only
because iOS notifies it of changes." Apple's privacy report has rows for two of
them in the background, and they look alike: about a minute of "photos". Does
the sentence hold?

This is a replay of what was recorded inside them, on a stand-in phone. A line
is something that an app did, or that iOS did to it; in square brackets is the
name of Apple's function that was called.
"""

LOOK_AT = {
    "refetch": "The sentence holds: each entry in the background was set off by a change notification, and the recording "
    "has the link. It asked what is in the library; no photo was read.",
    "scanner": "The sentence does not explain everything: it reads at changes, and a timer of its own reads too, in the "
    "background, with no notification, touch or wake-up before. It read whole photos.",
    "gallery": "Read only in front of the person: when it was launched, when it came back to the foreground, and when it was "
    "touched.",
    "photo picker": "belongs to iOS: the person chose, and the app was given what was chosen.",
    "unobserved": "is said of entries from before the recording.",
    "unexplained": "is said of an entry before which nothing was seen, although the app was watched. (Here the connection to "
    "the library had broken, and the system opened it again.)",
}
"""What to look at, and what is to be seen there. The page has the same words; a test compares them."""

_WIDTH, _INDENT = 80, 17


def _look_at() -> str:
    """Return the list in the width of a terminal."""
    rows = [
        textwrap.fill(f"  {name:<{_INDENT - 2}}{text}", _WIDTH, subsequent_indent=" " * _INDENT)
        for name, text in LOOK_AT.items()
    ]
    return "\n".join(("", "What to look at", *rows, ""))


@click.command("demo")
@click.argument("folder", type=OnDisk("a folder"), required=False, metavar="[FOLDER]")
@click.option("-o", "--output", type=OnDisk("a folder"), help="The same as FOLDER.")
@click.option("--force", is_flag=True, help="Write into the folder if it exists, and overwrite its files.")
@click.pass_obj
def command(console: Console, folder: Path | None, output: Path | None, force: bool) -> None:
    """Replay a bundled session, compare it with a bundled report, and write a page. Needs no device.

    FOLDER is created with session, report, verdicts and page (default: lightleak-demo).
    """
    from lightleak import compare, read_report
    from lightleak import open as open_session
    from lightleak.built_assets import catalogue
    from lightleak.views.page import build
    from lightleak.views.terminal import tables

    if folder is not None and output is not None:
        raise UsageError("FOLDER and -o name the same thing", hint="give one of them")
    output = folder or output or _FOLDER
    page = output / "page.html"
    build.ensure_built()
    catalogue()
    if page.exists() and not force:
        raise FileError(f"{output} is already there", hint=f"open {page} in a browser, or add --force to make it again")
    with replace_folder_when_whole(output, force=force) as draft:
        for name in _BUNDLED:
            emit((resources.files("lightleak") / "assets" / "demo" / name).read_bytes(), draft / name)
    session = open_session(output / _BUNDLED[0])
    console.stdout.print(_BEFORE)
    _replay(console, session)
    found = compare([session], read_report(output / _BUNDLED[1]))
    emit(found.to_json(), output / "verdicts.json", force=force)
    emit(console.text_for(None, tables.render(found.to_dict())), None)
    emit(build.render(found, is_demo=True), page, force=force)
    console.stdout.print(_look_at())
    console.stdout.print(f"Open the page in a browser: {page}", soft_wrap=True)
    by_hand = f"cd {output} && lightleak compare session.lightleak report.ndjson"
    console.stdout.print(f"To do the same yourself: {by_hand}", soft_wrap=True)
    console.stdout.print(f"To see the full reasons: {by_hand} --why", soft_wrap=True)


def _replay(console: Console, session: Session) -> None:
    from lightleak.pipeline import Batch, Pipeline, to_events
    from lightleak.views.live.replay_pace import paced
    from lightleak.views.live.view import LiveView

    speed = _SPEED if console.stdout.is_terminal else None
    with LiveView(console, result=True) as view:
        Pipeline(to_events(view.feed)).run(Batch(lines) for lines in paced(session, speed))
