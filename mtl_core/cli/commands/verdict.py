"""`verdict STUDY`: what a study's runs say by now."""

from __future__ import annotations

from pathlib import Path

import click

from mtl_core.cli import verdicts
from mtl_core.cli.output import answer_of, common


@click.command("verdict")
@click.argument("study")
@common
@click.pass_context
def command(ctx: click.Context, study: str, runs_dir: Path) -> int:
    """Say whether training together helped, as far as the study's finished runs tell."""
    from mtl_core.jobs.liveness import sweep

    sweep(runs_dir)
    verdicts.tell(answer_of(ctx), runs_dir, study)
    return 0
