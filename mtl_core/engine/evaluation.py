"""Scores over whole data sets: forward passes, decoding, metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from mtl_core.data.batches import Encoded, by_length, collate
from mtl_core.data.examples import Example
from mtl_core.kinds import Floats
from mtl_core.sharing import Sharing
from mtl_core.store.predictions import Prediction
from mtl_core.tasks import Task


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a model said of a data set."""

    scores: dict[str, float]
    """The task's metrics as shares of 1."""
    loss: float
    """Mean cross-entropy over rows, in nats."""
    predictions: tuple[Prediction, ...]


def evaluate(
    model: Sharing,
    task: Task,
    examples: Sequence[Example],
    encoded: Encoded,
    *,
    batch_size: int,
    padding: int,
    bf16: bool = False,
) -> Outcome:
    """Predicts every example, in the order given."""
    summaries, loss = forward_all(model, task, encoded, batch_size=batch_size, padding=padding, bf16=bf16)
    kind = model.kind_of(task)
    said = kind.decode(task, examples, encoded, summaries)
    return Outcome(kind.score(task, examples, said), loss, tuple(said))


def forward_all(
    model: Sharing, task: Task, encoded: Encoded, *, batch_size: int, padding: int, bf16: bool = False
) -> tuple[Floats, float]:
    """Every row's summary, (rows, S), and the mean loss in nats. Leaves the model in the mode it was in."""
    kind, device = model.kind_of(task), next(model.parameters()).device
    was_training, total, parts, rows = model.training, 0.0, [], []
    model.eval()
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        for some in by_length(encoded, batch_size):
            batch = collate(encoded, some, padding).to(device)
            output = model(task.name, batch)
            total += float(kind.loss(output, batch)) * len(batch.rows)
            parts.append(kind.summarise(output, batch).cpu().numpy())
            rows.append(batch.rows)
    model.train(was_training)
    order = np.argsort(np.concatenate(rows))
    return np.concatenate(parts)[order].astype(np.float32), total / len(order)
