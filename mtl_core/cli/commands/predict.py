"""`predict RUN`: what a run's model says of a text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from mtl_core import registry
from mtl_core.cli.output import answer_of, common
from mtl_core.kinds import kind_named, kind_of
from mtl_core.store.workspace import Workspace


def _inputs(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each input that a kind of task has."""
    helps = {name: words for kind in registry.names("kinds") for name, words in kind_named(kind).command_inputs.items()}
    for name, words in reversed(helps.items()):
        command = click.option(f"--{name}", help=words)(command)
    return command


@click.command("predict")
@click.argument("run")
@click.option("--task", help="One of the run's tasks.  [default: its only one]")
@_inputs
@common
@click.pass_context
def command(ctx: click.Context, /, run: str, task: str | None, workspace: Workspace, **texts: str | None) -> None:
    """Let a run's model answer, on the CPU."""
    from mtl_core.cli.inputs import inputs_for
    from mtl_core.store import describe

    known = describe.document(workspace, run)
    name = task or known["tasks"][0]
    inputs = inputs_for(known["tasks"], task, texts)

    from mtl_core.inference.predictor import Predictor  # takes seconds, which a word typed wrong need not cost

    answer = Predictor.load(workspace.trained_run(run)).answer(name, inputs)
    kind = kind_of(registry.load("tasks", name))
    facts = {"confidence": answer.confidence, "seconds": answer.seconds, "notes": list(answer.notes)}
    document = {"run": run, "task": name, "generated": known["generated"], **kind.document(answer), **facts}
    lines = [kind.words(answer), *(f"note: {words}" for words in answer.notes)]
    answer_of(ctx).give(document, "\n".join(lines))
