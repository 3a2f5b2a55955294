"""``lightleak import``: convert a trace in the interchange format to a session."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._files import refuse_existing
from lightleak.cli._options.values import A_SESSION
from lightleak.text import escaped


@click.command("import")
@click.argument("trace", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, type=A_SESSION, help="Write the session to this file.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.pass_obj
def command(console: Console, trace: Path, output: Path, force: bool) -> None:
    """Convert TRACE to a session: NDJSON, a header line, then event lines in any order."""
    from lightleak.trace.ndjson import import_trace

    refuse_existing(output, force=force)
    read = import_trace(trace, output, force=force)
    repeats = f", {read.repeats} repeated and kept once" if read.repeats else ""
    console.info(f"{output}: {read.events} events{repeats}")
    for kind, count in sorted(read.kinds.items()):
        console.detail(f"  {escaped(kind)}: {count}")
    if read.unknown_kinds:
        unknown = ", ".join(f"{kind} ({count})" for kind, count in sorted(read.unknown_kinds.items()))
        console.warning(f"kept events of unknown kinds: {unknown}")
