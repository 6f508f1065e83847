"""Predictions of a finished run for texts that people type."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import torch

from mtl_core.config.run import RunConfig
from mtl_core.config.trained_run import TrainedRun
from mtl_core.config.unwritable import text_fault
from mtl_core.encoders.batch import Encoded
from mtl_core.engine import trained
from mtl_core.engine.evaluation import forward_all
from mtl_core.errors import PredictionError, unknown_name
from mtl_core.kinds import Task, kind_of
from mtl_core.kinds._definition import task_of
from mtl_core.kinds._model import KindModel, Lengths
from mtl_core.records import Answered, Example
from mtl_core.sharing import Sharing

MOST_CHARACTERS = 100_000
"""A text longer than this is refused."""
WINDOWS_AT_ONCE = 16
UNCUT = MOST_CHARACTERS * 8
"""Tokens that no input has."""


class Predictor:
    """A run's best model, ready to answer for each of its tasks."""

    def __init__(self, config: RunConfig, model: Sharing, tokenizer: Any) -> None:
        self.config, self.model, self.tokenizer = config, model.eval(), tokenizer
        self.tasks = config.tasks
        self.bytes = sum(p.numel() * p.element_size() for p in model.parameters())

    @classmethod
    def load(cls, run: TrainedRun, device: str = "cpu") -> Predictor:
        """The best checkpoint, or the last one of a run that was stopped. Raises PredictionError when there is none."""
        loaded = trained.load(run)
        return cls(loaded.config, loaded.model.to(device), loaded.tokenizer)

    def answer(self, name: str, inputs: tuple[str, ...]) -> Answered:
        """The model's answer to a task's inputs, in the task's order. Raises PredictionError."""
        began = time.perf_counter()
        task = self._task(name)
        _check(task, inputs)
        example, kind = kind_of(task).unanswered(inputs), self.model.answering(task)
        lengths = Lengths(self.config.max_length, self.config.window_stride)
        encoded = kind.encode(task, [example], self.tokenizer, lengths)
        padding = int(self.tokenizer.pad_token_id or 0)
        with torch.inference_mode():
            summaries, _ = forward_all(self.model, task, encoded, batch_size=WINDOWS_AT_ONCE, padding=padding)
        [answer] = kind.decode(task, [example], encoded, summaries)
        return Answered(
            prediction=answer.prediction,
            confidence=answer.confidence,
            detail=answer.detail,
            score=kind.ranked_by(summaries, answer),
            seconds=time.perf_counter() - began,
            notes=tuple(self._notes(kind, task, example, encoded)),
        )

    def _task(self, name: str) -> Task:
        if name not in self.tasks:
            raise PredictionError(unknown_name("task in this run", name, self.tasks), field="task")
        task: Task = task_of(self.config.definitions, name)
        return task

    def _notes(self, kind: KindModel, task: Task, example: Example, encoded: Encoded) -> list[str]:
        rows, notes = encoded.first_rows[-1], []
        if kind.windows and rows > 1:
            what = f"the {task.input_titles[-1].lower()} was read"
            notes.append(f"{what} in {rows} overlapping windows of {self.config.max_length} tokens")
        elif self._cut(kind, task, example, encoded):
            notes.append(f"the text was cut to the {self.config.max_length} tokens that the model was trained on")
        unknown = np.mean(encoded.tokens == self.tokenizer.unk_token_id) if self.tokenizer.unk_token_id else 0
        if unknown > 0.1:
            notes.append(f"the encoder does not know {unknown:.0%} of the words; it may have learned another script")
        return notes

    def _cut(self, kind: KindModel, task: Task, example: Example, encoded: Encoded) -> bool:
        """True where rows had to be cut to the model's length."""
        if kind.windows or encoded.lengths().max() < self.config.max_length:
            return False
        whole = kind.encode(task, [example], self.tokenizer, Lengths(UNCUT, self.config.window_stride))
        return len(whole.tokens) > len(encoded.tokens)


def _check(task: Task, inputs: tuple[str, ...]) -> None:
    if len(inputs) != len(task.inputs):
        raise PredictionError(f"{task.name} needs {' and '.join(title.lower() for title in task.input_titles)}.")
    for title, text in zip(task.input_titles, inputs, strict=True):
        if words := text_fault(text):
            raise PredictionError(f"the {title.lower()} {words}", field=title.lower())
        if not text.strip():
            raise PredictionError(f"the {title.lower()} is empty. Type one.", field=title.lower())
        if len(text) > MOST_CHARACTERS:
            raise PredictionError(
                f"the {title.lower()} has {len(text):,} characters; {MOST_CHARACTERS:,} are the most.",
                field=title.lower(),
            )
