"""Join the small files of each app into large ones, as its own step.

Separate because adding a run must not wait for it, and the store can be read while it works.

A set is written under a new name, then its file in ``packs/`` says which runs are in it: from then on the small files do not count,
and are removed. A compaction that is killed leaves files that do not count. A reader that meets a file which is gone asks again.
"""

from __future__ import annotations

import hashlib
import io
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec

from lightleak.errors import FileError
from lightleak.fleet.schema import TABLES
from lightleak.fleet.store import FleetStore, Pack, parse_name

LOCK = "compacting.json"
_STALE_S = 6 * 3600
_DAY_S = 86_400
_MOST_RUNS = 5_000
"""Runs in one set: what is joined at a time fits into memory."""
_SMALL_SETS = 8
"""From so many smaller sets of an app on, they are joined."""
_ROW_GROUP = 200_000


@dataclass(slots=True)
class Compacted:
    """What a compaction did."""

    runs: int = 0
    packs: int = 0
    removed: int = 0


class _Lock(msgspec.Struct):
    since_s: float


def compact_store(store: FleetStore, *, force: bool = False) -> Compacted:
    """Join the files of each app. Raises: FileError when another compaction runs, or the store cannot be written."""
    _take_lock(store, force=force)
    done = Compacted()
    try:
        gone = store.objects.names("gone")
        for folder in _folders(store):
            _compact_app(store, folder, done)
        # Each set that had such a run was written again without it.
        for name in gone:
            store.objects.remove(name)
        listing = store.listing()
        # What is not finished can be a writer's that works; sets are written here only.
        dead = [path for path in listing.unfinished if "/pack-" in path or _is_old(store, path)]
        for path in (*listing.replaced, *dead):
            store.objects.remove(path)
            done.removed += 1
    finally:
        store.objects.remove(LOCK)
    return done


def _take_lock(store: FleetStore, *, force: bool) -> None:
    content = store.objects.get(LOCK)
    if content is not None and not force:
        try:
            since_s = msgspec.json.decode(content, type=_Lock).since_s
        except msgspec.DecodeError:
            since_s = 0.0
        if time.time() - since_s < _STALE_S:
            raise FileError(
                f"another compaction of {store.objects.place} runs", hint="wait for it, or add --force if it was killed"
            )
    store.objects.put(LOCK, msgspec.json.encode(_Lock(time.time())))


def _is_old(store: FleetStore, path: str) -> bool:
    return time.time() - store.objects.written_s(path) > _DAY_S


def _folders(store: FleetStore) -> list[str]:
    listing = store.listing()
    return sorted({path.split("/")[1] for path in (*listing.files["runs"], *listing.packed["runs"])})


def _compact_app(store: FleetStore, folder: str, done: Compacted) -> None:
    listing = store.listing()
    prefix = f"runs/{folder}/"
    gone = set(listing.superseded.get(folder, []))
    loose = [_stem(path) for path in listing.files["runs"] if path.startswith(prefix)]
    sets = {name: pack for name, pack in store.packs().items() if pack.folder == folder}
    small = {name: pack for name, pack in sets.items() if len(pack.names) < _MOST_RUNS}
    # Sets are only written again where a run in them was replaced, or where many small ones have come together.
    merged = {name: pack for name, pack in sets.items() if gone.intersection(map(_run, pack.names))}
    merged |= small if len(small) >= _SMALL_SETS else {}
    if len(loose) < 2 and not merged:
        return
    sources = [
        _Source(name, [each for each in pack.names if _run(each) not in gone], True) for name, pack in merged.items()
    ]
    for group in _groups([*sources, *(_Source(name, [name], False) for name in loose)]):
        _write_set(store, folder, group, gone, done)


class _Source(NamedTuple):
    """A file of each table: the runs of it that count, and whether it is a set."""

    file: str
    names: list[str]
    is_set: bool


def _groups(sources: list[_Source]) -> Iterator[list[_Source]]:
    """Yield sources that become one set: what has so many runs fits into memory."""
    group: list[_Source] = []
    for source in sources:
        group.append(source)
        if sum(len(one.names) for one in group) >= _MOST_RUNS:
            yield group
            group = []
    if group:
        yield group


def _write_set(store: FleetStore, folder: str, group: list[_Source], gone: set[str], done: Compacted) -> None:
    names = sorted(name for source in group for name in source.names)
    pack_name = "pack-" + hashlib.sha256("\n".join(names).encode()).hexdigest()[:32]
    tables = [table for table in TABLES if _join(store, f"{table}/{folder}", group, gone, pack_name)]
    sets = [source.file for source in group if source.is_set]
    # From here on the new set counts, and what is in it does not.
    store.objects.put(f"packs/{pack_name}.json", msgspec.json.encode(Pack(folder, names, tables, sets)))
    for source in group:
        for table in TABLES:
            store.objects.remove(f"{table}/{folder}/{source.file}.parquet")
        if source.is_set:
            store.objects.remove(f"packs/{source.file}.json")
    done.runs += len(names)
    done.packs += 1


def _join(store: FleetStore, folder: str, group: list[_Source], gone: set[str], pack_name: str) -> bool:
    """Write one file of many; return whether there was any."""
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    tables: list[Any] = []
    for source in group:
        content = store.objects.get(f"{folder}/{source.file}.parquet")
        if content is None:
            continue
        table = pq.read_table(io.BytesIO(content))
        if source.is_set and gone:
            table = table.filter(pc.invert(pc.is_in(table["run"], pa.array(sorted(gone), pa.string()))))
        tables.append(table)
    if not tables:
        return False
    metadata = tables[0].schema.metadata
    whole = pa.concat_tables(tables, promote_options="default").replace_schema_metadata(metadata)
    file = io.BytesIO()
    pq.write_table(whole, file, compression="zstd", row_group_size=_ROW_GROUP)
    store.objects.put(f"{folder}/{pack_name}.parquet", file.getvalue())
    return True


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".parquet")


def _run(name: str) -> str | None:
    parsed = parse_name(name)
    return None if parsed is None else parsed.run
