"""`reindex`: rebuilds runs.db from the runs' folders."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace


@click.command("reindex")
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace) -> None:
    """Rebuild the index over runs from the runs' folders.

    A run that was waiting when its index was lost comes back as stopped; a run whose folder is gone is dropped.
    """
    from mtl_core.jobs import identity
    from mtl_core.jobs.liveness import sweep
    from mtl_core.store.reindex import reindex

    done = asdict(reindex(workspace, identity.host()))
    sweep(workspace)
    answer_of(ctx).give(done, "\n".join(_lines(done)))


def _lines(done: dict[str, Any]) -> list[str]:
    lines = [f"{done['runs']:,} runs in the index; {len(done['added']):,} found, {len(done['dropped']):,} dropped."]
    if done["kept_aside"]:
        lines.append(f"The damaged index was moved to {done['kept_aside']}.")
    return lines + [f"left out {name}: {why}" for name, why in done["unreadable"].items()]
