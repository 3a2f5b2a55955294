"""``lightleak inspect``: summarise a privacy report."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from lightleak.cli._console import Console
from lightleak.cli._files import emit, refuse_existing
from lightleak.cli._options.formats import format_option
from lightleak.cli._options.values import force_option, output_option


@click.command("inspect")
@click.argument("reports", metavar="REPORT...", nargs=-1, required=True, type=click.Path(path_type=Path))
@format_option("table", "json", "csv", purpose="for people, programs or spreadsheets")
@output_option
@force_option
@click.pass_obj
def command(console: Console, reports: tuple[Path, ...], form: str, output: Path | None, force: bool) -> None:
    """Summarise REPORT: an App_Privacy_Report .ndjson of any iOS, or a PrivacyAccounting store.

    Several are read as one. Files may be gzipped, zipped, in a tar or in a folder. Rows are not reads: the output explains
    them.
    """
    from lightleak.report import read_report
    from lightleak.views.export import report_json
    from lightleak.views.terminal import report as view

    if output is not None:
        refuse_existing(output, force=force)
    _refuse_sessions(reports)
    report = read_report(*reports)
    if form == "json":
        emit(report_json.render(report), output, force=force)
    elif form == "csv":
        emit(report_json.render_csv(report), output, force=force)
    else:
        emit(console.text_for(output, view.render(view.describe(report))), output, force=force)
    if form != "table" and report.problems:
        console.warning(f"problems while reading: {len(report.problems)}; --format json lists them")


def _refuse_sessions(paths: tuple[Path, ...]) -> None:
    """Refuse recordings, and say what reads them. Raises: ReportError."""
    from lightleak.errors import ReportError
    from lightleak.trace.frames import starts_like_session_file

    for path in filter(Path.is_file, paths):
        with contextlib.suppress(OSError), path.open("rb") as file:
            if (start := file.read(8)) and starts_like_session_file(start):
                raise ReportError(
                    f"{path} is a recording of lightleak, not a privacy report",
                    hint=f"run lightleak show {path}, or lightleak compare {path} with a report",
                )
