"""`example`: the finished study that comes with the product, shown or hidden as a whole."""

from __future__ import annotations

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import EXAMPLE, Workspace


@click.command("example")
@click.option("--show/--hide", "wanted", default=None, help="Put it into the runs folder, or take it away.")
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace, wanted: bool | None) -> None:
    """Show or hide the example study.

    It was trained before and is read-only. Its runs are marked in every list, come after your own, and never count
    among them. Without an option: say whether it is there.
    """
    from mtl_core.store import example

    if wanted is True:
        example.show(workspace)
    elif wanted is False:
        example.hide(workspace)
    there = example.shown(workspace)
    words = (
        f"the example study is shown. `python -m mtl_core verdict {EXAMPLE}` tells what it found."
        if there
        else "the example study is hidden. `python -m mtl_core example --show` brings it back."
    )
    answer_of(ctx).give({"study": EXAMPLE, "shown": there}, words)
