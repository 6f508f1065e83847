"""`delete RUN...`: deletes runs for good."""

from __future__ import annotations

import click

from mtl_core.cli.asking import sure
from mtl_core.cli.output import answer_of, common
from mtl_core.display.formats import size
from mtl_core.store.workspace import Workspace


@click.command("delete")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option("--yes", is_flag=True, help="Delete without asking.")
@common
@click.pass_context
def command(ctx: click.Context, runs: tuple[str, ...], yes: bool, workspace: Workspace) -> int:
    """Delete runs for good: curves, predictions and trained weights.

    Says before what it frees, and which studies and later runs still need them. All are deleted, or none.
    """
    from mtl_core.jobs import control
    from mtl_core.store import needs
    from mtl_core.store import runs as run_rows

    ids = list(dict.fromkeys(runs))
    with workspace.read() as index:
        titles = [f"'{run_rows.get(index, run).title}' ({run})" for run in ids]
    freed = sum(workspace.run(run).size() for run in ids)
    needed = list(dict.fromkeys(need.words for need in needs.of_runs(workspace, ids)))
    words = f"Deleting {', '.join(titles)} frees {size(freed)}."
    words += f" Still needed: {'; '.join(needed)}." if needed else ""
    if not sure(answer_of(ctx), words, yes=yes):
        return 1
    control.remove(workspace, *ids)
    document = {"deleted": ids, "disk_bytes": freed, "needed": needed}
    answer_of(ctx).give(document, f"deleted {', '.join(ids)}; {size(freed)} freed.")
    return 0
