"""`export STUDY`: its report, its tables or its card, as a file or on standard output."""

from __future__ import annotations

from pathlib import Path

import click

from mtl_core.cli.output import TypedPath, answer_of, common
from mtl_core.disk import whole
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.store.workspace import Workspace

FORMATS = ("html", "md", "latex", "csv", "card")


@click.command("export")
@click.argument("study")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="html", help="[default: html]")
@click.option("--output", type=TypedPath(), help="The file to write.  [default: standard output]")
@common
@click.pass_context
def command(ctx: click.Context, study: str, kind: str, output: Path | None, workspace: Workspace) -> int:
    """Give a study away: html is a report that needs nothing else, md and latex are its tables, csv is its verdicts,
    card is what `study --from` runs again.
    """
    from mtl_core.jobs import sealing
    from mtl_core.jobs.liveness import sweep
    from mtl_core.store import studies
    from mtl_core.studies import export

    found = studies.get(workspace, study)
    sweep(workspace)
    text = export.FORMATS[kind](workspace, sealing.for_report(workspace, found.id))
    answer = answer_of(ctx)
    if output is None:
        answer.give({"study": study, "format": kind, "text": text}, text.removesuffix("\n"))
        return 0
    path = output.absolute()
    write(path, text)
    answer.give({"study": study, "format": kind, "file": str(path)}, f"written: {path}")
    return 0


def write(path: Path, text: str) -> None:
    """The whole file or nothing. Raises InvalidConfig, saying why it can't be."""
    try:
        path.parent.stat()  # a folder with a mistyped name is not made
        whole.write_text(path, text)
    except OSError as error:
        words = f"can't write {path}: {error.strerror or error}. Give a file in a folder that can be written."
        raise InvalidConfig([Fault("output", words)]) from error
