"""`tag RUN... --add TAG --remove TAG`: the tags of runs."""

from __future__ import annotations

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.store.workspace import Workspace


@click.command("tag")
@click.argument("runs", nargs=-1, required=True, metavar="RUN...")
@click.option("--add", multiple=True, metavar="TAG,TAG", help="Tags that the runs get.")
@click.option("--remove", multiple=True, metavar="TAG,TAG", help="Tags that are taken off.")
@common
@click.pass_context
def command(
    ctx: click.Context, runs: tuple[str, ...], add: tuple[str, ...], remove: tuple[str, ...], workspace: Workspace
) -> None:
    """Add tags to runs, or take tags off; a comma separates two tags.

    `runs --filter tag=TAG` finds them again.
    """
    from mtl_core.store import labels

    if not add and not remove:
        raise InvalidConfig([Fault("add", "is missing. Give --add TAG, --remove TAG or both.")])
    more, less = _typed("add", add), _typed("remove", remove)
    found = {run: list(labels.change(workspace, run, add=more, remove=less).tags) for run in dict.fromkeys(runs)}
    lines = [f"run {run}: {_words(tags)}" for run, tags in found.items()]
    answer_of(ctx).give([{"id": run, "tags": tags} for run, tags in found.items()], "\n".join(lines))


def _typed(field: str, given: tuple[str, ...]) -> list[str]:
    """The tags of an option. Raises InvalidConfig for an empty one."""
    from mtl_core.store import labels

    try:
        return [tag for text in given for tag in labels.tags_in(text)]
    except ValueError as error:
        raise InvalidConfig([Fault(field, str(error))]) from error


def _words(tags: list[str]) -> str:
    """ "2 tags: paper, first try"."""
    return f"{len(tags)} tag{'s' * (len(tags) != 1)}: {', '.join(tags)}" if tags else "no tags"
