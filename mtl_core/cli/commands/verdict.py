"""`verdict STUDY`: what a study's runs say by now."""

from __future__ import annotations

import click

from mtl_core.cli import verdicts
from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace


@click.command("verdict")
@click.argument("study")
@common
@click.pass_context
def command(ctx: click.Context, study: str, workspace: Workspace) -> int:
    """Say whether training together helped, as far as the study's finished runs tell."""
    from mtl_core.jobs.liveness import sweep

    sweep(workspace)
    verdicts.tell(answer_of(ctx), workspace, study)
    return 0
