"""``lightleak help``: the same as ``--help``, for those who type the word."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem


def _complete(context: click.Context, _parameter: click.Parameter, start: str) -> list[CompletionItem]:
    group = context.find_root().command
    names = group.list_commands(context) if isinstance(group, click.Group) else []
    return [CompletionItem(name) for name in names if name.startswith(start)]


@click.command("help")
@click.argument("name", required=False, metavar="[COMMAND]", shell_complete=_complete)
@click.pass_context
def command(context: click.Context, *, name: str | None) -> None:
    """Show the help of lightleak, or of COMMAND."""
    root = context.find_root()
    group = root.command
    if name is None or not isinstance(group, click.Group):
        click.echo(root.get_help())
        return
    found_name, found, _ = group.resolve_command(root, [name])
    assert found is not None
    click.echo(found.get_help(click.Context(found, info_name=found_name, parent=root)))
