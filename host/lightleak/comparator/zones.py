"""Re-export one reader of :mod:`lightleak.timezones`, until ``notices`` imports it from there. Then delete this file."""

from __future__ import annotations

from lightleak.timezones import offset_s

__all__ = ["offset_s"]
