"""`tasks check`: what is in a task's data, and rules that leave rows out."""

from __future__ import annotations

from typing import Any

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.cli.words import table
from mtl_core.store.workspace import Workspace

CUT = 90


@click.command("check")
@click.argument("name")
@click.option("--leave-out", metavar="NAME,NAME", help="Rules that the task keeps: duplicates,in_dev,... or none.")
@click.option("--against", metavar="NAME", help="A target: its dev texts in this task's training data.")
@click.option("--encoder", default="embedded", help="Whose tokens are counted.")
@click.option("--max-length", default=128, help="Tokens that a run reads.")
@common
@click.pass_context
def command(
    ctx: click.Context,
    /,
    workspace: Workspace,
    name: str,
    leave_out: str | None,
    against: str | None,
    encoder: str,
    max_length: int,
) -> None:
    """Show what is in a task's data: rows, labels, lengths, duplicates, contradictions, training rows in dev.

    With --leave-out, the task keeps rules that leave such rows out; the file stays as it is."""
    from mtl_core import registry
    from mtl_core.store import tasks
    from mtl_core.workers import intake

    shelf = tasks.use(workspace)
    if against:
        _give_overlap(ctx, registry.load("tasks", name), registry.load("tasks", against))
        return
    rules = None
    if leave_out is not None:
        rules = [part.strip() for part in leave_out.split(",") if part.strip() not in ("", "none")]
    request = {"name": name, "leave_out": rules, "encoder": encoder, "max_length": max_length}
    found = intake.check(shelf, request)
    answer_of(ctx).give(found, "\n".join(_lines(found)))


def _give_overlap(ctx: click.Context, helper: Any, target: Any) -> None:
    from dataclasses import asdict

    from mtl_core.data import overlap, sources

    found = overlap.between(sources.whole(target).dev.examples, sources.whole(helper).train.examples)
    words = (
        f"{found.dev:,} of {found.of:,} dev examples of {target.name} have a text that occurs in the training data of "
        f"{helper.name} ({found.rows:,} rows)"
    )
    answer_of(ctx).give({"target": target.name, "helper": helper.name, **asdict(found)}, words)


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [f"{found['task']}: {found['rows']['train']:,} training and {found['rows']['dev']:,} dev rows"]
    labels = {split: counts for split, counts in found["labels"].items() if set(counts) != {""}}
    names = dict.fromkeys(name for counts in labels.values() for name in counts)
    rows = [(name, *(f"{labels[split].get(name, 0):,}" for split in labels)) for name in names]
    lines += [table(("label", *labels), rows)] if rows else []
    if lengths := found["lengths"]:
        lines.append(
            f"tokens: {lengths['median']} in the median, {lengths['99 %']} at 99 %, {lengths['most']} at most; "
            f"{lengths['cut']:.1%} of the rows are longer than {lengths['max_length']} and are cut"
        )
    for one in found["findings"]:
        lines.append(f"{one['rule']}: {one['count']:,} {one['title']}")
        lines += [f"    {_short(row['text'])}  → {row['answer']}" for row in one["rows"][:3]]
    lines += found["notes"]
    lines.append(f"left out by rule: {', '.join(found['rules']) or 'nothing'}")
    return lines


def _short(text: str) -> str:
    return text if len(text) <= CUT else f"{text[: CUT - 1]}…"
