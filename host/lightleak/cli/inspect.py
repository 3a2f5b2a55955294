"""``lightleak inspect``: what a privacy report says on its own."""

from __future__ import annotations

from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, refuse_existing


@click.command("inspect")
@click.argument("reports", metavar="REPORT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    help="For people, programs, or spreadsheets.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; stdout without it.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@click.pass_obj
def command(console: Console, reports: tuple[Path, ...], form: str, output: Path | None, force: bool) -> None:
    """Tell what REPORT says: an App_Privacy_Report .ndjson of any iOS, or a PrivacyAccounting store.

    Several are read as one; files may be gzipped, zipped, in a tar or a folder. Rows are not reads: the table says what
    they are. Exits with 1 where a REPORT has not one line of a report.
    """
    from lightleak.report import read_report
    from lightleak.views.export import report_json
    from lightleak.views.terminal import report_words

    if output is not None:
        refuse_existing(output, force=force)
    report = read_report(*reports)
    if form == "json":
        emit(report_json.to_json(report), output, force=force)
    elif form == "csv":
        emit(report_json.to_csv(report), output, force=force)
    else:
        from lightleak.views.terminal import report_tables

        told = report_words.tell(report)
        if output is None:
            emit(console.rendered(report_tables.render(told)), None)
        else:
            emit(report_tables.as_text(told), output, force=force)
    if form != "table" and report.problems:
        console.warning(f"problems while reading: {len(report.problems)}; --format json lists them")
