"""Find a command by name, run it, and turn errors into one line and an exit code.

Separate because the package's first import must stay quick: shells ask it for completions.
"""

from __future__ import annotations

import difflib
import functools
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
from lightleak.cli._options.everywhere import QUIET_HELP, VERBOSE_HELP, set_verbosity, with_shared_options
from lightleak.errors import LightleakError
from lightleak.text import escaped

SECTIONS = {
    "Without a phone": {
        "demo": "Show what results look like, with a bundled recording.",
    },
    "Get ready": {
        "doctor": "Check this machine and phone, and say how to fix problems.",
        "devices": "List the devices that Frida sees.",
        "apps": "List the apps and processes of a device.",
        "probes": "List the hooks, and which of them an app would get.",
        "fieldtest": "Test on a phone which assumptions of the rules hold.",
    },
    "Record": {
        "record": "Record what an app does with the photo library.",
        "watch": "Record for days, through launches, locks and cut cables.",
        "mark": "Add a note to the running recording.",
    },
    "The privacy report": {
        "inspect": "Summarise a privacy report.",
        "pull-report": "Fetch the report's store from a jailbroken device.",
    },
    "Compare and check": {
        "compare": "Say why each photos entry of a report exists.",
        "check": "Check sessions and reports against a policy.",
        "diff": "Show what changed between two sessions.",
    },
    "Many sessions": {
        "fleet": "Put many sessions into one data set, and compare apps.",
    },
    "A recorded session": {
        "show": "Show a session as a timeline in the terminal.",
        "replay": "Replay a session as it was recorded.",
        "verify": "Check that a session is complete and unchanged.",
        "export": "Convert a session for other tools, or redact it.",
        "import": "Convert an NDJSON trace to a session.",
    },
}
"""The commands in the order in which a newcomer needs them, each in a line that fits a narrow terminal."""

_UNLISTED = ("help",)
"""Commands that ``--help`` does not list."""

_MODULE = {"import": "import_", "pull-report": "pull_report"}
"""Command → module of this package, where the names differ. The module's ``command`` is the click command."""


class _LazyGroup(click.Group):
    """A group that imports a command's module only when it is named, so that ``--help`` and completion are quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        here = Path(__file__).parent
        names = sorted(name for section in SECTIONS.values() for name in section)
        return [name for name in names if (here / f"{_MODULE.get(name, name)}.py").exists()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in (*self.list_commands(ctx), *_UNLISTED):
            return None
        command = importlib.import_module(f"lightleak.cli.{_MODULE.get(cmd_name, cmd_name)}").command
        assert isinstance(command, click.Command)
        return with_shared_options(command)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options before the command. Raises: UsageError for one that follows a command."""
        words = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as problem:
            from lightleak.cli._misplaced import misplaced

            commands = {name: functools.partial(self._command, ctx, name) for name in self.list_commands(ctx)}
            meant = misplaced(problem.option_name, words, commands)
            if meant is None:
                raise
            raise meant from problem

    def _command(self, ctx: click.Context, name: str) -> click.Command:
        command = self.get_command(ctx, name)
        assert command is not None
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or fail and suggest the commands with a similar name."""
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            from lightleak.cli._misplaced import MEANT

            if name in MEANT:
                ctx.fail(f"No such command '{name}': {MEANT[name]}")
            near = difflib.get_close_matches(name, self.list_commands(ctx))
            meant = f"did you mean {' or '.join(near)}?" if near else "lightleak --help lists them."
            ctx.fail(f"No such command '{escaped(name)}': {meant}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in their sections."""
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
            # click would turn it into exit code 1.
            raise _ReaderGone from problem


class _ReaderGone(Exception):  # noqa: N818  not an error
    """The reader of stdout has stopped reading, as ``| head`` does."""


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
    epilog="New here? Start with lightleak demo, which needs no phone. Then plug one in and run lightleak doctor -U.",
)
@click.option("-v", "--verbose", is_flag=True, help=VERBOSE_HELP)
@click.option("-q", "--quiet", is_flag=True, help=QUIET_HELP)
@click.option(
    "-V",
    "--version",
    is_flag=True,
    callback=_print_version,
    expose_value=False,
    is_eager=True,
    help="Show the versions of lightleak, its agent and Frida.",
)
@click.pass_context
def cli(ctx: click.Context, verbose: bool, quiet: bool) -> None:
    """Record what iOS apps do with the photo library, and say why each entry of Apple's App Privacy Report exists."""
    ctx.obj = Console()
    set_verbosity(ctx.obj, int(verbose))
    set_verbosity(ctx.obj, -int(quiet))


def main(args: list[str] | None = None) -> NoReturn:
    """Run the command line and exit: 0 done, 1 failed, 2 invalid usage, 3 and above only if an option asks for it."""
    sys.exit(_run(args))


def _run(args: list[str] | None) -> int:
    try:
        # SIGTERM ends every command as Ctrl-C does.
        signal.signal(signal.SIGTERM, _interrupt)
        if isinstance(sys.stdout, io.TextIOWrapper):
            # An app's name may have letters that the pipe's encoding lacks (Windows, LC_ALL=C): escape them, do not fail.
            sys.stdout.reconfigure(errors="backslashreplace")
        result: Any = cli.main(args=args, prog_name="lightleak", standalone_mode=False)
    except LightleakError as problem:
        Console().error(problem)
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
