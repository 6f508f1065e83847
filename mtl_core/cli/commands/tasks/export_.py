"""`tasks export`: an own task as one file."""

from __future__ import annotations

from pathlib import Path

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace


@click.command("export")
@click.argument("name")
@click.option("--output", type=click.Path(path_type=Path), help="The file to write.  [default: NAME.tandem-task]")
@click.option("--without-data", is_flag=True, help="The definition and the data's fingerprint alone.")
@common
@click.pass_context
def command(ctx: click.Context, /, workspace: Workspace, name: str, output: Path | None, without_data: bool) -> None:
    """Write an own task into one file, which a colleague adds with `tasks import`."""
    from mtl_core.config.definitions import version
    from mtl_core.data import passing_on
    from mtl_core.store import tasks

    definition = tasks.own_task(tasks.use(workspace), name)
    target = output or Path(f"{name}.tandem-task")
    passing_on.export(definition, target, with_data=not without_data)
    found = {"file": str(target), "version": version(definition), "with_data": not without_data}
    answer_of(ctx).give(found, f"{target}: {name} version {found['version']}" + ", without its data" * without_data)
