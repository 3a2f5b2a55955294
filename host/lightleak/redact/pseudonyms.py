"""Replace what must not be published: equal texts become equal words, and no one can reverse it.

A text is kept where it is on a list of public words, or has a form that identifies neither a person nor a device.
Everything else becomes ``WHAT-…``, whole: no part of it stays. A value of another type keeps its type only, because
readers treat a number, a text and an object differently.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import secrets
from collections.abc import Collection
from typing import Any

from lightleak.redact import vocabulary
from lightleak.redact.replaced_names import ReplacedNames

_METHOD = re.compile(r"([+-])\[(\S+) (\S+)\]")
_BUNDLE = re.compile(r"(?=.*[A-Za-z])(?!.*\.local$)[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+")
"""A bundle identifier, not an address, and not a device's name in its own network."""
_UUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_IMAGE_UUID = re.compile(r"[0-9A-Fa-f]{32}")
_NAME = re.compile(r"(?=.*[^\W\d_])[\w.+-]{1,128}")
"""A process, an image or a class: one word with a letter in it."""
_SYMBOL = re.compile(r"(?=.*[^\W\d_])[\w.$:+\[\]()<>,*&~#= -]{1,256}")
_DEVICE_IDENTIFIER = re.compile(
    r"\b[0-9A-Fa-f]{40}\b|\b[0-9A-Fa-f]{8}-[0-9A-Fa-f]{16}\b|\b[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}\b"
    r"|\b\d{1,3}(?:\.\d{1,3}){3}\b|\d{7}"
)
"""UDIDs of both forms, UUIDs, IPv4 addresses, and rows of digits as in a phone number."""
_MAYBE_ADDRESS = re.compile(r"(?<![\w:.])[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(?![\w:])")
_DIGITS = 12


