"""``lightleak export``: a session for other tools."""

from __future__ import annotations

import importlib
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO, Protocol, cast

import click

from lightleak.cli._console import Console
from lightleak.cli._stream import stream
from lightleak.trace.session import Session

_MODULES = {
    "ndjson": "lightleak.views.ndjson",
    "csv": "lightleak.views.csv",
    "parquet": "lightleak.views.parquet",
    "perfetto": "lightleak.views.perfetto",
    "timesketch": "lightleak.views.timesketch",
}
"""Format → the module whose ``export(session, file)`` writes it, imported when it is asked for."""


class _Exporter(Protocol):
    def export(self, session: Session, file: BinaryIO) -> None: ...


@click.command("export")
@click.argument("session", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice([name for name, module in _MODULES.items() if find_spec(module)]),
    help="Whose format.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file to write; stdout without it, or with -."
)
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.pass_obj
def command(console: Console, session: Path, form: str, output: Path | None, force: bool) -> None:
    """Write SESSION in another tool's format."""
    from lightleak.trace.session import open_session

    opened = open_session(session)
    for notice in opened.notices:
        console.warning(notice)
    exporter = cast("_Exporter", importlib.import_module(_MODULES[form]))
    with stream(None if output == Path("-") else output, force=force) as file:
        exporter.export(opened, file)
