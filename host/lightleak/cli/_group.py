"""Find a command by name, run it, and turn the project's errors into one line and an exit code."""

from __future__ import annotations

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
from lightleak.cli._console import Console
from lightleak.errors import LightleakError

_MODULES = {
    "apps": "apps",
    "check": "check",
    "compare": "compare",
    "demo": "demo",
    "devices": "devices",
    "diff": "diff",
    "doctor": "doctor",
    "export": "export",
    "fieldtest": "fieldtest",
    "fleet": "fleet",
    "import": "import_",
    "inspect": "inspect",
    "mark": "mark",
    "probes": "probes",
    "pull-report": "pull_report",
    "record": "record",
    "replay": "replay",
    "show": "show",
    "verify": "verify",
    "watch": "watch",
}
"""Command name → module in this package, whose attribute ``command`` is the click command."""


class _LazyGroup(click.Group):
    """Import a command's module only when it is named, so that ``--help`` and completion are quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        here = Path(__file__).parent
        return [name for name, module in _MODULES.items() if (here / f"{module}.py").exists()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = importlib.import_module(f"lightleak.cli.{_MODULES[cmd_name]}").command
        assert isinstance(command, click.Command)
        return command

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

    from lightleak.device.agent import agent_version

    click.echo(f"lightleak {__version__}")
    click.echo(f"agent {agent_version() or 'is not built'}")
    click.echo(f"Frida {version('frida')}")
    ctx.exit()


@click.command(cls=_LazyGroup, context_settings={"help_option_names": ["--help"], "max_content_width": 110})
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
