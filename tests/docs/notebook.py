"""Run the notebook's cells, and keep what they print: ``python tests/docs/notebook.py`` writes the outputs anew."""

from __future__ import annotations

import ast
import contextlib
import copy
import io
import json
import sys
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parents[2]
NOTEBOOK = TOP / "docs" / "notebook.ipynb"
DEMO = TOP / "host" / "lightleak" / "assets" / "demo"


def executed(notebook: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the notebook as it is after running every cell in order in a folder."""
    done = copy.deepcopy(notebook)
    names: dict[str, Any] = {"__name__": "__main__"}
    code = [cell for cell in done["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(code, 1):
        said = io.StringIO()
        with contextlib.chdir(folder), contextlib.redirect_stdout(said):
            last = run("".join(cell["source"]), f"<cell {number}>", names)
        cell["execution_count"] = number
        text = said.getvalue().splitlines(keepends=True)
        cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": text}] if text else []
        if last is not None:
            data = {"text/html": [last._repr_html_()], "text/plain": [repr(last)]}
            cell["outputs"].append(
                {"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"}
            )
    return done


def run(source: str, name: str, names: dict[str, Any]) -> Any:
    """Run a cell; return the value of its last line, where that is an expression with a value."""
    tree = ast.parse(source, name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, name, "exec"), names)
    return eval(compile(ast.Expression(last.value), name, "eval"), names) if isinstance(last, ast.Expr) else None


if __name__ == "__main__":
    written = executed(json.loads(NOTEBOOK.read_text(encoding="utf-8")), DEMO)
    NOTEBOOK.write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    sys.exit(0)
