"""`runs`: every run, the newest first."""

from __future__ import annotations

from typing import Any

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.cli.words import progress, scores, table
from mtl_core.store.workspace import Workspace


@click.command("runs")
@click.option("--limit", type=click.IntRange(min=1), default=None, help="Most runs to list.  [default: all]")
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace, limit: int | None) -> None:
    """List runs, the newest first."""
    from mtl_core.store import light

    light.load()
    from mtl_core.jobs.liveness import sweep
    from mtl_core.store import describe

    sweep(workspace)
    found = describe.listing(workspace, limit=limit or -1)
    answer_of(ctx).give(found, _words(found) or "no runs yet. `python -m mtl_core train --help` says how to start one.")


def _words(found: list[dict[str, Any]]) -> str:
    rows = [(run["id"], run["state"], progress(run), run["title"], scores(run)) for run in found]
    return table(("run", "state", "progress", "what", "scores"), rows) if rows else ""
