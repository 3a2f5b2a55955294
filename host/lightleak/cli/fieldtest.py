"""``lightleak fieldtest``: test on a phone what only a phone can confirm."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, refuse_existing
from lightleak.cli._options.durations import Duration
from lightleak.cli._options.formats import format_option
from lightleak.cli._options.targets import DeviceChoice, Target, device_options, one_target, target_options
from lightleak.cli._options.values import OnDisk
from lightleak.cli._prompt import AskingOperator, SilentOperator
from lightleak.defaults import FIELD_IDLE_S, FIELD_STEPS, PHONE_STORE
from lightleak.errors import FileError, UsageError

if TYPE_CHECKING:
    from lightleak.fieldtest.run import FieldTestPlan


@click.command("fieldtest")
@device_options
@target_options()
@click.option("-o", "--output", type=OnDisk("the result of a field test"), help="Write the result to this file.")
@click.option(
    "--report",
    "reports",
    multiple=True,
    type=click.Path(path_type=Path),
    help="The report's export, needed only at the last step (default: asks for it).",
)
@click.option(
    "--pull", is_flag=True, help="Fetch the report from the phone's store, as root, instead of using an export."
)
@click.option(
    "--from",
    "store",
    default=PHONE_STORE,
    metavar="FOLDER",
    help=f"With --pull: the store on the phone (default: {PHONE_STORE}).",
)
@click.option("--skip", multiple=True, type=click.Choice(FIELD_STEPS), help="Leave a step out. Repeat for several.")
@click.option(
    "--idle",
    "idle_s",
    type=Duration(least_s=0.1, most_s=3_600),
    default=FIELD_IDLE_S,
    metavar="DURATION",
    help=f"Wait this long for iOS to close an entry (default: {FIELD_IDLE_S:g}).",
)
@click.option("--yes", is_flag=True, help="Do not wait for answers: someone else does the steps on the phone.")
@click.option("--explain", type=click.Path(path_type=Path), metavar="FILE", help="Explain a result file and exit.")
@format_option("table", "json", purpose="with --explain")
@click.option("--force", is_flag=True, help="Overwrite the file and restart an interrupted test.")
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
    """Test on a phone, with the app TARGET, which assumptions of the rules hold (docs/unconfirmed.md).

    It guides you through steps on the phone and takes about 15 minutes. It acts in the app: it registers an observer, queries,
    and reads one image. It changes nothing, and nothing leaves this machine. After an interruption, run the same command to
    continue.

    The result holds no personal content: only phone model, iOS version and answers. Use it with lightleak compare --facts.
    """
    if explain is not None:
        _explain(console, explain, form)
        return
    from lightleak.fieldtest.run import FieldTestPlan

    target = one_target(targets)
    if output is None:
        raise UsageError("no output file given", hint="name it with -o FILE")
    refuse_existing(output, force=force)
    plan = FieldTestPlan(device, target, output, idle_s, skip=frozenset(skip), store=store if pull else None)
    _run(console, plan, SilentOperator(console, reports) if yes else AskingOperator(console, reports), force=force)


def _run(console: Console, plan: FieldTestPlan, operator: SilentOperator | AskingOperator, *, force: bool) -> None:
    from lightleak.fieldtest.answers import encode_result, make_result
    from lightleak.fieldtest.draft import draft_path, remove_draft
    from lightleak.fieldtest.run import run_field_test
    from lightleak.views.terminal import fieldtest as view

    if force:
        remove_draft(plan.output)
    elif draft_path(plan.output).exists():
        console.info(f"continuing the interrupted field test ({draft_path(plan.output)})")
    try:
        draft, answers = run_field_test(plan, operator, console)
    except KeyboardInterrupt:
        console.info("")
        console.info("interrupted; run the same command to continue")
        raise
    result = make_result(draft, answers, dt.datetime.now(tz=dt.UTC).date().isoformat())
    text = encode_result(result)
    emit(text, plan.output, force=force)
    remove_draft(plan.output)
    emit(console.text_for(None, view.render(json.loads(text))), None)
    console.info(f"written to {plan.output}; use it with lightleak compare --facts {plan.output}")


def _explain(console: Console, path: Path, form: str) -> None:
    from lightleak.fieldtest.answers import MAX_BYTES, encode_result, read_result
    from lightleak.views.terminal import fieldtest as view

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
    emit(text if form == "json" else console.rendered(view.render(json.loads(text))), None)
