"""The figures of the report: what each counts, per which hours, and what must have been watched for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lightleak.fleet.needs import Need

Hours = Literal["covered", "background"]


@dataclass(frozen=True, slots=True)
class FleetFigure:
    """One count per hour."""

    name: str
    hours: Hours
    """Per which hours: watched, or watched in the background."""
    needs: tuple[Need, ...]


FIGURES = (
    FleetFigure("background_reads", "background", ("reads", "states")),
    FleetFigure("uploads", "covered", ("uploads",)),
    FleetFigure("places_read", "covered", ("places",)),
    FleetFigure("notifications", "covered", ("observers",)),
    FleetFigure("entries", "covered", ("report",)),
    FleetFigure("unexplained", "covered", ("report", "reads", "observers")),
)

CLAIM_NEEDS: tuple[Need, ...] = ("report", "reads", "links", "states")
TRIGGER_NEEDS: tuple[Need, ...] = ("reads", "links", "states")
COST_NEEDS: tuple[Need, ...] = ("observers",)

CLAIM_PARTS = ("claim_entries", "opens", "fits_by_link", "fits_by_time", "contradicts", "undecided")

READ_DEPTHS = ("metadata", "thumbnail", "data", "upload")
