"""Write a folder whole or not at all."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from lightleak.errors import FileError
from lightleak.trace.publish import draft_of


@contextlib.contextmanager
def draft_folder(output: Path, *, force: bool) -> Iterator[Path]:
    """Give an empty folder of mode 0700 that gets the name ``output`` when all is written. Errors: FileError.

    With ``force`` an existing folder is kept, and files of the same names in it are replaced.
    """
    if output.exists() and not (force and output.is_dir()):
        raise FileError(f"{output} exists and is not overwritten", hint="name another folder, or add --force")
    if not output.parent.is_dir():
        raise FileError(f"the folder {output.parent} does not exist", hint="create it first")
    draft = draft_of(output)
    try:
        draft.mkdir(mode=0o700)
        yield draft
        if output.exists():
            _merge(draft, output)
        else:
            draft.rename(output)
    except OSError as problem:
        raise FileError(f"{output} cannot be written ({problem.strerror})", hint="choose another place") from problem
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _merge(draft: Path, output: Path) -> None:
    for path in sorted(draft.rglob("*")):
        place = output / path.relative_to(draft)
        if path.is_dir():
            place.mkdir(mode=0o700, exist_ok=True)
        else:
            path.replace(place)
