"""The option ``--filter``: which events of a session are shown or written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lightleak.filter import Filter

filter_option = click.option(
    "--filter",
    "expression",
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
