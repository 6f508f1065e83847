"""`resume RUN`: a run that was stopped, failed or lost goes on."""

from __future__ import annotations

import click

from mtl_core.cli import training
from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace


@click.command("resume")
@click.argument("run")
@click.option("--background", is_flag=True, help="Put it into the queue as the dashboard would, and return at once.")
@common
@click.pass_context
def command(ctx: click.Context, run: str, workspace: Workspace, background: bool) -> int:
    """Go on with a run that was stopped, failed or lost.

    It resumes from the last checkpoint. In the background it waits at the end of the queue.
    """
    if background:
        from mtl_core.jobs.control import resume

        resume(workspace, run)
        return training.background(answer_of(ctx), workspace, run)
    from mtl_core.jobs.foreground import resumed

    return training.foreground(answer_of(ctx), workspace, resumed(workspace, run))
