"""`tasks list`: all tasks."""

from __future__ import annotations

import click

from mtl_core.cli.commands.tasks import give_list
from mtl_core.cli.output import common
from mtl_core.store.workspace import Workspace


@click.command("list")
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace) -> None:
    """List the tasks: those that come with Tandem, and your own."""
    give_list(ctx, workspace)
