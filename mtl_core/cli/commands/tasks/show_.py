"""`tasks show`: what is known of a task."""

from __future__ import annotations

from typing import Any

import click

from mtl_core.cli.commands.tasks import facts
from mtl_core.cli.output import answer_of, common
from mtl_core.store.workspace import Workspace


@click.command("show")
@click.argument("name")
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace, name: str) -> None:
    """Show a task: kind, columns, labels, metrics, data and rules."""
    from mtl_core import registry
    from mtl_core.store import tasks

    shelf = tasks.use(workspace)
    found = facts(registry.load("tasks", name))
    definition = shelf.definition(name) if name not in registry.own_names("tasks") else None
    document = {**found, "definition": definition} if definition else found
    answer_of(ctx).give(document, "\n".join(f"{key:12} {_text(value)}" for key, value in _lines(found, definition)))


def _lines(found: dict[str, Any], definition: dict[str, Any] | None) -> list[tuple[str, Any]]:
    lines = [(key, value) for key, value in found.items() if value and key != "own"]
    if definition:
        lines += [("rules", definition.get("rules")), ("held out", definition.get("hold_out"))]
        lines += [("reading", " ".join(f"{key}={value!r}" for key, value in definition.get("reading", {}).items()))]
    return [(key, value) for key, value in lines if value]


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
