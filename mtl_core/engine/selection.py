"""Scores on the validation split, by which checkpoints and merges are chosen."""

from __future__ import annotations

from collections.abc import Generator

from mtl_core.engine.evaluation import evaluate, forward_all
from mtl_core.engine.events import Evaluated, Event, Preparing
from mtl_core.engine.progress import Progress
from mtl_core.engine.session import Session

EVALUATION_FACTOR = 2
"""Evaluation keeps no gradients, so twice the batch fits."""
Losses = dict[str, float]
"""Each task's loss, in nats. Their mean decides: all tasks share its unit, while accuracies and F1 would not add up."""


def select(session: Session, step: int, progress: Progress, tried: str = "") -> Generator[Event, None, Losses]:
    """Scores every task on its validation split; `tried` says what stands there in the place of a step."""
    losses = {}
    for name, task in session.tasks.items():
        outcome = evaluate(
            session.model,
            task.task,
            task.splits.selection,
            task.selection,
            batch_size=session.config.batch_size * EVALUATION_FACTOR,
            padding=session.padding,
            bf16=session.bf16,
            distributed=session.distributed,
        )
        losses[name] = outcome.loss
        scores = {**outcome.scores, "loss": outcome.loss}
        yield Evaluated(step, name, scores, progress.seconds, progress.examples[name], tried)
    return losses


def tune(session: Session) -> Generator[Event, None, bool]:
    """Chooses what decoding needs beside the weights, where a task's kind does; True if any does."""
    chosen = False
    for name, one in session.tasks.items():
        if not one.kind.tuned(one.task):
            continue
        yield Preparing(f"choosing the threshold of {name} on the validation split")
        summaries, _ = forward_all(
            session.model,
            one.task,
            one.selection,
            batch_size=session.config.batch_size * EVALUATION_FACTOR,
            padding=session.padding,
            bf16=session.bf16,
            distributed=session.distributed,
        )
        session.model.keep_tuned(name, one.kind.tune(one.task, one.splits.selection, one.selection, summaries))
        chosen = True
    return chosen


def mean(losses: Losses) -> float:
    """The mean of the tasks' losses."""
    return sum(losses.values()) / len(losses)
