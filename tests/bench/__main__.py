"""Run the measurements by name and print their figures as one JSON object."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))


def measurement(path: Path) -> Callable[[], dict[str, Any]]:
    """Return the function ``run`` of one file."""
    specification = importlib.util.spec_from_file_location(f"bench_{path.stem}", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    sys.modules[specification.name] = module
    specification.loader.exec_module(module)
    return module.run  # type: ignore[no-any-return]


def main(arguments: list[str]) -> int:
    """Run the named measurements, or all except the long ones."""
    files = {path.stem: path for path in sorted(HERE.glob("*.py")) if "def run(" in path.read_text()}
    long = {name for name in files if "reliability" in name or name in ("arm64", "endurance", "worlds")}
    named = [argument for argument in arguments if argument != "--reliability"]
    unknown = sorted(set(named) - set(files))
    if unknown:
        print(f"bench: unknown measurement {unknown[0]}: choose one of {', '.join(files)}", file=sys.stderr)
        return 2
    chosen = named or [name for name in files if name not in long] + (
        sorted(long) if "--reliability" in arguments else []
    )
    figures = {}
    for name in chosen:
        print(f"measuring {name} …", file=sys.stderr)
        figures[name] = measurement(files[name])()
    print(json.dumps(figures, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
