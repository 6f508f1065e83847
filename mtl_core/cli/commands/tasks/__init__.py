"""`tasks`: the tasks that can be trained, and own ones: added, shown, checked, exported."""

from __future__ import annotations

import importlib
from typing import Any

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.cli.words import table
from mtl_core.store.workspace import Workspace

SUBCOMMANDS = ("list", "add", "show", "remove", "check", "export", "import")


class TaskCommands(click.Group):
    """Finds the commands in their files."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order in which one needs them."""
        del ctx
        return [*SUBCOMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, None where there is none."""
        del ctx
        if cmd_name not in SUBCOMMANDS:
            return None
        found: click.Command = importlib.import_module(f"{__name__}.{cmd_name}_").command
        return found


@click.group("tasks", cls=TaskCommands, invoke_without_command=True)
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace) -> None:
    """List the tasks, add your own, and say where data lie."""
    if ctx.invoked_subcommand is None:
        give_list(ctx, workspace)


def give_list(ctx: click.Context, workspace: Workspace) -> None:
    """All tasks: those of the code, then the added ones."""
    from mtl_core import registry

    found = [facts(registry.load("tasks", name)) for name in registry.names("tasks")]
    rows = [(task["name"], task["title"], task["kind"], ", ".join(task["metrics"]), task["data"]) for task in found]
    answer_of(ctx).give(found, table(("task", "title", "kind", "metrics", "data"), rows))
    del workspace  # tasks are found in the one that the option has named


def facts(task: Any) -> dict[str, Any]:
    """A task as JSON."""
    from mtl_core import registry
    from mtl_core.config.definitions import version
    from mtl_core.kinds import kind_of
    from mtl_core.store.tasks import data_text

    shelf = registry.shelf()
    definition = shelf and task.name not in registry.own_names("tasks") and shelf.definition(task.name)
    return {
        "name": task.name,
        "title": task.title,
        "kind": task.kind,
        "question": task.question,
        "inputs": list(task.inputs),
        "answer": list(kind_of(task).reader(task).gold_columns),
        "unused": (definition or {}).get("unused", []),
        "labels": list(getattr(task, "labels", ())),
        "clusters": [name for name, _ in task.levels],
        "metrics": list(task.metrics),
        "hub": [part for part in task.hub if part],
        "folder": task.folder,
        "source": task.source,
        "own": bool(definition),
        "data": data_text(definition) if definition else (shelf and shelf.place(task.name)) or "not remembered",
        "version": version(definition) if definition else "",
    }
