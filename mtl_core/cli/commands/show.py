"""`show RUN`: all that is known of one run."""

from __future__ import annotations

from typing import Any

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.cli.words import data_notes, duration, progress
from mtl_core.config.settings import value_text
from mtl_core.display.formats import size
from mtl_core.display.scores import words as score_words
from mtl_core.display.words import GENERATED, encoder_name, examples_text
from mtl_core.store.workspace import Workspace


@click.command("show")
@click.argument("run")
@common
@click.pass_context
def command(ctx: click.Context, run: str, workspace: Workspace) -> None:
    """Show a run: state, progress, scores, draws and config."""
    from mtl_core.jobs.liveness import sweep
    from mtl_core.store import describe

    sweep(workspace)
    document = describe.document(workspace, run)
    answer_of(ctx).give(document, "\n".join(_lines(document)))


def _lines(run: dict[str, Any]) -> list[str]:
    lines = [f"{run['id']}  {run['title']}", f"{run['state']}{': ' * bool(run['detail'])}{run['detail']}"]
    speed = run["examples_per_second"]
    facts = (progress(run), f"{speed:.0f} examples a second" if speed else "", duration(run["seconds"]))
    lines += [" · ".join(filter(None, facts))] * any(facts)
    lines += [f"tags: {', '.join(run['tags'])}"] * bool(run["tags"]) + [run["note"]] * bool(run["note"])
    lines += [f"{size(run['disk_bytes'])} on disk"]
    for task, found in run["scores"].items():
        shown = score_words(found)
        dev = examples_text(run["dev"][task]["examples"], run["dev"][task]["clusters"], "dev examples")
        lines.append(f"  {task}: {shown} on {dev}" + f"  ({GENERATED})" * run["generated_for"].get(task, False))
    lines += data_notes(run)
    for task, draw in run["draws"].items() if run["total_steps"] != 0 else ():  # a merged run draws nothing
        lines.append(_drawn(task, draw))
        lines += [f"  {draw['remark']}"] * bool(draw["remark"])
    config = {**run["config"], "encoder": _encoder(run["config"]["encoder"])}
    config["definitions"] = config.get("definitions") and value_text("definitions", config["definitions"])
    if set(run["tasks"]) <= set(run["config"].get("definitions") or ()):
        config |= {"source": "own data", "data": None}
    return lines + [f"  {name} = {value}" for name, value in config.items() if value not in (None, "", {}, [])]


def _encoder(encoder: str) -> str:
    """As it is typed, and as pages and reports call it where that is another name."""
    return encoder if encoder_name(encoder) == encoder else f"{encoder}: {encoder_name(encoder)}"


def _drawn(task: str, draw: dict[str, Any]) -> str:
    parts = [f"{draw['actual']:,} of {draw['planned']:,} examples drawn"]
    parts += [f"{draw['actual_steps']:,} of {draw['planned_steps']:,} steps"]
    if draw["planned_epochs"]:  # runs of earlier versions do not know
        parts += [f"{draw['actual_tokens']:,} of about {draw['planned_tokens']:,} tokens"]
        parts += [f"{draw['actual_epochs']:.3g} of {draw['planned_epochs']:.3g} epochs"]
    return f"  {task}: {' · '.join(parts)}"
