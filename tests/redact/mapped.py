"""Redact, and remember what each pseudonym stands for: so that verdicts can be compared byte for byte with names mapped back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from unittest.mock import patch

from lightleak.redact import original, redact
from lightleak.redact.pseudonyms import Pseudonyms

PSEUDONYM = re.compile(r"[a-z]+-[0-9a-f]{12}")


def redact_mapped(source: Path, output: Path, *, hide_names: bool) -> dict[str, str]:
    """Redact a session and return pseudonym → the text that it replaces."""
    meaning: dict[str, str] = {}
    hidden = Pseudonyms.hidden

    def remember(self: Pseudonyms, what: str, text: object) -> str:
        pseudonym = hidden(self, what, text)
        meaning[pseudonym] = text if isinstance(text, str) else str(text)
        return pseudonym

    with patch.object(Pseudonyms, "hidden", remember):
        redact(original(source), output, hide_names=hide_names, key=bytes(32))
    return meaning


def mapped_back(value: Any, meaning: dict[str, str]) -> Any:
    """Return a JSON value with each pseudonym as the text that it replaces, keys too."""
    if isinstance(value, str):
        return PSEUDONYM.sub(lambda found: meaning.get(found[0], found[0]), value)
    if isinstance(value, dict):
        return {mapped_back(key, meaning): mapped_back(each, meaning) for key, each in value.items()}
    return [mapped_back(each, meaning) for each in value] if isinstance(value, list) else value


def verdicts(document: dict[str, Any]) -> str:
    """Return all of a comparison's JSON that is not the name of a file or of a session.

    Lists of apps are in order of their names, also inside of notices: pseudonyms have another order. So objects are
    sorted by name, and so are gaps and the words of each notice. Values of odd types can be left out, and their notice with them.
    """
    sessions = [{key: each for key, each in one.items() if key not in ("id", "files")} for one in document["sessions"]]
    for one in sessions:
        one["gaps"] = sorted(one["gaps"], key=json.dumps)
    notices = [sorted(re.split("[ ,:]+", notice)) for notice in document["notices"] if "read as absent" not in notice]
    return json.dumps({**document, "sessions": sessions, "notices": notices}, ensure_ascii=False, sort_keys=True)
