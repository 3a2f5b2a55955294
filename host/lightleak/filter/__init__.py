"""Choose events by an expression: ``Filter("depth >= thumbnail and state = background")``.

docs/filter.md describes the language. ``lightleak.comparator.entry_filter`` chooses a report's entries with it.
"""

from __future__ import annotations

from lightleak.filter.filter import Filter, compiled

__all__ = ["Filter", "compiled"]
