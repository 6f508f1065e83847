"""Listens to the engine and writes what it tells into the run's folder."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from sqlite_utils import Database

from mtl_core.display.scores import words as score_words
from mtl_core.display.words import examples_text
from mtl_core.engine.events import (
    CheckpointSaved,
    Evaluated,
    Event,
    Finished,
    Merged,
    Mixed,
    Preparing,
    Started,
    StepDone,
    Tested,
)
from mtl_core.records import Draw, RunState, Step
from mtl_core.store import evaluations, log, mixes, predictions, scores, steps
from mtl_core.store.database import immediate
from mtl_core.store.run_folder import RunFolder
from mtl_core.workers.heartbeat import RunProgress

BATCH_SECONDS = 1.0
"""Steps are written about so often."""
LOG_LINES = 50
"""Lines about steps in the log of a whole run."""


class Recorder:
    """Called with each event. Its folder's run.db has no other writer."""

    def __init__(self, folder: RunFolder, run_db: Database, progress: RunProgress) -> None:
        """`progress` says how far the run was when it was stopped, so that its seconds count on."""
        self.state = RunState.STOPPED
        """What the engine said in the end."""
        self.facts: Mapping[str, Any] = {}
        self.scores: dict[str, dict[str, float]] = {}
        self.draws = {draw.task: draw for draw in scores.recorded_draws(run_db)}
        self._folder, self._run_db, self._progress = folder, run_db, progress
        self._began = self._written = time.monotonic()
        self._before, self._again = progress.seconds or 0.0, bool(self.draws)
        self._pending: list[Step] = []
        self._losses: dict[str, list[float]] = defaultdict(list)

    def __call__(self, event: Event) -> None:
        """Writes what the event tells."""
        self._progress.seconds = self._before + time.monotonic() - self._began
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
            case Merged():
                self._merged(event)
            case Mixed():
                mixes.record(self._run_db, event.step, event.mix)
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
        self.facts = dict(event.facts)
        self._progress.step, self._progress.total_steps = event.step, event.total_steps
        self._progress.data_fingerprint = event.data_fingerprint
        words = f"training on {event.device}: {event.total_steps:,} steps"
        self.note(words if event.total_steps else f"merging on {event.device}: no steps are made")
        self._take_up(event)
        for draw in event.draws if event.total_steps else ():
            self.note(
                f"{draw.task}: {draw.planned_examples:,} examples in {draw.planned_steps:,} steps are planned, "
                f"{draw.planned_epochs:.3g} epochs, about {draw.planned_tokens:,} tokens"
            )
        for words in scores.remarks(event.draws).values():
            self.note(words)
        for task, data in event.facts.get("data", {}).items():
            parts = (examples_text(data[part], data["clusters"][part], f"{part} examples") for part in ("train", "dev"))
            self.note(f"{task}: {', '.join(parts)}")
            for words in data.get("notes", ()):
                self.note(f"{task}: {words}")

    def _take_up(self, event: Started) -> None:
        """Forgets what comes after the checkpoint, as it will be told again; what was drawn before it counts on."""
        with immediate(self._run_db):
            steps.forget(self._run_db, after=event.step)
            evaluations.forget(self._run_db, after=event.step)
            mixes.forget(self._run_db, after=event.step)
            scores.record_draws(self._run_db, event.draws)
            self.draws = {draw.task: draw for draw in scores.draws_so_far(self._run_db)}
        if event.step:
            self.note(f"going on from step {event.step:,}")
        elif self._again:
            self.note("it had no checkpoint yet, so it begins again")

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
        place = f"with {event.tried}" if event.tried else f"at step {event.step:,}"
        self.note(f"validation split {place} · {event.task} {score_words(event.scores)}")

    def _merged(self, event: Merged) -> None:
        self.facts = {**self.facts, "merging": dict(event.facts)}
        self.note(f"chosen by the lowest mean loss on the validation split: {event.words}")

    def _tested(self, event: Tested) -> None:
        self.scores[event.task] = dict(event.scores)
        with immediate(self._run_db):
            predictions.record(self._run_db, event.examples, [(event.task, said) for said in event.predictions])
            scores.record_scores(self._run_db, event.task, event.scores, len(event.examples))
        self.note(f"dev set, {len(event.examples):,} examples · {event.task} {score_words(event.scores)}")

    def _finished(self, event: Finished) -> None:
        self.state = event.state
        progress = self._progress
        progress.seconds, progress.seconds_left = self._before + event.seconds, None
        if not event.draws:  # it was stopped before its first step, which tells nothing of earlier ones
            return
        self.draws = {draw.task: draw for draw in event.draws}
        self.flush()
        progress.step, progress.examples_per_second = event.step, event.examples_per_second
        for words in scores.remarks(event.draws, drawn=True).values():
            self.note(words)

    def report(self) -> dict[str, Any]:
        """The part of report.json about the training itself."""
        return {
            **asdict(self._progress),
            "draws": {task: asdict(draw) for task, draw in self.draws.items()},
            "scores": self.scores,
            **({"facts": dict(self.facts)} if self.facts else {}),
        }
