"""`rename RUN NAME`: gives a run another name."""

from __future__ import annotations

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace


@click.command("rename")
@click.argument("run")
@click.argument("name")
@common
@click.pass_context
def command(ctx: click.Context, run: str, name: str, workspace: Workspace) -> None:
    """Give a run another name; "" gives it back the one made of its config.

    Its id and its config stay as they are.
    """
    from mtl_core.store import labels, runs

    labels.change(workspace, run, name=name)
    with workspace.read() as index:
        title = runs.get(index, run).title
    answer_of(ctx).give({"id": run, "title": title}, f"run {run} is called '{title}'.")
