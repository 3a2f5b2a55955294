"""Describe an event in one line, for people. Everything that an app named is escaped."""

from __future__ import annotations

from typing import Any

from lightleak.events import NS_PER_S, Event
from lightleak.text import escaped

_WIDTH = 160


def sentence(event: Event, most: int | None = _WIDTH) -> str | None:
    """Return what happened, or None for an event that only programs need.

    most: cut the text after so many characters; None keeps all of it.
    """
    text = _sentence(event)
    if text is None:
        return None
    text = escaped(text) + (" (internal)" if event.internal else "")
    return text if most is None or len(text) <= most else text[: most - 1] + "…"


def _sentence(event: Event) -> str | None:
    match event.kind:
        case "process":
            reason = f" ({event['reason']})" if event.get("reason") else ""
            return f"{event.get('phase')}{reason}"
        case "state":
            return f"state {event.get('value')}"
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
            return f"{event.get('depth')}: {event.get('symbol')}"
        case "accounting" if event.get("phase") == "begin":
            return f"accounting starts: {event.get('identifier')}"
        case "mark":
            return f"mark: {event.get('label')}"
        case "lost":
            return f"lost {event.get('count')} events ({event.get('reason')})"
        case "clock" if event.get("step_ns"):
            return f"the device's clock was set by {event['step_ns'] / NS_PER_S:+.3f} s"
    return None


def _observer(event: Event) -> Any:
    observer = event.get("observer")
    return observer.get("class") if isinstance(observer, dict) else observer
