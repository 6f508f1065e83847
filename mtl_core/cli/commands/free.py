"""`free RUN...`: deletes what only resuming a run needs."""

from __future__ import annotations

import click

from mtl_core.cli.asking import sure
from mtl_core.cli.output import answer_of, common
from mtl_core.display.formats import size
from mtl_core.store.workspace import Workspace


@click.command("free")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@common
@click.pass_context
def command(ctx: click.Context, runs: tuple[str, ...], yes: bool, workspace: Workspace) -> int:
    """Delete the resume state of runs that have ended, to free disk.

    The optimizer's moments and random states go; weights, curves and predictions stay. Runs that ended early can't
    be resumed after that.
    """
    from mtl_core.jobs.free import free, freeable
    from mtl_core.store import runs as run_rows

    ids = list(dict.fromkeys(runs))
    with workspace.read() as index:
        known = [run_rows.get(index, run) for run in ids]
    about = sum(freeable(workspace, run) for run in known)
    early = [run.id for run in known if run.can_go_on]
    words = f"It frees about {size(about)}."
    words += f" {', '.join(early)} can't be resumed after that." if early else ""
    if not sure(answer_of(ctx), words, yes=yes):
        return 1
    freed = {run: free(workspace, run) for run in ids}
    lines = [f"run {run}: {size(count)} freed." for run, count in freed.items()]
    answer_of(ctx).give([{"id": run, "disk_bytes": count} for run, count in freed.items()], "\n".join(lines))
    return 0
