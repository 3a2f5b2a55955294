"""The option ``--filter``, alike in every command that has it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from lightleak.filter import Filter

filter_option = click.option(
    "--filter",
    "expression",
    metavar="EXPR",
    help="Only these events, such as 'depth >= thumbnail and state = background'.",
)


def chosen(expression: str | None, header: dict[str, Any]) -> Filter | None:
    """Make the filter that was asked for; times without an offset are the device's. Errors: UsageError."""
    if expression is None:
        return None
    from lightleak.filter import Filter
    from lightleak.filter.time_expr import device_zone

    return Filter(expression, device_zone(header))
