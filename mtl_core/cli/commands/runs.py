"""`runs`: every run, or those that a filter finds."""

from __future__ import annotations

from typing import Any

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.cli.words import progress, scores, table
from mtl_core.display.formats import size
from mtl_core.errors import Fault, InvalidConfig, unknown_name
from mtl_core.store.workspace import Workspace

NONE = "no runs yet. `python -m mtl_core train --help` says how to start one."
NO_MATCH = "no run matches the filter."


@click.command("runs")
@click.option(
    "--filter",
    "wanted",
    multiple=True,
    metavar="TEXT",
    help="Words, and fields such as state=finished,stopped task=sst2 method=pcgrad recipe=hard encoder=embedded "
    "data=sample seed=1,2 study=NAME tag=paper. Several are all fulfilled.",
)
@click.option(
    "--sort",
    "order",
    metavar="COLUMN",
    default="-created",
    help="state, name, tasks, recipe, encoder, data, seed, score, study, tags, created, duration or disk; "
    "with a minus before it from the highest down.  [default: -created]",
)
@click.option("--limit", type=click.IntRange(min=1), default=None, help="Most runs to list.  [default: all]")
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace, wanted: tuple[str, ...], order: str, limit: int | None) -> None:
    """List runs, the newest first, or those that a filter finds.

    For example: runs --filter "state=stopped task=sst2" --sort -disk
    """
    from mtl_core.store import light

    light.load()
    from mtl_core.jobs.liveness import sweep
    from mtl_core.store import describe, found_runs, needs, run_filter

    if order.removeprefix("-") not in found_runs.ORDERS:
        raise InvalidConfig([Fault("sort", unknown_name("column", order.removeprefix("-"), found_runs.ORDERS))])
    asked = run_filter.parse(" ".join(wanted))
    sweep(workspace)
    found = describe.listing(workspace, limit or -1, asked, order)
    words = _words(found) or (NO_MATCH if wanted else NONE)
    if wanted and not found:
        with workspace.read() as index:
            words = "\n".join([words, *found_runs.unheard(index, asked, needs.members(workspace))])
    answer_of(ctx).give(found, words)


def _words(found: list[dict[str, Any]]) -> str:
    cells = [_cells(run) for run in found]
    return table(tuple(cells[0]), [tuple(one.values()) for one in cells]) if cells else ""


def _cells(run: dict[str, Any]) -> dict[str, str]:
    return {
        "run": run["id"],
        "state": run["state"],
        "progress": progress(run),
        "what": run["title"],
        "scores": scores(run),
        "tags": ", ".join(run["tags"]),
        "disk": size(run["disk_bytes"]),
    }
