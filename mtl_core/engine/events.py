"""Events that the engine emits: small frozen records, in the order in which things happen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtl_core.records import DevExample, Draw, LayerMix, Prediction, RunState, Step


@dataclass(frozen=True, slots=True)
class Preparing:
    """Something slow begins before the first step."""

    what: str
    """In words: "reading sst2", "encoding mnli"."""


@dataclass(frozen=True, slots=True)
class Started:
    """Data and model are ready; the first step comes next."""

    total_steps: int
    draws: tuple[Draw, ...]
    device: str
    data_fingerprint: str
    """Sixteen characters that change when any example, label or limit does."""
    facts: Mapping[str, Any]
    """For report.json: parameter counts, versions, data sizes, notes on the data."""
    step: int = 0
    """Steps that were made before: above 0 for a resumed run."""


@dataclass(frozen=True, slots=True)
class StepDone:
    """One optimisation step, of one task."""

    step: Step
    seconds_left: float


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A task's scores on the validation split."""

    step: int
    """Of a merge: the place of the coefficients among those that are tried, from 1."""
    task: str
    scores: Mapping[str, float]
    """The task's metrics as shares of 1, and `loss` in nats."""
    seconds: float
    examples: int
    tried: str = ""
    """Of a merge: the coefficients in words, "scale 0.4"."""


@dataclass(frozen=True, slots=True)
class Merged:
    """Encoders were merged in every way that the config asks for, and one way was chosen on the validation split."""

    facts: Mapping[str, Any]
    """For report.json: the `method`, the runs merged (`from`: task → id), what was `tried` (`coefficients`, the tasks'
    `losses` and their mean `loss`, in nats), and the `chosen` coefficients."""
    words: str
    """What was chosen: "scale 0.4"."""


@dataclass(frozen=True, slots=True)
class Mixed:
    """The weights by which tasks read each other's layers, after a step; those at first after step 0."""

    step: int
    mix: tuple[LayerMix, ...]


@dataclass(frozen=True, slots=True)
class Saving:
    """The checkpoint `last` is about to be written. Events until now belong before it: they are not repeated
    when a run resumes from it."""

    step: int


@dataclass(frozen=True, slots=True)
class CheckpointSaved:
    """A checkpoint lies whole on disk."""

    step: int
    path: Path
    kind: str
    """`best` by the validation split, or `last`."""


@dataclass(frozen=True, slots=True)
class Tested:
    """A task's dev set, used once, with the best checkpoint."""

    task: str
    scores: Mapping[str, float]
    """Shares of 1."""
    examples: tuple[DevExample, ...]
    predictions: tuple[Prediction, ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """Nothing follows."""

    state: RunState
    """`finished`, or `stopped` where someone asked for it; a stopped run has no dev scores."""
    step: int
    draws: tuple[Draw, ...]
    seconds: float
    """Wall time of the whole run."""
    examples_per_second: float
    """Training examples over the time spent in training steps."""


Event = Preparing | Started | StepDone | Evaluated | Merged | Mixed | Saving | CheckpointSaved | Tested | Finished
