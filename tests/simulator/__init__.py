"""A simulator of weeks that knows the truth: traces, reports, and why each entry really exists."""

from simulator.judging import score, verdicts
from simulator.scores import BY, CAUSES, DEPTHS, READS, STATES, TRIGGERS, Score, accuracy, table
from simulator.weeks import Plan, Week, simulate

__all__ = [
    "BY",
    "CAUSES",
    "DEPTHS",
    "READS",
    "STATES",
    "TRIGGERS",
    "Plan",
    "Score",
    "Week",
    "accuracy",
    "score",
    "simulate",
    "table",
    "verdicts",
]
