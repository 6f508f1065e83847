"""`note RUN TEXT`: a note on a run."""

from __future__ import annotations

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace


@click.command("note")
@click.argument("run")
@click.argument("text")
@common
@click.pass_context
def command(ctx: click.Context, run: str, text: str, workspace: Workspace) -> None:
    """Write a note on a run, in place of the one before; "" deletes it."""
    from mtl_core.store import labels

    note = labels.change(workspace, run, note=text).note
    words = f"the note on run {run} is kept." if note else f"run {run} has no note."
    answer_of(ctx).give({"id": run, "note": note}, words)
