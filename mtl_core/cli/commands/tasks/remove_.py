"""`tasks remove`: an own task, or where the data of another lie."""

from __future__ import annotations

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace


@click.command("remove")
@click.argument("name")
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace, name: str) -> None:
    """Forget an own task, or where the data of a built-in one lie. Runs keep what they know; your files stay."""
    from mtl_core import registry
    from mtl_core.store import tasks

    shelf = tasks.use(workspace)
    if name in registry.own_names("tasks"):
        shelf.remember(name, None)
        answer_of(ctx).give({"forgotten": name}, f"where {name}'s data lie is forgotten")
        return
    shelf.remove(name)
    answer_of(ctx).give({"removed": name}, f"{name} is removed; runs that trained it keep its definition")
