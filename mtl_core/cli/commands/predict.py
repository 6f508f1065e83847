"""`predict RUN`: what a run's model says of a text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mtl_core.cli.output import answer_of, common
from mtl_core.cli.words import percent


@click.command("predict")
@click.argument("run")
@click.option("--task", help="One of the run's tasks.  [default: its only one]")
@click.option("--text", help="The sentence, or the premise.")
@click.option("--text2", help="The hypothesis.")
@click.option("--context", help="What the question is about.")
@click.option("--question", help="What to look for in the context.")
@common
@click.pass_context
def command(ctx: click.Context, /, run: str, task: str | None, runs_dir: Path, **texts: str | None) -> None:
    """Let a run's model answer, on the CPU."""
    from mtl_core.cli.inputs import inputs_for
    from mtl_core.store import describe, paths

    known = describe.document(runs_dir, run)
    name = task or known["tasks"][0]
    inputs = inputs_for(known["tasks"], task, texts)

    from mtl_core.inference.predictor import Predictor  # takes seconds, which a word typed wrong need not cost

    answered = Predictor.load(paths.folder_of(runs_dir, run)).answer(name, inputs)
    document = {"run": run, "task": name, "generated": known["generated"], **_document(answered)}
    lines = [_words(document), *(f"note: {words}" for words in answered.notes)]
    answer_of(ctx).give(document, "\n".join(lines))


def _document(answered: Any) -> dict[str, Any]:
    common_facts = {
        "confidence": answered.confidence,
        "seconds": answered.seconds,
        "notes": list(answered.notes),
    }
    if answered.start is None:
        return {"label": answered.prediction, "probabilities": answered.probabilities, **common_facts}
    span = {"answer": answered.prediction, "start": answered.start, "end": answered.end, "score": answered.score}
    return {**span, **common_facts}


def _words(document: dict[str, Any]) -> str:
    if "answer" in document:
        paths = f"characters {document['start']} to {document['end']}"
        return f"{document['answer']}  ({paths}, score {document['score']:.2f}, {percent(document['confidence'])})"
    shares = ", ".join(f"{label} {percent(share)}" for label, share in document["probabilities"].items())
    return f"{document['label']}  ({shares})"
