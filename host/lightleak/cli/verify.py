"""``lightleak verify``: check that a session file is complete and unchanged."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._files import emit, emit_json
from lightleak.cli._options.formats import format_option
from lightleak.text import escaped

if TYPE_CHECKING:
    from lightleak.trace.verify import Verification


@click.command("verify")
@click.argument("session", type=click.Path(path_type=Path))
@format_option("text", "json")
def command(session: Path, form: str) -> int:
    """Check SESSION: hash chain, closing seal, sequence numbers. List its gaps.

    Gaps and losses that the recording itself reports are not damage. Exit 1 when something is broken.
    """
    from lightleak.trace.verify import verify
    from lightleak.trace.verify_report import to_json, to_text

    found: Verification = verify(session)
    if form == "json":
        emit_json(to_json(found))
    else:
        emit("".join(escaped(line) + "\n" for line in to_text(found)), None)
    return 0 if found.ok else 1
