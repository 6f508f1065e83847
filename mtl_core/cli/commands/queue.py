"""`queue`: what trains and waits, and its order."""

from __future__ import annotations

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace

WAYS = ("up", "down", "first", "last")


@click.group("queue", invoke_without_command=True)
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace) -> None:
    """Show what trains and what waits, move it, take it out.

    Runs stand in groups: those of a study, or those that were launched together. Without a command it lists them.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(listing, workspace=workspace)


@command.command("list")
@common
@click.pass_context
def listing(ctx: click.Context, workspace: Workspace) -> None:
    """List what trains and waits, with its expected start and end."""
    from mtl_core.cli import queueing

    queueing.tell(answer_of(ctx), workspace)


@command.command("move")
@click.argument("name", metavar="ID")
@click.argument("way", type=click.Choice(WAYS))
@common
@click.pass_context
def move(ctx: click.Context, name: str, way: str, workspace: Workspace) -> None:
    """Move a waiting run, or all that waits of a launch or study.

    Up and down go past one run, or past one group. A run that waits for another keeps waiting for it.
    """
    from mtl_core.cli import queueing

    queueing.move(answer_of(ctx), workspace, name, way)


@command.command("cancel")
@click.argument("name", metavar="ID")
@common
@click.pass_context
def cancel(ctx: click.Context, name: str, workspace: Workspace) -> None:
    """Take a waiting run out of the queue, or all that waits of a launch.

    A study is paused: what trains of it stops after its step. `resume RUN` and `study --resume STUDY` go on.
    """
    from mtl_core.cli import queueing

    queueing.cancel(answer_of(ctx), workspace, name)
