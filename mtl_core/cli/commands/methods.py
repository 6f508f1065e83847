"""`methods`: every sharing, schedule, balancing and merging with its settings."""

from __future__ import annotations

from typing import Any

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.cli.words import table
from mtl_core.store.workspace import Workspace


@click.command("methods")
@common
@click.pass_context
def command(ctx: click.Context, workspace: Workspace) -> None:
    """List the methods and their settings."""
    from mtl_core.engine import methods

    del workspace  # methods are the same for every runs folder
    found = methods.catalogue()
    answer_of(ctx).give(found, _words(found))


def _words(found: dict[str, dict[str, dict[str, Any]]]) -> str:
    rows = [
        (family, name, ", ".join(method["settings"].get("properties", {})), method["summary"])
        for family, methods in found.items()
        for name, method in methods.items()
    ]
    return table(("family", "method", "settings", "what it does"), rows)
