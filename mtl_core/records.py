"""The plain records that rooms exchange: examples, predictions, steps, draws, states of runs. They know no room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class RunState(StrEnum):
    """The state of a run. `store.runs.change_state` defines which state may follow which."""

    QUEUED = "queued"
    RUNNING = "running"
    STOPPED = "stopped"
    """Ended on request; it can be resumed."""
    FINISHED = "finished"
    FAILED = "failed"
    """Ended with an error that its own process reported."""
    LOST = "lost"
    """Its process exited unexpectedly."""

    @property
    def live(self) -> bool:
        """True while it waits or trains."""
        return self in (RunState.QUEUED, RunState.RUNNING)

    @property
    def resumable(self) -> bool:
        """True where it ended early and can be resumed."""
        return self in (RunState.STOPPED, RunState.FAILED, RunState.LOST)


LIVE = tuple(state for state in RunState if state.live)
RESUMABLE = tuple(state for state in RunState if state.resumable)


@dataclass(frozen=True, slots=True)
class When:
    """A moment to come."""

    seconds: float
    """From now."""
    exact: bool = True
    """False where something before it takes nobody knows how long: then it is more than that."""

    def after(self, seconds: float | None) -> When:
        """So much later; nobody knows how much for None."""
        return When(self.seconds, False) if seconds is None else When(self.seconds + seconds, self.exact)


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled example of a task."""

    id: str
    """Sixteen characters from task and inputs alone: the same in every run, whatever seed, order or subset."""
    inputs: tuple[str, ...]
    """The task's input columns, in its order."""
    gold: Any
    """The right answer, in the form of the task's kind."""
    clusters: Mapping[str, str] = field(default_factory=dict, hash=False)
    """What it is about together with other examples, the coarsest unit first: {"article": "Super_Bowl_50", ...}."""


@dataclass(frozen=True, slots=True)
class DevExample:
    """An example of a dev set as it is stored and shown."""

    id: str
    task: str
    position: int
    """Its place in the dev set, from 0."""
    inputs: tuple[str, ...]
    gold: list[Any]
    """Every gold answer as JSON, in the form of the task's kind."""
    label: str
    """The gold answer in a word: what lists show and filters compare."""
    clusters: Mapping[str, str] = field(default_factory=dict)
    """As the example's own; empty for examples of earlier versions."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """A run's prediction for an example."""

    example: str
    prediction: str
    """The answer as text."""
    correct: bool
    score: float
    """Score of the answer by itself, 0 to 1."""
    confidence: float | None
    """Probability of the answer, 0 to 1; None where the model gives none."""
    detail: dict[str, Any]
    """Further data that the task's kind keeps of an answer, as JSON."""
    contribution: float | None = None
    """The example's contribution to the task's main metric, in the metric's own unit; None where that is `score`."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A model's answer to one typed input."""

    prediction: str
    confidence: float | None
    detail: dict[str, Any]
    score: float
    """The value by which the model ranks answers: a probability, or a sum of logits."""
    seconds: float
    notes: tuple[str, ...]
    """Notes for the reader, such as that a text was cut."""


@dataclass(frozen=True, slots=True)
class Step:
    """A point on a task's loss curve."""

    step: int
    """Optimisation steps of the run, all tasks together, from 1."""
    task: str
    seconds: float
    """Seconds of training until here, evaluation left out."""
    loss: float
    """Mean loss of the step's examples, in nats."""
    learning_rate: float
    gradient_norm: float
    """Before clipping."""
    examples: int
    """The task's own examples drawn until here."""
    tokens: int
    """The task's own tokens until here, padding left out."""
    examples_per_second: float
    """All tasks together, over the last steps."""
    memory_bytes: int
    """Peak memory of the process, on its device."""


@dataclass(frozen=True, slots=True)
class LayerMix:
    """A learned weight by which a task reads a layer of some task's encoder, its own or another's."""

    layer: int
    """From 1, the lowest."""
    task: str
    """The task that reads."""
    source: str
    """The task whose layer it is."""
    weight: float


@dataclass(frozen=True, slots=True)
class Draw:
    """Planned and actual training of a run on a task."""

    task: str
    planned_steps: int
    planned_examples: int
    actual_steps: int = 0
    actual_examples: int = 0
    actual_tokens: int = 0
    size: int = 0
    """Training examples of the task; 0 where it is not known, as in runs of earlier versions."""
    asked_epochs: float = 0.0
    """Passes over them that the config asks for."""
    planned_tokens: int = 0
    """An estimate: planned examples times the mean tokens of one."""

    @property
    def planned_epochs(self) -> float:
        """Passes over the task's examples that the schedule makes; 0 where their number is not known."""
        return self.planned_examples / self.size if self.size else 0.0

    @property
    def actual_epochs(self) -> float:
        """Passes that were really made; 0 where the number of examples is not known."""
        return self.actual_examples / self.size if self.size else 0.0
