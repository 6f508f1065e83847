"""`predict RUN`: what a run's model says of a text."""

from __future__ import annotations

from typing import Any

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.cli.words import percent
from mtl_core.store.workspace import Workspace


@click.command("predict")
@click.argument("run")
@click.option("--task", help="One of the run's tasks.  [default: its only one]")
@click.option("--text", help="The sentence, or the premise.")
@click.option("--text2", help="The hypothesis.")
@click.option("--context", help="What the question is about.")
@click.option("--question", help="What to look for in the context.")
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

    answered = Predictor.load(workspace.trained_run(run)).answer(name, inputs)
    document = {"run": run, "task": name, "generated": known["generated"], **_document(answered)}
    lines = [_words(document), *(f"note: {words}" for words in answered.notes)]
    answer_of(ctx).give(document, "\n".join(lines))


def _document(answered: Any) -> dict[str, Any]:
    common_facts = {
        "confidence": answered.confidence,
        "seconds": answered.seconds,
        "notes": list(answered.notes),
    }
    if "start" not in answered.detail:
        return {"label": answered.prediction, **answered.detail, **common_facts}
    return {"answer": answered.prediction, **answered.detail, "score": answered.score, **common_facts}


def _words(document: dict[str, Any]) -> str:
    if "answer" in document:
        paths = f"characters {document['start']} to {document['end']}"
        return f"{document['answer']}  ({paths}, score {document['score']:.2f}, {percent(document['confidence'])})"
    shares = ", ".join(f"{label} {percent(share)}" for label, share in document["probabilities"].items())
    return f"{document['label']}  ({shares})"
