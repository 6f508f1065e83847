"""Listens to the engine and writes what it tells into the run's folder."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlite_utils import Database

from mtl_core.engine.events import (
    CheckpointSaved,
    Evaluated,
    Event,
    Finished,
    Preparing,
    Started,
    StepDone,
    Tested,
)
from mtl_core.processes.heartbeat import Progress
from mtl_core.store import evaluations, log, predictions, scores, steps
from mtl_core.store.database import immediate
from mtl_core.store.run_folder import RunFolder
from mtl_core.store.scores import Draw
from mtl_core.store.steps import Step

BATCH_SECONDS = 1.0
"""Steps are written about so often."""
LOG_LINES = 50
"""Lines about steps in the log of a whole run."""


class Recorder:
    """Called with each event. Its folder's run.db has no other writer."""

    def __init__(self, folder: RunFolder, run_db: Database, progress: Progress) -> None:
        self.state = "stopped"
        """What the engine said in the end."""
        self.facts: Mapping[str, Any] = {}
        self.scores: dict[str, dict[str, float]] = {}
        self.draws: dict[str, Draw] = {}
        self._folder, self._run_db, self._progress = folder, run_db, progress
        self._began = self._written = time.monotonic()
        self._pending: list[Step] = []
        self._losses: dict[str, list[float]] = defaultdict(list)

    def __call__(self, event: Event) -> None:
        """Writes what the event tells."""
        self._progress.seconds = time.monotonic() - self._began
        if isinstance(event, StepDone):
            self._step(event)
            return
        self.flush()
        match event:
            case Preparing():
                self.note(event.what)
            case Started():
                self._started(event)
            case Evaluated():
                self._evaluated(event)
            case CheckpointSaved():
                self.note(f"checkpoint '{event.kind}' saved at step {event.step:,}")
            case Tested():
                self._tested(event)
            case Finished():
                self._finished(event)

    def note(self, text: str) -> None:
        """A line in the log."""
        log.write(self._folder, text)

    def flush(self) -> None:
        """Writes the steps that were kept back."""
        if self._pending or self.draws:
            with immediate(self._run_db):
                steps.record(self._run_db, self._pending)
                scores.record_draws(self._run_db, list(self.draws.values()))
        self._pending, self._written = [], time.monotonic()

    def _started(self, event: Started) -> None:
        self.facts, self.draws = dict(event.facts), {draw.task: draw for draw in event.draws}
        self._progress.total_steps = event.total_steps
        self._progress.data_fingerprint = event.data_fingerprint
        self.flush()
        self.note(f"training on {event.device}: {event.total_steps:,} steps")
        for draw in event.draws:
            self.note(f"{draw.task}: {draw.planned_examples:,} examples in {draw.planned_steps:,} steps are planned")
        for task, data in event.facts.get("data", {}).items():
            for words in data.get("notes", ()):
                self.note(f"{task}: {words}")

    def _step(self, event: StepDone) -> None:
        step, progress = event.step, self._progress
        progress.step, progress.seconds_left = step.step, event.seconds_left
        progress.examples_per_second, progress.memory_bytes = step.examples_per_second, step.memory_bytes
        self._pending.append(step)
        self._losses[step.task].append(step.loss)
        self._count(step)
        if step.step % max(1, (progress.total_steps or 0) // LOG_LINES) == 0:
            self._log_steps(event)
        if time.monotonic() - self._written >= BATCH_SECONDS:
            self.flush()

    def _count(self, step: Step) -> None:
        known = self.draws.get(step.task, Draw(step.task, 0, 0))
        self.draws[step.task] = replace(
            known, actual_steps=known.actual_steps + 1, actual_examples=step.examples, actual_tokens=step.tokens
        )

    def _log_steps(self, event: StepDone) -> None:
        losses = ", ".join(f"{task} {sum(some) / len(some):.3f}" for task, some in sorted(self._losses.items()))
        self._losses.clear()
        self.note(
            f"step {event.step.step:,} of {self._progress.total_steps or 0:,} · loss {losses} · "
            f"{event.step.examples_per_second:.0f} examples a second · {event.seconds_left:.0f} s left"
        )

    def _evaluated(self, event: Evaluated) -> None:
        evaluations.record(
            self._run_db,
            step=event.step,
            task=event.task,
            scores=event.scores,
            seconds=event.seconds,
            examples=event.examples,
        )
        self.note(f"selection split at step {event.step:,} · {event.task} {in_words(event.scores)}")

    def _tested(self, event: Tested) -> None:
        self.scores[event.task] = dict(event.scores)
        with immediate(self._run_db):
            predictions.record(self._run_db, event.examples, [(event.task, said) for said in event.predictions])
            scores.record_scores(self._run_db, event.task, event.scores, len(event.examples))
        self.note(f"dev set, {len(event.examples):,} examples · {event.task} {in_words(event.scores)}")

    def _finished(self, event: Finished) -> None:
        self.state = event.state
        self.draws = {draw.task: draw for draw in event.draws}
        self.flush()
        progress = self._progress
        progress.step, progress.seconds = event.step, event.seconds
        progress.examples_per_second, progress.seconds_left = event.examples_per_second, None

    def report(self) -> dict[str, Any]:
        """What report.json says of the training itself."""
        return {
            **asdict(self._progress),
            "draws": {task: asdict(draw) for task, draw in self.draws.items()},
            "scores": self.scores,
            "facts": dict(self.facts),
        }


def in_words(found: Mapping[str, float]) -> str:
    """Scores as people read them: "accuracy 88.0 %, loss 0.312"."""
    return ", ".join(
        f"{metric} {value:.3f}" if metric == "loss" else f"{metric} {100 * value:.1f} %"
        for metric, value in found.items()
    )
