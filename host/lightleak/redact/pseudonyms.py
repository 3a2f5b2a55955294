"""Replace what must not be published: equal texts become equal words, and no one can reverse it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from functools import cache
from typing import Any

from lightleak.built_assets import catalogue
from lightleak.errors import AgentError

_PLAIN = re.compile(r"[\w.:+*<>=()-]{1,128}")
"""A word of a program: no path, no sentence."""
_SELECTOR = re.compile(r"([+-])\[([^\s\]]+) ([\w:.$]+)\]")
_NUMBERS = r"\b\d{1,3}(?:\.\d{1,3}){3}\b|(?:[0-9A-Fa-f]{1,4}:){3,}[0-9A-Fa-f:]*|\b[0-9A-Fa-f]{40}\b"
"""An address of a network, or a device's identifier."""
_ADDRESS = re.compile(_NUMBERS)
_RISKY = re.compile(
    r"(?:[A-Za-z]:)?[/\\][^\s\"']+"  # a path, with a container's or a person's name in it
    rf"|{_NUMBERS}|\b[0-9A-Fa-f]{{8}}-[0-9A-Fa-f-]{{16,27}}\b|\S+@\S+"
)
_DIGITS = 12


class Pseudonyms:
    """The words of one redaction. Its key is random and is kept nowhere.

    hide_names: also hide classes, images and functions. secrets_in_text: words that are removed from every text, like
    the device's name.
    """

    def __init__(self, *, hide_names: bool, secrets_in_text: Collection[str] = (), key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)
        self.hide_names = hide_names
        self._secrets = [word for word in secrets_in_text if len(word) > 1]

    def hidden(self, what: str, text: object) -> str:
        """Return ``WHAT-…`` for a text: the same for equal texts of one kind."""
        return f"{what}-{self._hash(f'{what}:{text}', _DIGITS)}"

    def asset(self, value: Any) -> str:
        """Hash an asset's hash again, so that it cannot be recognised in another recording."""
        return self._hash(f"asset:{value}", 16)

    def word(self, value: Any) -> Any:
        """Keep a number and a single plain word; hide every other text."""
        if value is None or isinstance(value, bool | int | float):
            return value
        if isinstance(value, str) and _PLAIN.fullmatch(value) and not _ADDRESS.search(value):
            return value
        return self.hidden("text", value)

    def sentence(self, value: Any) -> Any:
        """Keep a sentence of this tool or the system, without paths, addresses, identifiers and secrets."""
        if not isinstance(value, str):
            return self.word(value)
        for secret in self._secrets:
            value = value.replace(secret, "…")
        return _RISKY.sub("…", value)[:300]

    def image(self, value: Any) -> Any:
        """Keep the file name of an image without its folder, or hide it."""
        if not isinstance(value, str):
            return self.word(value)
        name = re.split(r"[/\\]", value)[-1]
        return self.hidden("image", name) if self.hide_names else name

    def name(self, what: str, value: Any) -> Any:
        """Keep the name of a class or a function, or hide it."""
        if value is None:
            return None
        return self.hidden(what, value) if self.hide_names or not isinstance(value, str) else value

    def symbol(self, value: Any) -> Any:
        """Keep a selector; with ``hide_names``, hide its class unless it is the system's."""
        found = _SELECTOR.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            return self.word(value)
        sign, receiver, selector = found.groups()
        if not self.hide_names or receiver in system_classes():
            return value
        return f"{sign}[{self.hidden('class', receiver)} {selector}]"

    def _hash(self, text: str, digits: int) -> str:
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()[:digits]


@cache
def system_classes() -> frozenset[str]:
    """Return the classes of the hook catalogue, which say nothing about an app."""
    try:
        probes = catalogue().probes
    except AgentError:  # not built: every class is hidden
        return frozenset()
    found = (_SELECTOR.fullmatch(probe.symbol) for probe in probes)
    return frozenset(one[2] for one in found if one)
