"""The doctor: what stands between this machine and a recording, and what mends it."""

from __future__ import annotations

from lightleak.device.doctor.examination import CHECKS, examine
from lightleak.device.doctor.finding import Examination, Finding

__all__ = ["CHECKS", "Examination", "Finding", "examine"]
