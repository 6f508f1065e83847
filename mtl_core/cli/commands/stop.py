"""`stop RUN`: ends a run after its current step."""

from __future__ import annotations

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.records import RunState
from mtl_core.store.workspace import Workspace


@click.command("stop")
@click.argument("run")
@common
@click.pass_context
def command(ctx: click.Context, run: str, workspace: Workspace) -> None:
    """Stop a run after its current step.

    It leaves a checkpoint. A run that waits is stopped at once.
    """
    from mtl_core.jobs.control import request_stop

    was = request_stop(workspace, run)
    waited = was.state == RunState.QUEUED
    words = f"run {run} is stopped; it had not started." if waited else f"run {run} stops after its current step."
    answer_of(ctx).give(
        {"id": run, "state": RunState.STOPPED if waited else RunState.RUNNING, "stop_requested": True}, words
    )
