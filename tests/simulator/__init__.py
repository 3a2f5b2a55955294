"""A simulator of weeks with its own idea of the truth: traces, reports, and why each entry is really there."""

from simulator.judging import score, verdicts
from simulator.scores import CAUSES, DEPTHS, READS, STATES, Score, accuracy, table
from simulator.weeks import Plan, Week, simulate

__all__ = [
    "CAUSES",
    "DEPTHS",
    "READS",
    "STATES",
    "Plan",
    "Score",
    "Week",
    "accuracy",
    "score",
    "simulate",
    "table",
    "verdicts",
]
