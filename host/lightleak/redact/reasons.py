"""Reasons and errors: sentences whose form is known keep it, with the names in them replaced; any other is hidden whole.

Separate because each form is one that the agent or the recorder writes, and a reviewer reads them in one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any

from lightleak.redact import vocabulary
from lightleak.redact.pseudonyms import Pseudonyms

Part = Callable[[Pseudonyms, str], str]


def _class(pseudonyms: Pseudonyms, value: str) -> str:
    return str(pseudonyms.name("class", value))


def _symbol(pseudonyms: Pseudonyms, value: str) -> str:
    return str(pseudonyms.symbol(value))


def _text(pseudonyms: Pseudonyms, value: str) -> str:
    return str(pseudonyms.word("text", value))


def _number(_pseudonyms: Pseudonyms, value: str) -> str:
    return value


def _process(pseudonyms: Pseudonyms, value: str) -> str:
    return str(pseudonyms.word("reason", value, vocabulary.PROCESS_REASONS))


_Form = tuple[re.Pattern[str], tuple[Part, ...]]
"""A sentence with a group for each text in it that is not fixed, and the rule for each group."""


def _form(pattern: str, *parts: Part) -> _Form:
    return re.compile(pattern, re.DOTALL), parts


_HOOK: tuple[_Form, ...] = (
    _form(r"this process has no class (.*)", _class),
    _form(r"this process has no function (.*)", _symbol),
    _form(r"this process has no (.*)", _symbol),
    _form(r"this version of Swift has no (.*)", _symbol),
    _form(r"(\S+) has no method (.*)", _class, Pseudonyms.selector),
    _form(r"(\S+) only inherits (\S+) from (.*)", _class, Pseudonyms.selector, _class),
    _form(r"(\S+) does not override (\S+) here", _class, Pseudonyms.selector),
    _form(r"(\S+) does not override (.*)", _class, Pseudonyms.selector),
    _form(r"(\S+) is not the system's here", _class),
    _form(r"its type encoding (.*) is not the expected one", _text),
    _form(r"it cannot be hooked: (.*)", _text),
    _form(r"by a listener, which costs more: (.*)", _text),
    _form(r"callbacks are checked once a second instead: (.*)", _text),
)
"""The order matters: a reader takes a hook's code from how its reason begins, where it has none of its own."""
_PROCESS: tuple[_Form, ...] = (
    _form(r"crashed: (.*)", _text),
    _form(rf"({'|'.join(map(re.escape, sorted(vocabulary.PROCESS_REASONS)))}): (.*)", _process, _text),
)
_LOSS: tuple[_Form, ...] = (_form(r"an event of (\d{1,12}) bytes is too large", _number),)
_ERROR: tuple[_Form, ...] = (_form(rf"({'|'.join(sorted(vocabulary.ERROR_DOMAINS))}) (-?\d{{1,6}})", _number, _number),)


_COUNT = r"\d{1,9} of \d{1,9} times?(, (within|in) \d{1,9}\.\d s( each)?)?"
_ENDING = re.compile(
    rf"ended soon after it was attached to: {_COUNT}(; without being attached to: {_COUNT})?", re.ASCII
)
"""Written by ``device.endings``."""


def is_ending(pseudonyms: Pseudonyms, label: Any) -> bool:
    """Return whether a mark is the recorder's own, of an app that ended soon, and may be published."""
    if not isinstance(label, str) or _ENDING.fullmatch(label) is None:
        return False
    return bool(pseudonyms.hide_names) or not pseudonyms.names.mentioned_in(label)


def hook_reason(pseudonyms: Pseudonyms, value: Any) -> Any:
    """Return what may be published of why a hook is not in place."""
    return _sentence(pseudonyms, value, vocabulary.HOOK_REASONS, _HOOK)


def process_reason(pseudonyms: Pseudonyms, value: Any) -> Any:
    """Return what may be published of why a process began, slept or ended."""
    return _sentence(pseudonyms, value, vocabulary.PROCESS_REASONS, _PROCESS)


def loss_reason(pseudonyms: Pseudonyms, value: Any) -> Any:
    """Return what may be published of why events are missing."""
    return _sentence(pseudonyms, value, vocabulary.LOSS_REASONS, _LOSS)


def delivery_reason(pseudonyms: Pseudonyms, value: Any) -> Any:
    """Return what may be published of why a handler was not watched."""
    return _sentence(pseudonyms, value, vocabulary.DELIVERY_REASONS, ())


def error(pseudonyms: Pseudonyms, value: Any) -> Any:
    """Return what may be published of an error: a domain of the system's with its code."""
    return _sentence(pseudonyms, value, (vocabulary.UNKNOWN_ERROR,), _ERROR)


def _sentence(pseudonyms: Pseudonyms, value: Any, known: Collection[str], forms: tuple[_Form, ...]) -> Any:
    if not isinstance(value, str) or value in known:
        return pseudonyms.word("text", value, known)
    for form, parts in forms:
        if found := form.fullmatch(value):
            filled = _filled(pseudonyms, found, parts)
            # The whole can be a text that was replaced elsewhere, though none of its parts was.
            may_stay = pseudonyms.hide_names or not pseudonyms.names.mentioned_in(filled)
            return filled if may_stay else _filled(pseudonyms, found, (_text,) * len(parts))
    return pseudonyms.word("text", value)


def _filled(pseudonyms: Pseudonyms, found: re.Match[str], parts: tuple[Part, ...]) -> str:
    """Return the sentence with each group replaced by what its rule makes of it."""
    text, end = "", 0
    for number, part in enumerate(parts, 1):
        text += found.string[end : found.start(number)] + part(pseudonyms, found[number])
        end = found.end(number)
    return text + found.string[end:]
