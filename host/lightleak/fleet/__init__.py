"""Many runs in one data set: ``open`` gives the tables of a store as DuckDB relations and data frames.

``lightleak fleet`` makes and reads stores; docs/fleet.md shows both.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lightleak.fleet.frames import Fleet


def open(store: str | os.PathLike[str]) -> Fleet:  # noqa: A001  lightleak.fleet.open is clear
    """Open a store, a folder or an fsspec URL. Raises: FileError when it is none, or the packages of lightleak[fleet] are missing."""
    from lightleak.fleet.frames import Fleet
    from lightleak.fleet.query import FleetDatabase
    from lightleak.fleet.store import FleetStore

    return Fleet(FleetDatabase(FleetStore.open(os.fspath(store))))


__all__ = ["open"]
