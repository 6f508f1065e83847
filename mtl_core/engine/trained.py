"""A run's model as it was trained, from the run's own folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import nn

from mtl_core import encoders
from mtl_core.config.run import RunConfig
from mtl_core.config.trained_run import TrainedRun
from mtl_core.engine import checkpoints, parents
from mtl_core.engine.model import build
from mtl_core.engine.parents import FindRun
from mtl_core.errors import Fault, InvalidConfig, PredictionError
from mtl_core.records import RunState
from mtl_core.sharing import Sharing


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained run, ready to predict."""

    config: RunConfig
    model: Sharing
    tokenizer: Any


def load(run: TrainedRun) -> Trained:
    """The best checkpoint, or the last one of a run that was stopped. Raises PredictionError where there is none."""
    own = run.checkpoints / checkpoints.ENCODER
    places = map(run.checkpoints.joinpath, ("best", "last"))
    weights = next((place for place in places if checkpoints.has_weights(place)), None)
    if (weights is None or not own.exists()) and run.state == RunState.FINISHED:
        raise PredictionError(f"the weights of the run {run.id} are not here. Choose another run.", field="run")
    if weights is None or not own.exists():
        raise PredictionError(f"the run {run.id} has no checkpoint yet. Wait for its first one.", field="run")
    tokenizer = encoders.load_tokenizer(str(own), rules=run.config.data_rules)
    model = build(run.config, encoders.empty_encoder(str(own)), tokenizer)
    checkpoints.load(model, weights)
    return Trained(run.config, model, tokenizer)


def load_start(config: RunConfig, find_run: FindRun) -> Any:
    """The encoder that a run begins with: pretrained, or another run's.

    Raises InvalidConfig where that run's encoder has other parts than the pretrained one, EncoderError.
    """
    encoder = encoders.load_encoder(config.encoder, attention_dropout=config.attention_dropout, rules=config.data_rules)
    if not config.start_from:
        return encoder
    problems = parents.faults(config, find_run)
    run_id, task = parents.split(config.start_from)
    run = find_run(run_id)
    if problems or run is None:
        raise InvalidConfig(problems)
    source = load(run)
    _copy(source.model.encoder_of(task or source.config.tasks[0]), encoder, source.config)
    return encoder


def _copy(source: nn.Module, target: nn.Module, made_by: RunConfig) -> None:
    theirs = source.state_dict()
    if theirs.keys() != target.state_dict().keys():
        words = f"a run of the sharing '{made_by.sharing}' has no plain encoder to start from. Choose another run."
        raise InvalidConfig([Fault("start_from", words)])
    target.load_state_dict(theirs)
