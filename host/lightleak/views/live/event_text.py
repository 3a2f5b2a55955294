"""Describe an event in one line, for people. Everything that an app named is escaped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lightleak.events import NS_PER_S, Event
from lightleak.losses import loss_words, lost_count
from lightleak.origins import OriginLog, cause_words
from lightleak.text import escaped
from lightleak.wording import duration, plural, size

REPEATED = frozenset({"usage"})
"""Kinds that come again and again: lists show them only where a filter asks for them."""

_WIDTH = 160
_CAUSED = frozenset({"access", "observer", "authorization", "notification", "property", "delivery"})
_INPUTS = {"touch": "touch", "key": "key press"}


def sentence(
    event: Event, origins: OriginLog | None = None, *, unseen_ns: int | None = None, most: int | None = _WIDTH
) -> str | None:
    """Return what happened, and because of which event; None for an event that only programs need.

    origins: those of the event's segment, to name the kind of the cause. unseen_ns: of a loss, the time since the event
    before it. most: cut the text to so many characters, the
    cause stays; None keeps all of it.
    """
    text = _loss(event, unseen_ns) if event.kind == "lost" else _sentence(event)
    if text is None:
        return None
    cause = cause_words(event, origins) if event.kind in _CAUSED else ""
    text, end = escaped(text), cause + (" (internal)" if event.internal else "")
    return text + end if most is None or len(text) + len(end) <= most else text[: most - len(end) - 1] + "…" + end


def _sentence(event: Event) -> str | None:
    match event.kind:
        case "process":
            reason = f" ({event['reason']})" if event.get("reason") else ""
            return f"{event.get('phase')}{reason}"
        case "state":
            reason = f" ({event['reason']})" if event.get("reason") else ""
            return f"state {event.get('value')}{reason}" + (", not a change" if event.get("changed") is False else "")
        case "input":
            return f"input: {_INPUTS.get(str(event.get('type')), event.get('type'))}"
        case "usage":
            return _usage(event)
        case "property":
            return _property(event)
        case "authorization":
            return f"authorization {event.get('action')}: {event.get('status') or event.get('level') or ''}".rstrip(
                ": "
            )
        case "observer":
            return f"observer {event.get('action')}: {_observer(event)}"
        case "notification" if event.get("observer") is None:
            return "the app is notified of a library change"
        case "notification":
            return f"notification to {_observer(event)}"
        case "access":
            return f"{event.get('depth')}: {event.get('symbol')}{_destination(event)}"
        case "accounting" if event.get("phase") == "begin":
            return f"accounting starts: {event.get('identifier')}"
        case "mark":
            return f"mark: {event.get('label')}"
        case "clock" if event.get("step_ns"):
            return f"the device's clock was set by {event['step_ns'] / NS_PER_S:+.3f} s"
    return None


def _loss(event: Event, unseen_ns: int | None) -> str:
    count, reason = event.get("count"), event.get("reason")
    number = lost_count(count, reason)
    return f"{loss_words(number, unseen_ns)} ({reason or 'no reason given'})" if number else loss_words(0, unseen_ns)


def _property(event: Event) -> str:
    count, assets = event.get("count"), event.get("assets")
    times = f", {plural(count, 'time')}" if type(count) is int else ""
    least = "at least " if event.get("at_least") is True else ""
    return f"property: {event.get('symbol')}{times}" + (
        f" of {least}{plural(assets, 'asset')}" if type(assets) is int else ""
    )


def _destination(event: Event) -> str:
    """Return where the photo of an upload by the system is to go, as far as that is known."""
    detail = event.get("detail")
    host = detail.get("host") if event.get("depth") == "upload" and isinstance(detail, dict) else None
    return f" to {host}" if isinstance(host, str) and host else ""


def _usage(event: Event) -> str:
    """Return what the process has used so far; what the system does not tell is left out."""
    words: tuple[tuple[str, Callable[[int], str]], ...] = (
        ("cpu_ns", lambda ns: f"CPU {duration(ns / NS_PER_S)}"),
        ("footprint_bytes", lambda count: f"memory {size(count)}"),
        ("wakeups", lambda count: plural(count, "wake-up")),
        ("disk_read_bytes", lambda count: f"{size(count)} read from disk"),
        ("energy_nj", lambda nj: f"{nj / NS_PER_S:.1f} J"),
    )
    parts = [in_words(event[key]) for key, in_words in words if _is_figure(event.get(key))]
    return f"used so far: {', '.join(parts) or 'the system gives no figures'}"


def _is_figure(value: object) -> bool:
    return type(value) is int and 0 <= value < 1 << 62


def _observer(event: Event) -> Any:
    observer = event.get("observer")
    return observer.get("class") if isinstance(observer, dict) else observer