class Pseudonyms:
    """The words of one redaction. Its key is random and is kept nowhere.

    hide_names: also hide classes, images and functions. replaced_names: what a name that is kept must not mention.
    """

    def __init__(
        self, *, hide_names: bool, replaced_names: ReplacedNames | None = None, key: bytes | None = None
    ) -> None:
        self._key = key or secrets.token_bytes(32)
        self.hide_names = hide_names
        self.names = replaced_names or ReplacedNames()
        self.collects = False
        """Whether what is replaced is added to ``names``: on a first reading, whose result is thrown away."""
        self.replaced = 0
        """How many values were replaced so far."""
        self.left_out = 0
        """How many keys were left out so far."""

    def hidden(self, what: str, text: object) -> str:
        """Return ``WHAT-…`` for a text: the same for equal texts of one kind. An empty text stays empty."""
        if text == "":
            return ""
        self.replaced += 1
        if self.collects and not (isinstance(text, str) and text in vocabulary.public_words()):
            self.names.add(text)
        return f"{what}-{self._hash(f'{what}:{text}', _DIGITS)}"

    def leave_out(self, value: Any) -> None:
        """Count a key that is left out, with its value."""
        self.left_out += 1
        if self.collects:
            self.names.add(value)

    def asset(self, value: Any) -> str:
        """Hash an asset's hash again, so that it cannot be recognised in another recording."""
        self.replaced += 1
        return self._hash(f"asset:{value}", 16)

    def number(self, value: Any) -> Any:
        """Keep a number; hide a text in its place."""
        if value is None or isinstance(value, bool | int | float):
            return value
        return self.hidden("text", value) if isinstance(value, str) else self._emptied(value)

    def word(self, what: str, value: Any, known: Collection[str] = ()) -> Any:
        """Keep a text that is one of the known; hide every other."""
        if not isinstance(value, str):
            return self._emptied(value)
        return value if value in known else self.hidden(what, value)

    def identifier(self, value: Any) -> Any:
        """Keep a bundle identifier: the report names the app by it."""
        if isinstance(value, str) and _BUNDLE.fullmatch(value):
            return value
        return self.word("identifier", value)

    def entry(self, value: Any) -> Any:
        """Keep the identifier of a report's entry."""
        if isinstance(value, str) and _UUID.fullmatch(value):
            return value
        return self.word("identifier", value)

    def image_uuid(self, value: Any) -> Any:
        """Keep the UUID of a build of a program."""
        is_uuid = isinstance(value, str) and (_UUID.fullmatch(value) or _IMAGE_UUID.fullmatch(value))
        return value if is_uuid and not self.names.mentioned_in(value) else self.word("text", value)

    def reference(self, what: str, value: Any) -> Any:
        """Hide what only has to be the same again: an object, a change."""
        return value if value is None or isinstance(value, bool) else self.hidden(what, value)

    def image(self, value: Any) -> Any:
        """Keep the file name of an image without its folder, or hide it."""
        if not isinstance(value, str):
            return self._emptied(value)
        return self.name("image", re.split(r"[/\\]", value)[-1])

    def name(self, what: str, value: Any) -> Any:
        """Keep the name of a process, a class or an image, or hide it."""
        if value is None or (isinstance(value, str) and self._is_public_name(what, value)):
            return value
        if self.hide_names or not isinstance(value, str):
            return self.hidden(what, value)
        return value if self._may_stay(value, _NAME) else self.hidden(what, value)

    def symbol(self, value: Any) -> Any:
        """Keep a symbol of the system; of an app's, what is the system's: the selector of a protocol."""
        if not isinstance(value, str):
            return self._emptied(value)
        if vocabulary.is_system_symbol(value):
            return value
        if not self.hide_names and self._may_stay(value, _SYMBOL):
            return value
        found = _METHOD.fullmatch(value)
        if found is None:
            return self.hidden("function", value)
        sign, receiver, selector = found.groups()
        if receiver not in vocabulary.system_classes():
            receiver = self.hidden("class", receiver)
        return f"{sign}[{receiver} {self.selector(selector, hide=True)}]"

    def selector(self, value: str, *, hide: bool | None = None) -> str:
        """Keep a selector of the system; of an app's class, hide it or keep it. hide: default as ``hide_names``."""
        hide = self.hide_names if hide is None else hide
        if value in vocabulary.system_selectors() or (not hide and self._may_stay(value, _SYMBOL)):
            return value
        return self.hidden("selector", value)

    def probe(self, value: Any) -> Any:
        """Keep the name of a probe; of one that is not known its family, which says what it can see."""
        if not isinstance(value, str) or value in vocabulary.probes():
            return value if isinstance(value, str) else self._emptied(value)
        if not self.hide_names and self._may_stay(value, _NAME):
            return value
        family, dot, _ = value.partition(".")
        hidden = self.hidden("probe", value)
        return f"{family}.{hidden}" if dot and family in vocabulary.probe_families() else hidden

    def _may_stay(self, text: str, form: re.Pattern[str]) -> bool:
        return bool(form.fullmatch(text)) and not _identifies_a_device(text) and not self.names.mentioned_in(text)

    def _is_public_name(self, what: str, value: str) -> bool:
        return value in (vocabulary.system_classes() if what == "class" else vocabulary.DAEMONS)

    def _emptied(self, value: Any) -> Any:
        """Return a value of the same type that says nothing."""
        if value is None or isinstance(value, bool):
            return value
        self.replaced += 1
        if self.collects:
            self.names.add(value)
        return {} if isinstance(value, dict) else [] if isinstance(value, list) else int(bool(value))

    def _hash(self, text: str, digits: int) -> str:
        return hmac.digest(self._key, text.encode("utf-8", "surrogatepass"), "sha256").hex()[:digits]


def _identifies_a_device(text: str) -> bool:
    return bool(_DEVICE_IDENTIFIER.search(text)) or any(map(_is_address, _MAYBE_ADDRESS.findall(text)))


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text.strip("."))
    except ValueError:
        return False
    return True
