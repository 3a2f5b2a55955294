"""Apple's App Privacy Report: exports of every iOS and the store on the phone, read into entries."""

from __future__ import annotations

from lightleak.report.entry_columns import FLAGS, NO_TIME, Entry, EntryColumns
from lightleak.report.network_rows import NetworkRow
from lightleak.report.raw_rows import Deleted, Problem
from lightleak.report.report import Report, looks_like_report, read_report
from lightleak.report.timestamps import format_time, parse_time

__all__ = [
    "FLAGS",
    "NO_TIME",
    "Deleted",
    "Entry",
    "EntryColumns",
    "NetworkRow",
    "Problem",
    "Report",
    "format_time",
    "looks_like_report",
    "parse_time",
    "read_report",
]
