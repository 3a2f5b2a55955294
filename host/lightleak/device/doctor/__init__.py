"""The doctor: checks that this machine and phone can record, and how to fix what is wrong."""

from __future__ import annotations

from lightleak.device.doctor.examination import CHECKS, Bisect, examine
from lightleak.device.doctor.finding import Examination, Finding

__all__ = ["CHECKS", "Bisect", "Examination", "Finding", "examine"]
