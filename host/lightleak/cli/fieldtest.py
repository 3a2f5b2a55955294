"""``lightleak fieldtest``: ask a real phone what only a phone can confirm."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, refuse_existing
from lightleak.cli._prompt import AskingOperator, SilentOperator
from lightleak.cli._targets import DeviceChoice, Target, device_options, one_target, target_options
from lightleak.defaults import FIELD_IDLE_S, FIELD_STEPS, PHONE_STORE
from lightleak.errors import FileError, UsageError

if TYPE_CHECKING:
    from lightleak.fieldtest.run import FieldTestPlan


@click.command("fieldtest")
@device_options
@target_options()
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    help="The export, which need not exist before the last step; without, you are asked for it.",
)
@click.option("--pull", is_flag=True, help="Fetch the report from the phone's store instead, as root.")
@click.option("--from", "store", default=PHONE_STORE, metavar="FOLDER", show_default=True, help="That store.")
@click.option("--skip", multiple=True, type=click.Choice(FIELD_STEPS), help="Leave a step out; repeatable.")
@click.option(
    "--idle",
    "idle_s",
    type=click.FloatRange(min=0.1),
    default=FIELD_IDLE_S,
    show_default=True,
    metavar="SECONDS",
    help="How long to wait until an entry is closed.",
)
@click.option("--yes", is_flag=True, help="Ask nothing: every task on the phone counts as done.")
@click.option("--explain", type=click.Path(path_type=Path), metavar="FILE", help="Explain a result file and exit.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", help="Of --explain.")
@click.option("--force", is_flag=True, help="Overwrite the file, and restart an interrupted test.")
@click.pass_obj
def command(
    console: Console,
    *,
    device: DeviceChoice,
    targets: list[Target],
    output: Path | None,
    reports: tuple[Path, ...],
    pull: bool,
    store: str,
    skip: tuple[str, ...],
    idle_s: float,
    yes: bool,
    explain: Path | None,
    form: str,
    force: bool,
) -> None:
    """Run on a phone what docs/unconfirmed.md lists, with the app TARGET, and write which assumptions hold.

    It tells you step by step what to do on the phone; with a phone it takes about a quarter of an hour. It acts in the app: it
    registers an observer, queries, and reads one image; nothing is changed and nothing leaves this machine. Interrupted, the same
    command goes on where it was. The file holds no personal content: phone model, iOS version, answers. lightleak compare --facts
    takes it.
    """
    if explain is not None:
        _explain(console, explain, form)
        return
    from lightleak.fieldtest.run import FieldTestPlan

    target = one_target(targets)
    if output is None:
        raise UsageError("the result needs a file", hint="say where with -o FILE")
    refuse_existing(output, force=force)
    plan = FieldTestPlan(device, target, output, idle_s, skip=frozenset(skip), store=store if pull else None)
    _run(console, plan, SilentOperator(console, reports) if yes else AskingOperator(console, reports), force=force)


def _run(console: Console, plan: FieldTestPlan, operator: SilentOperator | AskingOperator, *, force: bool) -> None:
    from lightleak.fieldtest.answers import encode_result, make_result
    from lightleak.fieldtest.draft import draft_path, remove_draft
    from lightleak.fieldtest.run import run_field_test
    from lightleak.views.terminal.fieldtest import result_lines

    if force:
        remove_draft(plan.output)
    elif draft_path(plan.output).exists():
        console.info(f"continuing the interrupted field test ({draft_path(plan.output)})")
    try:
        draft, answers = run_field_test(plan, operator, console)
    except KeyboardInterrupt:
        console.info("\ninterrupted; the same command continues from here")
        raise
    result = make_result(draft, answers, dt.datetime.now(tz=dt.UTC).date().isoformat())
    text = encode_result(result)
    emit(text, plan.output, force=force)
    remove_draft(plan.output)
    emit(console.rendered(result_lines(json.loads(text))), None)
    console.info(f"written to {plan.output}; lightleak compare --facts {plan.output} uses it")


def _explain(console: Console, path: Path, form: str) -> None:
    from lightleak.fieldtest.answers import MAX_BYTES, encode_result, read_result
    from lightleak.views.terminal.fieldtest import result_lines

    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as problem:
        raise FileError(
            f"{path} cannot be read ({problem.strerror})", hint="name a file of lightleak fieldtest"
        ) from problem
    if len(raw) > MAX_BYTES:
        raise FileError(f"{path} is too long for a result", hint="name a file of lightleak fieldtest")
    text = encode_result(read_result(raw, path.name))
    emit(text if form == "json" else console.rendered(result_lines(json.loads(text))), None)
