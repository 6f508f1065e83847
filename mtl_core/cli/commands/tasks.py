"""`tasks`: the tasks that can be trained."""

from __future__ import annotations

from typing import Any

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.cli.words import table
from mtl_core.store.workspace import Workspace


@click.command("tasks")
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace) -> None:
    """List the tasks."""
    from mtl_core import registry

    del workspace  # tasks are the same for every runs folder
    found = [_facts(task) for task in registry.load_all("tasks").values()]
    rows = [(task["name"], task["title"], ", ".join(task["metrics"]), task["question"]) for task in found]
    answer_of(ctx).give(found, table(("task", "title", "metrics", "question"), rows))


def _facts(task: Any) -> dict[str, Any]:
    return {
        "name": task.name,
        "title": task.title,
        "kind": task.kind,
        "question": task.question,
        "inputs": list(task.inputs),
        "labels": list(getattr(task, "labels", ())),
        "clusters": [name for name, _ in task.levels],
        "metrics": list(task.metrics),
        "hub": [part for part in task.hub if part],
        "folder": task.folder,
        "source": task.source,
    }
