"""A simulator of weeks with its own idea of the truth: traces, reports, and why each entry is really there."""

from simulator.judging import score, verdicts
from simulator.scores import CAUSES, DEPTHS, Score, accuracy, table
from simulator.weeks import Plan, Week, simulate

__all__ = ["CAUSES", "DEPTHS", "Plan", "Score", "Week", "accuracy", "score", "simulate", "table", "verdicts"]
