"""`tasks add`: a task out of a file, a folder or a data set of the hub; or where the data of a built-in one lie."""

from __future__ import annotations

from typing import Any

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.cli.words import table
from mtl_core.config import typed
from mtl_core.config.definitions import LEAST_HELD_OUT, MOST_HELD_OUT
from mtl_core.store.workspace import Workspace


def _names(_ctx: click.Context, _option: click.Parameter, text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


@click.command("add")
@click.argument("what")
@click.argument("dev", required=False)
@click.option("--name", default="", help="What to call it, such as tickets.  [default: the file's name]")
@click.option("--kind", default="", help="classification, regression, ...  [default: guessed]")
@click.option("--inputs", callback=_names, default="", metavar="NAME,NAME", help="Columns with the texts.")
@click.option("--answer", default="", help="The column with the answers.")
@click.option("--title", default="", help="Its name for readers.")
@click.option("--question", default="", help="The question that it asks of its input, in a line.")
@click.option("--labels", callback=_names, default="", metavar="NAME,NAME", help="All labels, in their order.")
@click.option("--metrics", callback=_names, default="", metavar="NAME,NAME", help="The main one first.")
@click.option("--delimiter", default="", help="Between columns; tab for a tabulator.")
@click.option("--quoted/--unquoted", default=None, help="Whether quotation marks enclose fields.")
@click.option("--encoding", default="", help="Such as utf-8, cp1252, utf-16.")
@click.option("--header/--no-header", default=None, help="Whether the first row has the columns' names.")
@click.option(
    "--hold-out",
    type=float,
    help=f"Share of the rows that become the dev set, where there is no dev file: {LEAST_HELD_OUT} to {MOST_HELD_OUT}.",
)
@click.option("--rules", callback=_names, default="", metavar="NAME,NAME", help="Rows to leave out: see tasks check.")
@click.option(
    "--source", type=click.Choice(["sample", "hub", "folder"]), help="Of a built-in task: where its data lie."
)
@click.option("--data", help="Of a built-in task: the folder that holds its files.")
@click.option("--copy", is_flag=True, help="Copy the files into the runs folder.")
@click.option("--replace", is_flag=True, help="Replace an own task of that name.")
@click.option("--dry-run", is_flag=True, help="Show what would be added, and add nothing.")
@common
@click.pass_context
def command(ctx: click.Context, /, workspace: Workspace, what: str, dev: str | None, **given: Any) -> None:
    """Add a task of your own from WHAT: a file (and a DEV file), a folder, or hub:ID or hub:ID:CONFIGURATION.

    What is not said is guessed from the content. With the name of a built-in task, or a folder that holds official
    files, it is remembered where the data lie, so that no later command has to say it."""
    from mtl_core import registry
    from mtl_core.store import tasks

    shelf = tasks.use(workspace)
    builtin = _official(what, given)
    if builtin or what in registry.own_names("tasks"):
        _remember(ctx, shelf, builtin or (what,), what, given)
        return
    from mtl_core.workers import intake

    document = intake.add(shelf, {**_request(given), "what": what, "dev": dev})
    answer_of(ctx).give(document, _words(document, added=not given["dry_run"]))


def _request(given: dict[str, Any]) -> dict[str, Any]:
    """The options in the form that `workers.intake` takes."""
    reading = {
        "delimiter": {"tab": "\t", "\\t": "\t"}.get(given["delimiter"], given["delimiter"]),
        "quoted": given["quoted"],
        "encoding": given["encoding"],
        "header": given["header"],
    }
    words = {name: given[name] for name in ("title", "question") if given[name]}
    words |= {name: list(given[name]) for name in ("labels", "metrics") if given[name]}
    same = ("name", "kind", "inputs", "answer", "hold_out", "rules", "copy", "replace", "dry_run")
    said = {name: value for name, value in reading.items() if value not in ("", None)}
    return {**{name: given[name] for name in same}, "task": words, "reading": said}


def _official(what: str, given: dict[str, Any]) -> tuple[str, ...]:
    """Built-in tasks whose official files lie in a folder, unless it is to be a task of its own."""
    from mtl_core.data import folder
    from mtl_core.registry import load, own_names

    if given["name"] or given["kind"] or not typed.is_folder(what):
        return ()
    return tuple(name for name in own_names("tasks") if folder.is_own(load("tasks", name), typed.path(what)))


def _remember(ctx: click.Context, shelf: Any, names: tuple[str, ...], what: str, given: dict[str, Any]) -> None:
    from mtl_core.workers import intake

    data = given["data"] or (None if what in names else what)
    asked = {"names": names, "source": "folder" if data else given["source"], "data": data}
    found = intake.remember(shelf, {**asked, "dry_run": given["dry_run"]})
    said = "" if not given["dry_run"] else "\nnothing was remembered (--dry-run)"
    place = next(iter(found.values()))
    answer_of(ctx).give({"remembered": found}, f"{', '.join(names)}: {place}{said}")


def _words(found: dict[str, Any], *, added: bool) -> str:
    task, name = found["definition"]["task"], found["definition"]["name"]
    lines = [
        f"{name}: {task['kind']}, {found['train']:,} training and {found['dev']:,} dev rows",
        f"texts from {', '.join(task['inputs'])}; answers from {' or '.join(found['answer'])}",
    ]
    if found["definition"]["unused"]:
        lines.append(f"not used: {', '.join(found['definition']['unused'])}")
    if found["labels"] and set(found["labels"]) != {""}:
        lines.append("labels " + ", ".join(f"{label} {count:,}" for label, count in found["labels"].items()))
    lines += found["notes"]
    rows = [(str(row["place"]), *_cells(row)) for row in found["preview"][:3]]
    lines += ["", table(("row", "text", "answer"), rows), ""]
    lines.append(f"train it: python -m mtl_core train --tasks {name}" if added else "nothing was added (--dry-run)")
    return "\n".join(lines)


def _cells(row: dict[str, Any]) -> tuple[str, str]:
    if "fault" in row:
        return row["fault"], ""
    text = " ‖ ".join(" ".join(one.split()) for one in row["inputs"].values())
    return text if len(text) <= 80 else f"{text[:79]}…", row["answer"]
