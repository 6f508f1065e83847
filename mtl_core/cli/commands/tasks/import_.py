"""`tasks import`: an own task out of a colleague's file."""

from __future__ import annotations

from pathlib import Path

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", default="", help="What to call it here.  [default: its own name]")
@click.option("--train", type=click.Path(path_type=Path), help="Its training data here, where it came without.")
@click.option("--dev", type=click.Path(path_type=Path), help="Its dev data here.")
@click.option("--replace", is_flag=True, help="Replace an own task of that name.")
@common
@click.pass_context
def command(
    ctx: click.Context,
    /,
    workspace: Workspace,
    file: Path,
    name: str,
    train: Path | None,
    dev: Path | None,
    replace: bool,
) -> None:
    """Add a task that `tasks export` has written. Data that differ from the exported ones are another version."""
    from mtl_core.store import tasks
    from mtl_core.workers import intake

    asked = {"file": file, "name": name, "train": train, "dev": dev, "replace": replace}
    done = intake.take_over(tasks.use(workspace), asked)
    words = f"{done['name']} version {done['version']} is added"
    words += "" if done["same"] else f"; its data differ from the exported version {done['exported']}"
    answer_of(ctx).give(done, words)
