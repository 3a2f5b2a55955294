"""Find a command by name, run it, and turn the project's errors into one line and an exit code."""

from __future__ import annotations

import difflib
import importlib
import io
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

import click

from lightleak._version import __version__
from lightleak.cli._console import Console, printable
from lightleak.errors import LightleakError

SECTIONS = {
    "Without a phone": {
        "demo": "Show what results look like, on a bundled recording.",
    },
    "Get ready": {
        "doctor": "Find what is in the way of a recording, and what mends it.",
        "devices": "List the devices that Frida sees.",
        "apps": "List the apps and processes of a device.",
        "probes": "List what is hooked, and what would be in an app.",
        "fieldtest": "Find out on a phone which assumptions of the rules hold.",
    },
    "Record": {
        "record": "Record what an app does with the photo library.",
        "watch": "Record for days: through launches, locks, cut cables.",
        "mark": "Put a note into the running recording.",
    },
    "The privacy report": {
        "inspect": "Tell what a report says on its own.",
        "pull-report": "Fetch the report's store from a jailbroken device.",
    },
    "Judge": {
        "compare": "Say why each photos entry of a report exists.",
        "check": "Hold sessions and reports against a policy.",
        "diff": "Say what changed between two sessions.",
    },
    "A recorded session": {
        "show": "Show it as a timeline in the terminal.",
        "replay": "Show it again as it was when it was recorded.",
        "verify": "Check that it is whole and unchanged.",
        "export": "Write it for other tools, or redacted to publish.",
        "import": "Make one of a trace in NDJSON.",
    },
}
"""The commands in the order in which somebody new meets them, each in a line that fits a narrow terminal."""

_MODULE = {"import": "import_", "pull-report": "pull_report"}
"""Where a command's module in this package is not called like it; its attribute ``command`` is the click command."""


class _LazyGroup(click.Group):
    """Import a command's module only when it is named, so that ``--help`` and completion are quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        here = Path(__file__).parent
        names = sorted(name for section in SECTIONS.values() for name in section)
        return [name for name in names if (here / f"{_MODULE.get(name, name)}.py").exists()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"lightleak.cli.{_MODULE.get(cmd_name, cmd_name)}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; of a word that is none, say which may have been meant."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            near = difflib.get_close_matches(name, self.list_commands(ctx))
            meant = f"did you mean {' or '.join(near)}?" if near else "lightleak --help lists them."
            ctx.fail(f"No such command '{printable(name)}': {meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by what they are for."""
        present = set(self.list_commands(ctx))
        for title, section in SECTIONS.items():
            rows = [(name.ljust(11), line) for name, line in section.items() if name in present]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as problem:
            # click would make exit code 1 of it.
            raise _ReaderGone from problem


class _ReaderGone(Exception):  # noqa: N818  no error: the reader of stdout has had enough (``| head``), its right
    pass


def _print_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from importlib.metadata import version

    from lightleak.device.agent_bundle import agent_version

    click.echo(f"lightleak {__version__}")
    click.echo(f"agent {agent_version() or 'is not built'}")
    click.echo(f"Frida {version('frida')}")
    ctx.exit()


@click.command(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="New here? lightleak demo needs no phone. Then plug one in: lightleak doctor -U says what is in the way.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say more on stderr.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.option(
    "--version",
    is_flag=True,
    callback=_print_version,
    expose_value=False,
    is_eager=True,
    help="Tell the versions of lightleak, its agent and Frida.",
)
@click.pass_context
def cli(ctx: click.Context, verbose: bool, quiet: bool) -> None:
    """Say why each photos entry of Apple's App Privacy Report exists, and how far the app went."""
    if verbose and quiet:
        raise click.UsageError("-v and -q contradict each other: choose one.")
    ctx.obj = Console(verbosity=verbose - quiet)


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 1 could not do it, 2 wrong usage, 3 and above only where asked for."""
    sys.exit(_run(args))


def _run(args: list[str] | None) -> int:
    try:
        # A stop by SIGTERM is a stop like Ctrl-C, wherever the command is.
        signal.signal(signal.SIGTERM, _interrupt)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # An app's name may have letters that a pipe's encoding has not (Windows, LC_ALL=C): escaped, not refused.
            sys.stdout.reconfigure(errors="backslashreplace")
        result: Any = cli.main(args=args, prog_name="lightleak", standalone_mode=False)
    except LightleakError as problem:
        Console().error(str(problem))
        return problem.exit_code
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except (click.Abort, KeyboardInterrupt):
        return 0
    except (_ReaderGone, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
