"""``lightleak verify``: is this session file whole, and what does it not show?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._console import Console, printable
from lightleak.cli._files import emit

if TYPE_CHECKING:
    from lightleak.trace.verify import Verification


@click.command("verify")
@click.argument("session", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people or programs.")
@click.pass_obj
def command(console: Console, session: Path, form: str) -> int:
    """Check SESSION: hash chain, closing seal, numbers without holes; tell its gaps.

    Gaps and losses that the recording tells of itself are no damage. Exits with 1 when something is broken.
    """
    from lightleak.trace.verify import verify
    from lightleak.trace.verify_report import to_json, to_text

    del console
    found: Verification = verify(session)
    if form == "json":
        emit(json.dumps(to_json(found), ensure_ascii=False, indent=2) + "\n", None)
    else:
        emit("".join(printable(line).replace("\n", "\\n") + "\n" for line in to_text(found)), None)
    return 0 if found.ok else 1
