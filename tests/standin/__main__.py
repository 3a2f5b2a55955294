"""`python -m standin run SCENARIO --out DIR [--app-wait-attach]`: play a scenario from a shell.

Prints NDJSON on stdout: `attach` and `detach` with the apps' identifiers and process ids, then `done` with paths. With
--app-wait-attach the story waits for a line on stdin at each attach and detach.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from . import scenario
from .app import App


def _say(**what: object) -> None:
    print(json.dumps(what), flush=True)


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(
        prog="standin", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="play a scenario")
    run.add_argument(
        "scenario",
        help="a TOML file, or the name of one of " + ", ".join(sorted(p.stem for p in scenario.FOLDER.glob("*.toml"))),
    )
    run.add_argument("--out", type=Path, required=True, help="folder for the report and truth.json")
    run.add_argument(
        "--app-wait-attach", action="store_true", help="wait for a line on stdin at each attach and detach"
    )
    options = parser.parse_args()

    def hook(what: str, apps: list[App]) -> None:
        _say(event=what, apps={app.identifier: app.pid for app in apps})
        if options.app_wait_attach and sys.stdin.readline() == "":
            sys.exit("the recorder has gone")

    truth = scenario.run(scenario.load(options.scenario), options.out, hook)
    report = json.loads(truth.read_text(encoding="utf-8"))["report"]
    _say(event="done", truth=str(truth), report=str(options.out / report))


if __name__ == "__main__":
    main()
