"""The options of the commands that judge a report: which reports, which lag."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._lag import LagType

reports_option = click.option(
    "--report",
    "reports",
    multiple=True,
    required=True,
    type=click.Path(path_type=Path),
    help="A privacy report: an export, or the on-device store. Repeat for several.",
)

lag_option = click.option(
    "--lag",
    type=LagType(),
    metavar="SECONDS|auto",
    help="How much later than the call a report may stamp it; without, 3 s, or what --facts measured.",
)
