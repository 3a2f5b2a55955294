"""The results of a policy, for people: one line for each rule, with its sentence under it.

Separate because each command's results have their own layout.
"""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from lightleak.comparator.policy.check import Checked, RuleOutcome
from lightleak.text import escaped
from lightleak.views.terminal.layout import indented, styled

_STYLE = {"held": "green", "broken": "bold red", "not-proven": "yellow"}

_NAMED = 3
"""How much evidence a rule shows here; JSON names more."""


def render(checked: Checked) -> RenderableType:
    """Return the rules app by app, what limits the result, and the sum."""
    parts: list[RenderableType] = []
    app = None
    for outcome in checked.outcomes:
        if outcome.app != app:
            app = outcome.app
            parts.append(styled(app, "bold", space_above=bool(parts)))
        parts += _outcome(outcome)
    parts += [styled(f"Note: {notice}", "yellow") for notice in checked.notices]
    parts.append(styled(checked.totals(), "bold", space_above=True))
    if checked.counts["not-proven"]:
        parts.append(
            styled(
                "Not proven: nothing was seen against the rule, but too little was watched to say that it held.", "dim"
            )
        )
    return Group(*parts)


def _outcome(outcome: RuleOutcome) -> list[RenderableType]:
    result = outcome.result
    title = Text.assemble((f"{result:<10}", _STYLE[result]), f"  {escaped(outcome.rule.name)}", overflow="fold")
    parts: list[RenderableType] = [Padding.indent(title, 2), indented(outcome.why, by=4)]
    named = outcome.evidence + outcome.entries
    if result != "held" and named:
        more = outcome.named - len(named[:_NAMED])
        further = f" and {more} more" if more > 0 else ""
        parts.append(indented(f"evidence: {', '.join(named[:_NAMED])}{further}", "dim", by=4))
    return parts
