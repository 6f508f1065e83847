"""Exact resume: all that a run is at a step, and how it is put back."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from math import inf
from pathlib import Path
from typing import Any

import torch

from mtl_core.engine import checkpoints
from mtl_core.engine.facts import data_fingerprint
from mtl_core.engine.progress import Progress
from mtl_core.engine.session import Session
from mtl_core.errors import TandemError

LAST = "last"


@dataclass(slots=True)
class Position:
    """A run's position. The order of its data follows from its config, so the step fixes each task's place."""

    step: int = 0
    best: float = inf
    """Best mean validation loss of the phase so far, in nats."""
    worse: int = 0
    """Scores on the validation split since that one."""
    ended: bool = False
    """No more steps are to come: what is left is the test."""
    progress: dict[str, Any] = field(default_factory=dict)
    data: str = ""
    """The data's fingerprint."""


def save(session: Session, position: Position, progress: Progress, folder: Path) -> None:
    """Writes `last`. The first process alone writes, but every process must call it."""
    states = session.distributed.all_gather(_random_states(session))
    if session.distributed.rank:
        return
    position.progress, position.data = progress.state(), data_fingerprint(session)
    parts = {"random": {f"{rank}.{name}": state for rank, mine in enumerate(states) for name, state in mine.items()}}
    if not position.ended:
        parts |= {
            checkpoints.MODEL: checkpoints.weights_of(session.model),
            "optimiser": checkpoints.optimiser_state(session.optimiser),
            "balancing": checkpoints.weights_of(session.balancing),
            "learner": checkpoints.optimiser_state(session.balancing.optimiser),
        }
    document = asdict(position)
    document["best"] = position.best if position.best < inf else None  # JSON has no infinity
    checkpoints.save_state(parts, folder / LAST, document)


def restore(session: Session, progress: Progress, folder: Path) -> Position:
    """Puts a run back to where its `last` checkpoint was made, or begins it.

    Raises TandemError where the data has changed, EncoderError where the checkpoint can't be read.
    """
    saved = checkpoints.load_state(folder / LAST)
    if saved is None:
        return Position()
    parts, document = saved
    position = Position(**{**document, "best": inf if document["best"] is None else document["best"]})
    if position.data != data_fingerprint(session):
        raise TandemError(
            "the data has changed since the run was stopped, so it can't go on. Launch it again.", field="data"
        )
    progress.restore(position.progress)
    if not position.ended:
        checkpoints.put_weights(session.model, parts[checkpoints.MODEL], folder / LAST)
        checkpoints.put_optimiser_state(session.optimiser, parts.get("optimiser", {}))
        checkpoints.put_weights(session.balancing, parts.get("balancing", {}), folder / LAST)
        checkpoints.put_optimiser_state(session.balancing.optimiser, parts.get("learner", {}))
    rank = session.distributed.rank
    torch.set_rng_state(parts["random"][f"{rank}.cpu"])
    if f"{rank}.cuda" in parts["random"] and session.device.type == "cuda":
        torch.cuda.set_rng_state(parts["random"][f"{rank}.cuda"], session.device)
    return position


def _random_states(session: Session) -> dict[str, torch.Tensor]:
    """The states of this process's random generators."""
    states = {"cpu": torch.get_rng_state()}
    if session.device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(session.device)
    return states
