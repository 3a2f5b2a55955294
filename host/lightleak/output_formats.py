"""The format of an output file by its ending: no table is written into a file that is called x.html."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from lightleak.errors import UsageError

_ENDINGS = {
    ".json": ("json",),
    ".html": ("html",),
    ".htm": ("html",),
    ".csv": ("csv", "timesketch"),
    ".parquet": ("parquet",),
    ".xml": ("junit",),
    ".ndjson": ("ndjson",),
    ".jsonl": ("ndjson", "timesketch"),
    ".pftrace": ("perfetto",),
    ".perfetto-trace": ("perfetto",),
    ".lightleak": ("session",),
}
"""Ending → the formats that a file of this name can have. Any other ending goes with any format."""


def chosen_format(form: str | None, output: Path | None, formats: Sequence[str]) -> str | None:
    """Return the format that is asked for: by ``--format``, else by the ending of the output; None without either.

    Raises: UsageError when the ending is of another format than ``form``, or of none that the command writes.
    """
    endings = _ENDINGS.get(output.suffix.lower(), ()) if output is not None else ()
    if not endings:
        return form
    assert output is not None
    possible = [each for each in formats if each in endings]
    if form in possible:
        return form
    if form is not None:
        raise UsageError(
            f"--format {form} does not fit {output.name}, which is the name of {_named(endings)}",
            hint="give the file another ending, or leave out --format",
        )
    if not possible:
        raise UsageError(
            f"this command does not write {_named(endings)}, which the name {output.name} asks for",
            hint=f"its formats are {', '.join(formats)}; choose with --format and another ending",
        )
    return possible[0]


def _named(formats: Sequence[str]) -> str:
    return " or ".join(formats)
