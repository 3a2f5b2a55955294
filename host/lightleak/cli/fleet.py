"""``lightleak fleet``: verdicts of many sessions in one data set."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, emit_json, refuse_existing
from lightleak.cli._fleet_add import add_jobs, chosen_runner
from lightleak.cli._fleet_rows import write_rows
from lightleak.cli._options.everywhere import with_shared_options
from lightleak.cli._options.formats import format_option
from lightleak.cli._options.values import Between, force_option, output_option
from lightleak.errors import UsageError
from lightleak.wording import plural

if TYPE_CHECKING:
    from lightleak.fleet.report.groups import By

_PATH = click.Path(path_type=Path)
_STORE = click.argument("store")


class _FleetGroup(click.Group):
    """The commands of a store; each has the options that every command has."""

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        command = super().get_command(ctx, cmd_name)
        return None if command is None else with_shared_options(command)


@click.group(
    cls=_FleetGroup,
    epilog=(
        "\b\nExamples:\n"
        "  lightleak fleet add lab/ monday.lightleak --report App_Privacy_Report.ndjson --set condition=wifi\n"
        "  lightleak fleet add lab/ --manifest runs.csv --workers 2\n"
        "  lightleak fleet query lab/ 'SELECT app, count(*) FROM entries GROUP BY app'\n"
    ),
)
def command() -> None:
    """Put the verdicts of many sessions into one data set, and compare apps, versions and systems.

    STORE is a folder, or a URL that fsspec knows, such as s3://bucket/folder.
    """


@command.command("add")
@_STORE
@click.argument("sessions", nargs=-1, type=_PATH, metavar="[SESSION…]")
@click.option(
    "--report", "reports", multiple=True, type=_PATH, help="Compare with this privacy report. Repeat for several."
)
@click.option("--manifest", type=_PATH, help="Read sessions, reports and labels from a CSV file.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="KEY=VALUE",
    help="Label the runs: version, os, device, condition, or a column of your own. Repeat for several.",
)
@click.option(
    "--workers", type=Between(1, 4096, whole=True), metavar="N", help="Work in so many processes (default: this one)."
)
@click.option(
    "--scheduler", metavar="ADDRESS", help="Work on the Dask cluster of this scheduler, such as tcp://host:8786."
)
@click.pass_obj
def add(
    console: Console,
    *,
    store: str,
    sessions: tuple[Path, ...],
    reports: tuple[Path, ...],
    manifest: Path | None,
    settings: tuple[str, ...],
    workers: int | None,
    scheduler: str | None,
) -> int:
    """Add sessions with their reports, or all of a manifest. What the store has already is not read again.

    The manifest is CSV: session,report,app,version,os,device,condition and columns of your own; several files of a cell are
    separated by semicolons. A run that fails is a row with its reason.
    """
    from lightleak.fleet.manifest import jobs_of, read_manifest

    if (manifest is None) == (not sessions):
        raise UsageError("fleet add takes sessions or a manifest", hint="name SESSION… --report R…, or --manifest FILE")
    if manifest is not None and (reports or settings):
        raise UsageError("--report and --set do not go with --manifest", hint="write both into the manifest")
    jobs = jobs_of(sessions, reports, settings) if manifest is None else read_manifest(manifest)
    if not reports and manifest is None:
        console.warning("no report was given: the runs have acts and observers, and no entries")
    return add_jobs(console, store, jobs, chosen_runner(workers, scheduler))


@command.command("status")
@_STORE
@format_option("table", "json")
@click.pass_obj
def status(console: Console, *, store: str, form: str) -> None:
    """Show how many runs, hours and entries of each app a store has, and why runs failed."""
    from lightleak.fleet.query import FleetDatabase
    from lightleak.fleet.status import status_of
    from lightleak.fleet.store import FleetStore

    database = FleetDatabase(FleetStore.open(store))
    try:
        found = status_of(database)
    finally:
        database.close()
    if form == "json":
        emit_json(found)
        return
    names = ("app", "runs", "failed", "versions", "covered_hours", "entries", "acts", "lost", "gaps")
    rows = [[app[name] for name in names] for app in found["apps"]]
    text = console.table([name.replace("_", " ") for name in names], rows)
    text += f"\n{plural(found['runs'], 'run')}, {found['failed']} failed, {found['covered_hours']:,.1f} h watched\n"
    if found["unfinished_files"]:
        text += f"{plural(found['unfinished_files'], 'file')} of a writer that works or was stopped, and not counted\n"
    if found["problems"]:
        text += "\n" + console.table(("app", "run", "why it failed"), [
            (one["app"], one["run"][:16], one["problem"]) for one in found["problems"]
        ])  # fmt: skip
    text += "\n" + console.table(("table", "columns"), [(name, ", ".join(c)) for name, c in found["tables"].items()])
    emit(text, None)


@command.command("query")
@_STORE
@click.argument("sql")
@format_option("table", "json", "csv", purpose="for people, programs or spreadsheets")
@output_option
@force_option
@click.pass_obj
def query(console: Console, *, store: str, sql: str, form: str, output: Path | None, force: bool) -> None:
    """Ask a store in SQL. The tables are runs, entries, acts, observers and problems; fleet status lists their columns.

    The SQL of DuckDB, for reading only: nothing outside the store can be read, and nothing can be written.
    """
    from lightleak.fleet.query import FleetDatabase
    from lightleak.fleet.store import FleetStore

    if output is not None:
        refuse_existing(output, force=force)
    database = FleetDatabase(FleetStore.open(store))
    try:
        write_rows(console, database.rows(sql), form, output, force=force)
    finally:
        database.close()


@command.command("report")
@_STORE
@click.option(
    "--by",
    type=click.Choice(["app", "version", "os", "condition"]),
    default="app",
    help="Put these next to each other; of versions, systems and conditions also what changed (default: app).",
)
@format_option("table", "json", "html", purpose="for people, for programs, or a page to publish")
@output_option
@force_option
@click.pass_obj
def report(console: Console, *, store: str, by: str, form: str, output: Path | None, force: bool) -> None:
    """Compare apps, versions, systems or conditions per watched hour, with exact intervals.

    Only runs that could see the same are pooled; the report says which are not, and why.
    """
    from lightleak.fleet.query import FleetDatabase
    from lightleak.fleet.report.build import report_of
    from lightleak.fleet.store import FleetStore

    if output is not None:
        refuse_existing(output, force=force)
    if form == "html" and output is None:
        raise UsageError("--format html needs an output file", hint="name it with -o FILE")
    database = FleetDatabase(FleetStore.open(store))
    try:
        found = report_of(database, cast("By", by))
    finally:
        database.close()
    if form == "json":
        emit(json.dumps(found, ensure_ascii=False, indent=2) + "\n", output, force=force)
    elif form == "html":
        from lightleak.views.fleet import page

        emit(page.render(found), output, force=force)
    else:
        from lightleak.views.terminal import fleet as table

        emit(console.text_for(output, table.render(found)), output, force=force)


@command.command("compact")
@_STORE
@click.option("--force", is_flag=True, help="Go on although another compaction seems to run.")
@click.pass_obj
def compact(console: Console, *, store: str, force: bool) -> None:
    """Join the small files of each app into large ones, and remove what stopped writers left. One at a time for a store."""
    from lightleak.fleet.compact import compact_store
    from lightleak.fleet.store import FleetStore

    done = compact_store(FleetStore.open(store), force=force)
    removed = f", removed {plural(done.removed, 'file')} that no longer counted" if done.removed else ""
    console.info(f"joined {plural(done.runs, 'run')} into {plural(done.packs, 'set')}{removed}")
