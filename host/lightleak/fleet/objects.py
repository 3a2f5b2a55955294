"""The files of a store, in a folder or at a URL of fsspec: each is written whole or not at all.

On a disk a file gets its name when all is written; an object store has an object when all was sent. Names are relative to the
store and have ``/`` between their parts.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from lightleak.errors import FileError
from lightleak.file_names import base_name
from lightleak.files import create, draft_of

_WILDCARD = re.compile(r"([*?\[])")
_URL = re.compile(r"^[a-zA-Z][a-zA-Z0-9+.-]*://")


class StoreObjects:
    """What a store needs of the place where it is."""

    def __init__(self, place: str | os.PathLike[str]) -> None:
        """Take a folder, or an URL such as ``s3://bucket/folder``. Raises: FileError when its file system is not known."""
        text = os.fspath(place)
        self.is_url = bool(_URL.match(text)) and not text.startswith("file://")
        if self.is_url:
            self.filesystem, self.root = _filesystem(text)
            self.place = text.rstrip("/")
        else:
            path = Path(text.removeprefix("file://")).absolute()
            self.filesystem, self.root, self.place = None, str(path), str(path)

    @property
    def name(self) -> str:
        """How results call it: a folder without those above it, an URL without a user and a password."""
        return re.sub(r"(?<=://)[^/@]*@", "", self.place) if self.is_url else base_name(self.place)

    def path(self, name: str = "") -> str:
        """Return where something is, as DuckDB, pyarrow and Dask name it."""
        if self.is_url:
            scheme = self.place.partition("://")[0]
            return f"{scheme}://{self.root}/{name}".rstrip("/")
        return os.path.join(self.root, *name.split("/")) if name else self.root  # noqa: PTH118  a text is wanted

    def pattern(self, name: str = "") -> str:
        """Return ``path`` for a reader that takes it as a pattern: a folder above the store may have ``*`` in its name."""
        root, path = self.path(), self.path(name)
        return path if self.is_url else _WILDCARD.sub(r"[\1]", root) + path[len(root) :]

    def put(self, name: str, data: bytes, *, is_hint: bool = False) -> None:
        """Write a file, or replace it. Raises: FileError.

        is_hint: it may be lost with the machine's power, for what it says is found out again. All else is on the disk then.
        """
        try:
            if self.filesystem is None:
                _write(Path(self.path(name)), data, sync=not is_hint)
            else:
                self.filesystem.pipe_file(f"{self.root}/{name}", data)
        except Exception as problem:
            raise self._failed(problem, "written") from problem

    def put_all(self, files: Sequence[tuple[str, bytes]]) -> None:
        """Write files, or replace them: each whole, and each gets its name after those before it. Raises: FileError.

        On a disk all are synced before the first gets its name, so that the journal is written once and not for each.
        """
        if self.filesystem is not None:
            for name, data in files:
                self.put(name, data)
            return
        drafts: list[tuple[Path, Path]] = []
        try:
            descriptors = []
            try:
                for name, data in files:
                    path = Path(self.path(name))
                    draft, descriptor = _draft(path)
                    drafts.append((draft, path))
                    descriptors.append(descriptor)
                    with os.fdopen(os.dup(descriptor), "wb") as file:
                        file.write(data)
                for descriptor in descriptors:
                    os.fsync(descriptor)
            finally:
                for descriptor in descriptors:
                    os.close(descriptor)
            while drafts:
                draft, path = drafts[0]
                draft.replace(path)
                del drafts[0]
        except OSError as problem:
            raise self._failed(problem, "written") from problem
        finally:
            for draft, _ in drafts:
                draft.unlink(missing_ok=True)

    def get(self, name: str) -> bytes | None:
        """Return a file's content; None where it does not exist. Raises: FileError."""
        try:
            if self.filesystem is None:
                return Path(self.path(name)).read_bytes()
            return bytes(self.filesystem.cat_file(f"{self.root}/{name}"))
        except FileNotFoundError:
            return None
        except Exception as problem:
            raise self._failed(problem, "read") from problem

    def names(self, folder: str = "") -> list[str]:
        """Return the files below a folder, sorted; none where it does not exist. Raises: FileError."""
        try:
            if self.filesystem is None:
                base = Path(self.path(folder))
                prefix = f"{folder}/" if folder else ""
                return sorted(prefix + name for name in _walk(str(base), ""))
            self.filesystem.invalidate_cache()
            found = self.filesystem.find(f"{self.root}/{folder}".rstrip("/"))
            return sorted(str(path).removeprefix(f"{self.root}/") for path in found)
        except FileNotFoundError:
            return []
        except Exception as problem:
            raise self._failed(problem, "read") from problem

    def written_s(self, name: str) -> float:
        """Return when a file was written, Unix time in seconds; now where that is not known or it is gone. Raises: FileError."""
        try:
            if self.filesystem is None:
                return Path(self.path(name)).stat().st_mtime
            return float(self.filesystem.modified(f"{self.root}/{name}").timestamp())
        except (FileNotFoundError, NotImplementedError):
            return time.time()
        except Exception as problem:
            raise self._failed(problem, "read") from problem

    def remove(self, name: str) -> None:
        """Delete a file; one that does not exist is no error. Raises: FileError."""
        try:
            if self.filesystem is None:
                Path(self.path(name)).unlink(missing_ok=True)
            else:
                self.filesystem.rm_file(f"{self.root}/{name}")
        except FileNotFoundError:
            return
        except Exception as problem:
            raise self._failed(problem, "written") from problem

    def _failed(self, problem: Exception, done: str) -> FileError:
        reason = getattr(problem, "strerror", None) or str(problem) or type(problem).__name__
        return FileError(
            f"the store {self.place} cannot be {done} ({reason})", hint="check the place, and that you may use it"
        )


def _filesystem(url: str) -> tuple[Any, str]:
    try:
        from fsspec.core import url_to_fs
    except ImportError as problem:
        raise missing_extra("fsspec") from problem
    scheme = url.partition("://")[0]
    try:
        filesystem, root = url_to_fs(url)
    except (ValueError, ImportError) as problem:
        raise FileError(
            f"there is no way to reach {scheme}:// here ({problem})", hint="install the fsspec package for it"
        ) from problem
    return filesystem, str(root).rstrip("/")


def missing_extra(package: str) -> FileError:
    """Return the error that a package of the extra is not installed."""
    return FileError(f"{package} is not installed", hint="pip install 'lightleak[fleet]'")


def _draft(path: Path) -> tuple[Path, int]:
    """Create the hidden file that becomes another one, and the folders above it; return it open."""
    draft = draft_of(path)
    try:
        return draft, create(draft)
    except FileNotFoundError:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return draft, create(draft)


def _write(path: Path, data: bytes, *, sync: bool) -> None:
    draft, descriptor = _draft(path)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _walk(folder: str, prefix: str) -> Iterator[str]:
    """Yield the files below a folder, without hidden ones: drafts have such names."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name
