"""Choose events by an expression: ``Filter("depth >= thumbnail and state = background")``.

docs/filter.md describes the language.
"""

from __future__ import annotations

from lightleak.filter.filter import Filter

__all__ = ["Filter"]
