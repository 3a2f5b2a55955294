"""The folder of an app in a store: ``app=NAME``, escaped as Hive does, for names of any kind.

Separate because a name comes from an app or a manifest, and must lead nowhere else.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import quote, unquote

NO_APP = "__HIVE_DEFAULT_PARTITION__"
"""Hive's name for a null: a run of which no app is known."""

_PREFIX = "app="
_LONGEST_BYTES = 200
"""Most file systems allow 255 bytes for a name."""
_SHORTENED = re.compile(r"~[0-9a-f]{32}$")


def folder_of(app: str | None) -> str:
    """Return the name of an app's folder. A name that is too long is cut, and a hash of all of it follows.

    ``app_of_folder`` is the inverse, but for names that were cut: their files have the whole one.
    """
    if not app:
        return _PREFIX + NO_APP
    name = quote(_text(app), safe="").replace("~", "%7E")
    if name == NO_APP:  # an app that is called so is no unknown one
        name = "%5F" + name[1:]
    if name.endswith("."):  # which Windows leaves out
        name = name[:-1] + "%2E"
    if len(name) > _LONGEST_BYTES:
        whole = hashlib.sha256(_text(app).encode()).hexdigest()[:32]
        name = re.sub(r"%.?$", "", name[:_LONGEST_BYTES]) + "~" + whole
    return _PREFIX + name


def is_shortened(folder: str) -> bool:
    """Return whether a folder's name does not have all of the app's."""
    return _SHORTENED.search(folder) is not None


def app_of_folder(folder: str) -> str | None:
    """Return the app of a folder's name, as Hive's readers do; None for that of no app."""
    name = folder.removeprefix(_PREFIX)
    return None if name == NO_APP else unquote(name, errors="replace")


def _text(app: str) -> str:
    """Return a name that UTF-8 can hold, in one form: file systems differ in how they write an accent."""
    return unicodedata.normalize("NFC", app.encode(errors="backslashreplace").decode())
