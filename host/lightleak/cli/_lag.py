"""The option ``--lag``: seconds, or ``auto``."""

from __future__ import annotations

from typing import Any, Literal

import click


class LagType(click.ParamType[float | str]):
    """Seconds, or ``auto``."""

    name = "SECONDS|auto"

    def convert(
        self, value: Any, _param: click.Parameter | None, _ctx: click.Context | None
    ) -> float | Literal["auto"]:
        """Read the option's text."""
        if value == "auto":
            return "auto"
        try:
            return float(value)
        except ValueError:
            self.fail(f"{value!r} is neither seconds nor auto.")
