"""Distillation: single-task runs teach a multitask run (Clark et al. 2019, "BAM!", section 3).

loss = lambda * cross-entropy with the labels + (1 - lambda) * cross-entropy with the teacher's distribution, where
lambda goes from 0 to 1 over the run (teacher annealing). Differs from it: nothing; the teachers' logits are computed
once and kept on disk, as the same examples come again in every epoch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from torch import Tensor

from mtl_core.config.trained_run import TrainedRun
from mtl_core.data.batches import by_length, collate
from mtl_core.disk import whole
from mtl_core.encoders.batch import Batch, Encoded
from mtl_core.encoders.heads import NEVER
from mtl_core.engine import checkpoints, trained
from mtl_core.errors import Fault, InvalidConfig
from mtl_core.kinds import Task
from mtl_core.kinds._model import KindModel

AT_ONCE = 64
"""Rows that a teacher reads at once."""


@dataclass(frozen=True, slots=True)
class Teacher:
    """One task's teacher: its logits for every training row."""

    logits: NDArray[np.float32]
    """All rows' logits, one after the other."""
    starts: NDArray[np.int64]
    """(rows + 1,): where each row begins in `logits`."""
    choices: int
    """Choices per row: a label is one, first and last token are two."""

    def of(self, batch: Batch, like: Tensor) -> Tensor:
        """The batch's logits in the shape and on the device of the student's output."""
        out = torch.full((len(batch.rows), self.choices, like.shape[-1]), NEVER)
        for place, row in enumerate(batch.rows):
            logits = torch.from_numpy(self.logits[self.starts[row] : self.starts[row + 1]]).view(self.choices, -1)
            out[place, :, : logits.shape[1]] = logits
        return out.view(like.shape).to(like.device)


def learn_from(
    run: TrainedRun, task: Task, encoded: Encoded, padding: int, device: torch.device, cache: Path
) -> Teacher:
    """A teacher's logits for a task's training rows, from the cache where they were computed before."""
    path = cache / "teachers" / f"{_fingerprint(run, encoded)}.safetensors"
    if not path.exists():
        source = trained.load(run)
        kind = source.model.kind_of(task)
        need_choices(kind, source.config.sharing)
        rows = dict(_logits(source.model.to(device).eval(), kind, task, encoded, padding))
        flat = [rows[row] for row in range(len(rows))]
        starts = np.cumsum([0, *(row.size for row in flat)], dtype=np.int64)
        choices = np.array([flat[0].shape[0]], dtype=np.int64)
        logits = np.concatenate([row.ravel() for row in flat])
        with whole.replacing(path) as draft:
            save_file({"logits": logits, "starts": starts, "choices": choices}, draft)
    saved = load_file(path)
    return Teacher(saved["logits"], saved["starts"], int(saved["choices"][0]))


def need_choices(kind: KindModel, sharing: str) -> None:
    """Raises InvalidConfig for ways of answering that are not a choice among labels or tokens."""
    if not kind.choices:
        words = f"under the sharing '{sharing}' an answer is not a choice that one model could teach another."
        raise InvalidConfig([Fault("teachers", f"{words} Use hard, or leave the teachers out.")])


def _logits(
    model: torch.nn.Module, kind: KindModel, task: Task, encoded: Encoded, padding: int
) -> Iterator[tuple[int, NDArray[np.float32]]]:
    """Each row and its logits: (choices, C)."""
    device = next(model.parameters()).device
    with torch.no_grad():
        for some in by_length(encoded, AT_ONCE, together=kind.together):
            batch = collate(encoded, some, padding).to(device)
            output = model(task.name, batch).float().cpu().numpy()
            sizes = encoded.starts[some + 1] - encoded.starts[some]
            for row, size, logits in zip(some.tolist(), sizes.tolist(), output, strict=True):
                yield row, np.atleast_2d(logits)[:, : size if kind.choices == "tokens" else None]


def _fingerprint(run: TrainedRun, encoded: Encoded) -> str:
    weights = run.checkpoints / "best" / checkpoints.WEIGHTS
    digest = hashlib.sha256(f"{run.id} {weights.stat().st_mtime_ns}".encode())
    digest.update(encoded.tokens.tobytes() + encoded.starts.tobytes())
    return digest.hexdigest()[:32]
