"""The apps that a person names: an app that none of the given files knows is wrong usage, for a misspelt app would be one that did nothing."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable

from lightleak.errors import UsageError

_NAMED = 20
_NEAREST = 3


def ensure_known(asked: Iterable[str], known: Collection[str]) -> None:
    """Check the apps that a person named. known: the apps of the given sessions and reports.

    Raises: UsageError with the nearest names as a hint.
    """
    from lightleak.app_names import app_of
    from lightleak.text import escaped

    for app in asked:
        if app_of(app) not in known:
            raise UsageError(f"none of the given files knows the app {escaped(app)}", hint=escaped(_hint(app, known)))


def _hint(app: str, known: Collection[str]) -> str:
    if not known:
        return "they name no app"
    # A person may write the last part of an identifier only.
    words = {word: name for name in sorted(known) for word in (name.rpartition(".")[2].lower(), name.lower())}
    near = difflib.get_close_matches(app.lower(), words, n=_NEAREST, cutoff=0.6)
    if near:
        return f"did you mean {' or '.join(dict.fromkeys(words[word] for word in near))}?"
    more = len(known) - _NAMED
    return f"they know {', '.join(sorted(known)[:_NAMED])}{f' and {more} more' if more > 0 else ''}"
