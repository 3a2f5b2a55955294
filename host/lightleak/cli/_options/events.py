"""The option ``--filter``: which events of a session are shown or written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lightleak.filter import Filter


def complete_field(_context: click.Context, _option: click.Parameter, incomplete: str) -> list[str]:
    """Return the fields with which an expression can begin: a shell completes one word."""
    from lightleak.filter.event_fields import EVENT_FIELDS

    return [name for name in EVENT_FIELDS if name.startswith(incomplete.lower())]


filter_option = click.option(
    "--filter",
    "expression",
    shell_complete=complete_field,
    metavar="EXPR",
    help="Select only these events, such as 'depth >= thumbnail and state = background' (default: all).",
)


def read_filter(expression: str | None, header: dict[str, Any]) -> Filter | None:
    """Return the filter, or None where there is none. Times without an offset are in the device's time zone.

    header: that of the session. Raises: UsageError when the expression is not valid.
    """
    if expression is None:
        return None
    from lightleak.filter import Filter
    from lightleak.timezones import device_zone

    return Filter(expression, device_zone(header))
