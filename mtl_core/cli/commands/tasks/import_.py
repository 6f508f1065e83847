"""`tasks import`: an own task out of a colleague's file."""

from __future__ import annotations

import shutil
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
    from mtl_core.config.definitions import version
    from mtl_core.data import own, passing_on
    from mtl_core.errors import Fault, InvalidConfig
    from mtl_core.kinds._definition import made
    from mtl_core.store import tasks

    shelf = tasks.use(workspace)
    exported, with_data = passing_on.read(file)
    definition = {**exported, "name": name or exported["name"]}
    tasks.check_name(definition["name"])
    if definition["name"] in shelf.names() and not replace:
        words = f"there is a task '{definition['name']}' already. Give another --name, or replace it with --replace."
        raise InvalidConfig([Fault("name", words)])
    folder = shelf.files_of(definition["name"])
    if "hub" not in definition["data"]:
        if with_data and train is None:
            definition = passing_on.unpack(file, definition, folder)
        else:
            definition = passing_on.pointed(definition, train, dev)
    try:
        definition = tasks.refreshed(definition)
        own.read(made(definition), definition)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    saved = shelf.save(definition)
    now, then = version(saved), version({**exported, "name": saved["name"]})
    same = now == then
    words = f"{saved['name']} version {now} is added" + f"; its data differ from the exported version {then}" * (
        not same
    )
    answer_of(ctx).give({"name": saved["name"], "version": now, "exported": then, "same": same}, words)
