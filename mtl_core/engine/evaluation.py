"""Scores over whole data sets: forward passes, decoding, metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import torch

from mtl_core.data.batches import by_length, collate
from mtl_core.encoders.batch import Encoded
from mtl_core.engine import scoring
from mtl_core.engine.distributed import Distributed
from mtl_core.kinds import Task
from mtl_core.kinds._model import Floats
from mtl_core.records import Example, Prediction
from mtl_core.sharing import Sharing

ONE_PROCESS = Distributed()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A model's predictions on a data set, with loss and scores."""

    scores: dict[str, float]
    """The task's metrics."""
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
    distributed: Distributed = ONE_PROCESS,
) -> Outcome:
    """Predicts every example, in the order given; each process takes its share of the rows."""
    summaries, loss = forward_all(
        model, task, encoded, batch_size=batch_size, padding=padding, bf16=bf16, distributed=distributed
    )
    predictions = model.answering(task).decode(task, examples, encoded, summaries)
    return Outcome(scoring.scores(task, examples, predictions), loss, tuple(predictions))


def forward_all(
    model: Sharing,
    task: Task,
    encoded: Encoded,
    *,
    batch_size: int,
    padding: int,
    bf16: bool = False,
    distributed: Distributed = ONE_PROCESS,
) -> tuple[Floats, float]:
    """Every row's summary, (rows, S), and the mean loss in nats. Leaves the model in the mode it was in."""
    kind, device = model.kind_of(task), next(model.parameters()).device
    was_training, batches = model.training, []
    total = torch.zeros((), device=device)
    model.eval()
    with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=bf16):
        for some in islice(
            by_length(encoded, batch_size, together=kind.together), distributed.rank, None, distributed.size
        ):
            batch = collate(encoded, some, padding).to(device)
            output = model(task.name, batch)
            total += kind.loss(output, batch) * len(some)
            batches.append((some, kind.summarise(output, batch)))
    model.train(was_training)
    mine = [(some, summaries.float().cpu().numpy()) for some, summaries in batches]
    everything = [pair for part in distributed.all_gather(mine) for pair in part]
    order = np.argsort(np.concatenate([some for some, _ in everything]))
    summaries = np.concatenate([summaries for _, summaries in everything])[order]
    return summaries, float(distributed.all_reduce(total)) / len(order)
