"""A run that trains nothing: it merges the encoders of single-task runs, and chooses how on the validation split."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from mtl_core import registry
from mtl_core.config.run import RunConfig
from mtl_core.config.trained_run import TrainedRun
from mtl_core.engine import checkpoints, parents, trained
from mtl_core.engine.events import CheckpointSaved, Event, Merged, Preparing
from mtl_core.engine.facts import fingerprint_of
from mtl_core.engine.parents import FindRun
from mtl_core.engine.progress import Progress
from mtl_core.engine.selection import mean, select
from mtl_core.engine.session import Session
from mtl_core.errors import Diverged, Fault, InvalidConfig
from mtl_core.merging import in_words
from mtl_core.records import RunState


def merge(
    session: Session, progress: Progress, find_run: FindRun, folder: Path, should_stop: Callable[[], bool]
) -> Generator[Event, None, RunState]:
    """Tries every set of coefficients, keeps the weights with the lowest mean validation loss as `best`, and
    says which.

    Each task keeps the head of its own run. A run that is stopped here begins anew when it is resumed.
    Raises InvalidConfig for runs that can't be merged, Diverged where no merge has a finite loss.
    """
    config, tried, best = session.config, list[dict[str, Any]](), math.inf
    runs, encoder = parents.merged_runs(config, find_run), session.model.encoder_of(config.tasks[0])
    method = registry.load("merging", config.merging)(**config.merging_settings)
    yield Preparing(f"merging {' and '.join(f'{run.id} ({task})' for task, run in runs.items())} by {method.name}")
    pretrained, tuned = flat(encoder), _take_over(session, runs)
    began = time.perf_counter()
    found = zip(method.candidates(), method.merges(pretrained, tuned), strict=True)
    for number, (coefficients, weights) in enumerate(found, 1):
        if session.distributed.broadcast(should_stop()):
            return RunState.STOPPED
        put(encoder, weights)
        progress.seconds = time.perf_counter() - began
        losses = yield from select(session, number, progress, in_words(coefficients))
        tried.append({"coefficients": dict(coefficients), "losses": losses, "loss": mean(losses)})
        if mean(losses) < best:
            best, chosen = mean(losses), coefficients
            position = {"step": number, "selection_loss": best, "coefficients": dict(coefficients)}
            checkpoints.save(session.model, folder / "best", position)
            yield CheckpointSaved(number, folder / "best", "best")
    if math.isinf(best):
        raise Diverged("no merge has a finite loss on the validation split. Try smaller scales.")
    merged = {task: run.id for task, run in runs.items()}
    facts = {"method": method.name, "from": merged, "tried": tried, "chosen": dict(chosen)}
    yield Merged(facts, in_words(chosen))
    progress.seconds = 0.0  # it counts training, of which there was none
    return RunState.FINISHED


def tries(config: RunConfig) -> int:
    """The number of sets of coefficients that a config tries; 0 where it merges nothing."""
    if not config.merging:
        return 0
    return len(registry.load("merging", config.merging)(**config.merging_settings).candidates())


def flat(encoder: nn.Module) -> Tensor:
    """An encoder's parameters one after the other, on the CPU: (N,)."""
    return torch.cat([parameter.detach().cpu().flatten() for parameter in encoder.parameters()])


def put(encoder: nn.Module, weights: Tensor) -> None:
    """Gives an encoder the parameters that `flat` has put together."""
    parameters = list(encoder.parameters())
    with torch.no_grad():
        for parameter, part in zip(parameters, torch.split(weights, [one.numel() for one in parameters]), strict=True):
            parameter.copy_(part.view_as(parameter))


def _take_over(session: Session, runs: dict[str, TrainedRun]) -> Tensor:
    """The encoders of the runs, (T, N), in the order of the tasks; their heads become the session's."""
    encoders = []
    for task, run in runs.items():
        _need_same_data(session, task, run)
        source = trained.load(run).model
        mine = session.model.encoder_of(task)
        if _shapes(source.encoder_of(task)) != _shapes(mine) or _shapes(source.head(task)) != _shapes(
            session.model.head(task)
        ):
            words = f"the weights of the run {run.id} do not fit the encoder {session.config.encoder} as it is now."
            raise InvalidConfig([Fault("merge_from", f"{words} Train the run again.")])
        session.model.head(task).load_state_dict(source.head(task).state_dict())
        encoders.append(flat(source.encoder_of(task)))
    return torch.stack(encoders)


def _need_same_data(session: Session, task: str, run: TrainedRun) -> None:
    """Raises InvalidConfig where the run has read other examples: its training data could be what a merge is chosen
    on."""
    state = run.checkpoints / "last" / checkpoints.STATE
    known = checkpoints.position_of(state).get("data") if state.exists() else None
    if known and known != fingerprint_of({task: session.tasks[task].splits}):
        words = f"the run {run.id} has read other examples of {task} than this run: data or limits are not the same."
        raise InvalidConfig([Fault("merge_from", f"{words} Give the same ones, or train the run again.")])


def _shapes(module: nn.Module) -> dict[str, torch.Size]:
    return {name: parameter.shape for name, parameter in module.named_parameters()}
